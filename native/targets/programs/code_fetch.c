// Proves: keys do not restrict execution: code on a page that may not be read still runs.
// Hardware: Intel SDM vol. 3, 4.6.2: keys control data accesses only.
#include "../keys.h"

int main(void) {
  static const unsigned char code[] = {0xb8, 0x2a, 0, 0, 0, 0xc3};  // mov $42, %eax; ret
  char* page = pages(1);
  memcpy(page, code, sizeof code);
  EXPECT(pkey_alloc(0, 0) == 1);
  EXPECT(pkey_mprotect(page, PAGE, PROT_READ | PROT_EXEC, 1) == 0);
  wrpkru(ONLY(2));
  EXPECT(((int (*)(void))page)() == 42);
  return done();
}
