// Proves: SIGSTOP and SIGCONT stop and continue a program inside a compartment; its rights are as
// they were. Hardware: job control (waitpid(2), WUNTRACED) is not the tracer's business.
#include "../keys.h"

#include <sys/wait.h>

int main(void) {
  EXPECT(pkey_alloc(0, 0) == 1);
  pid_t child = fork();
  if (child == 0) {
    wrpkru(ONLY(1));
    raise(SIGSTOP);
    _exit(rdpkru() == ONLY(1) ? 12 : 1);
  }
  int status;
  EXPECT(waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status) &&
         WSTOPSIG(status) == SIGSTOP);
  EXPECT(kill(child, SIGCONT) == 0);
  EXPECT(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 12);
  return done();
}
