// Stops and continues a whole process group with threads in two compartments, from outside and from
// inside.
#include "crowd.h"

int main(void) {
  two_keys();
  const pid_t leader = fork();
  if (leader == 0) {
    EXPECT(setpgid(0, 0) == 0);
    const pid_t second = fork();
    crowd_starts();
    for (int i = 0; i < 10; i++) {
      sleep_us(1000);
      if (second != 0) kill(0, SIGSTOP);
    }
    if (second == 0) pause();
    crowd_ends();
    kill(second, SIGKILL);
    EXPECT(WTERMSIG(status_of(second)) == SIGKILL);
    _exit(4);
  }
  for (int stops = 0;;) {
    int status;
    EXPECT(waitpid(leader, &status, WUNTRACED) == leader);
    if (WIFEXITED(status)) {
      EXPECT(WEXITSTATUS(status) == 4 && stops == 10);
      return done();
    }
    EXPECT(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
    stops++;
    kill(-leader, SIGCONT);
  }
}
