// Cancels threads that run, sleep in a futex, are blocked in a read or switch rights, and some that
// are not yet born.
#include "crowd.h"

static void* spins(void* which) {
  pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
  return crowd_switches(which);
}
static void* waits(void* unused) {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t never = PTHREAD_COND_INITIALIZER;
  pthread_mutex_lock(&mutex);
  for (;;) pthread_cond_wait(&never, &mutex);
  return unused;
}

int main(void) {
  two_keys();
  EXPECT(pipe(crowd_pipe) == 0);
  for (int round = 0; round < 10; round++) {
    pthread_t threads[4];
    EXPECT(pthread_create(&threads[0], NULL, spins, (void*)1) == 0);
    EXPECT(pthread_create(&threads[1], NULL, spins, (void*)2) == 0);
    EXPECT(pthread_create(&threads[2], NULL, waits, NULL) == 0);
    EXPECT(pthread_create(&threads[3], NULL, crowd_reads, NULL) == 0);
    if (round % 2) sleep_us(round * 700);
    for (int i = 3; i >= 0; i--) EXPECT(pthread_cancel(threads[i]) == 0);
    for (int i = 0; i < 4; i++) {
      void* result;
      EXPECT(pthread_join(threads[i], &result) == 0 && result == PTHREAD_CANCELED);
    }
  }
  return done();
}
