// Proves: plain mprotect keeps a page's key.
// Hardware: mprotect is pkey_mprotect with key -1, which keeps the key of a mapping
// (arch_override_mprotect_pkey).
#include "../keys.h"

int main(void) {
  char* page = pages(1);
  EXPECT(pkey_alloc(0, 0) == 1);
  EXPECT(pkey_mprotect(page, PAGE, RW, 1) == 0);
  EXPECT(mprotect(page, PAGE, PROT_READ) == 0);
  show("page", (uint64_t)page);
  EXPECT(may_read(page));
  EXPECT(!may_write(page) && caught.code == SEGV_ACCERR);
  wrpkru(ONLY(2));
  EXPECT(!may_read(page) && caught.code == SEGV_PKUERR && caught.key == 1);
  EXPECT(mprotect(page, PAGE, RW) == 0);
  EXPECT(!may_read(page) && caught.code == SEGV_PKUERR && caught.key == 1);
  wrpkru(ONLY(1));
  EXPECT(may_write(page));
  return done();
}
