// Proves: fork by a thread that is not the first: the child has that thread's rights and its one
// thread. Hardware: fork(2), pkeys(7).
#include "../keys.h"

#include <pthread.h>
#include <sys/wait.h>

static char* page;

static void* run(void* unused) {
  wrpkru(ONLY(1));
  pid_t child = fork();
  if (child == 0) _exit(rdpkru() == ONLY(1) && ++*page == 6 ? 14 : 1);
  int status;
  EXPECT(waitpid(child, &status, 0) == child);
  EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 14);
  EXPECT(*page == 5);
  return unused;
}

int main(void) {
  page = pages(1);
  *page = 5;
  EXPECT(pkey_alloc(0, 0) == 1);
  EXPECT(pkey_mprotect(page, PAGE, RW, 1) == 0);
  pthread_t thread;
  EXPECT(pthread_create(&thread, NULL, run, NULL) == 0);
  EXPECT(pthread_join(thread, NULL) == 0);
  return done();
}
