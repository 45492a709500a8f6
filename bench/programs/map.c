// mmap of sixteen pages, munmap of them: two calls a round.
#include "timing.h"

#include <sys/mman.h>

int main(int argc, char** argv) {
  const size_t size = 16 * 4096;
  TIME_LOOP(count_of(argc, argv), 2, {
    char* at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED || munmap(at, size) != 0) return 1;
  });
  return 0;
}
