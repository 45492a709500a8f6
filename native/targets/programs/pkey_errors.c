// Proves: pkey_mprotect refuses what the kernel refuses: a key nobody allocated, an unaligned
// start, a hole. Hardware: pkey_mprotect(2): EINVAL, EINVAL, ENOMEM.
#include "../keys.h"

int main(void) {
  char* page = pages(3);
  EXPECT(pkey_mprotect(page, PAGE, RW, 1) == -1 && errno == EINVAL);
  EXPECT(pkey_mprotect(page, PAGE, RW, 16) == -1 && errno == EINVAL);
  EXPECT(pkey_alloc(0, PKEY_DISABLE_ACCESS) == 1);
  EXPECT(pkey_mprotect(page + 1, PAGE, RW, 1) == -1 && errno == EINVAL);
  EXPECT(may_write(page));
  EXPECT(munmap(page + PAGE, PAGE) == 0);
  EXPECT(pkey_mprotect(page + PAGE, PAGE, RW, 1) == -1 && errno == ENOMEM);
  EXPECT(pkey_mprotect(page, 1, RW, 1) == 0);
  show("page", (uint64_t)page);
  EXPECT(!may_read(page + PAGE - 1) && caught.key == 1);
  EXPECT(pkey_free(16) == -1 && errno == EINVAL);
  // Key 0 is a key like others.
  EXPECT(pkey_free(0) == 0 && pkey_free(0) == -1 && errno == EINVAL);
  EXPECT(pkey_alloc(0, 0) == 0);
  return done();
}
