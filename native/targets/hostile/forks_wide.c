// A hundred children at once, then a tree of processes that doubles until two hundred were born;
// each switches rights.
#include "crowd.h"

static void turns(int n) {
  for (int i = 0; i < n; i++)
    for (int k = 1; k <= 2; k++) {
      wrpkru(ONLY(k));
      crowd_page[k][0]++;
    }
  wrpkru(ONLY(0));
}

int main(void) {
  two_keys();
  for (int i = 0; i < 100; i++) {
    const pid_t child = fork();
    EXPECT(child >= 0);
    if (child == 0) {
      turns(5);
      _exit(0);
    }
  }
  for (int i = 0; i < 100; i++) {
    int status;
    EXPECT(wait(&status) > 0 && status == 0);
  }
  int* born = mmap(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  const pid_t first = getpid();
  while (__atomic_add_fetch(born, 1, __ATOMIC_RELAXED) <= 200)
    if (fork() < 0) break;
  turns(1);
  while (wait(NULL) > 0) {
  }
  if (getpid() != first) _exit(0);
  return done();
}
