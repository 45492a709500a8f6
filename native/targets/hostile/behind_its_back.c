// Changes the key or the protection of a page by a call from Keyhole's own code page, which the
// filter lets pass unseen: it calls through the table there, with a way back to itself.
#include "crowd.h"

#include <sys/syscall.h>

/// Where the code begins, and the words before its table: how to end, registers, way back.
static char* const code = (char*)0x500000000000;
static unsigned long* const header = (unsigned long*)0x500000001000;

/// Rows of eight words: number, six arguments, result; -1 ends them.
static long call_unseen(long* rows) {
  header[0] = 0;  // straight back
  __asm__ volatile(
      "mov %%rsp, 112(%[header])\n"
      "lea 1f(%%rip), %%rax\n"
      "mov %%rax, 104(%[header])\n"
      "sub $128, %%rsp\n"  // the red zone
      "pushfq\n"
      "mov %[rows], %%rbx\n"
      "xor %%r12d, %%r12d\n"
      "jmp *%[code]\n"
      "1:\n"
      :
      : [header] "r"(header), [rows] "r"(rows), [code] "r"(code)
      : "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "cc", "memory");
  return rows[7];
}

int main(int argc, char** argv) {
  EXPECT(argc == 2);
  const int key = strcmp(argv[1], "key") == 0;
  char* page = pages(1);
  EXPECT(pkey_alloc(0, 0) == 1);
  long rows[16] = {SYS_mprotect, (long)page, PAGE, PROT_READ};
  if (key) rows[0] = SYS_pkey_mprotect, rows[3] = RW, rows[4] = 1;
  rows[8] = -1;
  EXPECT(call_unseen(rows) == 0);
  show("page", (uint64_t)page);
  pages(1);  // a call that is seen
  return done();
}
