// Proves: 200 tagged ranges of alternating keys: each page answers to its own key and to no other.
// Hardware: one key a page, whatever their number.
#include "../keys.h"

enum { RANGES = 200 };

int main(void) {
  char* page = pages(RANGES);
  for (int key = 1; key <= 3; key++) EXPECT(pkey_alloc(0, 0) == key);
  for (int i = 0; i < RANGES; i++) EXPECT(pkey_mprotect(page + i * PAGE, PAGE, RW, 1 + i % 3) == 0);
  for (int key = 1; key <= 3; key++) {
    wrpkru(ONLY(key));
    for (int i = key - 1; i < RANGES; i += 3) page[i * PAGE] = (char)key;
  }
  wrpkru(ONLY(2));
  show("page", (uint64_t)page);
  EXPECT(!may_read(page + 99 * PAGE) && caught.key == 1);
  EXPECT(!may_read(page + 101 * PAGE) && caught.key == 3);
  EXPECT(may_read(page + 100 * PAGE) && page[100 * PAGE] == 2);
  return done();
}
