// A compartment's thread moves its own page over one of another compartment. Hardware: mremap with
// MREMAP_FIXED unmaps what was there and looks at no key (mremap(2)).
#include "../keys.h"

int main(void) {
  EXPECT(pkey_alloc(0, PKEY_DISABLE_ACCESS) == 1 && pkey_alloc(0, PKEY_DISABLE_ACCESS) == 2);
  char *mine = pages(1), *theirs = pages(1);
  EXPECT(pkey_mprotect(mine, PAGE, RW, 1) == 0 && pkey_mprotect(theirs, PAGE, RW, 2) == 0);
  wrpkru(ONLY(1));
  void* at = mremap(mine, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, theirs);
  dprintf(1, "mremap %s\n", at == MAP_FAILED ? strerror(errno) : "done");
  return 0;
}
