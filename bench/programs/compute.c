// Arithmetic and memory, no system call: what a program pays that never stops.
#include "timing.h"

int main(int argc, char** argv) {
  static volatile unsigned long word[4096];
  unsigned long x = 88172645463325252ul;
  TIME_LOOP(count_of(argc, argv), 1, {
    x ^= x << 13, x ^= x >> 7, x ^= x << 17;
    word[x & 4095] += x + (unsigned long)i;
  });
  return 0;
}
