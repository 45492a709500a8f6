// Proves: an ordinary bad pointer stays an ordinary SIGSEGV: si_code SEGV_MAPERR, no key.
// Hardware: sigaction(2).
#include "../keys.h"

int main(void) {
  wrpkru(ONLY(1));
  return *(volatile char*)0x1230;
}
