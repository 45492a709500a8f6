// Children by vfork that are killed, stop themselves, or never exec, and parents that are killed
// meanwhile.
#include "crowd.h"

int main(void) {
  two_keys();
  for (int round = 0; round < 6; round++) {
    const pid_t child = fork();
    if (child == 0) {
      crowd_starts();
      const pid_t parent = getpid();
      const pid_t second = vfork();
      if (second == 0) {
        if (round == 0) kill(getpid(), SIGKILL);
        if (round == 1) kill(parent, SIGKILL);
        if (round == 2) syscall(SYS_tgkill, parent, crowd_tid[0], SIGKILL);
        if (round == 3) execl("/nowhere", "nowhere", NULL);
        if (round == 4) raise(SIGSEGV);
        _exit(9);
      }
      crowd_ends();
      _exit(second > 0 ? 0 : 1);
    }
    const int status = status_of(child);
    EXPECT(round == 1 || round == 2 ? WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL
                                    : status == 0);
  }
  return done();
}
