// The engine as a host sees it: start, take, command, close. Owns the one thread that makes every
// ptrace call.
#pragma once
#include <memory>
#include <string>
#include <thread>

#include "engine/tracer.h"

namespace keyhole {

class Engine {
 public:
  /// Starts the program of `config`, up to its exec, or attaches to its process. Throws
  /// std::runtime_error naming program and reason. `notify` runs on the engine's thread.
  Engine(LaunchConfig config, std::function<void()> notify);
  ~Engine();
  Drained take() { return events_.take(); }
  void command(uint32_t id, std::string json) { commands_.push({id, std::move(json)}); }
  /// Kills what was launched, lets go of what was attached, and ends the thread; idempotent.
  void close();
  /// Where the program's output arrives; -1 when attached, since it goes where it always went.
  int stdout_fd() const { return stdout_fd_; }
  int stderr_fd() const { return stderr_fd_; }

 private:
  EventBuffer events_;
  CommandQueue commands_;
  std::thread thread_;
  int stdout_fd_ = -1, stderr_fd_ = -1;
};

}  // namespace keyhole
