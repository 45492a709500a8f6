// Stopping threads, so that acting inside the tracee is safe: a thread that has stopped is clean,
// or its stop waits for dispatch.
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "engine/tracer.h"

namespace keyhole {

/// A status of this thread; none when `hopeless` says, at a tick, that none will come now.
std::optional<int> Tracer::wait_unless(Tid tid, const std::function<bool()>& hopeless) {
  if (ticker_ && ticker_->period().count() == 0) ticker_->every(kShortestTick);
  for (int status = 0;;) {
    const pid_t answer = waitpid(tid.v, &status, __WALL);
    if (answer == tid.v) return status;
    if (answer < 0 && errno == EINTR && !hopeless()) continue;
    return {};
  }
}

std::optional<int> Tracer::wait_for(Tid tid) {
  const auto process = processes_.find(tid.v);
  const bool first_of_many = process != processes_.end() && process->second.threads > 1;
  // The end of a first thread is told only after the ends of all others (kernel/exit.c,
  // delay_group_leader), and those are for the loop to hear: it must not be waited for here.
  return wait_unless(tid, [&] { return first_of_many && thread_state(tid) == 'Z'; });
}

void Tracer::stop_threads(Space& space, bool also_asleep) {
  std::vector<Thread*> stopping;
  for (Thread* thread : space.threads) {
    const bool asleep = thread->run == Run::asleep && (also_asleep || falls_asleep(*thread));
    if (thread->run == Run::running || asleep) {
      if (interrupt(thread->tid)) stopping.push_back(thread);
      else thread->enter(Run::ended);
    }
  }
  for (Thread* thread : stopping) take_stop(*thread);
  // Only when all have been heard: a call's consequences may need another thread.
  for (Thread* thread : stopping) finish_call(*thread);
}

void Tracer::stop_thread(Thread& thread) {
  if (!interrupt(thread.tid)) return;
  take_stop(thread);
  finish_call(thread);
}

/// Takes the stop of an interrupted thread, unless none can come now. An exec waits in the kernel
/// for us to hear of the end of its siblings, a read may wait for a page that another tracee
/// serves: to wait for such a thread would never end. It stops before it is back at its own code.
void Tracer::take_stop(Thread& thread) {
  std::optional<char> state;
  const auto status = wait_unless(thread.tid, [&] {
    state = thread_state(thread.tid);
    // But a memory call that waits for the map's lock is soon over, and must be noted.
    return state == 'Z' || (state == 'D' && thread.how == Go::cont);
  });
  if (status) return absorb_stop(thread, *status);
  // The end of a first thread is told only after the ends of all others, as in wait_for.
  if (state == 'Z') return thread.enter(Run::ended);
  if (state == 'D') thread.enter(Run::in_kernel);
}

/// What a stopped thread's call did to memory has to be in the map before protections are computed
/// from it.
void Tracer::finish_call(Thread& thread) {
  if (thread.run == Run::pending && classify(thread.status).kind == StopKind::syscall_exit)
    on_syscall_exit(thread);
}

/// From a stop within a system call to the one at its end: only there is its result in the
/// registers. False when the thread dies instead; then that is what waits for dispatch.
bool Tracer::leave_call(Thread& thread) {
  thread.enter(Run::running);
  go_on(thread.tid, Go::to_syscall_exit);
  const auto next = wait_for(thread.tid);
  if (!next) return false;
  thread.enter(Run::pending);
  thread.status = *next;
  thread.can_inject = false;
  if (classify(*next).kind == StopKind::syscall_exit) return true;
  pending_.push_back(thread.tid.v);
  return false;
}

/// A call that is about to begin is skipped, and the thread steps back onto its instruction (two
/// bytes): it will make it again.
void Tracer::step_back(Thread& thread, Regs regs) {
  const uint64_t number = std::exchange(regs.orig_rax, ~0ull);
  set_regs(thread.tid, regs);
  if (!leave_call(thread)) return;
  regs.rax = number;
  regs.rip -= 2;
  set_regs(thread.tid, regs);
  ready(thread);
}

/// Whether a ready thread stands in the kernel, before a call: then it can do nothing else.
bool Tracer::before_call(const Thread& thread) {
  return thread.how == Go::to_syscall_exit && !(thread.wait && thread.wait->entering);
}

/// A thread that stands before a call, decided about already, is taken back as the program made it.
bool Tracer::unmake_call(Thread& thread) {
  Regs asked;
  if (!get_regs(thread.tid, asked)) return false;
  const PendingCall call = std::exchange(thread.call, {});
  end_turn(thread);
  if (!thread.wait) {
    asked.orig_rax = call.number;
    asked.rdi = call.args[0], asked.rsi = call.args[1], asked.rdx = call.args[2];
    asked.r10 = call.args[3], asked.r8 = call.args[4], asked.r9 = call.args[5];
  }
  step_back(thread, asked);
  if (thread.wait) thread.wait->entering = true;
  return thread.run == Run::ready;
}

/// A thread has stopped while the engine was busy. What the thread would do again by itself (a
/// fault, a system call that has not begun) is undone, so that the thread is clean; the rest waits
/// for dispatch.
void Tracer::absorb_stop(Thread& thread, int status) {
  Stop stop = classify(status);
  thread.status = status;
  thread.enter(Run::pending);
  thread.can_inject = stop.kind == StopKind::signal;
  Regs regs;
  if (stop.kind != StopKind::exited && stop.kind != StopKind::killed &&
      get_regs(thread.tid, regs)) {
    if (thread.space->fused == thread.tid) stop = settle_stub(thread, stop, regs);
    if (stop.kind == StopKind::interrupted) {
      restart_wait(thread, regs);
      return ready(thread);
    }
    if (stop.kind == StopKind::syscall_entry) return step_back(thread, regs);
    siginfo_t info;
    if (stop.kind == StopKind::signal && get_siginfo(thread.tid, info) && info.si_code > 0 &&
        !kills_anyway(info)) {
      const bool fault = stop.value == SIGSEGV || stop.value == SIGILL;
      const bool ours = stop.value == SIGTRAP && thread.space->stopped_by_us({regs.rip});
      if (ours) {
        regs.rip--;
        set_regs(thread.tid, regs);
      }
      if (fault || ours) return ready(thread);
    }
  }
  pending_.push_back(thread.tid.v);
}

Thread* Tracer::clean_thread(Space& space) {
  const auto clean = [&] {
    const auto found = std::find_if(space.threads.begin(), space.threads.end(), [](Thread* thread) {
      return thread->run == Run::ready && !before_call(*thread);
    });
    return found == space.threads.end() ? nullptr : *found;
  };
  Thread* found = clean();
  // All may wait for one page of code to be read from the disk: one of them is soon through.
  const auto until = std::chrono::steady_clock::now() + kPageIn;
  const auto late = [&] { return std::chrono::steady_clock::now() > until; };
  for (Thread* thread : space.threads) {
    if (found || late()) break;
    if (thread->run != Run::in_kernel) continue;
    if (const auto status = wait_unless(thread->tid, late)) absorb_stop(*thread, *status);
    found = clean();
  }
  return found;
}

}  // namespace keyhole
