// Proves: the end-of-init mark fails as on a kernel nobody watches, and is seen once.
// Hardware: mmap(2): no MAP_ANONYMOUS and no file is EBADF.
#include "../keys.h"

int main(void) {
  void* mark = (void*)0x1a21face1a21face;
  EXPECT(mmap(mark, 0, PROT_NONE, MAP_FIXED, -1, 0) == MAP_FAILED && errno == EBADF);
  return done();
}
