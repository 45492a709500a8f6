// Proves: one mremap that moves pages of several keys gives each page its own key at the new place.
// Hardware: since Linux 6.17 mremap moves several mappings at once (mm/mremap.c, remap_move); older
// kernels answer EFAULT, and nothing has moved.
#include "../keys.h"

int main(void) {
  EXPECT(pkey_alloc(0, 0) == 1 && pkey_alloc(0, 0) == 2);
  char *old = pages(3), *new = pages(3);
  EXPECT(pkey_mprotect(old, PAGE, RW, 1) == 0 && pkey_mprotect(old + 2 * PAGE, PAGE, RW, 2) == 0);
  char* at = mremap(old, 3 * PAGE, 3 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, new);
  if (at == MAP_FAILED) {
    EXPECT(errno == EFAULT);
    at = old;
  }
  show("page", (uint64_t)at);
  wrpkru(ONLY(2));
  EXPECT(!may_write(at) && caught.key == 1);
  EXPECT(may_write(at + PAGE) && may_write(at + 2 * PAGE));
  return done();
}
