// Installs a seccomp filter of its own that refuses mprotect in the way the argument says, for all
// its threads by seccomp(2) or, with a second argument, for one by prctl(2). Its keys must hold on,
// though they are page protections under Keyhole: on a CPU that has keys a change of rights is no
// system call. What the filter says to the program's own calls it says as it does alone.
#include "crowd.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>

static volatile sig_atomic_t traps;
static void trapped(int number, siginfo_t* info, void* context) {
  (void)number, (void)info, (void)context;
  traps++;
}

int main(int argc, char** argv) {
  const char* const how = argc > 1 ? argv[1] : "errno";
  two_keys();
  crowd_starts();
  on_signal(SIGSYS, trapped, 0);
  char* own = pages(1);
  const unsigned action = strcmp(how, "errno") == 0   ? SECCOMP_RET_ERRNO | ERANGE
                          : strcmp(how, "trap") == 0  ? SECCOMP_RET_TRAP
                          : strcmp(how, "trace") == 0 ? SECCOMP_RET_TRACE | 7
                                                      : SECCOMP_RET_KILL_PROCESS;
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mprotect, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, action),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog filter = {sizeof code / sizeof *code, code};
  EXPECT(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
  if (argc > 2) EXPECT(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0);
  else
    EXPECT(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter) == 0);
  EXPECT(filter.len == 4 && filter.filter == code);
  both_keys(50);
  sleep_us(5000);
  crowd_ends();
  if (strcmp(how, "kill") == 0) {
    const pid_t child = fork();
    if (child == 0) mprotect(own, PAGE, PROT_READ);
    EXPECT(WTERMSIG(status_of(child)) == SIGSYS);
    return done();
  }
  errno = 0;
  const long result = mprotect(own, PAGE, PROT_READ);
  if (strcmp(how, "errno") == 0) EXPECT(result == -1 && errno == ERANGE);
  if (strcmp(how, "trap") == 0) EXPECT(traps == 1);
  if (strcmp(how, "trace") == 0) EXPECT(result == -1 && errno == ENOSYS);
  own[0] = 1;
  return done();
}
