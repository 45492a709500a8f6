#define _GNU_SOURCE
#include "runtime.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

_Thread_local uint64_t ia2_stackptr_0[PAGE / sizeof(uint64_t)] __attribute__((aligned(4096)));

static void stop(const char* what) {
  dprintf(2, "two-compartments: %s: %s\n", what, strerror(errno));
  _exit(1);
}

static void allocate_key(int expected) {
  int key = pkey_alloc(0, 0);
  if (key < 0) {
    dprintf(2, "two-compartments: this machine has no protection keys (pkey_alloc: %s)\n",
            strerror(errno));
    _exit(77);
  }
  if (key != expected) {
    dprintf(2, "two-compartments: pkey_alloc gave key %d, the gates are built for %d\n", key,
            expected);
    _exit(1);
  }
}

/// The program's word that its own set-up is done: a call that no kernel grants, so that it costs a
/// program that nobody watches nothing. A tracer sees it and knows that from here on its policy is
/// to hold.
static void announce_end_of_init(void) {
  void* mark = (void*)0x1a21face1a21face;
  if (mmap(mark, 0, PROT_NONE, MAP_FIXED, -1, 0) != MAP_FAILED) {
    errno = 0;
    stop("the end-of-init mark was granted");
  }
}

void ia2_thread_begin(void) {
  ia2_open_all_keys();
  for (int k = 1; k < COMPARTMENTS; k++) {
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK;
    char* stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (stack == MAP_FAILED) stop("mmap of a stack");
    if (pkey_mprotect(stack, STACK_SIZE, PROT_READ | PROT_WRITE, k))
      stop("pkey_mprotect of a stack");
    ia2_stackptr_0[k] = (uint64_t)(stack + STACK_SIZE);
  }
}

void ia2_start(void) {
  allocate_key(1);
  allocate_key(2);
  ia2_thread_begin();
  announce_end_of_init();
}
