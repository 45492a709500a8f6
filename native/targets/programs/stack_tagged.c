// Proves: pages that a stack got by growing are tagged like others, and those that it gets later
// have the key of those above. Hardware: the kernel extends the mapping, and its key with it
// (mmap(2), MAP_GROWSDOWN; mm/vma.c, expand_downwards).
#include "../keys.h"

#ifndef MAP_GROWSDOWN
#define MAP_GROWSDOWN 0x100
#endif
// It grows only with a gap below (mm/mmap.c, stack_guard_gap).
enum { GAP = 1000 };

/// Four pages that grow downwards.
static char* growing(void) {
  char* room = pages(GAP + 4);
  EXPECT(munmap(room, (GAP + 4) * PAGE) == 0);
  char* stack = mmap(room + GAP * PAGE, 4 * PAGE, RW,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_FIXED, -1, 0);
  EXPECT(stack == room + GAP * PAGE);
  return stack;
}

int main(void) {
  int key = pkey_alloc(0, PKEY_DISABLE_ACCESS);
  EXPECT(key == 1);

  char* grown = growing();
  for (int i = 1; i <= 3; i++) grown[-i * (long)PAGE] = 3;
  EXPECT(pkey_mprotect(grown - 2 * PAGE, PAGE, RW, key) == 0);
  show("grown", (uint64_t)grown);
  EXPECT(!may_read(grown - 2 * PAGE));
  EXPECT(may_read(grown - 3 * PAGE) && may_read(grown - PAGE));

  char* stack = growing();
  EXPECT(pkey_mprotect(stack, 4 * PAGE, RW, key) == 0);
  show("stack", (uint64_t)stack);
  wrpkru(ONLY(1));
  for (int i = 1; i <= 3; i++) stack[-i * (long)PAGE] = 5;
  wrpkru(INIT_PKRU);
  EXPECT(!may_read(stack - PAGE));
  EXPECT(!may_write(stack - 4 * PAGE));  // grows and is denied at once
  wrpkru(ONLY(1));
  EXPECT(stack[-3 * (long)PAGE] == 5);
  wrpkru(INIT_PKRU);
  return done();
}
