// The gang scheduler: threads that need different protections cannot run at once in one address
// space, so one regime runs at a time and the threads of the others are held.
#include <algorithm>

#include "engine/tracer.h"

namespace keyhole {
namespace {
constexpr std::chrono::milliseconds kSlice{2};
}

bool Tracer::fits(Space& space, const Regime& a, const Regime& b) const {
  return same_protections(a, b, space.keys_in_use_now(), space.rules);
}

void Tracer::ready(Thread& thread, Go how, std::optional<siginfo_t> deliver) {
  thread.run = Run::ready;
  thread.how = how;
  if (deliver) thread.deliver = deliver;
}

/// Lets every ready thread of the space go on whose regime is in force; when nothing else runs, the
/// regime of the thread that has waited longest comes next.
void Tracer::schedule(Space& space) {
  while (!paused_ && !standing_) {
    Thread* next = nullptr;
    bool running = false, acted = false;
    // By id, not by iterator: to go on may end a thread or give it another regime.
    std::vector<Thread*> here;
    for (const auto& [tid, thread] : threads_)
      if (thread->space.get() == &space) here.push_back(thread.get());
    for (Thread* thread : here) {
      if (thread->run == Run::running || falling_asleep(*thread)) running = true;
      if (thread->run != Run::ready) continue;
      if (fits(space, thread->regime, space.active)) {
        if (thread->held) {
          thread->held = false;
          log({.kind = EventKind::release,
               .space = space.id,
               .tid = thread->tid,
               .cause = Cause::scheduler});
        }
        if (!resume(*thread)) acted = true;
        if (thread->run == Run::running || thread->run == Run::asleep) running = true;
      } else if (!next || thread->last_run < next->last_run) {
        next = thread;
      }
    }
    if (acted) continue;
    if (!next) return;
    if (running) {
      if (!next->held) {
        for (Thread* thread : here) {
          if (thread->run != Run::ready || thread->held) continue;
          thread->held = true;
          log({.kind = EventKind::hold,
               .space = space.id,
               .tid = thread->tid,
               .cause = Cause::scheduler});
        }
      }
      return;
    }
    if (next->run != Run::ready) continue;
    const bool alone = std::none_of(here.begin(), here.end(), [&](Thread* t) {
      return t != next && t->run == Run::ready && fits(space, t->regime, next->regime);
    });
    if (!switch_regime(space, next->regime, *next, alone && !next->deliver)) {
      // The kernel refused, as a finding says: better to stand than to run on with the wrong
      // protections.
      if (next->run == Run::ready) return pause("fault", next);
    }
  }
}

/// A thread on its way into a futex wait still has to read the futex word, with its own rights.
bool Tracer::falling_asleep(Thread& thread) {
  if (thread.run != Run::asleep || thread.sleeps) return false;
  thread.sleeps = thread_state(thread.tid) == 'S';
  return !thread.sleeps;
}

/// A thread that was sent through the stub may not have come out yet: until it has made every call,
/// the regime is not in force for others.
bool Tracer::regime_in_force(const Thread& thread) const {
  const Space& space = *thread.space;
  if (space.fused.v == 0 || space.fused == thread.tid) return true;
  return space.memory.get<uint64_t>(kStubHeader + offsetof(StubHeader, done)) == 1;
}

/// True when the thread has gone on; false when it must be looked at again (its regime changed, or
/// it ended).
bool Tracer::resume(Thread& thread) {
  if (!regime_in_force(thread)) settle_fused(*thread.space, &thread);
  if (thread.deliver && !deliver(thread)) return false;
  const int signal = thread.deliver ? thread.deliver->si_signo : 0;
  thread.deliver.reset();
  thread.in_call = false;
  thread.last_run = ++run_counter_;
  const bool sleeps = thread.call.number == SYS_futex && thread.how == Go::to_syscall_exit;
  thread.run = sleeps ? Run::asleep : Run::running;
  thread.sleeps = false;
  if (!go_on(thread.tid, thread.how, signal)) {
    // Killed meanwhile: the exit status is on its way.
    thread.run = Run::running;
  }
  return true;
}

namespace {

/// The kernel writes the rseq area on the way back to the program: where the regime denies it, that
/// must come to light at a stop, not after a fused return.
bool denies_rseq(const Space& space, const Thread& thread, const Regime& to) {
  if (!thread.tls || !thread.tls->rseq) return false;
  const auto page = space.regions.find(thread.tls->rseq->start);
  return page && !to.rights.may_write(page->second.key);
}

}  // namespace

bool Tracer::switch_regime(Space& space, const Regime& to, Thread& executor, bool fuse) {
  const auto steps = steps_between(space.regions, RegionMap::everything(),
                                   {space.active, space.rules}, {to, space.rules});
  space.slice_start = std::chrono::steady_clock::now();
  const Regime from = space.active;
  space.active = to;
  if (steps.empty()) return true;
  const auto calls = protect_calls(steps);
  // A lone thread goes straight from the stub to the program; no other thread of the space runs
  // meanwhile.
  if (fuse && executor.how == Go::cont && calls.size() < kStubMaxCalls &&
      !denies_rseq(space, executor, to)) {
    send_through_stub(executor, calls);
    return true;
  }
  if (run_calls(space, calls, &executor)) return true;
  space.active = from;
  return false;
}

bool Tracer::anything_held() const {
  return std::any_of(threads_.begin(), threads_.end(),
                     [](const auto& item) { return item.second->held; });
}

void Tracer::tick() {
  std::vector<std::shared_ptr<Space>> spaces;
  for (const auto& [tid, thread] : threads_)
    if (thread->held && std::find(spaces.begin(), spaces.end(), thread->space) == spaces.end())
      spaces.push_back(thread->space);
  const auto now = std::chrono::steady_clock::now();
  for (const auto& space : spaces) {
    // Whoever was interrupted in a call only wants to sleep on: that is worth a turn, but not at
    // once.
    bool all_asleep = true, wanted = false;
    for (const auto& [tid, thread] : threads_) {
      if (thread->space != space) continue;
      if (thread->held && !thread->in_call) wanted = true;
      const bool runs = thread->run == Run::running && thread_state(thread->tid) != 'S';
      if (runs || falling_asleep(*thread)) all_asleep = false;
    }
    if ((all_asleep && wanted) || now - space->slice_start > kSlice) rotate(*space);
  }
}

void Tracer::rotate(Space& space) {
  stop_threads(space, false);
  // Those that were interrupted are ready again, but it is the turn of a held one.
  Thread* next = nullptr;
  for (const auto& [tid, thread] : threads_)
    if (thread->space.get() == &space && thread->held && thread->run == Run::ready &&
        (!next || thread->last_run < next->last_run))
      next = thread.get();
  if (next && !fits(space, next->regime, space.active))
    switch_regime(space, next->regime, *next, false);
  schedule(space);
}

void Tracer::set_rights(Thread& thread, Pkru rights, Cause cause, RemoteAddr site) {
  thread.before = thread.regime;
  thread.regime.rights = rights;
  keys_->set_rights(thread.tid, rights);
  log({.kind = EventKind::rights,
       .space = thread.space->id,
       .tid = thread.tid,
       .site = site,
       .rights = rights,
       .cause = cause});
}

}  // namespace keyhole
