// Proves: siglongjmp out of a handler leaves the handler's rights behind, thousands of times, from
// the first and from the second of two nested handlers; a handler that returns still restores.
// Hardware: only sigreturn restores PKRU; siglongjmp knows nothing of it.
#include "../keys.h"

static sigjmp_buf out;
static volatile int nested, returns;

static void handler(int number, siginfo_t* info, void* context) {
  (void)info, (void)context;
  EXPECT(rdpkru() == INIT_PKRU);
  wrpkru(ONLY(9));
  if (number == SIGUSR1 && nested) raise(SIGUSR2);
  if (!returns) siglongjmp(out, 1);
}

int main(void) {
  on_signal(SIGUSR1, handler, 0);
  on_signal(SIGUSR2, handler, 0);
  for (volatile int i = 0; i < 2000; i++) {
    nested = i % 2;
    wrpkru(ONLY(3));
    if (sigsetjmp(out, 1) == 0) raise(SIGUSR1);
    EXPECT(rdpkru() == ONLY(9));
  }
  nested = returns = 1;
  wrpkru(ONLY(4));
  raise(SIGUSR1);
  EXPECT(rdpkru() == ONLY(4));
  return done();
}
