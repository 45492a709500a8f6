// Whoever reads its own map finds Keyhole's pages and may turn against them: every memory call is
// tried on them. Each is answered as if nothing could be mapped there, and the pages stay as they
// are. Alone, the program finds no such pages.
#include "crowd.h"

#define STUB 0x500000000000ul
#define STUB_SIZE (33 * PAGE)

static int stub_stands(void) {
  // write(2) from an address that is not mapped fails.
  int sink[2];
  EXPECT(pipe(sink) == 0);
  const int there = write(sink[1], (void*)STUB, 1) == 1;
  close(sink[0]), close(sink[1]);
  return there;
}

int main(void) {
  two_keys();
  if (!stub_stands()) return done();
  const size_t sizes[] = {PAGE, STUB_SIZE, 64 * PAGE};
  for (int i = 0; i < 3; i++) {
    void* const at = (void*)(STUB + (i == 2 ? -16 * PAGE : 0));
    EXPECT(munmap(at, sizes[i]) == -1);
    EXPECT(mprotect(at, sizes[i], PROT_NONE) == -1);
    EXPECT(mprotect(at, sizes[i], RW | PROT_EXEC) == -1);
    EXPECT(pkey_mprotect(at, sizes[i], RW, 1) == -1);
    EXPECT(mmap(at, sizes[i], RW, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
    EXPECT(mremap(at, sizes[i], 2 * sizes[i], MREMAP_MAYMOVE) == MAP_FAILED);
    char* own = pages(64);
    EXPECT(mremap(own, 64 * PAGE, sizes[i], MREMAP_MAYMOVE | MREMAP_FIXED, at) == MAP_FAILED);
    EXPECT(madvise(at, sizes[i], MADV_DONTNEED) == -1);
    EXPECT(stub_stands());
  }
  crowd_starts();
  sleep_us(20000);
  crowd_ends();
  return done();
}
