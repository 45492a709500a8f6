// Ten threads in four compartments: the program itself and three libraries, each of which every
// thread calls. All ten are alive at once, since nobody leaves before the last has done its work.
// With `denied`, thread 5 then reads the store's count past its gate.
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib.h"

enum { THREADS = 10 };

static pthread_barrier_t all_done, turn[THREADS];
static int denied;

static void on_signal(int number) {
  (void)number;
  if (write(1, "signal\n", 7) != 7) _exit(1);
}

/// One thread after the other, so that every run is the same.
static void work(int number) {
  for (long i = 1; i <= 3; i++) {
    store_work(i);
    codec_work(number);
    trace_work(1);
  }
  if (number == 5) raise(SIGUSR1);
  if (denied && number == 5) printf("read %ld\n", *store_data());
}

static void* thread(void* argument) {
  const int number = (int)(long)argument;
  char name[16];
  snprintf(name, sizeof name, "worker-%d", number);
  pthread_setname_np(pthread_self(), name);
  pthread_barrier_wait(&turn[number - 1]);
  work(number);
  pthread_barrier_wait(&turn[number - 1]);
  pthread_barrier_wait(&all_done);
  return NULL;
}

int main(int count, char** words) {
  denied = count > 1 && strcmp(words[1], "denied") == 0;
  setvbuf(stdout, NULL, _IONBF, 0);
  signal(SIGUSR1, on_signal);
  // Address space kept for later: nobody may touch it, and a hint says where the next mapping
  // should go.
  char* reserved =
      mmap(NULL, 1 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mmap(reserved, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
           0) != reserved)
    return 1;
  pthread_barrier_init(&all_done, NULL, THREADS);
  pthread_t others[THREADS - 1];
  for (int i = 0; i < THREADS - 1; i++) {
    pthread_barrier_init(&turn[i + 1], NULL, 2);
    if (pthread_create(&others[i], NULL, thread, (void*)(long)(i + 2)) != 0) return 1;
  }
  for (int i = 1; i < THREADS; i++) {
    pthread_barrier_wait(&turn[i]);
    pthread_barrier_wait(&turn[i]);
  }
  work(1);
  pthread_barrier_wait(&all_done);
  for (int i = 0; i < THREADS - 1; i++) pthread_join(others[i], NULL);
  printf("store %ld codec %ld trace %ld\n", store_work(0), codec_work(0), trace_work(0));
  return 0;
}
