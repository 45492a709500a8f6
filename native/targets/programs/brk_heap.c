// Proves: the program break: pages of it can be tagged, and pages it gains later have key 0.
// Hardware: a grown heap is a new mapping unless its flags match; pkeys(7): new mappings have key
// 0.
#include "../keys.h"

int main(void) {
  void* volatile own_share =
      malloc(1);  // malloc takes its part of the heap first and needs no more of it
  EXPECT(own_share != NULL);
  char* heap = sbrk(0);
  heap = (char*)(((uint64_t)heap + PAGE - 1) & ~(PAGE - 1));
  EXPECT(brk(heap + 2 * PAGE) == 0);
  EXPECT(pkey_alloc(0, PKEY_DISABLE_ACCESS) == 1);
  EXPECT(pkey_mprotect(heap, 2 * PAGE, RW, 1) == 0);
  show("page", (uint64_t)heap);
  EXPECT(!may_write(heap) && caught.key == 1);
  EXPECT(brk(heap + 4 * PAGE) == 0);
  EXPECT(may_write(heap + 2 * PAGE) && may_write(heap + 3 * PAGE));
  EXPECT(!may_read(heap + PAGE) && caught.key == 1);
  EXPECT(brk(heap + PAGE) == 0);
  EXPECT(!may_read(heap + PAGE) && caught.code == SEGV_MAPERR);
  return done();
}
