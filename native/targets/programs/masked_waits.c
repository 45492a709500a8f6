// Proves: a wait with a signal mask of its own may block SIGSEGV, SIGILL and SIGTRAP: a handler
// that ends it runs with them blocked, they come after it, and the keys of others are minded
// meanwhile. Hardware: the mask is in force from the call's begin to the handler's end
// (sigsuspend(2)).
#include "../keys.h"

#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/select.h>

static char *mine, *theirs;
static volatile int stop, handled, segv;
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

/// Runs with other rights and sends a signal now and then.
static void* other(void* first) {
  wrpkru(ONLY(2));
  for (; !stop; usleep(2000)) {
    ++*(volatile char*)theirs;
    pthread_kill(*(pthread_t*)first, SIGUSR1);
  }
  return NULL;
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
  pthread_t thread, self = pthread_self();
  sigset_t block;
  mine = pages(1), theirs = pages(1);
  EXPECT(pkey_alloc(0, 0) == 1 && pkey_alloc(0, 0) == 2);
  EXPECT(pkey_mprotect(mine, PAGE, RW, 1) == 0 && pkey_mprotect(theirs, PAGE, RW, 2) == 0);
  on_signal(SIGUSR1, handler, 0);
  on_signal(SIGSEGV, on_segv, 0);
  sigemptyset(&block);
  sigaddset(&block, SIGUSR1);
  EXPECT(sigprocmask(SIG_BLOCK, &block, NULL) == 0);
  sigfillset(&all);
  sigdelset(&all, SIGUSR1);
  wrpkru(ONLY(1));
  EXPECT(pthread_create(&thread, NULL, other, &self) == 0);
  for (int i = 0; i < 20; i++) wait_once(i % 4);
  stop = 1;
  EXPECT(pthread_join(thread, NULL) == 0);
  return done();
}
