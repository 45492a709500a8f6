// What the target programs share: the key instructions, a probe that catches a denied access, and
// checks. A program prints what it saw as `name=value`, ends with 0 when it saw what hardware does,
// with 1 and the failed check otherwise.
#pragma once
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096ul
#define RW (PROT_READ | PROT_WRITE)
/// Keys 0 and `k` open, all others closed (Intel SDM vol. 3, 4.6.2).
#define ONLY(k) (~((3u << (2 * (k))) | 3u))
/// What Linux gives a new program: key 0 open, the others closed for access.
#define INIT_PKRU 0x55555554u

#define EXPECT(what)                                                    \
  do {                                                                  \
    if (!(what)) {                                                      \
      dprintf(1, "FAILED %s:%d: %s\n", __FILE_NAME__, __LINE__, #what); \
      _exit(1);                                                         \
    }                                                                   \
  } while (0)

static inline uint32_t rdpkru(void) {
  uint32_t eax, edx;
  __asm__ volatile("rdpkru" : "=a"(eax), "=d"(edx) : "c"(0));
  return eax;
}

static inline void wrpkru(uint32_t value) {
  __asm__ volatile("wrpkru" : : "a"(value), "c"(0), "d"(0) : "memory");
}

static inline void show(const char* name, uint64_t value) { dprintf(1, "%s=0x%lx\n", name, value); }

/// `n` fresh pages, read and write.
static inline char* pages(size_t n) {
  char* at = mmap(NULL, n * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  EXPECT(at != MAP_FAILED);
  return at;
}

static inline long now_ms(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

static inline void on_signal(int number, void (*handler)(int, siginfo_t*, void*), int flags) {
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags};
  EXPECT(sigaction(number, &action, NULL) == 0);
}

/// What the last failed probe was told.
static struct {
  int signal, code, key;
  void* address;
  uint32_t rights_in_handler;
} caught __attribute__((unused));
static sigjmp_buf probe_exit __attribute__((unused));

static inline void probe_handler(int number, siginfo_t* info, void* context) {
  (void)context;
  caught.signal = number;
  caught.code = info->si_code;
  caught.address = info->si_addr;
  caught.key = info->si_code == SEGV_PKUERR ? (int)info->si_pkey : -1;
  caught.rights_in_handler = rdpkru();
  siglongjmp(probe_exit, 1);
}

/// Runs `access`; true when it went through. A jump out of a handler keeps the handler's rights:
/// restore them.
#define WENT_THROUGH(access)              \
  ({                                      \
    uint32_t rights_before_ = rdpkru();   \
    on_signal(SIGSEGV, probe_handler, 0); \
    volatile int through_ = 0;            \
    if (sigsetjmp(probe_exit, 1) == 0) {  \
      access;                             \
      through_ = 1;                       \
    }                                     \
    wrpkru(rights_before_);               \
    signal(SIGSEGV, SIG_DFL);             \
    through_;                             \
  })

static inline int may_read(const volatile char* at) { return WENT_THROUGH((void)*at); }
static inline int may_write(volatile char* at) { return WENT_THROUGH(*at = 1); }

static inline int done(void) {
  dprintf(1, "ok\n");
  return 0;
}
