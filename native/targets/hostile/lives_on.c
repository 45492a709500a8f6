// A daemon: the second child of a double fork, in a session of its own, outlives everybody it knew.
#include "crowd.h"

int main(void) {
  two_keys();
  const pid_t child = fork();
  if (child == 0) {
    EXPECT(setsid() > 0);
    if (fork() != 0) _exit(0);
    crowd_starts();
    sleep_us(200000);
    crowd_ends();
    show("daemon", 1);
    _exit(8);
  }
  EXPECT(status_of(child) == 0);
  return done();
}
