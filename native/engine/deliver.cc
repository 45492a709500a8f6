// Signals on their way to the program: handing them over, the frames of its handlers, and the ones
// that it believes it has blocked.
#include <sys/syscall.h>
#include <ucontext.h>

#include <csignal>
#include <cstddef>

#include "engine/tracer.h"

namespace keyhole {
namespace {

/// What a handler's frame keeps of the emulation, as the hardware keeps PKRU in it: whatever
/// becomes of the frame, a sigreturn from it finds what was interrupted. It stands in words of the
/// context that neither kernel nor libc uses (arch/x86/include/uapi/asm/sigcontext.h, reserved1).
struct FrameNote {
  uint64_t magic;
  uint32_t rights, compartment;
};
constexpr uint64_t kFrameMagic = 0x6b6579686f6c6531;
constexpr uint64_t kNoteOffset = offsetof(ucontext_t, uc_mcontext.__reserved1);
constexpr uint64_t kMaskOffset = offsetof(ucontext_t, uc_sigmask);
static_assert(kMaskOffset == 296, "the kernel's struct ucontext on x86-64");

constexpr uint64_t bit(int signal) { return 1ull << (signal - 1); }

}  // namespace

/// Whether the filter asks about signal calls: then the program's mask is kept here, and its
/// handlers are entered under our eyes.
bool Tracer::keeps_masks() const {
  return keys_->mode() == KeysMode::emulated || config_.virtual_gates;
}

/// Whether the program believes that it has this signal blocked, and it is no fault: those come.
bool Tracer::stays_pending(const Thread& thread, const siginfo_t& info) {
  return info.si_code <= 0 && thread.hidden_mask & bit(info.si_signo);
}

/// Hands the first of `thread.deliver` to the program. True when the caller is to go on with that
/// signal; false when the thread has changed (its handler runs with other rights, or it died) and
/// must be looked at again.
bool Tracer::deliver(Thread& thread) {
  unchanged_.reset();
  Space& space = *thread.space;
  const siginfo_t info = thread.deliver.front();
  const int signal = info.si_signo;
  const bool fault = info.si_code > 0;
  const bool hidden = thread.hidden_mask & bit(signal);
  if (stays_pending(thread, info)) {
    thread.deliver.pop_front();
    keep(thread, info);
    return thread.deliver.empty() || deliver(thread);
  }
  if (!thread.can_inject) {
    // A signal can only be handed over at a signal's stop: the end of the stub is one.
    std::vector<RemoteCall> none;
    if (!run_stub(thread, none)) return false;
  }
  const SignalDispositions dispositions = signal_dispositions(thread.tid);
  if (!fault && dispositions.blocks(signal)) {
    // A wait with a mask of its own has let it through, and what has run here since took that mask
    // back (kernel/ptrace.c, PTRACE_SETSIGMASK). The kernel queues it again (kernel/signal.c,
    // ptrace_signal), for the wait.
    set_siginfo(thread.tid, info);
    begin_masked_wait(thread);
    return true;
  }
  bool handler = dispositions.catches(signal);
  const bool ignored = dispositions.ignores(signal) || space.ignored & bit(signal);
  if (hidden && handler) {
    // A fault whose signal is blocked kills, whatever its handler (kernel/signal.c,
    // force_sig_info_to_task: back to the default action).
    if (!by_default(thread, signal)) return false;
    handler = false;
  }
  log_signal(thread, info, handler, ignored);
  if (!fault && space.ignored & bit(signal)) {
    thread.deliver.pop_front();
    return thread.deliver.empty() || deliver(thread);
  }
  if (!handler) processes_[thread.process].fatal[signal] = info.si_code;
  set_siginfo(thread.tid, info);
  if (!handler || !keeps_masks()) return true;

  // One step takes the thread into its handler: there its frame is known and its rights are those
  // of a handler.
  thread.deliver.pop_front();
  if (const auto now = rights_of(thread)) thread.regime.rights = *now;
  Regs before, after;
  if (!get_regs(thread.tid, before) || !go_on(thread.tid, Go::step, signal)) return true;
  const auto status = wait_for(thread.tid);
  if (!status) return true;
  thread.status = *status;
  const Stop stop = classify(*status);
  thread.can_inject = false;  // ptrace_notify, not a delivery
  const bool stopped = stop.kind == StopKind::signal && get_regs(thread.tid, after);
  if (stopped && after.rsp != before.rsp) enter_handler(thread, after);
  if (stopped && stop.value == SIGTRAP) {
    ready(thread);
    return false;
  }
  // Another signal came first, or the frame could not be written.
  thread.enter(Run::pending);
  thread.can_inject = stopped;
  pending_.push_back(thread.tid.v);
  return false;
}

/// The thread stands at the first instruction of its handler.
void Tracer::enter_handler(Thread& thread, const Regs& regs) {
  const RemoteMemory& memory = thread.space->memory;
  const RemoteAddr context{regs.rdx};  // the handler's third argument
  const FrameNote note{kFrameMagic, thread.regime.rights.v, thread.regime.compartment};
  memory.write(context + kNoteOffset, &note, sizeof note);
  if (thread.hidden_mask != 0)
    if (auto mask = memory.get<uint64_t>(context + kMaskOffset)) {
      *mask |= thread.hidden_mask;
      memory.write(context + kMaskOffset, &*mask, sizeof *mask);
    }
  thread.hidden_mask |= strip_mask(thread);
  thread.regime.compartment = 0;
  // Handlers start with the initial rights (arch/x86/kernel/fpu/signal.c,
  // fpu__clear_user_states).
  set_rights(thread, kInitPkru, Cause::kernel, {regs.rip});
}

/// rt_sigreturn: the frame lies under the return address that the handler has just popped
/// (arch/x86/kernel/signal_64.c).
void Tracer::enter_sigreturn(Thread& thread, const Regs& regs) {
  const auto note = thread.space->memory.get<FrameNote>(RemoteAddr{regs.rsp} + kNoteOffset);
  if (note && note->magic == kFrameMagic)
    thread.call.restore = Regime{{note->rights}, static_cast<uint8_t>(note->compartment)};
  ready(thread, Go::to_syscall_exit);
}

void Tracer::exit_sigreturn(Thread& thread, const Regs& regs) {
  thread.hidden_mask = strip_mask(thread);
  release_kept(thread);
  if (!thread.call.restore) return;
  const Regime back = *thread.call.restore;
  thread.regime.compartment = back.compartment;
  set_rights(thread, back.rights, Cause::kernel, {regs.rip});
}

/// Gives the signal its default action in the kernel.
bool Tracer::by_default(Thread& thread, int signal) {
  constexpr uint64_t action[4] = {};  // SIG_DFL, no flags, no mask
  thread.space->memory.write(kStubScratch, action, sizeof action);
  return run_calls(*thread.space,
                   {{SYS_rt_sigaction, {static_cast<uint64_t>(signal), kStubScratch.v, 0, 8}}},
                   &thread);
}

/// A signal of ours that somebody sent, and that the program believes it has blocked: it stays
/// pending here. One sent to the process goes to a thread that takes it, if there is one.
void Tracer::keep(Thread& thread, const siginfo_t& info) {
  const int signal = info.si_signo;
  if (info.si_code == SI_TKILL) {
    thread.kept.try_emplace(signal, info);
    return;
  }
  for (Thread* other : std::vector(thread.space->threads)) {
    if (other->process != thread.process || other->hidden_mask & bit(signal)) continue;
    const bool asleep = other->run == Run::running || other->run == Run::asleep;
    if (asleep) stop_thread(*other);
    const bool stands = other->run == Run::pending || other->run == Run::ready;
    if (!stands || (other->run == Run::ready && other->how != Go::cont)) continue;
    other->deliver.push_back(info);
    return;
  }
  processes_[thread.process].kept.try_emplace(signal, info);
}

/// What was pending and is not blocked any more comes now.
void Tracer::release_kept(Thread& thread) {
  for (auto* kept : {&thread.kept, &processes_[thread.process].kept})
    for (auto it = kept->begin(); it != kept->end();) {
      if (thread.hidden_mask & bit(it->first)) {
        ++it;
        continue;
      }
      thread.deliver.push_back(it->second);
      it = kept->erase(it);
    }
}

}  // namespace keyhole
