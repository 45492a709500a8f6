// Proves: a handler that makes a denied page shared and returns: the access is tried again and goes
// through. Hardware: a fault restarts its instruction; sigaction(2).
#include "../keys.h"

static char* page;
static volatile int calls;

static void handler(int number, siginfo_t* info, void* context) {
  (void)number, (void)context;
  calls++;
  if (info->si_code != SEGV_PKUERR || calls > 1) _exit(2);
  if (pkey_mprotect(page, PAGE, RW, 0)) _exit(3);
}

int main(void) {
  page = pages(1);
  EXPECT(pkey_alloc(0, PKEY_DISABLE_ACCESS) == 1);
  EXPECT(pkey_mprotect(page, PAGE, RW, 1) == 0);
  on_signal(SIGSEGV, handler, 0);
  show("page", (uint64_t)page);
  *(volatile char*)page = 6;
  EXPECT(calls == 1 && page[0] == 6 && rdpkru() == INIT_PKRU);
  return done();
}
