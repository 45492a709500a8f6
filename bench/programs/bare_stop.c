// The least that a stop can cost: a tracer that waits and continues, a program that is stopped by a
// seccomp filter. `bare_stop COUNT` lets the kernel place the two, `bare_stop COUNT CPU` puts both
// on one processor.
#include "timing.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static int trace_getppid(void) {
  struct sock_filter code[] = {
      {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr)},
      {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_getppid},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_TRACE},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
  };
  struct sock_fprog filter = {sizeof code / sizeof *code, code};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter);
}

static int traced(long count) {
  raise(SIGSTOP);  // until the tracer is there
  if (trace_getppid() != 0) return 1;
  TIME_LOOP(count, 1, syscall(SYS_getppid));
  return 0;
}

int main(int argc, char** argv) {
  if (argc > 2) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET((size_t)strtol(argv[2], NULL, 10), &one);
    if (sched_setaffinity(0, sizeof one, &one) != 0) return 1;
  }
  const pid_t child = fork();
  if (child == 0) return traced(count_of(argc, argv));
  int status;
  if (waitpid(child, &status, WUNTRACED) != child || !WIFSTOPPED(status)) return 1;
  if (ptrace(PTRACE_SEIZE, child, 0, PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL) != 0) return 1;
  kill(child, SIGCONT);
  while (waitpid(child, &status, __WALL) == child && WIFSTOPPED(status)) {
    const int event = status >> 16;
    const int signal = event == 0 && WSTOPSIG(status) != SIGCONT ? WSTOPSIG(status) : 0;
    ptrace(PTRACE_CONT, child, 0, signal);
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
