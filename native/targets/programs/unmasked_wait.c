// Proves: sigsuspend takes a SIGSEGV that is blocked elsewhere. Hardware: the wait's own mask is in
// force, and the handler runs (sigsuspend(2)). Emulated keys deliver it when the program unblocks
// it, so that here the SIGALRM that follows ends the wait.
#include "../keys.h"

#include <sys/wait.h>

static volatile int segv, alarms;

static void handler(int number, siginfo_t* info, void* context) {
  (void)info, (void)context;
  if (number == SIGSEGV) segv++;
  if (number == SIGALRM) alarms++;
}

int main(void) {
  sigset_t block, none;
  sigemptyset(&none);
  sigemptyset(&block);
  sigaddset(&block, SIGSEGV);
  sigaddset(&block, SIGALRM);
  EXPECT(sigprocmask(SIG_BLOCK, &block, NULL) == 0);
  // The wait for the child begins again where the SIGALRM comes that late; sigsuspend never does
  // (signal(7)).
  on_signal(SIGSEGV, handler, SA_RESTART);
  on_signal(SIGALRM, handler, SA_RESTART);
  const pid_t child = fork();
  if (child == 0) {
    usleep(50000);
    _exit(kill(getppid(), SIGSEGV) != 0 || kill(getppid(), SIGALRM) != 0);
  }
  EXPECT(sigsuspend(&none) == -1 && errno == EINTR);
  EXPECT(segv + alarms >= 1);
  EXPECT(sigprocmask(SIG_UNBLOCK, &block, NULL) == 0);
  EXPECT(waitpid(child, NULL, 0) == child);
  EXPECT(segv == 1 && alarms == 1);
  return done();
}
