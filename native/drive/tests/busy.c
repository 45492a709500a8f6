// A program that keeps the engine at work: threads, forks, maps, keys, rights, signals and output,
// round after round. `busy ROUNDS` ends by itself; `busy 0` goes on until it is killed.
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { kPage = 4096 };

static atomic_long signals;
static long rounds;

static void count(int number) {
  (void)number;
  atomic_fetch_add(&signals, 1);
}

static void wrpkru(uint32_t value) {
  __asm__ volatile("wrpkru" : : "a"(value), "c"(0), "d"(0) : "memory");
}

static void* briefly(void* at) {
  *(volatile char*)at = 1;
  return NULL;
}

// One compartment: its own key, pages that come and go, a thread and now and then a process.
static void* work(void* unused) {
  const int key = pkey_alloc(0, 0);
  if (key < 0) _exit(3);
  for (long round = 0; rounds == 0 || round < rounds; round++) {
    char* page = mmap(NULL, 2 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) _exit(4);
    if (pkey_mprotect(page, kPage, PROT_READ | PROT_WRITE, key) != 0) _exit(5);
    wrpkru(~((3u << (2 * key)) | 3u));
    page[0] = 1;
    pthread_t child;
    if (pthread_create(&child, NULL, briefly, page) != 0) _exit(6);
    pthread_join(child, NULL);
    raise(SIGUSR1);
    if (round % 8 == 0) {
      const pid_t pid = fork();
      if (pid == 0) _exit(page[0] == 1 ? 0 : 1);
      int status;
      if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0) _exit(7);
    }
    dprintf(1 + round % 2, "round %ld of key %d\n", round, key);
    munmap(page, 2 * kPage);
  }
  return unused;
}

int main(int argc, char** argv) {
  rounds = argc > 1 ? atol(argv[1]) : 0;
  signal(SIGUSR1, count);
  pthread_t workers[2];
  for (int i = 0; i < 2; i++)
    if (pthread_create(&workers[i], NULL, work, NULL) != 0) return 2;
  for (int i = 0; i < 2; i++) pthread_join(workers[i], NULL);
  dprintf(1, "ok %ld\n", atomic_load(&signals));
  return atomic_load(&signals) == 2 * rounds ? 0 : 1;
}
