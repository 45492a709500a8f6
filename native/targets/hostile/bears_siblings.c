// Makes children that are its siblings (CLONE_PARENT): their parent is whoever started the program,
// which hears of their ends. All of them hold a pipe: it must come to its end.
#include "crowd.h"

#include <sched.h>

int main(void) {
  int held[2];
  two_keys();
  EXPECT(pipe(held) == 0);
  const pid_t parent = getppid();
  for (int i = 0; i < 20; i++) {
    const long child = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
    EXPECT(child >= 0);
    if (child == 0) {
      both_keys(3);
      _exit(getppid() == parent ? 0 : 1);
    }
  }
  close(held[1]);
  char byte;
  EXPECT(read(held[0], &byte, 1) == 0);
  EXPECT(waitpid(-1, NULL, __WALL) == -1 && errno == ECHILD);
  return done();
}
