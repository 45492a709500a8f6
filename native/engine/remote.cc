// Acting inside the tracee: the stub.
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "engine/loan.h"
#include "engine/tracer.h"

namespace keyhole {
namespace {

/// A fault that was under way when the thread was interrupted: it arrives late, and again by itself
/// once the thread is back at its instruction. A signal that somebody sent does not.
bool comes_again(const siginfo_t& info) {
  return info.si_code > 0 &&
         (info.si_signo == SIGSEGV || info.si_signo == SIGILL || info.si_signo == SIGBUS);
}

/// A breakpoint instruction that was under way when the thread was interrupted: it arrives late,
/// and the thread stands behind it (arch/x86/kernel/traps.c, do_int3_user).
bool is_trap(const siginfo_t& info) {
  return info.si_signo == SIGTRAP && info.si_code == SI_KERNEL;
}

}  // namespace

/// Waits until the thread stands at the breakpoint that ends the stub; keeps the program's signals
/// for later. Answers the stop that came instead when the thread is past helping.
std::optional<Stop> Tracer::wait_stub_end(Thread& thread) {
  // A fault that was under way arrives once; more are the stub's own.
  constexpr int kMaxFaults = 8;
  int faults = 0;
  for (auto status = wait_for(thread.tid); status; status = wait_for(thread.tid)) {
    thread.status = *status;
    const Stop stop = classify(*status);
    if (stop.kind == StopKind::exited || stop.kind == StopKind::killed) return stop;
    siginfo_t info;
    Regs regs;
    if (stop.kind == StopKind::signal && get_siginfo(thread.tid, info) &&
        get_regs(thread.tid, regs)) {
      if (stop.value == SIGTRAP && regs.rip == stub_end().v + 1) return {};
      if (kills_anyway(info)) return stop;
      if (is_trap(info)) thread.late_trap = info;
      else if (!comes_again(info)) thread.deliver.push_back(info);
      if (info.si_code > 0 && ++faults == kMaxFaults)
        give_up(thread, "it has overwritten Keyhole's code in its memory");
    }
    go_on(thread.tid, Go::cont);
  }
  // Gone without a word: the loop hears of its end, or of its process's.
  thread.enter(thread_state(thread.tid) == 'Z' ? Run::ended : Run::running);
  return Stop{StopKind::killed, SIGKILL};
}

bool Tracer::run_stub(Thread& thread, std::vector<RemoteCall>& calls) {
  Space& space = *thread.space;
  if (!space.stub_ready) return lend_calls(thread, calls);
  settle_fused(space, &thread);
  Loan loan(thread.tid, kEngineSignals);
  if (!loan.ok()) return false;
  // With real keys the program's own mask holds. The stub's end is a breakpoint, which takes a
  // blocked SIGTRAP's handler away (kernel/signal.c, force_sig_info_to_task): there it has to do
  // without.
  if (loan.blocks(SIGTRAP)) return lend_calls(thread, calls);
  const auto image = stub_image(loan.regs(), true, calls);
  if (!space.memory.write(kStubHeader, image.data(), image.size())) return false;
  set_regs(thread.tid, stub_entry(loan.regs()));
  const Run run_before = thread.run;
  thread.enter(Run::pending);
  if (!go_on(thread.tid, Go::cont)) return false;
  if (const auto instead = wait_stub_end(thread)) {
    thread.can_inject = instead->kind == StopKind::signal;
    if (thread.run == Run::pending) pending_.push_back(thread.tid.v);
    return false;
  }
  thread.enter(run_before);
  thread.can_inject = true;
  unchanged_.reset();
  Regs own = loan.regs();
  settle_late_trap(thread, own);
  loan.give_back(own);
  Regs regs;
  if (get_regs(thread.tid, regs) && regs.r12 != 0) {
    const size_t bytes = calls.size() * sizeof(RemoteCall);
    space.memory.read(kStubTable, calls.data(), bytes);
    return false;
  }
  return true;
}

bool Tracer::run_calls(Space& space, std::vector<RemoteCall> calls, Thread* executor) {
  if (calls.empty()) return true;
  if (!executor) executor = clean_thread(space);
  if (!executor) {
    finding(space, {}, FindingClass::not_applied,
            "no thread was stopped where a change could be made");
    return false;
  }
  bool ok = true;
  for (size_t at = 0; at < calls.size(); at += kStubMaxCalls) {
    std::vector<RemoteCall> part(
        calls.begin() + static_cast<ptrdiff_t>(at),
        calls.begin() + static_cast<ptrdiff_t>(std::min(calls.size(), at + kStubMaxCalls)));
    if (run_stub(*executor, part)) continue;
    ok = false;
    for (const RemoteCall& call : part)
      if (call.result < 0 && call.result > -4096)
        finding_alike(
            space, executor->tid, FindingClass::refused,
            "the kernel refused a change of protection: errno " + std::to_string(-call.result),
            {{call.args[0]}, {call.args[0] + call.args[1]}});
  }
  return ok;
}

/// Writes the passage's table among those that are kept, once.
bool Tracer::place_table(Space& space, Passage& passage) {
  if (passage.table) return true;
  const auto rows = stub_table(passage.calls);
  const size_t size = rows.size() * sizeof rows[0];
  if (space.tables_end + size > kStubKept.end) {
    // Full: begin anew. Nobody is in the stub.
    space.tables_end = kStubKept.start;
    for (Passage& other : space.passages) other.table = {};
  }
  if (space.tables_end + size > kStubKept.end ||
      !space.memory.write(space.tables_end, rows.data(), size))
    return false;
  passage.table = space.tables_end;
  space.tables_end = space.tables_end + size;
  return true;
}

/// The thread goes through the stub and straight on to the program, without a stop.
bool Tracer::send_through_stub(Thread& thread, Passage& passage) {
  Space& space = *thread.space;
  settle_fused(space, &thread);
  Regs regs;
  if (unchanged_ && unchanged_->first == thread.tid) regs = unchanged_->second;
  else if (!get_regs(thread.tid, regs)) return true;  // gone, as the loop will hear
  // Only the kernel knows whether a signal makes an interrupted call EINTR.
  if (may_begin_again(regs)) return false;
  if (!place_table(space, passage)) return false;
  const StubHeader header = stub_header(regs, false);
  space.memory.write(kStubHeader, &header, sizeof header);
  set_regs(thread.tid, stub_entry(regs, passage.table));
  space.fused = thread.tid;
  return true;
}

/// A stopped thread that may still be inside the stub is run to its end; `regs` become the
/// program's. Answers what the stop is now: a signal that came on the way is kept, so that an
/// interruption is left.
Stop Tracer::settle_stub(Thread& thread, Stop stop, Regs& regs) {
  Space& space = *thread.space;
  space.fused = {};
  if (!kStubCode.contains({regs.rip})) return stop;
  const auto header = space.memory.get<StubHeader>(kStubHeader);
  if (!header) return stop;
  Loan loan(thread.tid, kEngineSignals);
  if (regs.rip == stub_end().v + 1) {
    stop = {StopKind::interrupted};
    if (regs.r12 != 0) give_up(thread, "a call of Keyhole's code in its memory failed");
  } else if (header->done == 0) {
    // Not all calls are made yet: whatever brought the stop, a signal is kept for later.
    siginfo_t info{};
    const bool signal = thread.can_inject && get_siginfo(thread.tid, info);
    if (!signal || !kills_anyway(info)) {
      if (signal && is_trap(info)) thread.late_trap = info;
      else if (signal && !comes_again(info)) thread.deliver.push_back(info);
      const uint64_t stop_at_end = 1;
      space.memory.write(kStubHeader, &stop_at_end, sizeof stop_at_end);
      Regs in = regs;
      in.orig_rax = ~0ull;
      set_regs(thread.tid, in);
      go_on(thread.tid, Go::cont);
      stop = wait_stub_end(thread).value_or(Stop{StopKind::interrupted});
      thread.can_inject = true;
    }
  }
  regs.rax = header->rax, regs.rdi = header->rdi, regs.rsi = header->rsi, regs.rdx = header->rdx;
  regs.r10 = header->r10, regs.r8 = header->r8, regs.r9 = header->r9, regs.rcx = header->rcx;
  regs.r11 = header->r11, regs.rbx = header->rbx, regs.r12 = header->r12;
  regs.rip = header->rip, regs.eflags = header->rflags, regs.rsp = header->rsp;
  regs.orig_rax = ~0ull;
  settle_late_trap(thread, regs);
  loan.give_back(regs);
  return stop;
}

void Tracer::settle_fused(Space& space, Thread* except) {
  if (space.fused.v == 0) return;
  const auto it = threads_.find(space.fused.v);
  if (it == threads_.end() || it->second.get() == except) {
    space.fused = {};
    return;
  }
  Thread& other = *it->second;
  if (other.run == Run::running) stop_thread(other);
  space.fused = {};
}

bool Tracer::inject_stub(Thread& thread) {
  Space& space = *thread.space;
  constexpr uint64_t flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
  const auto map = [&](uint64_t at, uint64_t size, int prot) {
    return lend_call(thread,
                     {SYS_mmap, {at, size, static_cast<uint64_t>(prot), flags, ~0ull, 0}}) ==
           static_cast<int64_t>(at);
  };
  const bool ok = map(KEYHOLE_STUB_CODE, kPage, PROT_READ | PROT_EXEC) &&
                  map(KEYHOLE_STUB_DATA, KEYHOLE_STUB_DATA_PAGES * kPage, PROT_READ | PROT_WRITE) &&
                  space.memory.write(kStubCode.start, stub_code().data(), stub_code().size());
  space.stub_ready = ok;
  return ok;
}

}  // namespace keyhole
