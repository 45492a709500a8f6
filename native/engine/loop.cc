// The loop: wait, classify, dispatch, go on.
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <exception>

#include "engine/finding_class.h"
#include "engine/json_text.h"
#include "engine/ticker.h"
#include "engine/tracer.h"

namespace keyhole {
namespace {
/// How long commands are carried out before the program has its turn, and how long that lasts: as
/// long as they did, within these bounds. Commands stop the threads; who stops them again before
/// they have run an instruction gets nowhere with them, however long it goes on.
constexpr std::chrono::milliseconds kCommands{10};
constexpr std::chrono::microseconds kShortestTurn{500}, kLongestTurn{50'000};
}  // namespace

void Tracer::run_safely() {
  try {
    run();
  } catch (const std::exception& e) {
    log({.kind = EventKind::finding,
         .space = root_,
         .cause = Cause::policy,
         .detail = text_of({{"class", name_of(FindingClass::engine_error)}, {"text", e.what()}})});
    let_go(Cause::policy);
  }
}

void Tracer::run() {
  Ticker& ticker = ticker_.emplace();
  const struct Ticking {
    std::optional<Ticker>& ticker;
    ~Ticking() { ticker.reset(); }
  } ticking{ticker_};
  while (!threads_.empty() && !commands_.closed()) {
    if (turn_ends_ && std::chrono::steady_clock::now() >= *turn_ends_) run_commands();
    // Those that wait now; what they bring comes after the commands, which must be heard whatever a
    // program does.
    for (size_t waiting = pending_.size(); waiting > 0 && dispatch_pending(); waiting--) {
    }
    if (threads_.empty()) break;
    // While some thread is held, the slices of the others are timed; while some are placed, their
    // places are looked at. A tick too many costs less than setting the timer for every hold.
    const bool held = !paused_ && !contended_.empty();
    const std::chrono::nanoseconds wanted = held                  ? slice_tick_
                                            : turn_ends_          ? kShortestTurn
                                            : placement_.anyone() ? Placement::kLook
                                            : attached() || !early_stops_.empty()
                                                ? kReread
                                                : std::chrono::nanoseconds(0);
    if (wanted.count() != 0 && (ticker.period().count() == 0 || wanted < ticker.period()))
      ticker.every(wanted);
    const bool heard = wait_once();
    if (attached()) {
      reread_spaces(false);
      pause_if_asked();
    }
    if (heard) continue;
    ticker.every(wanted);
    if (held) tick();
    look_at_places();
    end_orphans();
  }
  let_go(Cause::user);
}

/// False when the wait was ended by a tick, or nobody is left.
bool Tracer::wait_once() {
  int status = 0;
  // __WNOTHREAD: the host may run other tracers and children; only this thread's are ours.
  // WUNTRACED: the waker.
  const int asleep = pending_.empty() ? 0 : WNOHANG;
  const pid_t tid = waitpid(-1, &status, __WALL | __WNOTHREAD | WUNTRACED | asleep);
  if (tid == 0) return true;  // what is pending comes next
  if (tid < 0) {
    if (errno == ECHILD) forget_all();
    return false;
  }
  if (tid == waker_.v) {
    // Somebody may kill the waker: without one no command would ever be heard again.
    if (!WIFSTOPPED(status)) start_waker();
    run_commands();
    return true;
  }
  const auto it = threads_.find(tid);
  if (it == threads_.end()) {
    // A child may be seen before the event of its parent; a thread that died unseen is nobody's.
    const auto now = std::chrono::steady_clock::now();
    if (!WIFSTOPPED(status)) early_stops_.erase(tid);
    else if (!ends_orphan({tid}, now)) early_stops_.try_emplace(tid, now);
    return true;
  }
  dispatch(*it->second, [&] {
    it->second->status = status;
    return classify(status);
  }());
  return true;
}

bool Tracer::dispatch_pending() {
  if (pending_.empty()) return false;
  const int tid = pending_.front();
  pending_.pop_front();
  const auto it = threads_.find(tid);
  if (it != threads_.end() && it->second->run == Run::pending)
    dispatch(*it->second, classify(it->second->status));
  return true;
}

void Tracer::dispatch(Thread& thread, Stop stop) {
  // The space may lose its last thread in a handler: keep it until it has been scheduled once more.
  const std::shared_ptr<Space> space = thread.space;
  const Tid tid = thread.tid;
  thread.enter(Run::pending);
  thread.can_inject = stop.kind == StopKind::signal;
  if (stop.kind != StopKind::signal) thread.retries = 0;
  if (stop.kind != StopKind::exited && stop.kind != StopKind::killed)
    placement_.stopped(tid, thread.placed);
  if (space->fused == thread.tid && stop.kind != StopKind::exited &&
      stop.kind != StopKind::killed) {
    Regs regs;
    if (get_regs(thread.tid, regs)) {
      if (kStubCode.contains({regs.rip})) stop = settle_stub(thread, stop, regs);
      else if (stop.kind == StopKind::signal) unchanged_ = {thread.tid, regs};
      space->fused = {};
    }
  }
  switch (stop.kind) {
    case StopKind::exited:
    case StopKind::killed:
      on_gone(thread, stop);
      break;
    case StopKind::syscall_entry:
      on_syscall_entry(thread);
      break;
    case StopKind::syscall_exit:
      on_syscall_exit(thread);
      break;
    case StopKind::signal:
      on_signal(thread, stop.value);
      break;
    case StopKind::interrupted:
      if (attached()) {
        Regs regs;
        if (get_regs(thread.tid, regs)) restart_wait(thread, regs);
        look_at(thread);
      }
      ready(thread);
      break;
    case StopKind::group_stop:
      if (attached()) look_at(thread);
      go_on(thread.tid, Go::listen);
      thread.enter(Run::listening);
      break;
    case StopKind::clone:
    case StopKind::fork:
    case StopKind::vfork:
      on_clone(thread, stop.kind);
      break;
    case StopKind::vfork_done:
      if (leave_call(thread)) ready(thread);
      break;
    case StopKind::exec:
      on_exec(thread);
      break;
  }
  check_model(*space);
  pause_if_asked();
  schedule(*space);
  unchanged_.reset();
  // After an exec the thread lives in another space.
  const auto after = threads_.find(tid.v);
  if (after != threads_.end() && after->second->space != space) schedule(*after->second->space);
}

void Tracer::look_at_places() {
  const auto now = std::chrono::steady_clock::now();
  if (!placement_.anyone() || now < next_look_) return;
  next_look_ = now + Placement::kLook;
  for (const auto& [tid, thread] : threads_) placement_.look(thread->tid, thread->placed);
}

/// Those that have come; then the program has its turn, in which the waker stands and nothing is
/// heard. After a turn in which none came, it waits for the next again.
void Tracer::run_commands() {
  const auto begun = std::chrono::steady_clock::now();
  auto now = begun;
  for (; now - begun < kCommands; now = std::chrono::steady_clock::now()) {
    const auto message = commands_.next();
    if (!message) break;
    command(*message);
  }
  if (now == begun) {
    turn_ends_.reset();
    kill(waker_.v, SIGCONT);
    return;
  }
  turn_ends_ = now;
  if (!paused_)
    *turn_ends_ += std::clamp<std::chrono::nanoseconds>(now - begun, kShortestTurn, kLongestTurn);
}

void Tracer::kill_all() {
  for (const auto& [tid, thread] : threads_) kill(thread->process, SIGKILL);
  for (const auto& [tid, status] : early_stops_) kill(tid, SIGKILL);
  if (waker_.v != 0) kill(waker_.v, SIGKILL);
  forget_all();
  early_stops_.clear();
  waker_ = {};
  // In whatever order they die: a leader is reported only after its other threads (ptrace(2)). A
  // child that is born meanwhile stops first.
  int status;
  for (pid_t tid; (tid = waitpid(-1, &status, __WALL | __WNOTHREAD)) > 0 || errno == EINTR;)
    if (tid > 0 && WIFSTOPPED(status)) kill(tid, SIGKILL);
}

}  // namespace keyhole
