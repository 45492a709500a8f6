// keyhole-launch: a tiny static program, so that the host never forks itself.
//
//   keyhole-launch run ENGINE REPORT_FD FLAGS PROGRAM ARGV0 ARGS...   stop, filter, exec
//   keyhole-launch wake ENGINE EVENT_FD   stop once for every wake-up of the engine
//
// ENGINE is the engine's process.
// FLAGS is a string: `e` emulated keys or virtual gates (signal calls and futex waits are traced
// too), `m` madvise is traced, `r` rseq is answered with ENOSYS.
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tracee/stub_layout.h"

enum { kMaxFilter = 256 };

struct Program {
  struct sock_filter code[kMaxFilter];
  unsigned short len;
};

static void emit(struct Program* p, uint16_t code, uint8_t jt, uint8_t jf, uint32_t k) {
  p->code[p->len++] = (struct sock_filter){code, jt, jf, k};
}
static void load(struct Program* p, uint32_t offset) {
  emit(p, BPF_LD | BPF_W | BPF_ABS, 0, 0, offset);
}
static void answer(struct Program* p, uint32_t value) { emit(p, BPF_RET | BPF_K, 0, 0, value); }

// The stub's own calls are the engine's, not the program's: they pass, and first of all.
static void pass_stub(struct Program* p) {
  load(p, offsetof(struct seccomp_data, instruction_pointer) + 4);
  emit(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 4, (uint32_t)(KEYHOLE_STUB_CODE >> 32));
  load(p, offsetof(struct seccomp_data, instruction_pointer));
  emit(p, BPF_JMP | BPF_JGE | BPF_K, 0, 2, (uint32_t)KEYHOLE_STUB_CODE);
  emit(p, BPF_JMP | BPF_JGE | BPF_K, 1, 0, (uint32_t)(KEYHOLE_STUB_CODE + 4096));
  answer(p, SECCOMP_RET_ALLOW);
}

static void trace(struct Program* p, uint32_t nr) {
  emit(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, nr);
  answer(p, SECCOMP_RET_TRACE | KEYHOLE_TRACE_DATA);
}

/// Of this call only those whose argument `arg` is not null; the call's number stays loaded.
static void trace_if_given(struct Program* p, uint32_t nr, unsigned arg) {
  emit(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 6, nr);
  load(p, offsetof(struct seccomp_data, args[0]) + 8 * arg);
  emit(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 2, 0);
  load(p, offsetof(struct seccomp_data, args[0]) + 8 * arg + 4);
  emit(p, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 0);
  answer(p, SECCOMP_RET_TRACE | KEYHOLE_TRACE_DATA);
  load(p, offsetof(struct seccomp_data, nr));
}

