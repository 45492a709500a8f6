// Compartment 2. It uses its own data, its own TLS, its own stack and what is shared; no other page
// is open to it.
#include "shared.h"

#include <string.h>

static long total;
static _Thread_local long thread_total __attribute__((aligned(4096))) = 1000;

long lib_add(long n, long unused) {
  (void)unused;
  __atomic_fetch_add(&total, n, __ATOMIC_SEQ_CST);
  return thread_total += n;
}

long lib_text_sum(long text, long length) {
  char copy[64];
  long sum = 0;
  if (length > (long)sizeof copy) length = sizeof copy;
  memcpy(copy, (const char*)text, length);
  for (long i = 0; i < length; i++) sum += copy[i];
  return sum;
}

long lib_sum(long request, long unused) {
  (void)unused;
  const struct sum_request* ask = (const struct sum_request*)request;
  long sum = 0;
  for (long i = 0; i < ask->count; i++) sum += ask->to_main(ask->visit, i, 0);
  return sum;
}

long lib_rights(long unused_a, long unused_b) {
  (void)unused_a, (void)unused_b;
  return ia2_rights();
}

long lib_total(long unused_a, long unused_b) {
  (void)unused_a, (void)unused_b;
  return __atomic_load_n(&total, __ATOMIC_SEQ_CST);
}
