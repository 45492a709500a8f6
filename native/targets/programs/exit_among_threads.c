// Proves: the program ends while one thread sleeps in read() and another runs in a compartment of
// its own. Hardware: exit_group(2) ends them all.
#include "../keys.h"

#include <pthread.h>

static int pipes[2];
static char* page;

static void* sleeper(void* unused) {
  char byte;
  wrpkru(ONLY(1));
  return read(pipes[0], &byte, 1) ? unused : NULL;
}

static void* runner(void* unused) {
  wrpkru(ONLY(2));
  for (;;) ++*(volatile char*)page;
  return unused;
}

int main(void) {
  EXPECT(pkey_alloc(0, 0) == 1 && pkey_alloc(0, 0) == 2 && pipe(pipes) == 0);
  page = pages(1);
  EXPECT(pkey_mprotect(page, PAGE, RW, 2) == 0);
  pthread_t thread;
  EXPECT(pthread_create(&thread, NULL, sleeper, NULL) == 0);
  EXPECT(pthread_create(&thread, NULL, runner, NULL) == 0);
  usleep(50000);
  dprintf(1, "ok\n");
  exit(9);
}
