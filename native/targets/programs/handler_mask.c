// A handler's signal mask. While a handler of SIGSEGV runs, SIGSEGV is blocked: a denied access in
// it kills. The mask in a handler's frame is the one it goes back to. A SIGSEGV or SIGILL that is
// sent while it is blocked waits, and comes with its sender when it is unblocked.
#include "../keys.h"

#include <sys/wait.h>
#include <ucontext.h>

static char* page;
static volatile int came;
static uint64_t frame_mask;
static pid_t sender;

static void reads_denied(int number, siginfo_t* info, void* context) {
  (void)number, (void)info, (void)context;
  (void)*(volatile char*)page;
}

static void notes(int number, siginfo_t* info, void* context) {
  (void)number;
  came++;
  sender = info->si_pid;
  memcpy(&frame_mask, &((ucontext_t*)context)->uc_sigmask, sizeof frame_mask);
}

static uint64_t change(int how, int number) {
  sigset_t set, before;
  sigemptyset(&set);
  sigaddset(&set, number);
  EXPECT(sigprocmask(how, &set, &before) == 0);
  uint64_t bits;
  memcpy(&bits, &before, sizeof bits);
  return bits;
}

int main(void) {
  page = pages(1);
  const int key = pkey_alloc(0, PKEY_DISABLE_ACCESS);
  EXPECT(pkey_mprotect(page, PAGE, RW, key) == 0);
  show("page", (uint64_t)page);

  const pid_t child = fork();
  if (child == 0) {
    on_signal(SIGSEGV, reads_denied, 0);
    raise(SIGSEGV);
    _exit(0);
  }
  int status = 0;
  EXPECT(waitpid(child, &status, 0) == child);
  EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);

  static const int blocked[] = {SIGSEGV, SIGILL};
  for (int i = 0; i < 2; i++) {
    const int number = blocked[i];
    on_signal(number, notes, 0);
    came = 0;
    EXPECT(change(SIG_BLOCK, number) == 0);
    raise(number);
    EXPECT(came == 0);
    EXPECT(change(SIG_UNBLOCK, number) == 1ul << (number - 1));
    EXPECT(came == 1 && sender == getpid() && frame_mask == 0);
  }
  // What is blocked when a handler begins is in its frame, and blocked again after it.
  on_signal(SIGUSR1, notes, 0);
  change(SIG_BLOCK, SIGILL);
  raise(SIGUSR1);
  EXPECT(frame_mask == 1ul << (SIGILL - 1));
  EXPECT(change(SIG_UNBLOCK, SIGILL) == 1ul << (SIGILL - 1));
  return done();
}
