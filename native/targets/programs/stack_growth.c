// Proves: the first thread's stack grows by itself under any rights, while pages elsewhere are
// private. Hardware: the stack has key 0; growth is a page fault that the kernel answers (mmap(2),
// MAP_GROWSDOWN).
#include "../keys.h"

static int deep(int level) {
  volatile char frame[4096];
  frame[0] = (char)level;
  if (level == 0) return 0;
  if (level % 50 == 0) wrpkru(ONLY(1 + level / 50 % 2));
  return deep(level - 1) + frame[0] - (char)level + 1;
}

int main(void) {
  for (int key = 1; key <= 2; key++) {
    char* page = pages(1);
    EXPECT(pkey_alloc(0, 0) == key);
    EXPECT(pkey_mprotect(page, PAGE, RW, key) == 0);
  }
  EXPECT(deep(1000) == 1000);
  return done();
}
