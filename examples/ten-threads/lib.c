// Built three times, with NAME as store, codec and trace: each has data, a thread-local page and
// code of its own.
#include "lib.h"

#define JOIN2(a, b) a##_##b
#define JOIN(a, b) JOIN2(a, b)

static long counts[512] __attribute__((aligned(4096)));
// One whole page a thread: no rounding can take a neighbour's bytes along.
static _Thread_local long own[512] __attribute__((aligned(4096)));

long JOIN(NAME, work)(long n) {
  own[0] += n;
  return __atomic_add_fetch(&counts[0], own[0], __ATOMIC_RELAXED);
}
long* JOIN(NAME, data)(void) { return counts; }
