// Proves: mmap with MAP_FIXED over tagged pages takes their key away; the page beside them keeps
// its own. Hardware: a new mapping has key 0 (pkeys(7)).
#include "../keys.h"

int main(void) {
  char* page = pages(3);
  EXPECT(pkey_alloc(0, PKEY_DISABLE_ACCESS) == 1);
  EXPECT(pkey_mprotect(page, 3 * PAGE, RW, 1) == 0);
  show("page", (uint64_t)page);
  EXPECT(!may_read(page + PAGE));
  EXPECT(mmap(page + PAGE, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
         page + PAGE);
  EXPECT(may_write(page + PAGE));
  EXPECT(!may_read(page) && caught.key == 1);
  EXPECT(!may_read(page + 2 * PAGE) && caught.key == 1);
  return done();
}
