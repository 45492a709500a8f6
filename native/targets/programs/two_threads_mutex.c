// Proves: two threads in different compartments, each with pages of its own, take turns on one
// mutex and both finish. Hardware: rights belong to a thread; both run at once.
#include "../keys.h"

#include <pthread.h>

enum { TURNS = 200 };
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long turns;
static char* private_page[3];

static void* run(void* number) {
  long key = (long)number;
  wrpkru(ONLY(key));
  for (int i = 0; i < TURNS; i++) {
    pthread_mutex_lock(&mutex);
    turns++;
    ++*(long*)private_page[key];
    pthread_mutex_unlock(&mutex);
  }
  EXPECT(rdpkru() == ONLY(key));
  return NULL;
}

int main(void) {
  pthread_t thread[3];
  for (long key = 1; key <= 2; key++) {
    EXPECT(pkey_alloc(0, 0) == key);
    private_page[key] = pages(1);
    EXPECT(pkey_mprotect(private_page[key], PAGE, RW, key) == 0);
  }
  for (long key = 1; key <= 2; key++)
    EXPECT(pthread_create(&thread[key], NULL, run, (void*)key) == 0);
  for (long key = 1; key <= 2; key++) pthread_join(thread[key], NULL);
  EXPECT(turns == 2 * TURNS);
  EXPECT(*(long*)private_page[1] == TURNS && *(long*)private_page[2] == TURNS);
  return done();
}
