// Proves: exec by a thread that is not the first keeps that thread's mask and what is pending for
// it. Hardware: execve(2), pending signals and the mask are kept.
#include "../keys.h"

#include <pthread.h>

static volatile int got;

static void handler(int number, siginfo_t* info, void* context) {
  (void)number, (void)info, (void)context;
  got++;
}

static void* run(void* name) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGSEGV);
  EXPECT(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
  EXPECT(raise(SIGSEGV) == 0);
  execl("/proc/self/exe", (char*)name, "again", (char*)NULL);
  return NULL;
}

int main(int argc, char** argv) {
  if (argc > 1) {
    sigset_t now, pending;
    EXPECT(sigprocmask(SIG_SETMASK, NULL, &now) == 0 && sigismember(&now, SIGSEGV));
    EXPECT(sigpending(&pending) == 0 && sigismember(&pending, SIGSEGV));
    on_signal(SIGSEGV, handler, 0);
    sigemptyset(&now);
    EXPECT(sigprocmask(SIG_SETMASK, &now, NULL) == 0 && got == 1);
    return done();
  }
  pthread_t thread;
  EXPECT(pthread_create(&thread, NULL, run, argv[0]) == 0);
  pthread_join(thread, NULL);
  return 1;
}
