// Proves: a child does not have the pages that its parent kept from it, and keys go on around the
// hole. Hardware: madvise(2), MADV_DONTFORK; pkeys(7).
#include "../keys.h"

#include <sys/wait.h>

int main(void) {
  char* page = pages(4);
  EXPECT(pkey_alloc(0, 0) == 1);
  EXPECT(pkey_mprotect(page, 4 * PAGE, RW, 1) == 0);
  EXPECT(madvise(page + PAGE, PAGE, MADV_DONTFORK) == 0);
  show("page", (uint64_t)page);
  pid_t child = fork();
  if (child == 0) {
    for (int i = 0; i < 3; i++) {
      wrpkru(ONLY(2));
      EXPECT(!may_read(page) && caught.code == SEGV_PKUERR);
      EXPECT(!may_read(page + PAGE) && caught.code == SEGV_MAPERR);
      wrpkru(ONLY(1));
      EXPECT(may_write(page + 2 * PAGE));
    }
    _exit(7);
  }
  int status;
  EXPECT(waitpid(child, &status, 0) == child);
  EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 7);
  EXPECT(may_write(page + PAGE));
  return done();
}
