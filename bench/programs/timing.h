// What the programs share: run an operation in a loop, print what one costs.
#pragma once
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/// Operations before the clock starts: whatever settles (caches, a tracer's placement) has settled.
enum { WARM_UP = 2000 };

static inline double now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

static inline void report(double ns) { dprintf(1, "ns=%.1f\n", ns); }

static inline long count_of(int argc, char** argv) {
  return argc > 1 ? strtol(argv[1], NULL, 10) : 1;
}

/// Times what follows (the operation) with `i` counting up; `per` operations are one round.
#define TIME_LOOP(count, per, ...)                                   \
  do {                                                               \
    for (long i = 0; i < WARM_UP && i < (count); i++) __VA_ARGS__;   \
    const double start_ = now_ns();                                  \
    for (long i = 0; i < (count); i++) __VA_ARGS__;                  \
    report((now_ns() - start_) / ((double)(count) * (double)(per))); \
  } while (0)
