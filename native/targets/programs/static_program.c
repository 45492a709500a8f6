// Proves: a statically linked program: no loader, no link map, its TLS in the heap.
// Hardware: keys know nothing of linking.
#include "../keys.h"

static _Thread_local long counter = 3;

int main(void) {
  char* page = pages(1);
  page[0] = 1;
  EXPECT(pkey_alloc(0, PKEY_DISABLE_ACCESS) == 1);
  EXPECT(pkey_mprotect(page, PAGE, RW, 1) == 0);
  show("page", (uint64_t)page);
  EXPECT(!may_read(page) && caught.code == SEGV_PKUERR && caught.key == 1);
  counter++;
  EXPECT(counter == 4);
  return done();
}
