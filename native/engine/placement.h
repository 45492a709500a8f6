// Where a tracee runs. A stop wakes the engine and then the thread: on two processors each wake-up
// has to fetch an idle one out of its sleep, which costs many times what a switch between two tasks
// of one processor does. So a thread that stops often runs on the engine's processor, and gets its
// own place back when it stops rarely. The program sees its own affinity all the time (the two
// calls that ask for it are traced); /proc shows the truth.
#pragma once
#include <sched.h>

#include <chrono>
#include <cstdint>
#include <optional>

#include "policy/types.h"

namespace keyhole {

/// What is known of one thread's place.
struct Placed {
  using Time = std::chrono::steady_clock::time_point;
  std::optional<cpu_set_t> own;  ///< its own mask, while it runs on the engine's processor
  bool left_alone = false;       ///< never moved: the program has placed it, or it is not ours
  Time rest_until;               ///< not moved before
  uint32_t stops = 0;            ///< in the window that began at `since`
  uint32_t recent = 0;           ///< since the last look
  int seldom = 0;                ///< looks in a row that found few
  Time since;
  uint64_t cpu_ns = 0;  ///< its processor time at `since`
};

/// Belongs to the engine's thread; every call is made on it.
class Placement {
 public:
  /// How often `look` wants to be called while anyone is placed.
  static constexpr std::chrono::milliseconds kLook{10};

  Placement() : mask_known_(sched_getaffinity(0, sizeof mask_, &mask_) == 0) {}

  /// The thread stands at a stop. May move it, to the engine or back.
  void stopped(Tid tid, Placed& placed) {
    placed.recent++;
    if (++placed.stops >= kWindow || placed.stops == 1) judge(tid, placed);
  }
  /// Gives its own place back to a thread that has stopped rarely since the last look.
  void look(Tid tid, Placed& placed);
  /// Gives a thread its own place back.
  void give_back(Tid tid, Placed& placed);
  /// … and leaves it there for a while.
  void leave(Tid tid, Placed& placed);
  /// A child begins where its creator is: with the place that the program knows of.
  void born(const Placed& creator, Tid child, Placed& placed);
  /// The thread has ended.
  void gone(Placed& placed) { forget(placed); }
  bool anyone() const { return placed_ > 0; }

 private:
  static constexpr uint32_t kWindow = 32;
  void judge(Tid tid, Placed& placed);
  void move_here(Tid tid, Placed& placed);
  void forget(Placed& placed);

  cpu_set_t mask_{};  ///< the engine's own
  bool mask_known_;
  int cpu_ = -1;    ///< where the engine stays while anyone is placed
  int placed_ = 0;  ///< how many are
};

}  // namespace keyhole
