#include "tracee/spawn.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "tracee/ptrace.h"

namespace keyhole {
namespace {

/// File actions and attributes of one posix_spawn, freed at scope exit.
struct SpawnPlan {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  SpawnPlan() {
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    // The host may block or ignore signals (libuv ignores SIGPIPE); the program must not inherit
    // that.
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
};

std::vector<char*> pointers(const std::vector<std::string>& strings) {
  std::vector<char*> out;
  for (const auto& s : strings) out.push_back(const_cast<char*>(s.c_str()));
  out.push_back(nullptr);
  return out;
}

Tid start(const SpawnPlan& plan, const std::vector<std::string>& argv,
          const std::vector<std::string>& env) {
  pid_t pid;
  const int error = posix_spawn(&pid, argv[0].c_str(), &plan.files, &plan.attributes,
                                pointers(argv).data(), pointers(env).data());
  // execve(2), E2BIG: one argument may have 128 KiB, all of them a quarter of the stack's limit.
  if (error == E2BIG)
    throw std::runtime_error(
        "args, env: longer than the kernel takes (128 KiB each; all together a quarter of the "
        "stack's limit)");
  if (error != 0) throw std::runtime_error("cannot start " + argv[0] + ": " + strerror(error));
  return Tid{pid};
}

constexpr uint64_t kOptions = PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE |
                              PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEVFORKDONE |
                              PTRACE_O_TRACEEXEC | PTRACE_O_TRACESECCOMP;

}  // namespace

Spawned spawn(const SpawnRequest& request) {
  int report[2];
  if (pipe2(report, O_CLOEXEC) != 0) throw std::runtime_error("cannot make a pipe");
  // The helper finds its end of the pipe at a number of its own, marked close-on-exec by the
  // helper's exec.
  constexpr int kReportFd = 3;
  SpawnPlan plan;
  // The host marks its own descriptors close-on-exec; a copy onto itself is not.
  if (request.inherit_stdin) posix_spawn_file_actions_adddup2(&plan.files, 0, 0);
  else posix_spawn_file_actions_addopen(&plan.files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&plan.files, request.stdout_fd, 1);
  posix_spawn_file_actions_adddup2(&plan.files, request.stderr_fd, 2);
  posix_spawn_file_actions_adddup2(&plan.files, report[1], kReportFd);
  posix_spawn_file_actions_addclosefrom_np(&plan.files, kReportFd + 1);
  posix_spawn_file_actions_addchdir_np(&plan.files, request.cwd.c_str());
  std::vector<std::string> argv{
      request.helper,       "run",           std::to_string(getpid()), std::to_string(kReportFd),
      request.filter_flags, request.program, request.program};
  argv.insert(argv.end(), request.args.begin(), request.args.end());
  Tid pid;
  try {
    pid = start(plan, argv, request.env);
  } catch (...) {
    close(report[0]);
    close(report[1]);
    throw;
  }
  close(report[1]);
  int status = 0;
  // The helper stops itself; only then may it be seized, so that nothing of it is missed.
  waitpid(pid.v, &status, WUNTRACED);
  if (!WIFSTOPPED(status) || !seize(pid, kOptions)) {
    const std::string why = strerror(errno);
    kill(pid.v, SIGKILL);
    waitpid(pid.v, &status, 0);
    close(report[0]);
    throw std::runtime_error("cannot trace " + request.program + ": " + why);
  }
  kill(pid.v, SIGCONT);
  return {pid, report[0]};
}

Tid spawn_waker(const std::string& helper, int event_fd) {
  SpawnPlan plan;
  constexpr int kEventFd = 3;
  posix_spawn_file_actions_addopen(&plan.files, 0, "/dev/null", O_RDWR, 0);
  posix_spawn_file_actions_adddup2(&plan.files, 0, 1);
  posix_spawn_file_actions_adddup2(&plan.files, 0, 2);
  posix_spawn_file_actions_adddup2(&plan.files, event_fd, kEventFd);
  posix_spawn_file_actions_addclosefrom_np(&plan.files, kEventFd + 1);
  return start(plan, {helper, "wake", std::to_string(getpid()), std::to_string(kEventFd)}, {});
}

}  // namespace keyhole
