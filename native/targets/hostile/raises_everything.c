// Every signal: by default in a child of its own, then with a handler, sent to a thread that
// switches rights.
#include "crowd.h"

static volatile sig_atomic_t seen;
static void count(int number, siginfo_t* info, void* context) {
  (void)number, (void)info, (void)context;
  seen++;
}

static int reserved(int number) { return number == 32 || number == 33; }  // glibc keeps these two
static int by_default_ignored(int n) {
  return n == SIGCHLD || n == SIGURG || n == SIGWINCH || n == SIGCONT;
}
static int stops(int n) { return n == SIGSTOP || n == SIGTSTP || n == SIGTTIN || n == SIGTTOU; }

int main(void) {
  two_keys();
  for (int number = 1; number <= 64; number++) {
    if (reserved(number)) continue;
    const pid_t child = fork();
    if (child == 0) {
      // In an orphaned process group, which a background job may be in, SIGTSTP, SIGTTIN and
      // SIGTTOU are ignored (kernel/signal.c, get_signal); with a parent in another it is none.
      setpgid(0, 0);
      crowd_starts();
      sleep_us(1000);
      raise(number);
      _exit(3);
    }
    int status;
    EXPECT(waitpid(child, &status, WUNTRACED) == child);
    if (stops(number)) {
      EXPECT(WIFSTOPPED(status) && WSTOPSIG(status) == number);
      kill(child, SIGCONT);
      status = status_of(child);
    }
    if (stops(number) || by_default_ignored(number))
      EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 3);
    else EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == number);
  }
  int expected = 0;
  crowd_starts();
  while (!crowd_tid[0]) sleep_us(100);
  for (int number = 1; number <= 64; number++) {
    if (reserved(number) || number == SIGKILL || number == SIGSTOP) continue;
    on_signal(number, count, 0);
    EXPECT(syscall(SYS_tgkill, getpid(), crowd_tid[0], number) == 0);
    for (expected++; seen < expected;) sleep_us(100);
  }
  crowd_ends();
  show("seen", (uint64_t)seen);
  return done();
}
