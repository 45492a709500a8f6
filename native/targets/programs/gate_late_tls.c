// Proves: a thread's block of a module that was loaded later comes when the thread first uses it,
// without a key: the library's own code uses it, and the program reaches it as well. Hardware:
// plain calls; glibc allocates such a block by malloc (elf/dl-tls.c, tls_get_addr_tail).
#include "../keys.h"

#include <dlfcn.h>
#include <pthread.h>

static long (*add)(long);
static long* (*own)(void);
static pthread_barrier_t loaded;

/// One lives before the module is loaded, the other is born after.
static void* uses(void* waits) {
  if (waits) pthread_barrier_wait(&loaded);
  const long sum = add(5);
  EXPECT(*own() == 15);
  *own() = 20;
  EXPECT(add(0) == sum + 5);
  return NULL;
}

int main(void) {
  pthread_t before, after;
  EXPECT(pthread_barrier_init(&loaded, NULL, 2) == 0);
  EXPECT(pthread_create(&before, NULL, uses, &loaded) == 0);
  void* library = dlopen("libgate.so", RTLD_NOW);
  EXPECT(library != NULL);
  add = (long (*)(long))dlsym(library, "gate_add");
  own = (long* (*)(void))dlsym(library, "gate_own");
  EXPECT(add && own);
  pthread_barrier_wait(&loaded);
  EXPECT(pthread_join(before, NULL) == 0);
  EXPECT(pthread_create(&after, NULL, uses, NULL) == 0);
  EXPECT(pthread_join(after, NULL) == 0);
  return done();
}
