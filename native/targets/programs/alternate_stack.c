// Proves: a denied access while the stack itself is private: the handler runs on an alternate stack
// that is shared. Hardware: sigaltstack(2); the frame needs a stack that the kernel may write with
// the rights of that moment.
#include "../keys.h"

static char* page;
static volatile int on_alternate;
static char alternate[16 * 4096];

static void handler(int number, siginfo_t* info, void* context) {
  char here;
  on_alternate = &here >= alternate && &here < alternate + sizeof alternate;
  probe_handler(number, info, context);
}

int main(void) {
  stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate};
  EXPECT(sigaltstack(&stack, NULL) == 0);
  page = pages(1);
  EXPECT(pkey_alloc(0, PKEY_DISABLE_ACCESS) == 1);
  EXPECT(pkey_mprotect(page, PAGE, RW, 1) == 0);
  show("page", (uint64_t)page);
  on_signal(SIGSEGV, handler, SA_ONSTACK);
  if (sigsetjmp(probe_exit, 1) == 0) {
    *(volatile char*)page = 1;
    EXPECT(!"the write was not denied");
  }
  EXPECT(on_alternate && caught.code == SEGV_PKUERR && caught.key == 1);
  return done();
}
