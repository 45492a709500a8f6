// Signal stops: rights instructions, gates, denied accesses, breakpoints, and the program's own
// signals.
#include <csignal>
#include <cstring>
#include <utility>

#include "engine/tracer.h"
#include "symbols/decode.h"

namespace keyhole {
namespace {

constexpr int kPkuErr = 4;  // SEGV_PKUERR, include/uapi/asm-generic/siginfo.h
constexpr int kMaxRetries = 16;

RegisterValues values(const Regs& r) {
  return {r.rax, r.rcx, r.rdx, r.rbx, r.rsp, r.rbp, r.rsi, r.rdi,     r.r8,
          r.r9,  r.r10, r.r11, r.r12, r.r13, r.r14, r.r15, r.fs_base, r.gs_base};
}

RemoteAddr fault_address(const siginfo_t& info) {
  return {reinterpret_cast<uint64_t>(info.si_addr)};
}

/// What the instruction at hand was denied at `at`. One that reads and writes there reads first;
/// where the page can be read, only the write can have been denied.
const char* access_at(const Space& space, const Regs& regs, RemoteAddr at, bool readable) {
  const auto code = space.code({regs.rip}, 16);
  const auto instruction = decode(code, {regs.rip});
  if (!instruction) return "unknown";
  const bool writes = operand_at(*instruction, at, values(regs), true) != nullptr;
  const bool reads = operand_at(*instruction, at, values(regs), false) != nullptr;
  if (writes && (readable || !reads)) return "write";
  return reads ? "read" : "unknown";
}

}  // namespace

void Tracer::on_signal(Thread& thread, int signal) {
  if (signal == SIGTRAP && !thread.space->rights_sites.empty() && on_rights_site(thread)) return;
  siginfo_t info{};
  Regs regs;
  if (!get_siginfo(thread.tid, info) || !take_regs(thread, regs)) return ready(thread);
  const bool from_cpu = info.si_code > 0;
  if (signal == SIGTRAP && from_cpu && (on_breakpoint(thread, regs) || on_gone_site(thread, regs)))
    return;
  if (signal == SIGILL && from_cpu && keys_->mode() == KeysMode::emulated &&
      (on_invalid_opcode(thread, regs) || code_has_changed(thread, {regs.rip})))
    return;
  if (signal == SIGSEGV && from_cpu) return on_segv(thread, info, regs);
  ready(thread, Go::cont, info);
}

/// The instruction that raised #UD is none of ours, by now: another thread may have unmapped it
/// since. It is tried once more; what stands there decides.
bool Tracer::code_has_changed(Thread& thread, RemoteAddr at) {
  if (thread.retry_at == at) {
    thread.retry_at = {};
    return false;
  }
  thread.retry_at = at;
  ready(thread);
  return true;
}

/// The thread's registers at this stop, read once. Whoever changes them begins with these.
bool Tracer::take_regs(Thread& thread, Regs& regs) {
  const bool known = unchanged_ && unchanged_->first == thread.tid;
  if (known) regs = unchanged_->second;
  unchanged_.reset();
  return known || get_regs(thread.tid, regs);
}

/// The kernel could not write the thread's rseq area on its way back to the program (kernel/rseq.c,
/// force_sigsegv). A #GP looks the same; but where the rights deny the area now, this way back
/// fails as well, since our stop was a preemption. A handler, which alone may begin, is not
/// reached.
bool Tracer::killed_over_rseq(Thread& thread, const siginfo_t& info, const Regs& regs) {
  if (!thread.tls || !thread.tls->rseq) return false;
  Space& space = *thread.space;
  const PageRange area = *thread.tls->rseq;
  const auto page = space.regions.find(area.start);
  if (!page) return false;
  const Key key = page->second.key;
  const bool now = !thread.regime.rights.may_write(key);
  // It comes to light at the next return to the program, when the thread may have crossed a gate
  // already. Then the kernel has taken the handler away; a #GP leaves it.
  const bool handled = signal_dispositions(thread.tid).catches(SIGSEGV);
  if (!now && (handled || thread.before.rights.may_write(key))) return false;
  if (!std::exchange(thread.doomed, true)) {
    if (!now) thread.regime = thread.before;
    log_fault(thread, info, regs, "rseq", area.start, key, "write", "killed");
    log_signal(thread, info, false, false);
  }
  processes_[thread.process].fatal[info.si_signo] = info.si_code;
  // Nothing can run here any more, not even a change of regime: it dies as it stands, perhaps
  // between the calls of one.
  space.incomparable = true;
  if (handled && keys_->mode() == KeysMode::emulated && !lose_handler(thread, info)) return true;
  thread.enter(Run::running);
  go_on(thread.tid, Go::cont, SIGSEGV);
  return true;
}

/// The kernel finds out at the delivery that the handler's frame cannot be made, and takes the
/// handler away. Where the protections of another thread are in force, and let the frame through,
/// it is taken away here. False when the thread must be looked at again: it ended.
bool Tracer::lose_handler(Thread& thread, const siginfo_t& info) {
  set_siginfo(thread.tid, info);
  const bool stepped = go_on(thread.tid, Go::step, info.si_signo);
  const auto status = stepped ? wait_for(thread.tid) : std::nullopt;
  if (!status) {
    thread.enter(Run::running);  // killed meanwhile: the exit status is on its way
    return false;
  }
  thread.status = *status;
  if (!WIFSTOPPED(*status)) {
    pending_.push_back(thread.tid.v);
    return false;
  }
  const bool handled = signal_dispositions(thread.tid).catches(info.si_signo);
  return !handled || by_default(thread, info.si_signo);
}

void Tracer::on_segv(Thread& thread, siginfo_t info, const Regs& regs) {
  Space& space = *thread.space;
  const RemoteAddr at = fault_address(info);
  if (keys_->mode() == KeysMode::hardware) {
    if (const auto now = rights_of(thread)) thread.regime.rights = *now;
  }
  const Pkru rights = thread.regime.rights;

  if (info.si_code == SI_KERNEL) {
    if (killed_over_rseq(thread, info, regs)) return;
    log_fault(thread, info, regs, "plain", at, {}, "unknown", "deliver");
    return ready(thread, Go::cont, info);
  }

  if (space.regions.may_have_grown(at)) grow_stacks(space, kernel_list(thread.tid));
  const auto found = space.regions.find(at);
  if (!found) {
    log_fault(thread, info, regs, "plain", at, {}, "unknown", "deliver");
    return ready(thread, Go::cont, info);
  }
  const Region region = found->second;
  const bool fetch = at.v == regs.rip;
  if (fetch && region.prot.x() && space.rules.gates_live && region.gate != 0 &&
      region.gate != thread.regime.compartment) {
    unchanged_ = {thread.tid, regs};
    return cross(thread, at, region.gate);
  }

  if (info.si_code == kPkuErr)
    return on_denied(thread, info, regs, Key{static_cast<uint8_t>(info.si_pkey)});
  if (!fetch && keys_->mode() == KeysMode::emulated) {
    // A key that denies goes before a protection that does (arch/x86/mm/fault.c,
    // bad_area_access_from_pkeys). Where the page stays readable, only a write can have faulted.
    const auto write = [&] {
      return real_prot(region, thread.regime, space.rules).r() ||
             strcmp(access_at(space, regs, at, false), "write") == 0;
    };
    if (!rights.may_read(region.key) || (!rights.may_write(region.key) && write()))
      return on_denied(thread, info, regs, region.key);
  }
  // A page that another thread has opened meanwhile: try again, but not for ever.
  const bool allowed =
      fetch ? region.prot.x()
            : region.prot.r() && (region.prot.w() || info.si_code == SEGV_MAPERR ||
                                  strcmp(access_at(space, regs, at, true), "read") == 0);
  if (allowed && (thread.retry_at != at || thread.retries < kMaxRetries)) {
    thread.retries = thread.retry_at == at ? thread.retries + 1 : 1;
    thread.retry_at = at;
    return ready(thread);
  }
  log_fault(thread, info, regs, "plain", at, {}, fetch ? "execute" : "unknown", "deliver");
  ready(thread, Go::cont, info);
}

/// What a thread may touch as compartment `k`. A key that the program has taken for itself is no
/// gate's business and stays as the thread has it; where only a gate has closed it, before it was
/// anybody's, it is closed as the kernel closes it (arch/x86/mm/pkeys.c, init_pkru_value).
Pkru Tracer::rights_within(const Thread& thread, Key k) const {
  uint32_t own = thread.space->keys_allocated & ~1u;
  for (const Compartment& one : config_.compartments) own &= ~(1u << one.key.v);
  Pkru rights = Pkru::only(k);
  for (uint8_t key = 1; key < kKeyCount; key++) {
    if (!(own >> key & 1)) continue;
    const uint32_t had = thread.regime.rights.v >> (2 * key) & 3;
    rights.v = (rights.v & ~(3u << (2 * key))) | (had == 3 ? 1 : had) << (2 * key);
  }
  return rights;
}

/// A thread has taken a key for the program. In the others only gates have closed it until now.
void Tracer::close_for_others(const Thread& taker, Key key) {
  Space& space = *taker.space;
  if (!space.rules.gates_live) return;
  const bool real = keys_->mode() == KeysMode::hardware;
  if (real) stop_threads(space, true);
  for (Thread* other : space.threads) {
    if (other == &taker) continue;
    if (const auto read = real ? rights_of(*other) : std::nullopt) other->regime.rights = *read;
    const Pkru now = other->regime.rights;
    const uint32_t both = 3u << (2 * key.v), access = 1u << (2 * key.v);
    if ((now.v & both) == both) set_rights(*other, {(now.v & ~both) | access}, Cause::policy, {});
  }
}

/// A call, jump or return into another compartment's code: the thread goes on as that compartment.
void Tracer::cross(Thread& thread, RemoteAddr target, uint8_t compartment) {
  const uint8_t from = thread.regime.compartment;
  thread.before = thread.regime;
  thread.retries = 0;
  thread.regime = {rights_within(thread, Key{compartment}), compartment};
  keys_->set_rights(thread.tid, thread.regime.rights);
  log({.kind = EventKind::crossing,
       .space = thread.space->id,
       .tid = thread.tid,
       .range = {target, target},
       .key_before = static_cast<int8_t>(from),
       .key_after = static_cast<int8_t>(compartment),
       .rights = thread.regime.rights});
  ready(thread);
}

void Tracer::on_denied(Thread& thread, siginfo_t info, const Regs& regs, Key key) {
  const RemoteAddr at = fault_address(info);
  const bool readable = thread.regime.rights.may_read(key);
  const char* access = access_at(*thread.space, regs, at, readable);
  info.si_code = kPkuErr;
  info.si_pkey = key.v;
  const bool over = config_.on_fault == OnFault::step_over;
  const bool asked = pause_rule(EventKind::fault, {at, at + 1}) != nullptr;
  const bool stop = config_.on_fault == OnFault::stop || (asked && !over);
  log_fault(thread, info, regs, "denied", at, key, access,
            over   ? "step-over"
            : stop ? "stop"
                   : "deliver");
  if (over && step_over(thread, key)) return;
  if (stop) {
    thread.stopped_fault = info;
    thread.stopped_write = strcmp(access, "read") != 0;
    ready(thread);
    return asked ? pause_if_asked() : pause("fault", &thread);
  }
  ready(thread, Go::cont, info);
}

/// Executes the denied instruction once with the key open, then takes the right away again. Nothing
/// else of the space runs meanwhile.
bool Tracer::step_over(Thread& thread, Key key) {
  Space& space = *thread.space;
  stop_threads(space, false);
  const Regime own = thread.regime;
  Regime open = own;
  open.rights = open.rights.with(key, true);
  thread.enter(Run::ready);
  thread.how = Go::cont;
  keys_->set_rights(thread.tid, open.rights);
  if (!switch_regime(space, open, thread, false)) {
    keys_->set_rights(thread.tid, own.rights);
    return false;
  }
  if (thread.run != Run::ready || !go_on(thread.tid, Go::step)) return true;
  const auto status = wait_for(thread.tid);
  if (!status) return true;
  thread.status = *status;
  const Stop stop = classify(*status);
  thread.can_inject = stop.kind == StopKind::signal;
  siginfo_t info;
  const bool stepped = stop.kind == StopKind::signal && stop.value == SIGTRAP;
  const bool again = stop.kind == StopKind::signal && stop.value == SIGSEGV &&
                     get_siginfo(thread.tid, info) && info.si_code > 0;
  if (!stepped && !again) {
    thread.enter(Run::pending);
    pending_.push_back(thread.tid.v);
    return true;
  }
  keys_->set_rights(thread.tid, own.rights);
  ready(thread);
  if (stepped) return true;
  // The same instruction needs a second key: both are opened for one more step.
  thread.regime = open;
  Regs again_at;
  if (get_regs(thread.tid, again_at)) on_segv(thread, info, again_at);
  thread.regime = own;
  keys_->set_rights(thread.tid, own.rights);
  return true;
}

bool Tracer::on_breakpoint(Thread& thread, Regs& regs) {
  Space& space = *thread.space;
  const RemoteAddr at{regs.rip - 1};
  const auto found = space.breakpoints.find(at);
  if (found == space.breakpoints.end()) return false;
  const Breakpoint::Kind kind = found->second.kind;
  if (kind == Breakpoint::Kind::loader) {
    // _dl_debug_state is an empty function: return from it for the program (elf/dl-debug.c).
    const auto back = space.memory.get<uint64_t>({regs.rsp});
    if (!back) return false;
    regs.rip = *back;
    regs.rsp += 8;
    set_regs(thread.tid, regs);
    ready(thread);
    on_loader(thread);
    return true;
  }
  clear_breakpoint(space, at);
  regs.rip = at.v;
  set_regs(thread.tid, regs);
  ready(thread);
  mark(space, thread.tid, kind == Breakpoint::Kind::entry ? "entry" : "main");
  if (kind == Breakpoint::Kind::entry) find_startup(thread);
  else if (!space.started && !space.awaits_mark) startup(thread);
  return true;
}

}  // namespace keyhole
