// A small compartment runtime in the spirit of IA2's: two compartments, each with a protection key,
// a stack per thread and gates that switch both. Compartment 1 is the executable, compartment 2 the
// library; 0 is start-up and thread birth.
#pragma once
#include <stdint.h>

enum { PAGE = 4096, STACK_SIZE = 64 * PAGE, COMPARTMENTS = 3 };

/// The rights of compartment `k`: keys 0 and `k` open, all others closed (Intel SDM vol. 3, 4.6.2).
#define PKRU_ONLY(k) (~((3u << (2 * (k))) | 3u))

/// Where each compartment's stack stands while another one runs, by compartment. Gates use it after
/// they have switched rights, so the page has to be open to both: a policy must leave it shared. It
/// fills its page, as IA2's does.
extern _Thread_local uint64_t ia2_stackptr_0[PAGE / sizeof(uint64_t)]
    __attribute__((aligned(4096)));

/// Calls `fn(a, b)` in another compartment, on that compartment's stack, and comes back. See
/// gates.S.
typedef long (*ia2_function)(long a, long b);
typedef long (*ia2_gate)(ia2_function fn, long a, long b);
long ia2_gate_0_to_1(ia2_function fn, long a, long b);
long ia2_gate_1_to_2(ia2_function fn, long a, long b);
long ia2_gate_2_to_1(ia2_function fn, long a, long b);

/// Allocates the two keys and announces the end of initialisation with all keys open. Ends the
/// program with status 77 where there are no protection keys.
void ia2_start(void);
/// Gives the calling thread a stack in each compartment; the thread then runs with all keys open.
void ia2_thread_begin(void);

static inline uint32_t ia2_rights(void) {
  uint32_t pkru, edx;
  __asm__ volatile("rdpkru" : "=a"(pkru), "=d"(edx) : "c"(0));
  return pkru;
}

static inline void ia2_open_all_keys(void) {
  __asm__ volatile("wrpkru" : : "a"(0), "c"(0), "d"(0) : "memory");
}
