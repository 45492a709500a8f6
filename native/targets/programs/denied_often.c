// Touches one denied page 500 times at one place. Alone it dies at the first; stepped over, it ends
// well. Hardware: each access is denied (pkeys(7)).
#include "../keys.h"

int main(void) {
  volatile char* page = pages(1);
  EXPECT(pkey_alloc(0, PKEY_DISABLE_ACCESS) == 1);
  EXPECT(pkey_mprotect((void*)page, PAGE, RW, 1) == 0);
  for (volatile int i = 0; i < 500; i++) *page = 1;
  return done();
}
