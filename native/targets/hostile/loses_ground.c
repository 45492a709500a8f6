// Takes its own stack, code, vdso, TLS and loader away, each in a child; what dies dies as it would
// alone.
#include "crowd.h"

#include <elf.h>
#include <sys/auxv.h>

static void away(uintptr_t at, size_t size, int how) {
  const uintptr_t start = at & ~(PAGE - 1);
  // Nothing of libc after this.
  if (how == 0) syscall(SYS_munmap, start, size);
  else if (how == 1) syscall(SYS_mprotect, start, size, PROT_NONE);
  else syscall(SYS_mmap, start, size, PROT_NONE, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

int main(void) {
  two_keys();
  for (int what = 0; what < 6; what++)
    for (int how = 0; how < 3; how++) {
      const pid_t child = fork();
      if (child == 0) {
        crowd_starts();
        sleep_us(2000);
        char here;
        if (what == 0) away((uintptr_t)&here - 8 * PAGE, 16 * PAGE, how);
        if (what == 1) away((uintptr_t)&main, PAGE, how);
        if (what == 2) away(getauxval(AT_SYSINFO_EHDR), 2 * PAGE, how);
        if (what == 3) away((uintptr_t)__builtin_thread_pointer(), PAGE, how);
        if (what == 4) away(getauxval(AT_BASE), 40 * PAGE, how);
        if (what == 5) away((uintptr_t)&syscall, PAGE, how);
        crowd_over = 1;
        sleep_us(2000);
        _exit(6);
      }
      const int status = status_of(child);
      if (!(WIFEXITED(status) && WEXITSTATUS(status) == 6) && WTERMSIG(status) != SIGSEGV) {
        dprintf(1, "FAILED part %d, way %d: status 0x%x\n", what, how, status);
        return 1;
      }
    }
  return done();
}
