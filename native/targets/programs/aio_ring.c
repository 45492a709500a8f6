// Proves: memory that the kernel maps by itself is known: io_setup's ring of events. Hardware: the
// ring is a mapping like any other, key 0 (fs/aio.c, aio_setup_ring). The comparison with the
// kernel's list is the judge.
#include "../keys.h"

#include <sys/syscall.h>

int main(void) {
  unsigned long context = 0;
  EXPECT(pkey_alloc(0, 0) == 1);
  EXPECT(syscall(SYS_io_setup, 64, &context) == 0 && context != 0);
  wrpkru(ONLY(1));
  EXPECT(syscall(SYS_io_destroy, context) == 0);
  wrpkru(INIT_PKRU);
  return done();
}
