// Proves: threads cross virtual gates side by side, each with its own TLS block of the library.
// Hardware: plain calls.
#include "../keys.h"
#include "gate_lib.h"

#include <pthread.h>

enum { THREADS = 4, CALLS = 25 };
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local long mine = 1;

static void* run(void* unused) {
  (void)unused;
  for (int i = 0; i < CALLS; i++) {
    pthread_mutex_lock(&mutex);
    long before = gate_secret() != NULL ? gate_add(0) : 0;
    EXPECT(gate_add(1) == before + 2);
    pthread_mutex_unlock(&mutex);
    mine++;
  }
  EXPECT(mine == 1 + CALLS);
  return NULL;
}

int main(void) {
  pthread_t thread[THREADS];
  for (int i = 0; i < THREADS; i++) EXPECT(pthread_create(&thread[i], NULL, run, NULL) == 0);
  for (int i = 0; i < THREADS; i++) EXPECT(pthread_join(thread[i], NULL) == 0);
  EXPECT(gate_add(0) == 100 + THREADS * CALLS + 10);
  return done();
}
