// What the program believes about the signals that carry gates and emulated keys. They must reach
// it as the kernel raises them: one that is blocked or ignored for real would lose its handler
// before the engine sees it (kernel/signal.c, force_sig_info_to_task). So they are never blocked
// nor ignored, and the program is told otherwise.
#include <sys/syscall.h>

#include <cerrno>
#include <csignal>

#include "engine/tracer.h"

namespace keyhole {
namespace {

constexpr uint64_t bit(uint64_t signal) { return 1ull << (signal - 1); }
constexpr uint64_t kOurSignals = bit(SIGSEGV) | bit(SIGILL) | bit(SIGTRAP);
constexpr uint64_t kIgnore = 1;  // SIG_IGN, the first word of the kernel's struct sigaction

}  // namespace

void Tracer::enter_mask(Thread& thread, Regs& regs) {
  // rt_sigprocmask(how, set, oldset, 8). The mask changes although `oldset` may be bad, but not
  // when `how`, the size or `set` is (kernel/signal.c).
  thread.call.old_mask = thread.hidden_mask;
  const RemoteAddr at{regs.rsi};
  const bool valid = at && regs.r10 == sizeof(uint64_t) && regs.rdi <= SIG_SETMASK &&
                     may_access(thread, {at, at + sizeof(uint64_t)}, false);
  const auto set = valid ? thread.space->memory.get<uint64_t>(at) : std::nullopt;
  if (set) {
    const uint64_t ours = *set & kOurSignals;
    thread.call.new_mask = regs.rdi == SIG_BLOCK     ? thread.hidden_mask | ours
                           : regs.rdi == SIG_UNBLOCK ? thread.hidden_mask & ~ours
                                                     : ours;
  }
  const bool touched = (set && (*set & kOurSignals)) || thread.call.old_mask != 0;
  ready(thread, touched ? Go::to_syscall_exit : Go::cont);
}

void Tracer::exit_mask(Thread& thread, const Regs& regs) {
  strip_mask(thread);
  if (thread.call.new_mask) {
    thread.hidden_mask = *thread.call.new_mask;
    release_kept(thread);
  }
  show_hidden(thread, {thread.call.args[2]}, thread.call.old_mask, regs);
}

/// Adds signals of ours to a set that the kernel has written for the program.
void Tracer::show_hidden(Thread& thread, RemoteAddr set, uint64_t hidden, const Regs& regs) {
  if (!set || hidden == 0 || failed(regs)) return;
  if (auto seen = thread.space->memory.get<uint64_t>(set)) {
    *seen |= hidden;
    thread.space->memory.write(set, &*seen, sizeof *seen);
  }
}

/// Takes our signals out of the thread's real mask; answers which of them were in it.
uint64_t Tracer::strip_mask(Thread& thread) {
  uint64_t mask = 0;
  if (!get_sigmask(thread.tid, mask) || (mask & kOurSignals) == 0) return 0;
  set_sigmask(thread.tid, mask & ~kOurSignals);
  return mask & kOurSignals;
}

/// rt_sigpending(set, 8)
void Tracer::exit_pending(Thread& thread, const Regs& regs) {
  uint64_t pending = 0;
  for (const auto* kept : {&thread.kept, &processes_[thread.process].kept})
    for (const auto& [signal, info] : *kept) pending |= bit(static_cast<uint64_t>(signal));
  show_hidden(thread, {thread.call.args[0]}, pending, regs);
}

/// rt_sigtimedwait(set, info, timeout, 8): what is pending here is taken at once, also where the
/// wait is begun again after a stop of ours. Its real wait takes the same signals by itself.
void Tracer::enter_signal_wait(Thread& thread, Regs& regs) {
  const Space& space = *thread.space;
  const auto set = space.memory.get<uint64_t>({regs.rdi});
  for (auto* kept : {&thread.kept, &processes_[thread.process].kept})
    for (const auto& [signal, info] : *kept) {
      if (!set || !(*set & bit(static_cast<uint64_t>(signal)))) continue;
      const RemoteAddr to{regs.rsi};
      const bool bad = to && !may_access(thread, {to, to + sizeof info}, true);
      if (to && !bad) space.memory.write(to, &info, sizeof info);
      const int64_t result = bad ? -EFAULT : signal;
      kept->erase(signal);
      if (!thread.wait) return answer(thread, regs, result);
      end_wait(thread, result);
      return ready(thread);
    }
  thread.call = {};
  ready(thread, thread.wait ? Go::to_syscall_exit : Go::cont);
}

/// signalfd(fd, mask, 8): the kernel knows nothing of what is pending here.
void Tracer::enter_signalfd(Thread& thread, const Regs& regs) {
  const auto set = thread.space->memory.get<uint64_t>({regs.rsi});
  if (set && *set & kOurSignals)
    finding_once(
        *thread.space, thread.tid, FindingClass::not_emulated,
        "signalfd for SIGSEGV, SIGILL or SIGTRAP: one that is sent while it is blocked is not "
        "seen by it here");
  thread.call = {};
  ready(thread);
}

/// A wait with a signal mask of its own. The kernel puts it in force and takes it back by itself;
/// what it blocks is taken out of the real mask where it matters, when a handler begins
/// (enter_handler). But what it unblocks stays hidden here.
void Tracer::enter_masked_wait(Thread& thread, const Regs& regs) {
  RemoteAddr at{regs.orig_rax == SYS_rt_sigsuspend ? regs.rdi
                : regs.orig_rax == SYS_ppoll       ? regs.r10
                : regs.orig_rax == SYS_pselect6    ? regs.r9
                                                   : regs.r8};
  // pselect6 is given a pointer to the set's address and size (select(2)).
  const RemoteMemory& memory = thread.space->memory;
  if (at && regs.orig_rax == SYS_pselect6) at = {memory.get<uint64_t>(at).value_or(0)};
  const auto mask = at ? memory.get<uint64_t>(at) : std::nullopt;
  if (mask && thread.hidden_mask & ~*mask)
    finding_once(
        *thread.space, thread.tid, FindingClass::not_emulated,
        "sigsuspend, ppoll, pselect or epoll_pwait that unblocks SIGSEGV, SIGILL or SIGTRAP for "
        "its time: one that is sent to it stays pending here, and in a handler that it runs they "
        "count as blocked");
  thread.call = {};
  ready(thread);
}

/// rt_sigaction(signal, act, oldact, 8): "ignore" of a signal of ours becomes "default" for the
/// time of the call.
void Tracer::enter_action(Thread& thread, Regs& regs) {
  const uint64_t signal = regs.rdi;
  if (signal == 0 || signal > 64 || !(kOurSignals & bit(signal))) return ready(thread);
  Space& space = *thread.space;
  thread.call.was_ignored = space.ignored & bit(signal);
  const auto handler = regs.rsi ? space.memory.get<uint64_t>({regs.rsi}) : std::nullopt;
  if (handler) space.ignored &= ~bit(signal);
  if (handler.value_or(0) > kIgnore && signal == SIGTRAP) {
    space.handles_traps = true;
    restore_rights_sites(space, RegionMap::everything());
  }
  if (handler == kIgnore) {
    space.ignored |= bit(signal);
    constexpr uint64_t by_default = 0;  // SIG_DFL
    space.memory.write({regs.rsi}, &by_default, sizeof by_default);
  }
  ready(thread, Go::to_syscall_exit);
}

void Tracer::exit_action(Thread& thread, const Regs& regs) {
  const Space& space = *thread.space;
  const RemoteAddr act{thread.call.args[1]}, old{thread.call.args[2]};
  if (act && space.ignored & bit(thread.call.args[0]))
    space.memory.write(act, &kIgnore, sizeof kIgnore);
  if (old && thread.call.was_ignored && regs.rax == 0)
    space.memory.write(old, &kIgnore, sizeof kIgnore);
}

}  // namespace keyhole
