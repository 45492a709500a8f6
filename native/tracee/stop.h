// What a wait status means: classify first, then dispatch.
#pragma once

namespace keyhole {

enum class StopKind {
  exited,         ///< value = exit code
  killed,         ///< value = signal
  syscall_entry,  ///< the filter asked for us (PTRACE_EVENT_SECCOMP)
  syscall_exit,
  signal,       ///< signal-delivery-stop; value = signal
  interrupted,  ///< PTRACE_INTERRUPT answered, or a new thread's first stop
  group_stop,   ///< value = the stopping signal
  clone,
  fork,
  vfork,
  vfork_done,
  exec,
};

struct Stop {
  StopKind kind;
  int value = 0;
};

/// `status` as waitpid gives it for a traced thread.
Stop classify(int status);

}  // namespace keyhole
