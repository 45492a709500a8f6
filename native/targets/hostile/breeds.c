// Keeps being born: children, grandchildren that outlive their parents, vfork and exec, threads,
// and some that are stopped, all while threads switch rights. It never ends by itself.
#include "crowd.h"

static void* moment(void* k) {
  wrpkru(ONLY((int)(intptr_t)k));
  crowd_page[(intptr_t)k][0]++;
  return NULL;
}

static void breeds(void) {
  for (volatile int round = 0;; round++) {
    pthread_t thread;
    EXPECT(pthread_create(&thread, NULL, moment, (void*)(intptr_t)(1 + round % 2)) == 0);
    const pid_t child = fork();
    if (child == 0) {
      if (round % 3 == 0) raise(SIGSTOP);
      if (round % 3 == 1 && fork() == 0) sleep_us(300000);
      _exit(0);
    }
    const pid_t second = vfork();
    if (second == 0) {
      execl("/bin/sleep", "sleep", "0.01", NULL);
      _exit(1);
    }
    if (round % 3 == 0) kill(child, round % 2 ? SIGCONT : SIGKILL);
    pthread_join(thread, NULL);
    while (waitpid(-1, NULL, WNOHANG) > 0) {
    }
  }
}

int main(void) {
  two_keys();
  crowd_starts();
  dprintf(1, "ok\n");
  breeds();
}
