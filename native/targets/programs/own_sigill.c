// Proves: an illegal instruction of the program's own reaches its SIGILL handler; the key
// instructions do not. Hardware: UD2 is #UD: SIGILL, ILL_ILLOPN, at its address; WRPKRU and RDPKRU
// are ordinary instructions.
#include "../keys.h"

static volatile int calls, code;

static void handler(int number, siginfo_t* info, void* context) {
  (void)number, (void)context;
  calls++;
  code = info->si_code;
  siglongjmp(probe_exit, 1);
}

int main(void) {
  on_signal(SIGILL, handler, 0);
  wrpkru(ONLY(3));
  EXPECT(rdpkru() == ONLY(3) && calls == 0);
  if (sigsetjmp(probe_exit, 1) == 0) __asm__ volatile("ud2");
  EXPECT(calls == 1 && code == ILL_ILLOPN);
  EXPECT(rdpkru() == INIT_PKRU);
  return done();
}
