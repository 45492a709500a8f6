// Enters seccomp's strict mode, in a child: alone only read, write, exit and the return from a
// signal are left to it, and getpid kills. Under Keyhole it is refused and the record says so.
#include "crowd.h"

#include <linux/seccomp.h>
#include <sys/prctl.h>

int main(void) {
  two_keys();
  crowd_starts();
  const pid_t child = fork();
  if (child == 0) {
    errno = 0;
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0) syscall(SYS_exit, errno == EINVAL ? 5 : 1);
    syscall(SYS_getpid);
    syscall(SYS_exit, 1);
  }
  const int status = status_of(child);
  EXPECT(WIFEXITED(status) ? WEXITSTATUS(status) == 5 : WTERMSIG(status) == SIGKILL);
  crowd_ends();
  return done();
}
