// Letting go of an attached process, so that it is as it was found.
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include <algorithm>
#include <csignal>
#include <set>

#include "engine/json_text.h"
#include "engine/tracer.h"

namespace keyhole {
using nlohmann::json;
namespace {
/// A thread that sleeps where nothing interrupts it (a parent in vfork, a slow disk) is not waited
/// for: the kernel lets go of it when the engine's thread ends (ptrace(2)).
constexpr std::chrono::seconds kPatience{1};
constexpr timespec kPoll{0, 100'000};

/// A fault of the instruction that the thread stands at (Intel SDM, 6.5: faults are restartable).
bool raised_again(const siginfo_t& info) {
  const int signal = info.si_signo;
  return info.si_code > 0 &&
         (signal == SIGSEGV || signal == SIGBUS || signal == SIGILL || signal == SIGFPE);
}
}  // namespace

/// Stops every thread, also those in a group stop, and lets what was under way be dispatched;
/// births among that bring new threads.
void Tracer::halt_for_detach() {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  std::set<int> asked;
  for (bool waiting = true; waiting && std::chrono::steady_clock::now() < until;) {
    waiting = false;
    std::vector<Thread*> moving;
    for (const auto& [tid, thread] : threads_) {
      const Run run = thread->run;
      if (run == Run::running || run == Run::asleep || run == Run::listening ||
          run == Run::vfork_wait)
        moving.push_back(thread.get());
    }
    for (Thread* thread : moving) {
      if (asked.insert(thread->tid.v).second && !interrupt(thread->tid)) {
        thread->enter(Run::ended);
        continue;
      }
      int status = 0;
      const pid_t tid = waitpid(thread->tid.v, &status, __WALL | WNOHANG);
      if (tid < 0) thread->enter(Run::ended);
      if (tid <= 0) {
        waiting = waiting || tid == 0;
        continue;
      }
      waiting = true;
      asked.erase(tid);
      if (classify(status).kind == StopKind::group_stop) ready(*thread);  // it stays in it
      else absorb_stop(*thread, status);
    }
    while (dispatch_pending()) {
    }
    if (waiting) nanosleep(&kPoll, nullptr);
  }
  // Our interrupt stays with a thread that stands before a call, also without us: the call would
  // find it and answer EINTR (kernel/signal.c, signal_pending). Behind the call it is forgotten.
  for (const auto& [tid, thread] : threads_)
    if (thread->run == Run::ready && before_call(*thread)) unmake_call(*thread);
  while (dispatch_pending()) {
  }
}

/// Keys and rights as they were; what could not be put back is named in `left`.
void Tracer::restore(Space& space, Thread& executor, std::vector<std::string>& left) {
  reread(space, executor.tid);
  std::vector<RemoteCall> calls;
  std::vector<std::pair<PageRange, Key>> back;
  space.found.each(RegionMap::everything(), [&](PageRange range, const Region& was) {
    space.regions.each(range, [&](PageRange piece, const Region& now) {
      if (now.key == was.key) return;
      back.push_back({piece, was.key});
      for (const RemoteCall& call : keys_->tag(piece, now.prot, was.key)) calls.push_back(call);
    });
  });
  for (int key = 1; key < kKeyCount; key++)
    if (space.our_keys >> key & 1) calls.push_back({SYS_pkey_free, {static_cast<uint64_t>(key)}});
  if (!run_calls(space, calls, &executor))
    left.push_back("the kernel refused to give pages back the key they had");
  for (const auto& [range, key] : back) {
    space.regions.update(range, [&, k = key](Region& region) { region.key = k; });
    log({.kind = EventKind::tag,
         .space = space.id,
         .tid = executor.tid,
         .range = range,
         .key_after = static_cast<int8_t>(key.v),
         .cause = Cause::policy,
         .rule = Rule::undo});
  }
  space.found = {};
  space.our_keys = 0;
}

void Tracer::detach_all(Cause cause, bool stopped) {
  standing_ = true;
  halt_for_detach();
  std::vector<std::string> left;
  std::map<Space*, Thread*> executors;
  for (const auto& [tid, thread] : threads_) {
    if (thread->run != Run::ready) continue;
    // Rather one that has no signal to hand over: a call in between would cost it its details.
    Thread*& best = executors[thread->space.get()];
    if (!best || (!best->deliver.empty() && thread->deliver.empty())) best = thread.get();
  }
  std::set<Space*> done;
  for (const auto& [tid, thread] : threads_) {
    Space& space = *thread->space;
    if (!done.insert(&space).second) continue;
    if (const auto found = executors.find(&space); found != executors.end())
      restore(space, *found->second, left);
    else if (space.found.size() > 0 || space.our_keys != 0)
      left.push_back("no thread could be stopped to give pages back the key they had");
  }
  for (const auto& [tid, thread] : threads_) {
    if (thread->run != Run::ready) continue;
    if (thread->found_rights) set_rights(*thread, *thread->found_rights, Cause::policy, {});
    // A sleep that was begun again begins with the program's own registers.
    if (thread->wait && thread->wait->entering) set_regs(thread->tid, thread->wait->asked);
    auto signals = std::exchange(thread->deliver, {});
    // Left stopped at its fault it would die of it here: the instruction raises it again, for who
    // looks then.
    if (stopped) std::erase_if(signals, raised_again);
    int here = 0;
    if (thread->can_inject && !signals.empty()) {
      here = signals.front().si_signo;
      signals.pop_front();
    }
    detach(thread->tid, here);
    for (const siginfo_t& info : signals) tgkill(thread->process, tid, info.si_signo);
  }
  for (const auto& [tid, status] : early_stops_) detach({tid});
  json facts{{"pid", root_}, {"left", left}};
  if (stopped) facts["stopped"] = true;
  log({.kind = EventKind::detach, .space = root_, .cause = cause, .detail = text_of(facts)});
  forget_all();
  early_stops_.clear();
  standing_ = false;
}

/// The end of a session, whatever the reason: what was launched ends, what was attached runs on.
void Tracer::let_go(Cause cause) {
  if (attached() && !threads_.empty()) detach_all(cause);
  kill_all();
}

}  // namespace keyhole
