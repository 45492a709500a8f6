// What emulated keys cannot follow: code with a key, io_uring's workers, signalfd for SIGSEGV,
// userfaultfd. Each works, and on emulated keys each is a finding, told once. Hardware: nothing to
// tell.
#include "../keys.h"

#include <linux/io_uring.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>

int main(void) {
  EXPECT(pkey_alloc(0, 0) == 1);
  for (int i = 0; i < 2; i++) {
    char* code = pages(1);
    EXPECT(pkey_mprotect(code, PAGE, PROT_READ | PROT_EXEC, 1) == 0);
    struct io_uring_params params = {.flags = 0};
    syscall(SYS_io_uring_setup, 4, &params);
    syscall(SYS_userfaultfd, 1 /* UFFD_USER_MODE_ONLY */);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGSEGV);
    EXPECT(signalfd(-1, &set, 0) >= 0);
  }
  return done();
}
