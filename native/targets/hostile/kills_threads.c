// Kills its own threads, which kills the process: twenty children with threads in two compartments,
// asleep and blocked, each shot at another instant from another thread. Each must be seen to die of
// SIGKILL.
#include "crowd.h"

static pid_t victim;

static void child(int round) {
  crowd_starts();
  while (!crowd_tid[0] || !crowd_tid[1] || !crowd_tid[2] || !crowd_tid[3]) sleep_us(100);
  sleep_us(round * 613 % 5000);
  victim = round % 5 == 4 ? getpid() : crowd_tid[round % 5];
  syscall(SYS_tgkill, getpid(), victim, SIGKILL);
  pause();
}

int main(void) {
  two_keys();
  for (int round = 0; round < 20; round++) {
    const pid_t pid = fork();
    if (pid == 0) child(round);
    const int status = status_of(pid);
    EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  }
  return done();
}
