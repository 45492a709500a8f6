// Proves: vfork with exec in the child works in the middle of a compartment; the parent's rights
// and tags are untouched. Hardware: the child shares the memory until exec; exec gives it a fresh
// one (vfork(2), execve(2)).
#include "../keys.h"

#include <sys/wait.h>

int main(void) {
  char* page = pages(1);
  EXPECT(pkey_alloc(0, 0) == 1);
  EXPECT(pkey_mprotect(page, PAGE, RW, 1) == 0);
  show("page", (uint64_t)page);
  wrpkru(ONLY(1));
  pid_t child = vfork();
  if (child == 0) {
    execl("/bin/sh", "sh", "-c", "exit 21", (char*)NULL);
    _exit(99);
  }
  int status;
  EXPECT(waitpid(child, &status, 0) == child);
  EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 21);
  EXPECT(rdpkru() == ONLY(1) && may_write(page));
  wrpkru(ONLY(2));
  EXPECT(!may_read(page) && caught.key == 1);
  return done();
}
