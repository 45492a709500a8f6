// Proves: a program that blocks or ignores SIGSEGV and SIGILL still switches rights, and is shown
// the mask it set. Hardware: WRPKRU raises nothing, so masks cannot matter. (Emulated keys live on
// SIGILL and SIGSEGV.)
#include "../keys.h"

int main(void) {
  sigset_t block, before, now;
  sigemptyset(&block);
  sigaddset(&block, SIGSEGV);
  sigaddset(&block, SIGILL);
  sigaddset(&block, SIGUSR1);
  EXPECT(sigprocmask(SIG_BLOCK, &block, &before) == 0);
  EXPECT(!sigismember(&before, SIGSEGV) && !sigismember(&before, SIGILL));
  for (unsigned key = 1; key < 6; key++) {
    wrpkru(ONLY(key));
    EXPECT(rdpkru() == ONLY(key));
  }
  EXPECT(sigprocmask(SIG_SETMASK, NULL, &now) == 0);
  EXPECT(sigismember(&now, SIGSEGV) && sigismember(&now, SIGILL) && sigismember(&now, SIGUSR1));
  EXPECT(sigprocmask(SIG_SETMASK, &before, &now) == 0);
  EXPECT(sigismember(&now, SIGSEGV) && sigismember(&now, SIGILL));

  signal(SIGILL, SIG_IGN);
  signal(SIGSEGV, SIG_IGN);
  wrpkru(ONLY(8));
  EXPECT(rdpkru() == ONLY(8));
  struct sigaction action;
  EXPECT(sigaction(SIGILL, NULL, &action) == 0 && action.sa_handler == SIG_IGN);
  return done();
}
