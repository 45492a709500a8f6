// Proves: exec forgets keys, tags and rights: the new program starts with PKRU 0x55555554 and key 1
// free. Hardware: pkeys(7); a new mm has key 0 only, and the kernel writes init_pkru at exec.
#include "../keys.h"

int main(int argc, char** argv) {
  EXPECT(rdpkru() == INIT_PKRU);
  EXPECT(pkey_alloc(0, 0) == 1);
  if (argc > 1) return done();
  char* page = pages(1);
  EXPECT(pkey_mprotect(page, PAGE, RW, 1) == 0);
  wrpkru(ONLY(1));
  execl("/proc/self/exe", argv[0], "again", (char*)NULL);
  return 1;
}
