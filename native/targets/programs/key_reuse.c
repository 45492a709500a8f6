// Proves: pkey_free leaves the pages' tags alone, so the next owner of the number gets them
// (pkeys(7) warns of it). Hardware: mm_pkey_free only clears the allocation map; the rights
// register stays as it is.
#include "../keys.h"

int main(void) {
  char* page = pages(1);
  EXPECT(pkey_alloc(0, 0) == 1);
  EXPECT(pkey_mprotect(page, PAGE, RW, 1) == 0);
  EXPECT(pkey_free(1) == 0);
  EXPECT(may_read(page));
  EXPECT(pkey_mprotect(page, PAGE, RW, 1) == -1 && errno == EINVAL);
  EXPECT(pkey_alloc(0, PKEY_DISABLE_ACCESS) == 1);
  EXPECT(!may_read(page) && caught.key == 1);
  show("page", (uint64_t)page);
  return done();
}
