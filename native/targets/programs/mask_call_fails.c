// Proves: a mask call that fails over its arguments changes nothing, one that fails only when it
// writes the old mask has changed it. Hardware: kernel/signal.c, rt_sigprocmask.
#include "../keys.h"

#include <sys/syscall.h>

static long call(int how, const void* set, void* old, size_t size) {
  return syscall(SYS_rt_sigprocmask, how, set, old, size);
}

static int blocked(void) {
  uint64_t now = 0;
  EXPECT(call(SIG_SETMASK, NULL, &now, 8) == 0);
  return now >> (SIGSEGV - 1) & 1;
}

int main(void) {
  const uint64_t set = 1ull << (SIGSEGV - 1);
  uint64_t* denied = (uint64_t*)pages(1);
  *denied = set;
  EXPECT(pkey_alloc(0, PKEY_DISABLE_ACCESS) == 1);
  EXPECT(pkey_mprotect(denied, PAGE, RW, 1) == 0);
  EXPECT(call(99, &set, NULL, 8) == -1 && errno == EINVAL && !blocked());
  EXPECT(call(SIG_BLOCK, &set, NULL, 4) == -1 && errno == EINVAL && !blocked());
  EXPECT(call(SIG_BLOCK, (void*)8, NULL, 8) == -1 && errno == EFAULT && !blocked());
  EXPECT(call(SIG_BLOCK, denied, NULL, 8) == -1 && errno == EFAULT && !blocked());
  EXPECT(call(SIG_BLOCK, &set, denied, 8) == -1 && errno == EFAULT && blocked());
  EXPECT(call(SIG_SETMASK, denied, NULL, 8) == -1 && errno == EFAULT && blocked());
  wrpkru(INIT_PKRU & ~0xcu);
  EXPECT(*denied == set);
  return done();
}
