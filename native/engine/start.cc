// The first moments: choose the keys, start the program, see its exec.
#include <elf.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <stdexcept>

#include "engine/tracer.h"

namespace keyhole {
namespace {

KeysMode choose_keys(KeysChoice choice) {
  const bool pku = cpu_has_pku();
  if (choice == KeysChoice::hardware && !pku)
    throw std::runtime_error(
        "keys: hardware needs a CPU and kernel with protection keys (OSPKE); this one has none");
  if (choice == KeysChoice::emulated && pku)
    throw std::runtime_error(
        "keys: emulated needs a CPU without protection keys: here WRPKRU does not trap, so rights "
        "would change unseen");
  return pku ? KeysMode::hardware : KeysMode::emulated;
}

/// A 32-bit program would make calls that nobody sees.
void refuse_32_bit(const std::string& program) {
  std::ifstream file(program, std::ios::binary);
  char ident[EI_NIDENT] = {};
  file.read(ident, sizeof ident);
  if (memcmp(ident, ELFMAG, SELFMAG) == 0 && ident[EI_CLASS] != ELFCLASS64)
    throw std::runtime_error("cannot run " + program +
                             ": a 32-bit program; only x86-64 programs run");
}

/// Why the kernel did not take it, in words of what can be run.
std::string exec_error(int error) {
  return error == ENOEXEC ? "Exec format error: neither a program of this machine nor a script "
                            "that begins with #!"
                          : strerror(error);
}

std::string filter_flags(const LaunchConfig& config, KeysMode keys) {
  std::string flags = "-";
  if (keys == KeysMode::emulated || config.virtual_gates) flags += 'e';
  if (config.tracer != TracerMode::off) flags += 'm';
  if (config.rseq_off) flags += 'r';
  return flags;
}

}  // namespace

Tracer::Tracer(LaunchConfig config, EventBuffer& events, CommandQueue& commands)
    : config_(std::move(config)), events_(events), commands_(commands) {}

Tracer::~Tracer() { let_go(Cause::user); }

void Tracer::start_waker() { waker_ = spawn_waker(config_.helper, commands_.event_fd()); }

void Tracer::start(int stdout_fd, int stderr_fd) {
  if (attached()) {
    start_attached();
    return start_waker();
  }
  refuse_32_bit(config_.program);
  const KeysMode mode = choose_keys(config_.keys);
  keys_ = make_backend(mode);
  start_waker();
  const Spawned spawned =
      spawn({config_.helper, config_.program, config_.cwd, config_.args, config_.env,
             filter_flags(config_, mode), stdout_fd, stderr_fd, config_.inherit_stdin});
  started_ = std::chrono::steady_clock::now();
  root_ = spawned.pid.v;
  auto space = std::make_shared<Space>();
  space->id = root_;
  Thread& thread = add_thread(spawned.pid, root_, space);
  // Up to its exec the helper is alone and does what it must.
  for (;;) {
    const auto status = wait_for(spawned.pid);
    const Stop stop = status ? classify(*status) : Stop{StopKind::killed};
    if (stop.kind == StopKind::exited || stop.kind == StopKind::killed) {
      int error = 0;
      const bool told = read(spawned.report_fd, &error, sizeof error) == sizeof error;
      close(spawned.report_fd);
      forget_all();
      throw std::runtime_error("cannot run " + config_.program + ": " +
                               (told ? exec_error(error) : "the launch helper died"));
    }
    if (stop.kind == StopKind::exec) break;
    go_on(spawned.pid, Go::cont,
          stop.kind == StopKind::signal && stop.value != SIGCONT ? stop.value : 0);
  }
  close(spawned.report_fd);
  log_session();
  if (!config_.pause_on.empty()) set_pause_rules(config_.pause_on);
  log({.kind = EventKind::process_birth, .space = root_, .tid = spawned.pid, .detail = "{}"});
  log({.kind = EventKind::thread_birth,
       .space = root_,
       .tid = spawned.pid,
       .rights = kInitPkru,
       .detail = "{}"});
  thread.enter(Run::pending);
  on_exec(thread);
  pause_if_asked();
  schedule(*thread.space);
}

}  // namespace keyhole
