// Proves: a signal inside a handler: each level starts with 0x55555554 and gives back what it
// interrupted. Hardware: the rights are saved in each signal frame (pkeys(7)).
#include "../keys.h"

static volatile uint32_t inner, after_inner;

static void second(int number, siginfo_t* info, void* context) {
  (void)number, (void)info, (void)context;
  inner = rdpkru();
}

static void first(int number, siginfo_t* info, void* context) {
  (void)number, (void)info, (void)context;
  wrpkru(ONLY(5));
  raise(SIGUSR2);
  after_inner = rdpkru();
}

int main(void) {
  on_signal(SIGUSR1, first, 0);
  on_signal(SIGUSR2, second, 0);
  wrpkru(ONLY(1));
  raise(SIGUSR1);
  EXPECT(inner == INIT_PKRU);
  EXPECT(after_inner == ONLY(5));
  EXPECT(rdpkru() == ONLY(1));
  return done();
}
