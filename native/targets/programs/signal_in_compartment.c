// Proves: a handler runs with PKRU 0x55555554 whatever was interrupted; what it writes is dropped
// when it returns, and the interrupted rights come back. Hardware: signal delivery resets PKRU to
// its initial value; sigreturn restores it with the frame (pkeys(7)).
#include "../keys.h"

static volatile uint32_t seen, runs;

static void handler(int number, siginfo_t* info, void* context) {
  (void)number, (void)info, (void)context;
  seen = rdpkru();
  runs++;
  wrpkru(ONLY(7));
}

int main(void) {
  on_signal(SIGUSR1, handler, 0);
  for (unsigned key = 1; key <= 3; key++) {
    wrpkru(ONLY(key));
    raise(SIGUSR1);
    EXPECT(runs == key && seen == INIT_PKRU);
    EXPECT(rdpkru() == ONLY(key));
  }
  return done();
}
