// Proves: pkey_alloc gives the lowest free key and sets the caller's rights for it to what was
// asked. Hardware: mm/mprotect.c pkey_alloc; pkeys(7). Bad flags or rights are EINVAL.
#include "../keys.h"

int main(void) {
  EXPECT(rdpkru() == INIT_PKRU);
  EXPECT(pkey_alloc(1, 0) == -1 && errno == EINVAL);
  EXPECT(pkey_alloc(0, 8) == -1 && errno == EINVAL);
  EXPECT(pkey_alloc(0, 0) == 1);
  EXPECT(rdpkru() == (INIT_PKRU & ~(3u << 2)));
  EXPECT(pkey_alloc(0, PKEY_DISABLE_WRITE) == 2);
  EXPECT((rdpkru() >> 4 & 3) == PKEY_DISABLE_WRITE);
  EXPECT(pkey_alloc(0, PKEY_DISABLE_ACCESS) == 3);
  EXPECT((rdpkru() >> 6 & 3) == PKEY_DISABLE_ACCESS);
  EXPECT(pkey_free(2) == 0);
  EXPECT(pkey_free(2) == -1 && errno == EINVAL);
  EXPECT(pkey_alloc(0, 0) == 2);
  show("rights", rdpkru());
  return done();
}
