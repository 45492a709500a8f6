// WRPKRU: with no second argument between two values that mean the same for every page there is;
// with it, between two that change the protection of so many ranges.
#include "timing.h"

#include <stdint.h>
#include <sys/mman.h>

static void wrpkru(uint32_t rights) {
  __asm__ volatile("wrpkru" : : "a"(rights), "c"(0), "d"(0) : "memory");
}

int main(int argc, char** argv) {
  const long ranges = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
  const int key = pkey_alloc(0, 0), unused = pkey_alloc(0, 0);
  if (key < 0 || unused < 0) return 1;
  // Every second page, so that no two ranges are neighbours.
  char* pages = mmap(NULL, (size_t)(2 * ranges + 1) * 4096, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) return 1;
  for (long i = 0; i < ranges; i++)
    if (pkey_mprotect(pages + 2 * i * 4096, 4096, PROT_READ | PROT_WRITE, key) != 0) return 1;
  for (long i = 0; i < 2 * ranges + 1; i++) pages[i * 4096] = 1;
  const int turns = ranges > 0 ? key : unused;
  TIME_LOOP(count_of(argc, argv), 1, wrpkru(i & 1 ? 0 : 3u << (2 * turns)));
  wrpkru(0);
  return 0;
}
