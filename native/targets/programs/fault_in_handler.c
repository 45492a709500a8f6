// Proves: a denied access inside the handler of SIGSEGV kills: the signal is blocked there.
// Hardware: sigaction(2) without SA_NODEFER; force_sig resets the handler (kernel/signal.c).
#include "../keys.h"

static char* page;

static void handler(int number, siginfo_t* info, void* context) {
  (void)number, (void)info, (void)context;
  *(volatile char*)page = 2;
  _exit(1);
}

int main(void) {
  page = pages(1);
  EXPECT(pkey_alloc(0, PKEY_DISABLE_ACCESS) == 1);
  EXPECT(pkey_mprotect(page, PAGE, RW, 1) == 0);
  on_signal(SIGSEGV, handler, 0);
  show("page", (uint64_t)page);
  *(volatile char*)page = 1;
  return 1;
}
