// Proves: who waits for anyone hears of every stop, continuation and end of its children, once and
// in order, and of nothing else, whoever else waits for them. A thread that asks for its own only
// has none. Hardware: wait4(2) with -1 takes any child of the process, with __WNOTHREAD the
// thread's own (kernel/exit.c, do_wait).
#include "../keys.h"

#include <pthread.h>
#include <sys/wait.h>

#ifndef __WNOTHREAD
#define __WNOTHREAD 0x20000000
#endif
enum { CHILDREN = 8 };
static volatile char* heard_of;  // child i was heard to go on; shared

static void* has_none(void* unused) {
  (void)unused;
  EXPECT(waitpid(-1, NULL, __WNOTHREAD) == -1 && errno == ECHILD);
  EXPECT(waitpid(-1, NULL, __WNOTHREAD | __WALL) == -1 && errno == ECHILD);
  return NULL;
}

/// Stops once, changes its rights, ends with its number: not before its going on was heard, which
/// an end takes back.
static void live(int number) {
  raise(SIGSTOP);
  while (!heard_of[number]) usleep(1000);
  wrpkru(ONLY(1));
  wrpkru(INIT_PKRU);
  _exit(number);
}

int main(void) {
  pid_t child[CHILDREN];
  int heard[CHILDREN] = {0};  // 1: stopped, 2: continued, 3: ended
  sigset_t told;              // when, is left to chance
  sigemptyset(&told);
  sigaddset(&told, SIGCHLD);
  EXPECT(sigprocmask(SIG_BLOCK, &told, NULL) == 0);
  EXPECT(pkey_alloc(0, 0) == 1);
  heard_of = mmap(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  EXPECT(heard_of != MAP_FAILED);
  for (int i = 0; i < CHILDREN; i++)
    if ((child[i] = fork()) == 0) live(i);
  pthread_t other;
  EXPECT(pthread_create(&other, NULL, has_none, NULL) == 0);
  EXPECT(pthread_join(other, NULL) == 0);
  alarm(20);  // a word that is lost is waited for for ever
  for (int due = 3 * CHILDREN; due > 0; due--) {
    int status, i = 0;
    const pid_t pid = waitpid(-1, &status, WUNTRACED | WCONTINUED);
    while (i < CHILDREN && child[i] != pid) i++;
    EXPECT(i < CHILDREN);
    if (heard[i] == 0) EXPECT(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
    if (heard[i] == 1) EXPECT(WIFCONTINUED(status));
    if (heard[i] == 2) EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == i);
    // A continuation takes back a stop that was not heard.
    if (++heard[i] == 1) EXPECT(kill(pid, SIGCONT) == 0);
    if (heard[i] == 2) heard_of[i] = 1;
  }
  EXPECT(waitpid(-1, NULL, __WALL) == -1 && errno == ECHILD);
  return done();
}
