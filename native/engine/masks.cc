// What the program believes about the signals that carry gates and emulated keys. They must reach
// it as the kernel raises them: one that is blocked or ignored for real would lose its handler
// before the engine sees it (kernel/signal.c, force_sig_info_to_task). So they are never blocked
// nor ignored, and the program is told otherwise.
#include <algorithm>
#include <csignal>

#include "engine/tracer.h"

namespace keyhole {
namespace {

constexpr uint64_t bit(uint64_t signal) { return 1ull << (signal - 1); }
constexpr uint64_t kOurSignals = bit(SIGSEGV) | bit(SIGILL) | bit(SIGTRAP);
constexpr uint64_t kIgnore = 1;  // SIG_IGN, the first word of the kernel's struct sigaction

}  // namespace

void Tracer::enter_mask(Thread& thread, Regs& regs) {
  // rt_sigprocmask(how, set, oldset, 8)
  thread.call.old_mask = thread.hidden_mask;
  const auto set = regs.rsi ? thread.space->memory.get<uint64_t>({regs.rsi}) : std::nullopt;
  if (set) {
    const uint64_t ours = *set & kOurSignals;
    if (regs.rdi == SIG_BLOCK) thread.hidden_mask |= ours;
    if (regs.rdi == SIG_UNBLOCK) thread.hidden_mask &= ~ours;
    if (regs.rdi == SIG_SETMASK) thread.hidden_mask = ours;
  }
  const bool touched = (set && (*set & kOurSignals)) || thread.call.old_mask != 0;
  ready(thread, touched ? Go::to_syscall_exit : Go::cont);
}

void Tracer::exit_mask(Thread& thread) {
  hide_mask(thread);
  const RemoteAddr old{thread.call.args[2]};
  if (!old || thread.call.old_mask == 0) return;
  if (auto seen = thread.space->memory.get<uint64_t>(old)) {
    *seen |= thread.call.old_mask;
    thread.space->memory.write(old, &*seen, sizeof *seen);
  }
}

/// What the kernel has blocked of our signals is blocked for the program only; what is not blocked
/// any more may come.
void Tracer::hide_mask(Thread& thread) {
  uint64_t mask = 0;
  if (get_sigmask(thread.tid, mask) && (mask & kOurSignals)) {
    thread.hidden_mask |= mask & kOurSignals;
    set_sigmask(thread.tid, mask & ~kOurSignals);
  }
  send_withheld(thread);
}

/// Signals that were sent while the program had them blocked, and that it has unblocked since.
void Tracer::send_withheld(Thread& thread) {
  std::erase_if(thread.withheld, [&](const siginfo_t& info) {
    if (thread.hidden_mask & bit(static_cast<uint64_t>(info.si_signo))) return false;
    thread.sent.push_back(info);
    tgkill(thread.process, thread.tid.v, info.si_signo);
    return true;
  });
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
