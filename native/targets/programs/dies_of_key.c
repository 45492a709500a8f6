// Proves: a denied access without a handler ends the program with SIGSEGV, si_code SEGV_PKUERR.
// Hardware: pkeys(7).
#include "../keys.h"

int main(void) {
  char* page = pages(1);
  page[0] = 1;
  EXPECT(pkey_alloc(0, PKEY_DISABLE_ACCESS) == 1);
  EXPECT(pkey_mprotect(page, PAGE, RW, 1) == 0);
  show("page", (uint64_t)page);
  return *(volatile char*)page;
}
