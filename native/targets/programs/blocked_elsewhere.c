// Proves: a SIGSEGV sent to the process goes to the thread that does not block it; with every
// thread blocking, it waits for the first one to unblock. Hardware: signal(7), process-directed
// signals.
#include "../keys.h"

#include <pthread.h>

static volatile pid_t taker;
static volatile int stop;

static void handler(int number, siginfo_t* info, void* context) {
  (void)number, (void)info, (void)context;
  taker = gettid();
}

static void* other(void* tid) {
  *(volatile pid_t*)tid = gettid();
  wrpkru(ONLY(2));
  while (!stop) usleep(1000);
  return NULL;
}

int main(void) {
  volatile pid_t tid = 0;
  pthread_t thread;
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGSEGV);
  on_signal(SIGSEGV, handler, 0);
  EXPECT(pthread_create(&thread, NULL, other, (void*)&tid) == 0);
  EXPECT(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
  while (tid == 0) usleep(1000);
  EXPECT(kill(getpid(), SIGSEGV) == 0);
  while (taker == 0) usleep(1000);
  EXPECT(taker == tid);
  stop = 1;
  EXPECT(pthread_join(thread, NULL) == 0);
  taker = 0;
  EXPECT(kill(getpid(), SIGSEGV) == 0 && taker == 0);
  EXPECT(sigprocmask(SIG_UNBLOCK, &set, NULL) == 0);
  EXPECT(taker == getpid());
  return done();
}
