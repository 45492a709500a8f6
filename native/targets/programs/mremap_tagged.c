// Proves: mremap carries the key to the new place and to the pages it adds; the old place is gone.
// Hardware: mremap copies the mapping's flags, the key among them (mm/mremap.c).
#include "../keys.h"

int main(void) {
  char* page = pages(1);
  char* target = pages(4);
  page[0] = 9;
  EXPECT(pkey_alloc(0, 0) == 1);
  EXPECT(pkey_mprotect(page, PAGE, RW, 1) == 0);
  EXPECT(mremap(page, PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, target) == target);
  show("old", (uint64_t)page);
  show("new", (uint64_t)target);
  wrpkru(ONLY(2));
  EXPECT(!may_read(target) && caught.code == SEGV_PKUERR && caught.key == 1);
  EXPECT(!may_read(target + PAGE) && caught.key == 1);
  EXPECT(may_write(target + 2 * PAGE));
  EXPECT(!may_read(page) && caught.code == SEGV_MAPERR);
  wrpkru(ONLY(1));
  EXPECT(may_read(target) && target[0] == 9);
  return done();
}
