#include "engine/placement.h"

#include "tracee/proc.h"

namespace keyhole {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

/// A thread whose stops are nearer to each other than this, on average, is worth moving.
constexpr auto kOften = 400us;
/// Placed, it stays until it stops less often than this between two looks, several times in a row.
constexpr uint32_t kSeldom = 10;
constexpr int kSeldomLooks = 3;
/// What a stop costs more on two processors (measured: 75 against 22). Threads that share the
/// engine's processor wait for each other's work between two stops: beyond this it does not pay.
constexpr uint64_t kWakeUpNs = 50'000;
constexpr auto kRest = 100ms;

int first_of(const cpu_set_t& mask) {
  for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
    if (CPU_ISSET(cpu, &mask)) return cpu;
  return -1;
}

}  // namespace

void Placement::judge(Tid tid, Placed& placed) {
  const auto now = steady_clock::now();
  const bool whole = placed.stops >= kWindow;
  const uint64_t others = static_cast<uint64_t>(placed_) - (placed.own ? 1 : 0);
  // Its work matters only to others; reading it costs as much as a stop.
  const uint64_t cpu = placed.left_alone || others == 0 ? 0 : cpu_time_ns(tid);
  if (whole && !placed.left_alone && now >= placed.rest_until) {
    const uint64_t work = placed.cpu_ns == 0 ? 0 : (cpu - placed.cpu_ns) / placed.stops;
    if (placed.own) {
      if (others * work > 2 * kWakeUpNs) leave(tid, placed);
    } else if (now - placed.since < kOften * placed.stops && others * work < kWakeUpNs) {
      move_here(tid, placed);
    }
  }
  placed.since = now;
  placed.cpu_ns = cpu;
  placed.stops = whole ? 1 : placed.stops;
}

void Placement::move_here(Tid tid, Placed& placed) {
  cpu_set_t own, common, here;
  // Nothing to choose from, or more processors than a cpu_set_t holds.
  if (!mask_known_ || CPU_COUNT(&mask_) < 2) return;
  if (sched_getaffinity(tid.v, sizeof own, &own) != 0) return;
  CPU_AND(&common, &mask_, &own);
  int cpu = cpu_;
  if (placed_ == 0) {
    cpu = sched_getcpu();
    if (cpu < 0 || cpu >= CPU_SETSIZE || !CPU_ISSET(cpu, &common)) cpu = first_of(common);
  }
  if (cpu < 0 || !CPU_ISSET(cpu, &common)) return;
  CPU_ZERO(&here);
  CPU_SET(cpu, &here);
  if (placed_ == 0 && sched_setaffinity(0, sizeof here, &here) != 0) return;
  cpu_ = cpu;
  placed_++;
  placed.own = own;
  placed.seldom = 0;
  if (sched_setaffinity(tid.v, sizeof here, &here) != 0) forget(placed);
}

void Placement::look(Tid tid, Placed& placed) {
  if (!placed.own) return;
  // Once may be for want of a processor.
  placed.seldom = placed.recent < kSeldom ? placed.seldom + 1 : 0;
  placed.recent = 0;
  if (placed.seldom == kSeldomLooks) give_back(tid, placed);
}

void Placement::leave(Tid tid, Placed& placed) {
  placed.rest_until = steady_clock::now() + kRest;
  give_back(tid, placed);
}

void Placement::give_back(Tid tid, Placed& placed) {
  if (!placed.own) return;
  sched_setaffinity(tid.v, sizeof *placed.own, &*placed.own);
  forget(placed);
}

void Placement::born(const Placed& creator, Tid child, Placed& placed) {
  placed = {};
  placed.left_alone = creator.left_alone;
  // The mask is inherited (sched_setaffinity(2)).
  if (creator.own) sched_setaffinity(child.v, sizeof *creator.own, &*creator.own);
}

void Placement::forget(Placed& placed) {
  if (!placed.own) return;
  placed.own.reset();
  if (--placed_ == 0) sched_setaffinity(0, sizeof mask_, &mask_);
}

}  // namespace keyhole
