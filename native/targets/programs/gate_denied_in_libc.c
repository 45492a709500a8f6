// Proves: libc's code has its caller's rights: memcpy works inside the library and is denied for
// the executable. Hardware: as gate_denied: without Keyhole it ends with 3.
#include "../keys.h"
#include "gate_lib.h"

/// By pointer, so that the compiler does not copy by itself.
static void* (*volatile libc_memcpy)(void*, const void*, size_t) = memcpy;

int main(void) {
  long copy[512];
  gate_copy(copy);
  EXPECT(copy[0] == 100);
  show("page", (uint64_t)gate_secret());
  libc_memcpy(copy, gate_secret(), sizeof copy);
  return copy[0] == 100 ? 3 : 1;
}
