// Proves: where the kernel gives more than was asked (a legacy personality makes readable memory
// executable), debug mode says so and goes on with what is true. Hardware: the same mappings
// (personality(2), READ_IMPLIES_EXEC).
#include "../keys.h"

#include <sys/personality.h>

int main(void) {
  EXPECT(personality(READ_IMPLIES_EXEC) >= 0);
  char* page = pages(1);
  show("page", (uint64_t)page);
  *page = 1;
  EXPECT(personality(0) >= 0);
  EXPECT(mprotect(page, PAGE, PROT_READ) == 0);
  return done();
}
