// Proves: a program with keys and threads of its own, that Keyhole attaches to, changes and lets go
// of, has the keys, the rights and the memory that it had. Hardware: rights belong to a thread,
// keys to the process. It does what the lines of its input say: `report` or `end`.
#include "../keys.h"

#include <pthread.h>

// The program's own thread-local memory, long enough to fill whole pages of its TLS block.
static _Thread_local volatile char mine[4 * PAGE];
static long data[4 * 512] __attribute__((aligned(4096))) = {1};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t asked = PTHREAD_COND_INITIALIZER, answered = PTHREAD_COND_INITIALIZER;
static int reports, answers, ending;
static uint32_t rights_of[2];
static volatile int denied, denied_key;
static int first, second;
static char *held, *other, *prey;

static void answer(int who) {
  pthread_mutex_lock(&lock);
  if (answers >> who & 1) return (void)pthread_mutex_unlock(&lock);
  rights_of[who] = rdpkru();
  answers |= 1 << who;
  pthread_cond_signal(&answered);
  pthread_mutex_unlock(&lock);
}

// Tries again and again what it may do, what its key denies it, and what only Keyhole denies it.
static void* try(void* unused) {
  wrpkru(ONLY(first));
  mine[0] = 1;
  while (!ending) {
    EXPECT(may_read(held));
    EXPECT(!may_read(other) && caught.code == SEGV_PKUERR && caught.key == second);
    if (!may_read(prey)) {
      EXPECT(caught.code == SEGV_PKUERR);
      denied_key = caught.key;
      denied++;
    }
    if (reports > 0) answer(0);
    usleep(5000);
  }
  EXPECT(rdpkru() == (uint32_t)ONLY(first));
  return unused;
}

static void* sleep_on(void* unused) {
  wrpkru(ONLY(second));
  mine[0] = 2;
  pthread_mutex_lock(&lock);
  while (!ending) {
    pthread_cond_wait(&asked, &lock);
    pthread_mutex_unlock(&lock);
    answer(1);
    pthread_mutex_lock(&lock);
  }
  pthread_mutex_unlock(&lock);
  EXPECT(rdpkru() == (uint32_t)ONLY(second));
  return unused;
}

static void report(void) {
  const uint32_t own = rdpkru();
  pthread_mutex_lock(&lock);
  answers = 0;
  reports++;
  pthread_cond_broadcast(&asked);
  while (answers != 3) pthread_cond_wait(&answered, &lock);
  pthread_mutex_unlock(&lock);
  int keys[16], spare = 0;
  while (spare < 16 && (keys[spare] = pkey_alloc(0, PKEY_DISABLE_ACCESS)) > 0) spare++;
  for (int i = 0; i < spare; i++) EXPECT(pkey_free(keys[i]) == 0);
  dprintf(1, "main=0x%x try=0x%x sleep=0x%x spare=%d denied=%d by=%d\n", own, rights_of[0],
          rights_of[1], spare, denied, denied_key);
}

int main(void) {
  first = pkey_alloc(0, 0);
  second = pkey_alloc(0, PKEY_DISABLE_WRITE);
  EXPECT(first == 1 && second == 2);
  const uint32_t own = rdpkru();
  held = pages(2), other = pages(1), prey = pages(1);
  held[0] = other[0] = prey[0] = mine[0] = 1;
  data[512] = 2;
  EXPECT(pkey_mprotect(held, 2 * PAGE, RW, first) == 0);
  EXPECT(pkey_mprotect(other, PAGE, PROT_READ, second) == 0);
  pthread_t thread[2];
  EXPECT(pthread_create(&thread[0], NULL, try, NULL) == 0);
  EXPECT(pthread_create(&thread[1], NULL, sleep_on, NULL) == 0);
  show("held", (uint64_t)held);
  show("prey", (uint64_t)prey);
  dprintf(1, "ready\n");
  char line[16];
  for (ssize_t n; (n = read(0, line, sizeof line)) > 0 && line[0] != 'e';) report();
  EXPECT(rdpkru() == own);
  pthread_mutex_lock(&lock);
  ending = 1;
  pthread_cond_broadcast(&asked);
  pthread_mutex_unlock(&lock);
  for (int i = 0; i < 2; i++) EXPECT(pthread_join(thread[i], NULL) == 0);
  return done();
}
