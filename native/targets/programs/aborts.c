// Proves: abort() inside a compartment ends the program with SIGABRT, sent by itself.
// Hardware: abort(3) raises by tgkill: SI_TKILL.
#include "../keys.h"

int main(void) {
  wrpkru(ONLY(3));
  abort();
}
