// Proves: in a handler the mask has what its sa_mask adds, its frame shows what was blocked before,
// and a mask that the handler edits in the frame is the one after. Hardware: sigaction(2),
// sigreturn(2), with SIGSEGV and SIGILL like any other signal.
#include "../keys.h"

#include <ucontext.h>

static volatile int runs;

static int now_blocked(int number) {
  sigset_t now;
  EXPECT(sigprocmask(SIG_SETMASK, NULL, &now) == 0);
  return sigismember(&now, number);
}

static void handler(int number, siginfo_t* info, void* context) {
  (void)number, (void)info;
  sigset_t* before = &((ucontext_t*)context)->uc_sigmask;
  EXPECT(now_blocked(SIGUSR1) && now_blocked(SIGSEGV) && now_blocked(SIGILL));
  EXPECT(!sigismember(before, SIGUSR1) && !sigismember(before, SIGSEGV));
  EXPECT(sigismember(before, SIGILL));
  sigdelset(before, SIGILL);
  sigaddset(before, SIGTRAP);
  runs++;
}

int main(void) {
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
  sigaddset(&action.sa_mask, SIGSEGV);
  EXPECT(sigaction(SIGUSR1, &action, NULL) == 0);
  sigset_t ill;
  sigemptyset(&ill);
  sigaddset(&ill, SIGILL);
  EXPECT(sigprocmask(SIG_BLOCK, &ill, NULL) == 0);
  wrpkru(ONLY(1));
  raise(SIGUSR1);
  EXPECT(runs == 1 && rdpkru() == ONLY(1));
  EXPECT(now_blocked(SIGTRAP) && !now_blocked(SIGILL) && !now_blocked(SIGSEGV));
  wrpkru(ONLY(2));
  EXPECT(rdpkru() == ONLY(2));
  return done();
}
