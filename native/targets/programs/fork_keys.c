// Proves: a forked child has its parent's keys, tags and rights, and what it does to them stays its
// own. Hardware: fork copies the allocation map (arch_dup_pkeys), the mappings with their keys, and
// PKRU.
#include "../keys.h"

#include <sys/wait.h>

int main(void) {
  char* page = pages(1);
  page[0] = 11;
  EXPECT(pkey_alloc(0, 0) == 1);
  EXPECT(pkey_mprotect(page, PAGE, RW, 1) == 0);
  wrpkru(ONLY(2));
  show("page", (uint64_t)page);
  pid_t child = fork();
  if (child == 0) {
    EXPECT(rdpkru() == ONLY(2));
    EXPECT(!may_read(page) && caught.code == SEGV_PKUERR && caught.key == 1);
    EXPECT(pkey_alloc(0, 0) == 2);
    EXPECT(pkey_mprotect(page, PAGE, RW, 2) == 0);
    wrpkru(ONLY(2));
    EXPECT(may_read(page) && page[0] == 11);
    _exit(33);
  }
  int status;
  EXPECT(waitpid(child, &status, 0) == child);
  EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 33);
  EXPECT(!may_read(page) && caught.key == 1);
  EXPECT(pkey_alloc(0, 0) == 2);
  return done();
}
