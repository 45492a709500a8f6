// Proves: the executable reads a private page of the library by pointer: denied, key 2, the
// executable is the accessor. Hardware: no keys of its own: without Keyhole the read goes through
// and the program ends with 3.
#include "../keys.h"
#include "gate_lib.h"

int main(void) {
  long* secret = gate_secret();
  show("page", (uint64_t)secret);
  return *(volatile long*)secret == 100 ? 3 : 1;
}
