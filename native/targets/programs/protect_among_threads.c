// Threads of different rights change protections of their own pages at the same time: what a call
// has done is in force when it returns, whoever else's turn came in between.
#include "../keys.h"

#include <pthread.h>

enum { THREADS = 3, ROUNDS = 300 };
static char* area;
static volatile int wrong;

static void* changes(void* number) {
  const unsigned key = (unsigned)(intptr_t)number + 1;
  volatile char* own = area + (key - 1) * PAGE;
  wrpkru(ONLY(key));
  for (int i = 0; i < ROUNDS; i++) {
    const int protection = i % 2 ? RW : PROT_READ;
    if (pkey_mprotect((void*)own, PAGE, protection, (int)key) != 0) wrong++;
    // The kernel says by EFAULT whether it may write there: no signal needed.
    int ends[2];
    if (pipe(ends) != 0 || write(ends[1], "x", 1) != 1) wrong++;
    if ((read(ends[0], (void*)own, 1) == 1) != (protection == RW)) wrong++;
    close(ends[0]);
    close(ends[1]);
  }
  return NULL;
}

int main(void) {
  area = pages(THREADS);
  for (int i = 1; i <= THREADS; i++) EXPECT(pkey_alloc(0, 0) == i);
  pthread_t threads[THREADS];
  for (intptr_t i = 0; i < THREADS; i++)
    EXPECT(pthread_create(&threads[i], NULL, changes, (void*)i) == 0);
  for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
  EXPECT(wrong == 0);
  return done();
}
