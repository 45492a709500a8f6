// Single system calls, made by a thread of the program from an instruction that it has anyway:
// nothing of ours needs to be in its memory.
#include <algorithm>
#include <cerrno>

#include "engine/loan.h"
#include "engine/tracer.h"

namespace keyhole {
namespace {

/// Where the bytes of a SYSCALL instruction stand in executable memory, the vdso's first; 0 if
/// nowhere.
RemoteAddr find_syscall(Tid tid, const RemoteMemory& memory) {
  constexpr uint8_t code[] = {0x0f, 0x05};
  auto maps = read_maps(tid);
  std::stable_partition(maps.begin(), maps.end(),
                        [](const Mapping& m) { return m.name == "[vdso]"; });
  for (const Mapping& m : maps) {
    if (!m.prot.x() || m.range.start.v >> 47 != 0) continue;
    const auto bytes = memory.bytes(m.range.start, m.range.size());
    const auto found = std::search(bytes.begin(), bytes.end(), std::begin(code), std::end(code));
    if (found != bytes.end()) return m.range.start + static_cast<uint64_t>(found - bytes.begin());
  }
  return {};
}

}  // namespace

/// Answers what the kernel answered. Should the tracer die between the two changes of registers,
/// the thread would go on in the wrong place: a few microseconds for each call.
int64_t Tracer::lend_call(Thread& thread, const RemoteCall& call) {
  Space& space = *thread.space;
  if (!space.syscall_at) space.syscall_at = find_syscall(thread.tid, space.memory);
  Loan loan(thread.tid, 0);
  if (!space.syscall_at || !loan.ok()) return -ESRCH;
  Regs regs = loan.regs();
  regs.rip = space.syscall_at.v;
  regs.orig_rax = ~0ull;  // no interrupted call is to be restarted meanwhile
  regs.rax = static_cast<uint64_t>(call.number);
  regs.rdi = call.args[0], regs.rsi = call.args[1], regs.rdx = call.args[2];
  regs.r10 = call.args[3], regs.r8 = call.args[4], regs.r9 = call.args[5];
  set_regs(thread.tid, regs);
  bool entered = false;
  go_on(thread.tid, Go::to_syscall_exit);
  for (auto status = wait_for(thread.tid); status; status = wait_for(thread.tid)) {
    const Stop stop = classify(*status);
    if (stop.kind == StopKind::exited || stop.kind == StopKind::killed) {
      thread.status = *status;
      thread.enter(Run::pending);
      pending_.push_back(thread.tid.v);
      return -ESRCH;
    }
    // One stop on the way in and one on the way out; whatever else comes (an interruption that was
    // under way, the filter's question) is let pass.
    if (stop.kind == StopKind::syscall_exit && std::exchange(entered, true)) break;
    go_on(thread.tid, Go::to_syscall_exit);
  }
  // A signal that this stop cannot hand over is sent again (gang.cc, deliver).
  thread.can_inject = false;
  // The program's own call, which our stop has ended, is begun again only by a thread that looks
  // for signals on its way out (arch/x86/kernel/signal.c, arch_do_signal_or_restart); the end of
  // this one does not make it look. Otherwise the program would see a result such as -514.
  if (may_begin_again(loan.regs())) interrupt(thread.tid);
  return get_regs(thread.tid, regs) ? static_cast<int64_t>(regs.rax) : -ESRCH;
}

bool Tracer::lend_calls(Thread& thread, std::vector<RemoteCall>& calls) {
  bool ok = true;
  for (RemoteCall& call : calls) {
    call.result = lend_call(thread, call);
    ok = ok && call.result >= 0;
  }
  return ok;
}

}  // namespace keyhole
