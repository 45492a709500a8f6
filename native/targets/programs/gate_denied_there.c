// Proves: the library reads a private page of the executable: denied, key 1, the library is the
// accessor. Hardware: as gate_denied: without Keyhole it ends with 3.
#include "../keys.h"
#include "gate_lib.h"

static long private_page[512] __attribute__((aligned(4096))) = {5};

int main(void) {
  show("page", (uint64_t)private_page);
  return gate_read(private_page) == 5 ? 3 : 1;
}
