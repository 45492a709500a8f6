// mprotect of one page, to and fro.
#include "timing.h"

#include <sys/mman.h>

int main(int argc, char** argv) {
  char* page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return 1;
  page[0] = 1;
  TIME_LOOP(count_of(argc, argv), 1, {
    if (mprotect(page, 4096, i & 1 ? PROT_READ | PROT_WRITE : PROT_READ) != 0) return 1;
  });
  return 0;
}
