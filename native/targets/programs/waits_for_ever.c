// Proves: a program whose threads all wait on a futex can still be changed. Hardware: nothing
// special.
#include "../keys.h"

#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;

static void* wait_for_ever(void* unused) {
  pthread_mutex_lock(&mutex);
  for (;;) pthread_cond_wait(&never, &mutex);
  return unused;
}

int main(void) {
  pthread_t thread;
  char* page = pages(1);
  EXPECT(pthread_create(&thread, NULL, wait_for_ever, NULL) == 0);
  show("page", (uint64_t)page);
  pthread_join(thread, NULL);
  return done();
}
