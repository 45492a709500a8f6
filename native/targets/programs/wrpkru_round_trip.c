// Proves: RDPKRU reads back what WRPKRU wrote, all bits, and clears EDX; many switches in a row
// stay right. Hardware: Intel SDM vol. 2, RDPKRU, WRPKRU.
#include "../keys.h"

int main(void) {
  for (uint32_t i = 0; i < 300; i++) {
    uint32_t value = i * 2654435761u & ~3u;
    wrpkru(value);
    EXPECT(rdpkru() == value);
  }
  uint32_t eax, edx;
  __asm__ volatile("rdpkru" : "=a"(eax), "=d"(edx) : "c"(0), "d"(~0u), "a"(0));
  EXPECT(edx == 0 && eax == (299 * 2654435761u & ~3u));
  wrpkru(INIT_PKRU);
  return done();
}
