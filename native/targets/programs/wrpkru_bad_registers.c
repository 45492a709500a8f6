// Proves: WRPKRU with ECX or EDX not 0, and RDPKRU with ECX not 0, are #GP: SIGSEGV, si_code
// SI_KERNEL, address 0; the rights stay as they were. Hardware: Intel SDM vol. 2, WRPKRU: #GP(0) if
// ECX or EDX is not 0.
#include "../keys.h"

static void expect_gp(int went_through) {
  EXPECT(!went_through);
  EXPECT(caught.signal == SIGSEGV && caught.code == SI_KERNEL && caught.address == NULL);
  EXPECT(rdpkru() == ONLY(3));
}

int main(void) {
  wrpkru(ONLY(3));
  expect_gp(WENT_THROUGH(__asm__ volatile("wrpkru" : : "a"(0), "c"(1), "d"(0))));
  expect_gp(WENT_THROUGH(__asm__ volatile("wrpkru" : : "a"(0), "c"(0), "d"(1))));
  uint32_t eax = 0, edx = 0;
  expect_gp(WENT_THROUGH(__asm__ volatile("rdpkru" : "=a"(eax), "=d"(edx) : "c"(1))));
  return done();
}
