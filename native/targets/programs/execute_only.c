// Proves: code on pages that may only be executed runs, and with its other protections such a page
// is what it was, also in a child. Hardware: the kernel gives them a key of its own and takes it
// away with the protection (arch/x86/mm/pkeys.c, __arch_override_mprotect_pkey).
#include "../keys.h"

#include <sys/wait.h>

static char* page;
static int run(void) { return ((int (*)(void))page)(); }

int main(void) {
  static const unsigned char code[] = {0xb8, 0x2a, 0, 0, 0, 0xc3};  // mov $42, %eax; ret
  int status;
  page = pages(3);
  memcpy(page, code, sizeof code);
  EXPECT(mprotect(page, PAGE, PROT_EXEC) == 0);
  EXPECT(run() == 42);
  EXPECT(mprotect(page, PAGE, PROT_READ | PROT_EXEC) == 0);
  EXPECT(*page == (char)0xb8 && run() == 42);
  EXPECT(mprotect(page, 2 * PAGE, PROT_EXEC) == 0);
  const pid_t child = fork();
  if (child == 0) _exit(run() == 42 ? 7 : 1);
  EXPECT(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 7);
  EXPECT(mmap(NULL, PAGE, PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
  EXPECT(mprotect(page, 3 * PAGE, RW) == 0);
  *page = 1, page[2 * PAGE] = 1;
  return done();
}
