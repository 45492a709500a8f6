// The gang scheduler: threads that need different protections cannot run at once in one address
// space, so one regime runs at a time and the threads of the others are held.
#include <sys/mman.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>

#include "engine/tracer.h"

namespace keyhole {
namespace {
constexpr std::chrono::milliseconds kSlice{2};
}

void Thread::enter(Run next) {
  space->running += (next == Run::running) - (run == Run::running);
  run = next;
}

bool Tracer::fits(Space& space, const Regime& a, const Regime& b) const {
  return same_protections(a, b, space.regions.keys(), space.rules);
}

void Tracer::ready(Thread& thread, Go how, std::optional<siginfo_t> deliver) {
  thread.enter(Run::ready);
  thread.how = how;
  if (deliver) thread.deliver.push_back(*deliver);
  if (!std::exchange(thread.in_line, true)) thread.space->stopped.push_back(&thread);
}

/// Lets every ready thread of the space go on whose regime is in force; when nothing else runs, the
/// regime of the thread that has waited longest comes next. The cost is that of the threads that
/// have stopped since, however many wait.
void Tracer::schedule(Space& space) {
  while (!paused_ && !standing_) {
    look_again(space);
    while (!space.stopped.empty()) {
      Thread& thread = *space.stopped.front();
      space.stopped.pop_front();
      thread.in_line = false;
      if (thread.run != Run::ready) continue;
      if (!fits(space, thread.regime, space.active)) {
        thread.in_line = true;
        space.waiting.push_back(&thread);
        continue;
      }
      hold(thread, false);
      // Whoever cannot go on yet is ready again, or its next stop waits for dispatch.
      resume(thread);
    }
    if (space.waiting.empty()) return;
    if (anybody_runs(space)) {
      // The newest are last.
      for (auto it = space.waiting.rbegin(); it != space.waiting.rend() && !(*it)->held; ++it)
        hold(**it, true);
      return;
    }
    // A change of protections may have ended one of them.
    std::erase_if(space.waiting,
                  [](Thread* t) { return t->run != Run::ready && !(t->in_line = false); });
    if (space.waiting.empty()) return;
    Thread& next = longest_waiting(space);
    const bool alone = std::none_of(space.waiting.begin(), space.waiting.end(), [&](Thread* t) {
      return t != &next && fits(space, t->regime, next.regime);
    });
    if (!switch_regime(space, next.regime, next, alone && next.deliver.empty()) &&
        refused_for(next))
      return;
  }
}

/// The regime of `next` could not be made. When the kernel refused, as a finding says, nobody may
/// run on under the wrong protections. A thread that was killed meanwhile could not make the calls:
/// its end is on its way.
bool Tracer::refused_for(Thread& next) {
  Regs regs;
  if (next.run != Run::ready) return false;
  if (!get_regs(next.tid, regs)) {
    next.enter(Run::running);
    return false;
  }
  give_up(next, "its protections could not be changed");
  return true;
}

/// Those that wait are looked at again once something else is in force; they come before those that
/// have just stopped.
void Tracer::look_again(Space& space) {
  const InForce now{space.active, space.regions.keys(), space.rules.gates_live};
  if (space.waiting_for == now) return;
  space.waiting_for = now;
  part(space);
  space.stopped.insert(space.stopped.begin(), space.waiting.begin(), space.waiting.end());
  space.waiting.clear();
}

/// A key that comes into use parts threads that had the same protections until now: whoever runs on
/// under another's is stopped. After a change of regime nobody runs.
void Tracer::part(Space& space) {
  if (space.running == 0) return;
  for (const auto& [tid, thread] : threads_)
    if (thread->space.get() == &space && thread->run == Run::running &&
        !fits(space, thread->regime, space.active))
      stop_thread(*thread);
}

void Tracer::hold(Thread& thread, bool held) {
  if (thread.held == held) return;
  thread.held = held;
  if (held) contended_.insert(thread.space);
  log({.kind = held ? EventKind::hold : EventKind::release,
       .space = thread.space->id,
       .tid = thread.tid,
       .cause = Cause::scheduler});
}

Thread& Tracer::longest_waiting(Space& space) const {
  return **std::min_element(space.waiting.begin(), space.waiting.end(),
                            [](Thread* a, Thread* b) { return a->last_run < b->last_run; });
}

/// A thread on its way into a futex wait still has to read the futex word. Where it may, it counts
/// as asleep from the start: read under another's protections the word is what it is, or the wait
/// fails and is begun again (exit_futex). Else it runs, with its own rights.
bool Tracer::may_read_its_wait(const Thread& thread) {
  if (thread.futex_faults > 0) return false;
  const RemoteAddr timeout{thread.call.args[3]};
  return may_use_word(thread) &&
         (!timeout || may_access(thread, {timeout, timeout + sizeof(timespec)}, false));
}

bool Tracer::anybody_runs(Space& space) const {
  if (space.running > 0) return true;
  std::erase_if(space.dozing,
                [](Thread* thread) { return !falls_asleep(*thread) && !(thread->dozes = false); });
  return !space.dozing.empty();
}

bool Tracer::falls_asleep(Thread& thread) {
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
  // At the entry of a system call nothing can be handed over; its exit will come.
  const bool can_deliver = !before_call(thread);
  const bool comes = std::any_of(thread.deliver.begin(), thread.deliver.end(),
                                 [&](const siginfo_t& one) { return !stays_pending(thread, one); });
  if (can_deliver && thread.wait && comes) {
    end_wait(thread, -EINTR);
    thread.how = Go::cont;
  }
  const bool wait_over = std::exchange(thread.wait_over, false);
  if (can_deliver && !thread.deliver.empty() && !deliver(thread)) return false;
  if (wait_over && thread.deliver.empty() && signal_dispositions(thread.tid).pending == 0)
    begin_masked_wait(thread);
  int signal = 0;
  if (can_deliver && !thread.deliver.empty()) {
    signal = thread.deliver.front().si_signo;
    thread.deliver.pop_front();
  }
  if (thread.wait && thread.wait->entering) thread.how = Go::to_syscall_exit;
  thread.in_call = false;
  thread.last_run = ++run_counter_;
  const bool sleeps = thread.call.number == SYS_futex && thread.how == Go::to_syscall_exit;
  thread.enter(sleeps ? Run::asleep : Run::running);
  thread.sleeps = sleeps && may_read_its_wait(thread);
  if (sleeps && !thread.sleeps && !std::exchange(thread.dozes, true))
    thread.space->dozing.push_back(&thread);
  if (!go_on(thread.tid, thread.how, signal)) {
    // Killed meanwhile: the exit status is on its way.
    thread.enter(Run::running);
  }
  if (!thread.deliver.empty()) interrupt(thread.tid);  // one at a stop
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
  if (executor.run == Run::ready && before_call(executor) && !unmake_call(executor)) return false;
  if (space.grows_with_key()) grow_stacks(space, kernel_list(executor.tid));
  Passage& passage = passage_to(space, to);
  space.slice_start = std::chrono::steady_clock::now();
  space.waiting_for.reset();
  if (std::exchange(passage.taken, true) && !keep_apart(space, passage, executor)) return false;
  const Regime from = space.active;
  space.active = to;
  if (passage.calls.empty()) return true;
  // A lone thread goes straight from the stub to the program; no other thread of the space runs
  // meanwhile.
  if (fuse && executor.deliver.empty() && executor.how == Go::cont && !executor.wait &&
      !denies_rseq(space, executor, to) && send_through_stub(executor, passage))
    return true;
  if (run_calls(space, passage.calls, &executor)) return true;
  space.active = from;
  return false;
}

/// Neighbours that become alike are one mapping to the kernel, and two again at the next change:
/// that costs more than the change itself. What is taken more than once gets advice that its
/// neighbours do not have and that changes next to nothing (mm/vma.c, is_mergeable_vma), so that
/// mappings are divided where real keys would divide them. It may be refused. False when the
/// executor has something else to tell.
bool Tracer::keep_apart(Space& space, const Passage& passage, Thread& executor) {
  std::vector<RemoteCall> calls;
  for (const RemoteCall& call : passage.calls) {
    const PageRange range{{call.args[0]}, {call.args[0] + call.args[1]}};
    if (space.apart.covers(range) || calls.size() == kStubMaxCalls) continue;
    space.apart.set(range, {});
    calls.push_back({SYS_madvise, {range.start.v, range.size(), MADV_SEQUENTIAL}});
  }
  if (!calls.empty()) run_stub(executor, calls);
  return executor.run == Run::ready;
}

/// The calls that `to` needs now.
Passage& Tracer::passage_to(Space& space, const Regime& to) {
  const uint16_t keys = space.regions.keys();
  const InForce before{space.active, keys, space.rules.gates_live};
  const InForce after{to, keys, space.rules.gates_live};
  if (space.passages_generation != space.regions.generation()) {
    space.passages_generation = space.regions.generation();
    space.passages.clear();
    space.tables_end = kStubKept.start;
  }
  for (Passage& known : space.passages)
    if (known.from == before && known.to == after) return known;
  constexpr size_t kMost = 256;
  if (space.passages.size() >= kMost) space.passages.clear(), space.tables_end = kStubKept.start;
  const auto steps = steps_between(space.regions, RegionMap::everything(),
                                   {space.active, space.rules}, {to, space.rules});
  return space.passages.emplace_back(Passage{before, after, protect_calls(steps), {}});
}

/// Sleeps in calls that are not traced come to light only here: where there are such, it is looked
/// for more often.
void Tracer::tick() {
  const auto now = std::chrono::steady_clock::now();
  bool slept = false;
  for (const auto& space : std::vector(contended_.begin(), contended_.end())) {
    const auto& waiting = space->waiting;
    const auto held = [](Thread* thread) { return thread->held; };
    if (std::none_of(waiting.begin(), waiting.end(), held)) {
      contended_.erase(space);
      continue;
    }
    // Whoever was interrupted in a call only wants to sleep on: that is worth a turn, but not at
    // once.
    const bool wanted = std::any_of(waiting.begin(), waiting.end(),
                                    [&](Thread* t) { return t->held && !t->in_call; });
    const bool slice_over = now - space->slice_start > kSlice;
    const bool sleeping = !slice_over && wanted && all_asleep(*space);
    if (sleeping) slept = true;
    if (slice_over || sleeping) rotate(*space);
  }
  slice_tick_ = slept ? kShortestTick : std::min(2 * slice_tick_, kLongestTick);
}

bool Tracer::all_asleep(Space& space) const {
  if (space.running > 0)
    for (const Thread* thread : space.threads)
      if (thread->run == Run::running && thread_state(thread->tid) != 'S') return false;
  return std::none_of(space.dozing.begin(), space.dozing.end(),
                      [](Thread* thread) { return falls_asleep(*thread); });
}

/// Those that are interrupted are ready again, but it is the turn of a held one.
void Tracer::rotate(Space& space) {
  stop_threads(space, false);
  look_again(space);
  if (!space.waiting.empty()) {
    Thread& next = longest_waiting(space);
    if (!fits(space, next.regime, space.active) &&
        !switch_regime(space, next.regime, next, false) && refused_for(next))
      return;
  }
  schedule(space);
}

void Tracer::set_rights(Thread& thread, Pkru rights, Cause cause, RemoteAddr site, Rule rule) {
  thread.before = thread.regime;
  thread.regime.rights = rights;
  keys_->set_rights(thread.tid, rights);
  log({.kind = EventKind::rights,
       .space = thread.space->id,
       .tid = thread.tid,
       .site = site,
       .rights = rights,
       .cause = cause,
       .rule = rule});
}

}  // namespace keyhole
