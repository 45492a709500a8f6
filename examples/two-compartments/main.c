// Compartment 1, and the start-up that belongs to no compartment. Two threads do the same work
// through the gates.
#include "shared.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { ROUNDS = 10 };

static struct shared shared_data
    __attribute__((section("ia2_shared_data"))) = {.text = "shared by both"};
extern char __start_ia2_shared_data[], __stop_ia2_shared_data[];

static long finished;  // compartment 1's own data
static _Thread_local long visits = 500;

static long check(const char* who, const char* what, long got, long want) {
  if (got == want) return 0;
  dprintf(1, "FAILED %s: %s is %ld, not %ld\n", who, what, got, want);
  return 1;
}

/// Called back by the library: runs in compartment 1 again.
static long visit(long i, long unused) {
  (void)unused;
  visits += i;
  return ia2_rights() == PKRU_ONLY(1) ? i * i : -1;
}

/// One thread's work; runs in compartment 1. Returns how many checks failed.
static long work(long number, long unused) {
  (void)unused;
  char who[32];
  snprintf(who, sizeof who, "thread %ld", number);
  long failed = check(who, "rights in compartment 1", ia2_rights(), PKRU_ONLY(1));
  failed += check(who, "rights in compartment 2", ia2_gate_1_to_2(lib_rights, 0, 0), PKRU_ONLY(2));

  long own = 0;
  for (long i = 0; i < ROUNDS; i++) own = ia2_gate_1_to_2(lib_add, number, 0);
  failed += check(who, "the library's TLS", own, 1000 + ROUNDS * number);

  long text = (long)shared_data.text;
  failed += check(who, "sum of the shared text",
                  ia2_gate_1_to_2(lib_text_sum, text, strlen(shared_data.text)), 1343);

  struct sum_request* request = &shared_data.requests[number - 1];
  *request = (struct sum_request){ia2_gate_2_to_1, visit, ROUNDS};
  failed += check(who, "sum of the visits", ia2_gate_1_to_2(lib_sum, (long)request, 0), 285);
  failed += check(who, "main's TLS", visits, 545);

  __atomic_fetch_add(&shared_data.calls, ROUNDS, __ATOMIC_SEQ_CST);
  __atomic_fetch_add(&finished, 1, __ATOMIC_SEQ_CST);
  return failed;
}

static void* second_thread(void* unused) {
  (void)unused;
  ia2_thread_begin();
  return (void*)ia2_gate_0_to_1(work, 2, 0);
}

/// The first thread in compartment 1: starts the second, works, waits and compares.
static long both_threads(long unused_a, long unused_b) {
  (void)unused_a, (void)unused_b;
  pthread_t second;
  if (pthread_create(&second, NULL, second_thread, NULL))
    return check("thread 1", "pthread_create", 1, 0);
  long failed = work(1, 0);
  void* failed_there;
  pthread_join(second, &failed_there);

  failed += (long)failed_there;
  failed += check("both", "finished threads", finished, THREADS);
  failed += check("both", "calls in the shared section", shared_data.calls, THREADS * ROUNDS);
  failed += check("both", "the library's data", ia2_gate_1_to_2(lib_total, 0, 0), ROUNDS * (1 + 2));
  if (!failed)
    dprintf(1,
            "ok gates\nok private data\nok thread-local storage\nok shared section\nok second "
            "thread\n");
  return failed;
}

int main(void) {
  if ((uintptr_t)__start_ia2_shared_data % PAGE || (uintptr_t)__stop_ia2_shared_data % PAGE) {
    dprintf(2, "two-compartments: the shared section does not fill whole pages\n");
    return 1;
  }
  ia2_start();
  return ia2_gate_0_to_1(both_threads, 0, 0) ? 1 : 0;
}
