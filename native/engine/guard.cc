// What a program may not take from Keyhole: the stub's pages, the stub's right to make its calls,
// and the sight of the program's memory.
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstddef>

#include "engine/json_text.h"
#include "engine/tracer.h"

namespace keyhole {
namespace {

/// What a filter of the program begins with: the stub's calls pass it.
constexpr sock_filter kStubPasses[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, instruction_pointer) + 4),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, KEYHOLE_STUB_CODE >> 32, 0, 4),
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, instruction_pointer)),
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, static_cast<uint32_t>(KEYHOLE_STUB_CODE), 0, 2),
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, static_cast<uint32_t>(KEYHOLE_STUB_CODE) + 4096, 1, 0),
    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};
constexpr size_t kPrefix = std::size(kStubPasses);

/// struct sock_fprog as it lies in memory (include/uapi/linux/filter.h).
struct RemoteFilter {
  uint16_t length;
  uint16_t padding[3];
  uint64_t code;
};
static_assert(sizeof(RemoteFilter) + BPF_MAXINSNS * sizeof(sock_filter) <= kStubFilter.size());

bool meets_stub(uint64_t start, uint64_t size) {
  return start < kStubRange.end.v && RemoteAddr{start + size}.ceil() > kStubRange.start;
}

bool changes_stub(const Regs& regs) {
  switch (regs.orig_rax) {
    case SYS_mmap:
      return regs.r10 & MAP_FIXED && meets_stub(regs.rdi, regs.rsi);
    case SYS_munmap:
    case SYS_mprotect:
    case SYS_pkey_mprotect:
    case SYS_madvise:
      return meets_stub(regs.rdi, regs.rsi);
    case SYS_mremap:
      // An old size of 0 copies shared pages (mremap(2)).
      return meets_stub(regs.rdi, std::max<uint64_t>(regs.rsi, 1)) ||
             (regs.r10 & MREMAP_FIXED && meets_stub(regs.r8, regs.rdx));
    default:
      return false;
  }
}

}  // namespace

/// The program asks for a change of the stub's pages: it is told what it would be told where
/// nothing can be mapped.
bool Tracer::guards_stub(Thread& thread, Regs& regs) {
  if (!thread.space->stub_ready || !changes_stub(regs)) return false;
  finding_once(*thread.space, thread.tid, FindingClass::stub_kept,
               "the program asked for a change of Keyhole's own pages; refused with ENOMEM",
               kStubRange);
  answer(thread, regs, -ENOMEM);
  return true;
}

/// Those calls of prctl(2) that the launch helper's filter asks about.
void Tracer::enter_prctl(Thread& thread, Regs& regs) {
  Space& space = *thread.space;
  const int option = static_cast<int>(regs.rdi);
  if (option == PR_SET_SECCOMP) return enter_filter(thread, regs);
  if (option == PR_SET_DUMPABLE && regs.rsi == 0) {
    // Without CAP_SYS_PTRACE nobody may open such a process's memory, nor that of its children
    // (kernel/ptrace.c, __ptrace_may_access).
    finding_once(space, thread.tid, FindingClass::not_emulated,
                 "the program asked not to be dumpable (PR_SET_DUMPABLE), which would hide its "
                 "memory from Keyhole: it was told yes and stays dumpable");
    return answer(thread, regs, 0);
  }
  if (option == PR_SET_NAME)  // 15 bytes and a zero
    log({.kind = EventKind::thread_name,
         .space = space.id,
         .tid = thread.tid,
         .detail = text_of({{"name", space.memory.text({regs.rsi}, 15).substr(0, 15)}})});
  ready(thread);
}

bool Tracer::installs_filter(const Regs& regs) {
  return regs.orig_rax == SYS_seccomp ||
         (regs.orig_rax == SYS_prctl && static_cast<int>(regs.rdi) == PR_SET_SECCOMP);
}

