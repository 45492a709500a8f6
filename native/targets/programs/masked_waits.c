// Proves: a wait with a signal mask of its own may block SIGSEGV, SIGILL and SIGTRAP: a handler
// that ends it runs with them blocked, they come after it, and the keys of others are minded
// meanwhile. Hardware: the mask is in force from the call's begin to the handler's end
// (sigsuspend(2)).
#include "other_rights.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>

static volatile int handled, segv;
static sigset_t all;

static void handler(int number, siginfo_t* info, void* context) {
  sigset_t now;
  (void)number, (void)info, (void)context;
  handled++;
  EXPECT(sigprocmask(SIG_SETMASK, NULL, &now) == 0);
  EXPECT(sigismember(&now, SIGSEGV) == 1 && sigismember(&now, SIGILL) == 1);
  EXPECT(raise(SIGSEGV) == 0 && segv == handled - 1);
  wrpkru(ONLY(1));
  ++*(volatile char*)mine;
}

static void on_segv(int number, siginfo_t* info, void* context) {
  (void)number, (void)info, (void)context;
  segv++;
}

static void wait_once(int how) {
  const struct timespec long_time = {30, 0};
  struct epoll_event event;
  static int epoll = -1;
  if (epoll < 0) epoll = epoll_create1(0);
  const int before = handled;
  // SIGUSR1 comes only here: it is blocked elsewhere.
  const int answer = how == 0   ? sigsuspend(&all)
                     : how == 1 ? ppoll(NULL, 0, &long_time, &all)
                     : how == 2 ? pselect(0, NULL, NULL, NULL, &long_time, &all)
                                : epoll_pwait(epoll, &event, 1, 30000, &all);
  EXPECT(answer == -1 && errno == EINTR);
  EXPECT(handled == before + 1 && segv == handled);
  ++*(volatile char*)mine;
}

int main(void) {
  on_signal(SIGUSR1, handler, 0);
  on_signal(SIGSEGV, on_segv, 0);
  sigfillset(&all);
  sigdelset(&all, SIGUSR1);
  start_other();
  for (int i = 0; i < 20; i++) wait_once(i % 4);
  end_other();
  return done();
}
