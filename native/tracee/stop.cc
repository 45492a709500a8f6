#include "tracee/stop.h"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

namespace keyhole {

Stop classify(int status) {
  if (WIFEXITED(status)) return {StopKind::exited, WEXITSTATUS(status)};
  if (WIFSIGNALED(status)) return {StopKind::killed, WTERMSIG(status)};
  const int signal = WSTOPSIG(status);
  // PTRACE_O_TRACESYSGOOD marks syscall stops with bit 7 (ptrace(2)).
  if (signal == (SIGTRAP | 0x80)) return {StopKind::syscall_exit};
  switch (status >> 16) {
    case PTRACE_EVENT_SECCOMP:
      return {StopKind::syscall_entry};
    case PTRACE_EVENT_CLONE:
      return {StopKind::clone};
    case PTRACE_EVENT_FORK:
      return {StopKind::fork};
    case PTRACE_EVENT_VFORK:
      return {StopKind::vfork};
    case PTRACE_EVENT_VFORK_DONE:
      return {StopKind::vfork_done};
    case PTRACE_EVENT_EXEC:
      return {StopKind::exec};
    case PTRACE_EVENT_STOP:
      // A group-stop shows its own signal, everything else SIGTRAP (ptrace(2), PTRACE_SEIZE).
      if (signal == SIGTRAP) return {StopKind::interrupted};
      return {StopKind::group_stop, signal};
    default:
      return {StopKind::signal, signal};
  }
}

}  // namespace keyhole
