// Proves: the first thread ends, another goes on in its compartment and ends the program.
// Hardware: pthread_exit(3); the leader stays a zombie until the last thread is gone.
#include "../keys.h"

#include <pthread.h>

static char* page;

static void* run(void* leader) {
  wrpkru(ONLY(1));
  EXPECT(pthread_join(*(pthread_t*)leader, NULL) == 0);
  for (int i = 0; i < 100; i++) page[i] = 1;
  EXPECT(rdpkru() == ONLY(1));
  dprintf(1, "ok\n");
  exit(7);
}

int main(void) {
  static pthread_t leader;
  leader = pthread_self();
  page = pages(1);
  EXPECT(pkey_alloc(0, 0) == 1);
  EXPECT(pkey_mprotect(page, PAGE, RW, 1) == 0);
  pthread_t thread;
  EXPECT(pthread_create(&thread, NULL, run, &leader) == 0);
  pthread_exit(NULL);
}
