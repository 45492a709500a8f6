// Proves: handlers nested over an alternate stack, each with 0x55555554, each giving back what it
// interrupted, also when the inner one runs on another stack than the outer. Hardware: the rights
// are saved in each signal frame, wherever it lies (pkeys(7), sigaltstack(2)).
#include "../keys.h"

static char alternate[64 * 1024];
static volatile uint32_t seen[3], after[2];

static int on_alternate(void) {
  char here, *volatile at = &here;
  return at >= alternate && at < alternate + sizeof alternate;
}

static void third(int number, siginfo_t* info, void* context) {
  (void)number, (void)info, (void)context;
  EXPECT(on_alternate());
  seen[2] = rdpkru();
}

static void second(int number, siginfo_t* info, void* context) {
  (void)number, (void)info, (void)context;
  EXPECT(on_alternate());
  seen[1] = rdpkru();
  wrpkru(ONLY(6));
  raise(SIGHUP);
  after[1] = rdpkru();
}

static void first(int number, siginfo_t* info, void* context) {
  (void)number, (void)info, (void)context;
  EXPECT(!on_alternate());
  seen[0] = rdpkru();
  wrpkru(ONLY(5));
  raise(SIGUSR2);
  after[0] = rdpkru();
}

int main(void) {
  stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate};
  EXPECT(sigaltstack(&stack, NULL) == 0);
  on_signal(SIGUSR1, first, 0);
  on_signal(SIGUSR2, second, SA_ONSTACK);
  on_signal(SIGHUP, third, 0);
  wrpkru(ONLY(1));
  raise(SIGUSR1);
  EXPECT(rdpkru() == ONLY(1) && after[0] == ONLY(5) && after[1] == ONLY(6));
  for (int i = 0; i < 3; i++) EXPECT(seen[i] == INIT_PKRU);
  return done();
}
