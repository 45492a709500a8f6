#include "engine/engine.h"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <future>
#include <stdexcept>

namespace keyhole {

namespace {

void close_both(const int (&ends)[2]) {
  for (const int end : ends)
    if (end >= 0) ::close(end);
}

}  // namespace

Engine::Engine(LaunchConfig launch, std::function<void()> notify) : events_(std::move(notify)) {
  int out[2] = {-1, -1}, err[2] = {-1, -1};
  const bool pipes = launch.attach.v == 0;
  if (pipes && (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0)) {
    close_both(out);
    close_both(err);
    throw std::runtime_error("cannot make a pipe");
  }
  std::promise<void> started;
  auto running = started.get_future();
  // ptrace belongs to a thread, not to a process: everything from spawn to the last wait happens on
  // this one.
  thread_ = std::thread([this, launch = std::move(launch), out_fd = out[1], err_fd = err[1],
                         started = std::move(started)]() mutable {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);  // the host's signals are the host's
    {
      Tracer tracer(std::move(launch), events_, commands_);
      bool ok = false;
      try {
        tracer.start(out_fd, err_fd);
        ok = true;
      } catch (...) {
        started.set_exception(std::current_exception());
      }
      close_both({out_fd, err_fd});
      if (!ok) return;
      started.set_value();
      tracer.run_safely();
    }
    events_.finish();
  });
  stdout_fd_ = out[0];
  stderr_fd_ = err[0];
  try {
    running.get();
  } catch (...) {
    thread_.join();
    close_both({out[0], err[0]});
    throw;
  }
}

Engine::~Engine() { close(); }

void Engine::close() {
  events_.abandon();
  commands_.close();
  if (thread_.joinable()) thread_.join();
}

}  // namespace keyhole