static void build(struct Program* p, const char* flags) {
  const int emulated = strchr(flags, 'e') != NULL;
  load(p, offsetof(struct seccomp_data, arch));
  emit(p, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, AUDIT_ARCH_X86_64);
  // 32-bit calls would change memory unseen: whoever makes one ends with SIGSYS.
  answer(p, SECCOMP_RET_KILL_PROCESS);
  pass_stub(p);
  load(p, offsetof(struct seccomp_data, nr));
  // Nor do x32 calls, which carry this bit (arch/x86/include/uapi/asm/unistd.h).
  emit(p, BPF_JMP | BPF_JGE | BPF_K, 0, 1, 0x40000000);
  answer(p, SECCOMP_RET_ERRNO | ENOSYS);
  static const uint16_t always[] = {SYS_mmap,
                                    SYS_mprotect,
                                    SYS_munmap,
                                    SYS_brk,
                                    SYS_mremap,
                                    SYS_shmat,
                                    SYS_shmdt,
                                    SYS_pkey_mprotect,
                                    SYS_pkey_alloc,
                                    SYS_pkey_free,
                                    SYS_sched_setaffinity,
                                    SYS_sched_getaffinity,
                                    SYS_io_setup,
                                    SYS_io_destroy,
                                    SYS_seccomp};
  static const uint16_t emulation[] = {SYS_rt_sigreturn,  SYS_rt_sigprocmask,  SYS_rt_sigaction,
                                       SYS_rt_sigpending, SYS_rt_sigtimedwait, SYS_signalfd,
                                       SYS_signalfd4,     SYS_io_uring_setup,  SYS_userfaultfd};
  for (unsigned i = 0; i < sizeof always / sizeof *always; i++) {
    trace(p, always[i]);
  }
  if (emulated) {
    for (unsigned i = 0; i < sizeof emulation / sizeof *emulation; i++) {
      trace(p, emulation[i]);
    }
    // Waits that have a signal mask of their own.
    trace_if_given(p, SYS_rt_sigsuspend, 0);
    trace_if_given(p, SYS_ppoll, 3);
    trace_if_given(p, SYS_pselect6, 5);
    trace_if_given(p, SYS_epoll_pwait, 4);
    trace_if_given(p, SYS_epoll_pwait2, 4);
    // Only the waits: a wake-up never sleeps, so the scheduler need not hear of it.
    emit(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 6, SYS_futex);
    load(p, offsetof(struct seccomp_data, args[1]));
    emit(p, BPF_ALU | BPF_AND | BPF_K, 0, 0, FUTEX_CMD_MASK);
    emit(p, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, FUTEX_WAIT);
    emit(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, FUTEX_WAIT_BITSET);
    answer(p, SECCOMP_RET_TRACE | KEYHOLE_TRACE_DATA);
    load(p, offsetof(struct seccomp_data, nr));
  }
  // Of prctl only the calls by which a thread names itself, installs a filter or hides its memory.
  emit(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 6, SYS_prctl);
  load(p, offsetof(struct seccomp_data, args[0]));
  emit(p, BPF_JMP | BPF_JEQ | BPF_K, 2, 0, PR_SET_NAME);
  emit(p, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, PR_SET_DUMPABLE);
  emit(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, PR_SET_SECCOMP);
  answer(p, SECCOMP_RET_TRACE | KEYHOLE_TRACE_DATA);
  load(p, offsetof(struct seccomp_data, nr));
  if (strchr(flags, 'm') != NULL) {
    trace(p, SYS_madvise);
  } else {
    // Only what names the stub's pages, or begins in the 4 GiB before them.
    emit(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 5, SYS_madvise);
    load(p, offsetof(struct seccomp_data, args[0]) + 4);
    emit(p, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, (uint32_t)(KEYHOLE_STUB_CODE >> 32));
    emit(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, (uint32_t)(KEYHOLE_STUB_CODE >> 32) - 1);
    answer(p, SECCOMP_RET_TRACE | KEYHOLE_TRACE_DATA);
    load(p, offsetof(struct seccomp_data, nr));
  }
  if (strchr(flags, 'r') != NULL) {
    emit(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_rseq);
    answer(p, SECCOMP_RET_ERRNO | ENOSYS);
  }
  answer(p, SECCOMP_RET_ALLOW);
}

static void report(int fd, int error) {
  ssize_t n = write(fd, &error, sizeof error);
  (void)n;
  _exit(127);
}

// The engine's thread is our parent: when it ends, so do we, and if it has ended before this call
// too.
static void die_with(pid_t engine) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != engine) _exit(1);
}

static int wake(int event_fd) {
  uint64_t n;
  while (read(event_fd, &n, sizeof n) == sizeof n) raise(SIGSTOP);
  return 0;
}

static int run(int report_fd, const char* flags, char** argv) {
  fcntl(report_fd, F_SETFD, FD_CLOEXEC);
  static struct Program program;
  raise(SIGSTOP);  // the engine seizes us here
  // From now on the kernel ends us with the tracer (PTRACE_O_EXITKILL); the program knows nothing
  // of our parent.
  prctl(PR_SET_PDEATHSIG, 0);
  build(&program, flags);
  struct sock_fprog filter = {program.len, program.code};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) report(report_fd, errno);
  if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) != 0) report(report_fd, errno);
  execv(argv[0], argv + 1);
  report(report_fd, errno);
  return 127;
}

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  die_with(atoi(argv[2]));
  if (argc == 4 && strcmp(argv[1], "wake") == 0) return wake(atoi(argv[3]));
  if (argc >= 7 && strcmp(argv[1], "run") == 0) return run(atoi(argv[3]), argv[4], argv + 5);
  return 2;
}
