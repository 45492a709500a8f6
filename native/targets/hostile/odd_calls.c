// System calls that do not exist, that carry the x32 bit, and (each in a child) 32-bit ones; and a
// return from a signal that never came.
#include "crowd.h"

static long call32(long number, long a, long b, long c) {
  long result;
  __asm__ volatile("int $0x80"
                   : "=a"(result)
                   : "a"(number), "b"(a), "c"(b), "d"(c)
                   : "memory", "r8", "r9", "r10", "r11");
  return result;
}

int main(void) {
  two_keys();
  crowd_starts();
  const long numbers[] = {-1, -2, 600, 999, 4096, 0x3fffffff, 0x7fffffff, -4096, -4095};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    errno = 0;
    EXPECT(syscall(numbers[i], 1, 2, 3) == -1 && errno == ENOSYS);
  }
  const long x32[] = {SYS_mprotect, SYS_mmap, SYS_munmap, SYS_getpid, SYS_pkey_mprotect};
  for (size_t i = 0; i < sizeof x32 / sizeof *x32; i++)
    EXPECT(syscall(0x40000000 | x32[i], crowd_page[1], PAGE, RW) == -1 && errno == ENOSYS);
  crowd_ends();
  const long numbers32[] = {20 /* getpid */, 125 /* mprotect */, 192 /* mmap2 */, 999};
  for (int i = 0; i < 4; i++) {
    const pid_t child = fork();
    if (child == 0) {
      call32(numbers32[i], 0, 0, 0);
      _exit(5);
    }
    // Alone it is answered; under Keyhole, which cannot follow it, it ends with SIGSYS.
    const int status = status_of(child);
    EXPECT(WIFEXITED(status) ? WEXITSTATUS(status) == 5 : WTERMSIG(status) == SIGSYS);
  }
  const pid_t child = fork();
  if (child == 0) {
    __asm__ volatile("xor %%esp, %%esp; mov $15, %%eax; syscall" ::: "rax", "rcx", "r11", "memory");
    _exit(5);
  }
  EXPECT(WTERMSIG(status_of(child)) == SIGSEGV);
  const pid_t second = fork();
  if (second == 0) {
    static char garbage[8 * 4096];
    memset(garbage, 0x41, sizeof garbage);
    __asm__ volatile("mov %0, %%rsp; mov $15, %%eax; syscall" ::"r"(garbage + 4 * 4096)
                     : "rax", "rcx", "r11", "memory");
    _exit(5);
  }
  EXPECT(WTERMSIG(status_of(second)) == SIGSEGV);
  return done();
}
