// What both compartments may touch, and what the library offers.
#pragma once
#include "runtime.h"

enum { THREADS = 2 };

/// What one thread asks `lib_sum` to do.
struct sum_request {
  ia2_gate to_main;
  ia2_function visit;
  long count;
};

/// Fills its page: the section it lives in must begin and end at a page edge.
struct shared {
  long calls;
  char text[64];
  struct sum_request requests[THREADS];
} __attribute__((aligned(4096)));

/// Adds `n` to the library's total for this thread and to its total over all threads; returns the
/// former.
long lib_add(long n, long unused);
/// Copies `text` (of `length` bytes) to its own stack and returns the sum of the copy's bytes.
long lib_text_sum(long text, long length);
/// Calls back into compartment 1 for each number below `count` and returns the sum of the answers.
long lib_sum(long request, long unused);
/// The rights the library runs with.
long lib_rights(long unused_a, long unused_b);
/// The total over all threads.
long lib_total(long unused_a, long unused_b);
