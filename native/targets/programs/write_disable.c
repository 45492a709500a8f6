// Proves: the write-disable bit lets reads through and denies writes; access-disable denies both.
// Hardware: Intel SDM vol. 3, 4.6.2.
#include "../keys.h"

int main(void) {
  char* page = pages(1);
  page[0] = 7;
  EXPECT(pkey_alloc(0, PKEY_DISABLE_WRITE) == 1);
  EXPECT(pkey_mprotect(page, PAGE, RW, 1) == 0);
  EXPECT(may_read(page) && page[0] == 7);
  show("page", (uint64_t)page);
  EXPECT(!may_write(page + 8));
  EXPECT(caught.code == SEGV_PKUERR && caught.key == 1 && caught.address == page + 8);
  wrpkru(INIT_PKRU);
  EXPECT(!may_read(page));
  wrpkru(ONLY(1));
  EXPECT(may_write(page) && page[0] == 1);
  return done();
}
