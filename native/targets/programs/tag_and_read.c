// Proves: a denied read faults with SEGV_PKUERR, the page's key and the address, on a page in use
// and on one never touched; with the right granted it goes through. Hardware: page fault with the
// PK bit, or the kernel's own check on a first touch (fault.c access_error); pkeys(7).
#include "../keys.h"

int main(void) {
  char* page = pages(2);
  page[5] = 42;
  EXPECT(pkey_alloc(0, 0) == 1);
  EXPECT(pkey_mprotect(page, 2 * PAGE, RW, 1) == 0);
  EXPECT(may_read(page + 5) && page[5] == 42);
  wrpkru(INIT_PKRU);
  show("used", (uint64_t)page + 5);
  EXPECT(!may_read(page + 5));
  EXPECT(caught.signal == SIGSEGV && caught.code == SEGV_PKUERR && caught.key == 1 &&
         caught.address == page + 5);
  EXPECT(caught.rights_in_handler == INIT_PKRU);
  show("untouched", (uint64_t)page + PAGE);
  EXPECT(!may_read(page + PAGE));
  EXPECT(caught.code == SEGV_PKUERR && caught.key == 1 && caught.address == page + PAGE);
  wrpkru(ONLY(1));
  EXPECT(may_read(page + 5) && page[5] == 42 && may_write(page + PAGE));
  return done();
}
