// Proves: a key that the program takes for itself stays as each thread has it, whatever gates it
// passes, and a thread that has not touched it finds it closed for access alone. Hardware: no gates
// of its own: without Keyhole these are plain calls.
#include "../keys.h"

#include <pthread.h>

#include "gate_lib.h"

static int key;
static char* page;
static pthread_barrier_t taken;

static unsigned right(void) { return rdpkru() >> (2 * key) & 3; }

/// Called by the library.
static long back(long n) {
  EXPECT(right() == 0);
  page[0] = (char)n;
  return n;
}

/// Born before anybody had the key.
static void* other(void* unused) {
  pthread_barrier_wait(&taken);
  EXPECT(right() == 1);
  gate_add(1);
  EXPECT(right() == 1);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_barrier_init(&taken, NULL, 2);
  EXPECT(pthread_create(&thread, NULL, other, NULL) == 0);
  key = pkey_alloc(0, PKEY_DISABLE_WRITE);
  EXPECT(key > 0);
  pthread_barrier_wait(&taken);
  EXPECT(pthread_join(thread, NULL) == 0);
  page = pages(1);
  EXPECT(pkey_mprotect(page, PAGE, RW, key) == 0);
  for (int i = 0; i < 3; i++) {
    EXPECT(pkey_set(key, PKEY_DISABLE_WRITE) == 0);
    gate_add(1);
    EXPECT(right() == 2);
    EXPECT(page[0] == (i == 0 ? 0 : 7));
    EXPECT(pkey_set(key, 0) == 0);
    gate_call_back(back, 7);
    EXPECT(right() == 0);
  }
  EXPECT(pkey_set(key, PKEY_DISABLE_ACCESS) == 0);
  gate_add(1);
  EXPECT(right() == 1);
  return done();
}
