// A call into another compartment's library and back: two crossings a round.
#include "leaf.h"
#include "timing.h"

int main(int argc, char** argv) {
  static long sum;
  TIME_LOOP(count_of(argc, argv), 2, sum += leaf(i));
  return sum == 0;
}
