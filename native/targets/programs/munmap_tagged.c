// Proves: unmapping a tagged page forgets its key: a new mapping at the same address has key 0.
// Hardware: the key lives in the mapping.
#include "../keys.h"

int main(void) {
  char* page = pages(3);
  EXPECT(pkey_alloc(0, PKEY_DISABLE_ACCESS) == 1);
  EXPECT(pkey_mprotect(page, 3 * PAGE, RW, 1) == 0);
  EXPECT(munmap(page + PAGE, PAGE) == 0);
  show("page", (uint64_t)page);
  EXPECT(!may_read(page + PAGE) && caught.code == SEGV_MAPERR);
  EXPECT(mmap(page + PAGE, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) ==
         page + PAGE);
  EXPECT(may_write(page + PAGE));
  EXPECT(!may_read(page + 2 * PAGE) && caught.key == 1);
  return done();
}
