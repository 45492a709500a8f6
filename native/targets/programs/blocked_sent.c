// Proves: SIGSEGV, SIGILL and SIGTRAP that are sent while they are blocked stay pending, are shown
// as pending, and come with their siginfo once unblocked; rights change all the while. Hardware:
// sigprocmask(2), sigpending(2). (Emulated keys must never block them for real.)
#include "../keys.h"

static volatile int got, codes[65], senders[65];

static void handler(int number, siginfo_t* info, void* context) {
  (void)context;
  got++;
  codes[number] = info->si_code;
  senders[number] = info->si_pid;
}

int main(void) {
  sigset_t block, pending;
  sigemptyset(&block);
  for (int i = 0; i < 3; i++) {
    const int number = (int[]){SIGSEGV, SIGILL, SIGTRAP}[i];
    sigaddset(&block, number);
    on_signal(number, handler, 0);
  }
  EXPECT(sigprocmask(SIG_BLOCK, &block, NULL) == 0);
  EXPECT(raise(SIGSEGV) == 0 && kill(getpid(), SIGILL) == 0 && raise(SIGTRAP) == 0);
  for (unsigned key = 1; key < 4; key++) wrpkru(ONLY(key));
  EXPECT(got == 0 && rdpkru() == ONLY(3));
  EXPECT(sigpending(&pending) == 0);
  EXPECT(sigismember(&pending, SIGSEGV) && sigismember(&pending, SIGILL));
  EXPECT(sigismember(&pending, SIGTRAP) && !sigismember(&pending, SIGUSR1));
  sigdelset(&block, SIGSEGV);
  EXPECT(sigprocmask(SIG_SETMASK, &block, NULL) == 0 && got == 1);
  EXPECT(codes[SIGSEGV] == SI_TKILL && senders[SIGSEGV] == getpid());
  EXPECT(sigprocmask(SIG_UNBLOCK, &block, NULL) == 0 && got == 3);
  EXPECT(codes[SIGILL] == SI_USER && senders[SIGILL] == getpid() && codes[SIGTRAP] == SI_TKILL);
  EXPECT(rdpkru() == ONLY(3));
  return done();
}
