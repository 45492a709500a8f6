// Company for a hostile program: threads that switch between two keys' rights without end, one that
// sleeps in a futex and one that is blocked in a read. Under emulated keys some of them are held at
// any instant.
#pragma once
#include "../keys.h"

#include <pthread.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

static char* crowd_page[3];
static volatile int crowd_over;
static pthread_t crowd_threads[4];
static volatile pid_t crowd_tid[4];
static int crowd_pipe[2];
static pthread_mutex_t crowd_mutex __attribute__((unused)) = PTHREAD_MUTEX_INITIALIZER;

/// Tags one page for key 1 and one for key 2; the caller keeps key 0 only.
static inline void two_keys(void) {
  for (int k = 1; k <= 2; k++) {
    EXPECT(pkey_alloc(0, 0) == k);
    crowd_page[k] = pages(1);
    EXPECT(pkey_mprotect(crowd_page[k], PAGE, RW, k) == 0);
  }
  wrpkru(ONLY(0));
}

/// The caller uses the page of each key with the rights for it alone, again and again, and keeps
/// key 0 only.
static inline void both_keys(int times) {
  for (int i = 0; i < times; i++) {
    wrpkru(ONLY(1));
    crowd_page[1][1]++;
    wrpkru(ONLY(2));
    crowd_page[2][1]++;
  }
  wrpkru(ONLY(0));
}

static inline void* crowd_switches(void* which) {
  const int k = (int)(intptr_t)which;
  crowd_tid[k - 1] = gettid();
  while (!crowd_over) {
    wrpkru(ONLY(k));
    crowd_page[k][0]++;
    wrpkru(ONLY(0));
    for (volatile int i = 0; i < 2000; i++) {
    }
  }
  return NULL;
}

static inline void* crowd_sleeps(void* unused) {
  crowd_tid[2] = gettid();
  pthread_mutex_lock(&crowd_mutex);
  pthread_mutex_unlock(&crowd_mutex);
  return unused;
}

static inline void* crowd_reads(void* unused) {
  char byte;
  crowd_tid[3] = gettid();
  while (read(crowd_pipe[0], &byte, 1) < 0 && errno == EINTR) {
  }
  return unused;
}

static inline void crowd_starts(void) {
  crowd_over = 0;
  EXPECT(pipe(crowd_pipe) == 0);
  pthread_mutex_lock(&crowd_mutex);
  EXPECT(pthread_create(&crowd_threads[0], NULL, crowd_switches, (void*)1) == 0);
  EXPECT(pthread_create(&crowd_threads[1], NULL, crowd_switches, (void*)2) == 0);
  EXPECT(pthread_create(&crowd_threads[2], NULL, crowd_sleeps, NULL) == 0);
  EXPECT(pthread_create(&crowd_threads[3], NULL, crowd_reads, NULL) == 0);
}

static inline void crowd_ends(void) {
  crowd_over = 1;
  pthread_mutex_unlock(&crowd_mutex);
  EXPECT(write(crowd_pipe[1], "", 1) == 1);
  for (int i = 0; i < 4; i++) pthread_join(crowd_threads[i], NULL);
  close(crowd_pipe[0]), close(crowd_pipe[1]);
}

static inline void sleep_us(long us) {
  const struct timespec time = {us / 1000000, us % 1000000 * 1000};
  nanosleep(&time, NULL);
}

/// Waits for a child; its wait status.
static inline int status_of(pid_t child) {
  int status = 0;
  EXPECT(waitpid(child, &status, 0) == child);
  return status;
}
