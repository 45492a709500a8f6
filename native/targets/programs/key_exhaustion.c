// Proves: a program gets keys 1 to 15, then ENOSPC; freeing one makes room for one.
// Hardware: 16 keys, key 0 taken from the start; pkey_alloc(2).
#include "../keys.h"

int main(void) {
  for (int key = 1; key <= 15; key++) EXPECT(pkey_alloc(0, 0) == key);
  EXPECT(pkey_alloc(0, 0) == -1 && errno == ENOSPC);
  EXPECT(pkey_free(9) == 0);
  EXPECT(pkey_alloc(0, 0) == 9);
  EXPECT(pkey_alloc(0, 0) == -1 && errno == ENOSPC);
  return done();
}
