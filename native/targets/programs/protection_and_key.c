// Proves: which reason a fault gives when both the page's protection and its key forbid the access.
// Hardware: the kernel names the key whenever the key alone would have refused (fault.c
// bad_area_access_from_pkeys).
#include "../keys.h"

int main(void) {
  char* page = pages(1);
  page[0] = 1;
  EXPECT(pkey_alloc(0, 0) == 1);
  EXPECT(pkey_mprotect(page, PAGE, PROT_NONE, 1) == 0);
  show("page", (uint64_t)page);
  EXPECT(!may_read(page) && caught.code == SEGV_ACCERR);
  wrpkru(ONLY(2));
  EXPECT(!may_read(page) && caught.code == SEGV_PKUERR && caught.key == 1);
  EXPECT(pkey_mprotect(page, PAGE, PROT_READ, 1) == 0);
  EXPECT(!may_write(page) && caught.code == SEGV_PKUERR && caught.key == 1);
  return done();
}
