// Kills a child that does nothing but fork, at another instant each time, so that some of the
// grandchildren are born while their parent dies. With a second word it takes them over itself. All
// of them hold a pipe: it must come to its end.
#include "crowd.h"

#include <sys/prctl.h>

static void forks_on(void) {
  signal(SIGCHLD, SIG_IGN);  // nobody waits for them
  for (;;)
    if (fork() == 0) {
      wrpkru(ONLY(1));
      crowd_page[1][0]++;
      _exit(0);
    }
}

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? atoi(argv[1]) : 100;
  if (argc > 2) EXPECT(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
  two_keys();
  for (int round = 0; round < rounds; round++) {
    int held[2];
    EXPECT(pipe(held) == 0);
    const pid_t child = fork();
    if (child == 0) forks_on();
    close(held[1]);
    sleep_us(1000 + round * 613 % 4000);
    EXPECT(kill(child, SIGKILL) == 0);
    EXPECT(WTERMSIG(status_of(child)) == SIGKILL);
    char byte;
    EXPECT(read(held[0], &byte, 1) == 0);
    close(held[0]);
  }
  return done();
}
