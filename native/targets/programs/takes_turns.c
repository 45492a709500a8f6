// Proves: two threads that change their rights all the time, to and fro, starve neither each other
// nor a third one that only computes with rights of its own and never makes a call. Hardware:
// rights are each thread's own, nobody waits for anybody's.
#include "../keys.h"

#include <pthread.h>
#include <stdatomic.h>

enum { CHANGES = 400, SUMS = 4000000 };
static char* page[4];
static atomic_int computed;
static atomic_int changers_due = 2;

/// Between keys 1 and 2 until the quiet thread is done, and at least CHANGES times.
static void* changes(void* unused) {
  (void)unused;
  for (int i = 0; i < CHANGES || !computed; i++) {
    const int key = 1 + i % 2;
    wrpkru(ONLY(key));
    ++*(volatile long*)page[key];
    if (i == CHANGES) changers_due--;
  }
  wrpkru(INIT_PKRU);
  return NULL;
}

/// With key 3 until both changers have had their changes, and at least SUMS times.
static void* computes(void* unused) {
  (void)unused;
  wrpkru(ONLY(3));
  for (int i = 0; i < SUMS || changers_due > 0; i++) ++*(volatile long*)page[3];
  computed = 1;
  return NULL;
}

int main(void) {
  pthread_t thread[3];
  for (int key = 1; key <= 3; key++) {
    page[key] = pages(1);
    EXPECT(pkey_alloc(0, 0) == key);
    EXPECT(pkey_mprotect(page[key], PAGE, RW, key) == 0);
  }
  alarm(20);  // who starves waits for ever
  for (int i = 0; i < 2; i++) EXPECT(pthread_create(&thread[i], NULL, changes, NULL) == 0);
  EXPECT(pthread_create(&thread[2], NULL, computes, NULL) == 0);
  for (int i = 0; i < 3; i++) EXPECT(pthread_join(thread[i], NULL) == 0);
  wrpkru(0);
  EXPECT(*(long*)page[3] >= SUMS);
  return done();
}
