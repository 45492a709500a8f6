// Proves: MADV_DONTNEED drops a tagged page's contents but not its key.
// Hardware: the key lives in the mapping, not in the page.
#include "../keys.h"

int main(void) {
  char* page = pages(1);
  page[0] = 5;
  EXPECT(pkey_alloc(0, 0) == 1);
  EXPECT(pkey_mprotect(page, PAGE, RW, 1) == 0);
  EXPECT(madvise(page, PAGE, MADV_DONTNEED) == 0);
  show("page", (uint64_t)page);
  wrpkru(ONLY(2));
  EXPECT(!may_read(page) && caught.code == SEGV_PKUERR && caught.key == 1);
  wrpkru(ONLY(1));
  EXPECT(may_read(page) && page[0] == 0);
  return done();
}
