// Proves: a program that ends by a signal of its own is reported with that signal and its si_code.
// Hardware: raise(3) sends by tgkill: SI_TKILL (sigaction(2)).
#include "../keys.h"

int main(void) {
  raise(SIGTERM);
  return 0;
}
