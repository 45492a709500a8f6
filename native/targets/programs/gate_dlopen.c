// Proves: a module loaded long after `main` began gets its compartment's policy and its gates.
// Hardware: plain calls: without Keyhole it ends with 3.
#include "../keys.h"

#include <dlfcn.h>

int main(void) {
  void* library = dlopen("libgate.so", RTLD_NOW);
  EXPECT(library != NULL);
  long (*add)(long) = (long (*)(long))dlsym(library, "gate_add");
  long* (*secret)(void) = (long* (*)(void))dlsym(library, "gate_secret");
  EXPECT(add && secret);
  EXPECT(add(5) == 120);
  show("page", (uint64_t)secret());
  return *(volatile long*)secret() == 105 ? 3 : 1;
}
