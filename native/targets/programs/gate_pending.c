// Proves: signals that are blocked and pending stay so while Keyhole lets the thread tag pages
// (here those of a module that has just been loaded), and come once they are unblocked. Hardware: a
// blocked signal waits (signal(7)).
#include "../keys.h"

#include <dlfcn.h>

static const int numbers[] = {SIGSEGV, SIGILL, SIGUSR1};
enum { SIGNALS = sizeof numbers / sizeof *numbers };
static volatile int handled;

static void handler(int number, siginfo_t* info, void* context) {
  (void)context;
  EXPECT(info->si_signo == number && info->si_pid == getpid());
  EXPECT(number == SIGILL ? info->si_code == SI_TKILL : info->si_code == SI_USER);
  handled++;
}

int main(void) {
  sigset_t block, pending;
  sigemptyset(&block);
  for (int i = 0; i < SIGNALS; i++) {
    sigaddset(&block, numbers[i]);
    on_signal(numbers[i], handler, 0);
  }
  EXPECT(sigprocmask(SIG_BLOCK, &block, NULL) == 0);
  EXPECT(kill(getpid(), SIGSEGV) == 0 && raise(SIGILL) == 0 && kill(getpid(), SIGUSR1) == 0);
  EXPECT(dlopen("libgate.so", RTLD_NOW) != NULL);
  EXPECT(handled == 0 && sigpending(&pending) == 0);
  for (int i = 0; i < SIGNALS; i++) EXPECT(sigismember(&pending, numbers[i]) == 1);
  EXPECT(sigprocmask(SIG_UNBLOCK, &block, NULL) == 0);
  EXPECT(handled == SIGNALS);
  done();
  _exit(0);  // the library's fini would need its key
}