/// A call that installs a filter (seccomp(2)). The filter would hold for the stub too, and refused
/// changes of protection leave keys that are none: the kernel is given a longer one, whose
/// beginning lets the stub's calls pass.
void Tracer::enter_filter(Thread& thread, Regs& regs) {
  Space& space = *thread.space;
  // By prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER) or seccomp(SECCOMP_SET_MODE_FILTER).
  const bool by_prctl = regs.orig_rax == SYS_prctl;
  const uint64_t mode = by_prctl ? regs.rsi : static_cast<uint32_t>(regs.rdi);
  if (mode == (by_prctl ? SECCOMP_MODE_STRICT : SECCOMP_SET_MODE_STRICT))
    // kernel/seccomp.c, seccomp_may_assign_mode: a thread that has a filter cannot.
    finding_once(space, thread.tid, FindingClass::not_emulated,
                 "seccomp's strict mode cannot be entered under Keyhole, whose own filter stands "
                 "already: the call is answered with EINVAL");
  const auto filter = mode == (by_prctl ? SECCOMP_MODE_FILTER : SECCOMP_SET_MODE_FILTER)
                          ? space.memory.get<RemoteFilter>({regs.rdx})
                          : std::nullopt;
  // What the kernel would refuse it refuses itself.
  if (filter && filter->length != 0 && filter->length <= BPF_MAXINSNS && space.stub_ready)
    lengthen_filter(thread, regs, filter->length, {filter->code});
  ready(thread, Go::to_syscall_exit);
}

void Tracer::lengthen_filter(Thread& thread, Regs& regs, uint16_t length, RemoteAddr code) {
  Space& space = *thread.space;
  const size_t bytes = length * sizeof(sock_filter);
  const auto own = space.memory.bytes(code, bytes);
  if (own.size() != bytes) return;
  space.own_filter = true;
  if (length + kPrefix > BPF_MAXINSNS)
    return finding_once(space, thread.tid, FindingClass::own_filter,
                        "the program's own system call filter is too long to be given a beginning "
                        "that lets Keyhole's calls pass");
  const RemoteAddr to = kStubFilter.start + sizeof(RemoteFilter);
  const RemoteFilter longer{static_cast<uint16_t>(length + kPrefix), {}, to.v};
  if (!space.memory.write(kStubFilter.start, &longer, sizeof longer) ||
      !space.memory.write(to, kStubPasses, sizeof kStubPasses) ||
      !space.memory.write(to + sizeof kStubPasses, own.data(), own.size()))
    return;
  finding_once(space, thread.tid, FindingClass::own_filter,
               "the program has a system call filter of its own; Keyhole's calls pass it");
  regs.rdx = kStubFilter.start.v;
  set_regs(thread.tid, regs);
}

/// The program sees its own argument again.
void Tracer::exit_filter(Thread& thread, Regs regs) {
  if (regs.rdx == thread.call.args[2]) return;
  regs.rdx = thread.call.args[2];
  set_regs(thread.tid, regs);
}

/// A filter of the program asks for a tracer, and the program has none: the kernel would answer
/// ENOSYS (seccomp(2), SECCOMP_RET_TRACE).
bool Tracer::answers_own_trace(Thread& thread, Regs& regs) {
  unsigned long data = 0;
  if (!thread.space->own_filter || !event_message(thread.tid, data) || data == KEYHOLE_TRACE_DATA)
    return false;
  answer(thread, regs, -ENOSYS);
  return true;
}

/// A filter's kill comes without a signal stop (kernel/seccomp.c, SECCOMP_RET_KILL_PROCESS), so the
/// record would not say who ended the program.
void Tracer::tell_filter_kill(Space& space, Tid tid) {
  if (attached()) return;
  finding_once(space, tid, FindingClass::killed_by_filter,
               space.own_filter
                   ? "ended by a system call filter: the program's own, or Keyhole's, which ends "
                     "whoever makes a 32-bit call"
                   : "ended by Keyhole's system call filter: it made a 32-bit call, which would "
                     "change memory unseen");
}

/// Keys cannot be enforced here any more: to let the program run on, or stand where nobody may ever
/// look, would be worse than to end it.
void Tracer::give_up(Thread& thread, const std::string& why) {
  finding(*thread.space, thread.tid, FindingClass::given_up, "the program was ended: " + why);
  kill(thread.process, SIGKILL);
}

}  // namespace keyhole
