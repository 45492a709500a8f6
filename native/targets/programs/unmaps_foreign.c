// Proves: a compartment that unmaps another's pages is judged by rule T2. Hardware: munmap(2) does
// not look at keys, so only a tracer refuses.
#include "../keys.h"

int main(void) {
  char* theirs = pages(1);
  EXPECT(pkey_alloc(0, 0) == 1 && pkey_alloc(0, 0) == 2);
  wrpkru(0);  // compartment 0 may tag what nobody has tagged (T3)
  EXPECT(pkey_mprotect(theirs, PAGE, RW, 2) == 0);
  wrpkru(ONLY(1));
  int result = munmap(theirs, PAGE);
  dprintf(1, "munmap %s\n", result == 0 ? "done" : strerror(errno));
  return done();
}
