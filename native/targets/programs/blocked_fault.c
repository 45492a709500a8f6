// Proves: a denied access while SIGSEGV is blocked kills the program, even with a handler: a fault
// cannot wait. Hardware: force_sig resets a blocked or ignored signal to its default action
// (kernel/signal.c).
#include "../keys.h"

int main(void) {
  char* page = pages(1);
  EXPECT(pkey_alloc(0, PKEY_DISABLE_ACCESS) == 1);
  EXPECT(pkey_mprotect(page, PAGE, RW, 1) == 0);
  on_signal(SIGSEGV, probe_handler, 0);
  sigset_t block;
  sigemptyset(&block);
  sigaddset(&block, SIGSEGV);
  EXPECT(sigprocmask(SIG_BLOCK, &block, NULL) == 0);
  show("page", (uint64_t)page);
  if (sigsetjmp(probe_exit, 1) == 0) *(volatile char*)page = 1;
  return 1;
}
