// Proves: a program that Keyhole attaches to, lets go of, or dies over, goes on to its end: threads
// come and go, memory is mapped and unmapped, a module is loaded, a timer's signals arrive, waits
// last as long as they should. It says `works` and does so until it is told: by a line to map and
// load, which it confirms by `mapped`, by another one, or the end of its input, to end. Hardware:
// nothing special; it has no keys.
#include "../keys.h"

#include <dlfcn.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/time.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static volatile int ends;
static volatile int ticks;

static void tick(int number, siginfo_t* info, void* context) {
  (void)number, (void)info, (void)context;
  ticks++;
}

static void* brief(void* number) { return number; }

static void* work(void* number) {
  char name[16];
  snprintf(name, sizeof name, "worker %ld", (long)number);
  pthread_setname_np(pthread_self(), name);
  for (long sum = 0; !ends; sum++) {
    long* page = mmap(NULL, 2 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT(page != MAP_FAILED);
    *page = sum;
    EXPECT(mprotect(page, PAGE, PROT_READ) == 0 && *page == sum);
    EXPECT(munmap(page, 2 * PAGE) == 0);
    pthread_t child;
    void* answer;
    EXPECT(pthread_create(&child, NULL, brief, (void*)sum) == 0);
    EXPECT(pthread_join(child, &answer) == 0 && answer == (void*)sum);
    usleep(2000);
  }
  return NULL;
}

// Interrupted by nothing but a tracer, since the timer's signals go to the first thread. A tracer
// that is killed in the middle of such a stop cannot put it right any more.
static void* wait_long(void* tracer_dies) {
  struct epoll_event event;
  const int queue = epoll_create1(0);
  while (!ends) {
    const double begin = now();
    const int ready = epoll_wait(queue, &event, 1, 300);
    if (ready == -1 && errno == EINTR && tracer_dies) continue;
    EXPECT(ready == 0);
    EXPECT(now() - begin > 0.29);
  }
  return NULL;
}

// A tracer, and a handler with SA_RESTART, let a read from a pipe begin again (signal(7)).
static void wait_for_word(void) {
  char line[16];
  (void)!fgets(line, sizeof line, stdin);
}

int main(int argc, char** argv) {
  sigset_t alarm;
  sigemptyset(&alarm);
  sigaddset(&alarm, SIGALRM);
  on_signal(SIGALRM, tick, SA_RESTART);
  pthread_sigmask(SIG_BLOCK, &alarm, NULL);
  pthread_t worker[3], waiter;
  for (long i = 0; i < 3; i++) EXPECT(pthread_create(&worker[i], NULL, work, (void*)i) == 0);
  // A word says that its tracer will be killed.
  EXPECT(pthread_create(&waiter, NULL, wait_long, argc > 1 ? argv[1] : NULL) == 0);
  pthread_sigmask(SIG_UNBLOCK, &alarm, NULL);
  const struct itimerval every = {{0, 50000}, {0, 50000}};
  EXPECT(setitimer(ITIMER_REAL, &every, NULL) == 0);
  dprintf(1, "works\n");
  wait_for_word();
  char* mapped = mmap((void*)0x600000000000, 3 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  EXPECT(mapped == (void*)0x600000000000);
  EXPECT(dlopen("libm.so.6", RTLD_NOW) != NULL);
  dprintf(1, "mapped\n");
  wait_for_word();
  // The timer's signals go on arriving, whoever has come and gone.
  for (const int before = ticks; ticks < before + 5;) usleep(10000);
  ends = 1;
  for (int i = 0; i < 3; i++) pthread_join(worker[i], NULL);
  pthread_join(waiter, NULL);
  return done();
}
