// Proves: a futex word is read with the rights of the thread that waits on it, whoever runs
// meanwhile: one's own word never fails, another's always does. Hardware: the kernel reads the word
// under the thread's PKRU (kernel/futex/futex.h, futex_get_value_locked).
#include "../keys.h"

#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>

enum { TURNS = 100 };
/// On a page of its key: the word, and the time that a wait on it may take.
struct Own {
  atomic_int word, seen;
  struct timespec limit;
};
static struct Own* own[3];

static long wait_on(struct Own* at, int value, int how) {
  const long result = syscall(SYS_futex, &at->word, how, value, &at->limit, 0, 0);
  return result == 0 ? 0 : -errno;
}

static void* run(void* number) {
  const long key = (long)number;
  wrpkru(ONLY(key));
  for (int turn = 0; turn < TURNS; turn++) {
    while (own[key]->word == turn) {
      const long result = wait_on(own[key], turn, FUTEX_WAIT_PRIVATE);
      EXPECT(result == 0 || result == -EAGAIN || result == -EINTR);
    }
    own[key]->seen = turn + 1;
    EXPECT(wait_on(own[3 - key], 0, FUTEX_WAIT_PRIVATE) == -EFAULT);
    // A word that is not private must be writable, too (kernel/futex/core.c, get_futex_key).
    wrpkru(ONLY(key) & ~(1u << (2 * (3 - key))));
    EXPECT(wait_on(own[3 - key], -1, FUTEX_WAIT_PRIVATE) == -EAGAIN);
    EXPECT(wait_on(own[3 - key], -1, FUTEX_WAIT) == -EFAULT);
    wrpkru(ONLY(key));
  }
  return NULL;
}

int main(void) {
  pthread_t thread[3];
  for (long key = 1; key <= 2; key++) {
    own[key] = (struct Own*)pages(1);
    own[key]->limit.tv_sec = 20;
    EXPECT(pkey_alloc(0, 0) == key);
    EXPECT(pkey_mprotect(own[key], PAGE, RW, (int)key) == 0);
  }
  for (long key = 1; key <= 2; key++)
    EXPECT(pthread_create(&thread[key], NULL, run, (void*)key) == 0);
  for (int turn = 0; turn < TURNS; turn++) {
    for (int key = 1; key <= 2; key++) {
      own[key]->word = turn + 1;
      syscall(SYS_futex, &own[key]->word, FUTEX_WAKE_PRIVATE, 1, NULL, 0, 0);
    }
    for (int key = 1; key <= 2; key++)
      while (own[key]->seen <= turn) usleep(100);
  }
  for (long key = 1; key <= 2; key++) pthread_join(thread[key], NULL);
  return done();
}
