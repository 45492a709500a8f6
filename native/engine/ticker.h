// Ends the engine's wait from time to time: waitpid knows no timeout. A timer sends the engine's
// thread a signal whose handler does nothing; the wait answers EINTR. A tick that comes between two
// waits is lost, which does not matter: the next one follows.
#pragma once
#include <signal.h>
#include <time.h>

#include <chrono>

namespace keyhole {

/// Belongs to the thread that makes it. Throws std::runtime_error when there can be no timer.
class Ticker {
 public:
  Ticker();
  ~Ticker();
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;
  /// Ticks at this distance from now on; zero = never.
  void every(std::chrono::nanoseconds period);
  std::chrono::nanoseconds period() const { return period_; }

 private:
  timer_t timer_{};
  std::chrono::nanoseconds period_{0};
};

}  // namespace keyhole
