// Proves: sigwait takes a blocked SIGTRAP, whether it came before the wait or comes during it.
// Hardware: sigtimedwait(2) takes a pending signal at once.
#include "../keys.h"

#include <pthread.h>
#include <time.h>

static pthread_t first;

static void* send(void* unused) {
  usleep(50000);
  pthread_kill(first, SIGTRAP);
  return unused;
}

int main(void) {
  sigset_t set;
  siginfo_t info = {.si_signo = 0};
  sigemptyset(&set);
  sigaddset(&set, SIGTRAP);
  EXPECT(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
  wrpkru(ONLY(1));
  const struct timespec long_time = {60, 0}, at_once = {0, 0};
  EXPECT(sigtimedwait(&set, &info, &at_once) == -1 && errno == EAGAIN);
  EXPECT(raise(SIGTRAP) == 0);
  EXPECT(sigtimedwait(&set, &info, &long_time) == SIGTRAP);
  // glibc tells SI_TKILL as SI_USER (sysdeps/unix/sysv/linux/sigtimedwait.c).
  EXPECT(info.si_signo == SIGTRAP && info.si_code == SI_USER && info.si_pid == getpid());
  EXPECT(sigtimedwait(&set, &info, &at_once) == -1 && errno == EAGAIN);
  first = pthread_self();
  pthread_t thread;
  EXPECT(pthread_create(&thread, NULL, send, NULL) == 0);
  EXPECT(sigtimedwait(&set, &info, &long_time) == SIGTRAP);
  EXPECT(pthread_join(thread, NULL) == 0);
  return done();
}
