#include "leaf.h"

static long total = 1;

long leaf(long n) { return total += n; }
