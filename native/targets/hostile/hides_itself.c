// Does what programs do that want no debugger: it forbids that its memory be read, asks to be
// traced by its parent, asks for a signal at its parent's death, and reads who traces it.
#include "crowd.h"

#include <sys/prctl.h>
#include <sys/ptrace.h>

int main(void) {
  two_keys();
  crowd_starts();
  EXPECT(prctl(PR_SET_DUMPABLE, 0) == 0);
  // Whoever is traced already is told so; nobody else can be asked (ptrace(2)).
  if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0) EXPECT(errno == EPERM);
  const pid_t hidden = fork();
  if (hidden == 0) {
    for (int k = 1; k <= 2; k++) {
      wrpkru(ONLY(k));
      EXPECT(crowd_page[k][1] == 0 && ++crowd_page[k][1] == 1);
    }
    wrpkru(ONLY(0));
    _exit(may_read(crowd_page[1]) ? 1 : 3);
  }
  const int status = status_of(hidden);
  EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 3);
  const pid_t parent = fork();
  if (parent == 0) {
    int asked[2];
    EXPECT(pipe(asked) == 0);
    const pid_t child = fork();
    if (child == 0) {
      prctl(PR_SET_PDEATHSIG, SIGUSR1);
      EXPECT(write(asked[1], "", 1) == 1);
      wrpkru(ONLY(1));
      crowd_page[1][0] = 1;
      for (;;) sleep_us(100000);  // SIGUSR1 ends it
    }
    char byte;
    EXPECT(read(asked[0], &byte, 1) == 1);
    _exit(0);
  }
  EXPECT(status_of(parent) == 0);
  sleep_us(10000);
  crowd_ends();
  return done();
}
