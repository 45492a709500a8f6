// Starting the launch helper, for a program or as the waker.
#pragma once
#include <string>
#include <vector>

#include "policy/types.h"

namespace keyhole {

struct SpawnRequest {
  std::string helper, program, cwd;
  std::vector<std::string> args, env;
  std::string filter_flags;  ///< see launch_helper.c
  int stdout_fd = -1, stderr_fd = -1;
  bool inherit_stdin = false;  ///< else it reads /dev/null
};

/// A launched process, seized and stopped before its exec; it dies with the calling thread.
struct Spawned {
  Tid pid;
  int report_fd;  ///< an errno arrives here when the exec fails; end of file when it succeeds
};

/// Throws std::runtime_error naming the program and the reason.
Spawned spawn(const SpawnRequest& request);
/// The waker: stops itself once for every write to `event_fd`.
Tid spawn_waker(const std::string& helper, int event_fd);

}  // namespace keyhole
