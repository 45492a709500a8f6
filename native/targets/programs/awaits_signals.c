// Proves: a blocked SIGTRAP that comes while the program is paused is taken by the wait for it, and
// ends no other wait. Hardware: sigtimedwait(2); a blocked signal interrupts nothing (signal(7)).
#include "../keys.h"

#include <sys/epoll.h>
#include <time.h>

int main(void) {
  const struct timespec long_time = {600, 0}, at_once = {0, 0};
  sigset_t traps, users, both;
  sigemptyset(&traps);
  sigaddset(&traps, SIGTRAP);
  sigemptyset(&users);
  sigaddset(&users, SIGUSR1);
  both = traps;
  sigaddset(&both, SIGUSR1);
  EXPECT(sigprocmask(SIG_BLOCK, &both, NULL) == 0);

  show("for_a_trap", 1);
  EXPECT(sigtimedwait(&traps, NULL, &long_time) == SIGTRAP);
  show("for_another_signal", 1);
  EXPECT(sigtimedwait(&users, NULL, &long_time) == SIGUSR1);
  EXPECT(sigtimedwait(&traps, NULL, &at_once) == SIGTRAP);

  int poll = epoll_create1(0);
  struct epoll_event event;
  show("for_nothing", 1);
  EXPECT(epoll_wait(poll, &event, 1, 1000) == 0);
  EXPECT(sigtimedwait(&traps, NULL, &at_once) == SIGTRAP);
  return done();
}
