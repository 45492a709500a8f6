// Proves: a system call that is handed a denied buffer fails with EFAULT; nothing is written and no
// signal comes. Hardware: the kernel's user copies obey PKRU (pkeys(7)).
#include "../keys.h"

int main(void) {
  char* page = pages(1);
  strcpy(page, "secret");
  EXPECT(pkey_alloc(0, 0) == 1);
  EXPECT(pkey_mprotect(page, PAGE, RW, 1) == 0);
  int pipes[2];
  EXPECT(pipe(pipes) == 0);
  wrpkru(ONLY(2));
  EXPECT(write(pipes[1], page, 6) == -1 && errno == EFAULT);
  EXPECT(write(pipes[1], "public", 6) == 6);
  EXPECT(read(pipes[0], page, 6) == -1 && errno == EFAULT);
  wrpkru(ONLY(1));
  EXPECT(strcmp(page, "secret") == 0);
  EXPECT(write(pipes[1], page, 6) == 6);
  return done();
}
