#include "engine/ticker.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <stdexcept>

namespace keyhole {
namespace {

void nothing(int) {}

/// A real-time signal that the host does not use, with a handler; 0 when it uses all of them.
int tick_signal() {
  static const int signal = [] {
    for (int number = SIGRTMAX; number >= SIGRTMIN; number--) {
      struct sigaction now {};
      if (sigaction(number, nullptr, &now) != 0 || now.sa_handler != SIG_DFL) continue;
      struct sigaction ours {};
      ours.sa_handler = nothing;  // no SA_RESTART: the wait is to end
      if (sigaction(number, &ours, nullptr) == 0) return number;
    }
    return 0;
  }();
  return signal;
}

}  // namespace

Ticker::Ticker() {
  const int signal = tick_signal();
  sigevent event{};
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = signal;
  // The member that timer_create(2) names has no name of its own in glibc before 2.40.
  event._sigev_un._tid = static_cast<pid_t>(syscall(SYS_gettid));
  if (signal == 0 || timer_create(CLOCK_MONOTONIC, &event, &timer_) != 0)
    throw std::runtime_error("the host has no timer or signal left for the engine");
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, signal);
  pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
}

Ticker::~Ticker() { timer_delete(timer_); }

void Ticker::every(std::chrono::nanoseconds period) {
  if (period == period_) return;
  period_ = period;
  constexpr long kSecond = 1'000'000'000;
  const timespec distance{period.count() / kSecond, period.count() % kSecond};
  const itimerspec times{distance, distance};
  timer_settime(timer_, 0, &times, nullptr);
}

}  // namespace keyhole
