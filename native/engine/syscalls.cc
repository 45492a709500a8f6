// The memory and key calls of the program: what is asked, what the kernel is asked instead, what
// came of it.
#include <sys/mman.h>
#include <sys/syscall.h>

#include <cerrno>

#include "engine/json_text.h"
#include "engine/tracer.h"

namespace keyhole {
namespace {

PageRange pages(uint64_t start, uint64_t size) {
  return {{start}, RemoteAddr{start + size}.ceil()};
}
Prot prot_of(uint64_t bits) { return {static_cast<uint8_t>(bits & 7)}; }

}  // namespace

/// Skip the call that is about to begin: the program sees `result`.
void Tracer::answer(Thread& thread, Regs& regs, int64_t result) {
  regs.orig_rax = ~0ull;
  regs.rax = static_cast<uint64_t>(result);
  set_regs(thread.tid, regs);
  thread.call = {};
  end_turn(thread);
  ready(thread);
}

void Tracer::on_syscall_entry(Thread& thread) {
  Regs regs;
  if (!get_regs(thread.tid, regs)) return ready(thread);
  Space& space = *thread.space;
  if (thread.wait) {  // begun again
    if (regs.orig_rax == SYS_rt_sigtimedwait) return enter_signal_wait(thread, regs);
    return ready(thread, Go::to_syscall_exit);
  }
  // It ran beside others until a key parted them: the call waits for the thread's own turn.
  if (!fits(space, thread.regime, space.active)) return step_back(thread, regs);
  if (!take_turn(thread, regs)) return;
  thread.call = {};
  thread.call.number = regs.orig_rax;
  const uint64_t args[6] = {regs.rdi, regs.rsi, regs.rdx, regs.r10, regs.r8, regs.r9};
  std::copy(args, args + 6, thread.call.args);
  if (answers_own_trace(thread, regs) || guards_stub(thread, regs)) return;
  if (config_.tracer != TracerMode::off && forbidden(thread, regs)) return;
  switch (regs.orig_rax) {
    case SYS_mmap:
      if (static_cast<int>(regs.r8) >= 0 && !(regs.r10 & MAP_ANONYMOUS))
        thread.call.name = fd_path(thread.tid, static_cast<int>(regs.r8));
      break;
    case SYS_mremap:
      restore_rights_sites(space, pages(regs.rdi, regs.rsi));
      break;
    case SYS_mprotect:
      return enter_protect(thread, regs, {});
    case SYS_pkey_mprotect:
      return enter_protect(thread, regs, static_cast<int>(regs.r10));
    case SYS_pkey_alloc:
      if (!keys_->kernel_has_keys()) return enter_alloc(thread, regs);
      break;
    case SYS_pkey_free:
      if (!keys_->kernel_has_keys()) return enter_free(thread, regs);
      break;
    case SYS_rt_sigprocmask:
      return enter_mask(thread, regs);
    case SYS_rt_sigaction:
      return enter_action(thread, regs);
    case SYS_rt_sigreturn:
      return enter_sigreturn(thread, regs);
    case SYS_rt_sigtimedwait:
      return enter_signal_wait(thread, regs);
    case SYS_signalfd:
    case SYS_signalfd4:
      return enter_signalfd(thread, regs);
    case SYS_rt_sigsuspend:
    case SYS_ppoll:
    case SYS_pselect6:
    case SYS_epoll_pwait:
    case SYS_epoll_pwait2:
      return enter_masked_wait(thread, regs);
    case SYS_futex:
      // Of the waits only; their sleep ends in an exit stop, so that nobody runs on under another's
      // protections.
      if (!space.started) return ready(thread);
      break;
    case SYS_seccomp:
      return enter_filter(thread, regs);
    case SYS_prctl:
      return enter_prctl(thread, regs);
    case SYS_sched_setaffinity:
    case SYS_sched_getaffinity:
      enter_affinity(thread, regs);
      return ready(thread);
    case SYS_execve:
    case SYS_execveat:
      return ready(thread);
    case SYS_io_uring_setup:
      finding_once(space, thread.tid, FindingClass::not_emulated,
                   "io_uring: its workers touch memory under whatever protections are in force, "
                   "not with the rights of the thread that asked");
      return ready(thread);
    case SYS_userfaultfd:
      finding_once(space, thread.tid, FindingClass::not_emulated,
                   "userfaultfd: a thread that waits for a page and the one that brings it never "
                   "run at once while their rights differ, and may wait for ever");
      return ready(thread);
    default:
      break;
  }
  ready(thread, Go::to_syscall_exit);
}

void Tracer::on_syscall_exit(Thread& thread) {
  Regs regs;
  if (!get_regs(thread.tid, regs)) return ready(thread);
  if (thread.wait) return exit_wait(thread, regs);
  switch (thread.call.number) {
    case SYS_mmap:
      exit_map(thread, regs);
      break;
    case SYS_munmap:
      if (!failed(regs))
        unmap_region(*thread.space, thread.tid, pages(thread.call.args[0], thread.call.args[1]),
                     Cause::program);
      break;
    case SYS_mprotect:
    case SYS_pkey_mprotect:
      exit_protect(thread, regs);
      break;
    case SYS_mremap:
      exit_remap(thread, regs);
      break;
    case SYS_brk:
      exit_brk(thread, regs);
      break;
    case SYS_shmat:
    case SYS_shmdt:
    case SYS_io_setup:  // maps the ring of events (fs/aio.c, aio_setup_ring)
    case SYS_io_destroy:
      // The size of a segment is the kernel's to know.
      if (!failed(regs)) reread_maps(thread, Cause::program);
      break;
    case SYS_pkey_alloc: {
      const auto rights = keys_->rights(thread.tid, {});
      if (rights) thread.regime.rights = *rights;
      if (!failed(regs)) {
        thread.space->keys_allocated |= static_cast<uint16_t>(1u << regs.rax);
        log({.kind = EventKind::key_alloc,
             .space = thread.space->id,
             .tid = thread.tid,
             .key_after = static_cast<int8_t>(regs.rax),
             .rights = rights});
        close_for_others(thread, Key{static_cast<uint8_t>(regs.rax)});
      }
      break;
    }
    case SYS_pkey_free:
      if (!failed(regs)) {
        thread.space->keys_allocated &= static_cast<uint16_t>(~(1u << thread.call.args[0]));
        log({.kind = EventKind::key_free,
             .space = thread.space->id,
             .tid = thread.tid,
             .key_before = static_cast<int8_t>(thread.call.args[0])});
      }
      break;
    case SYS_seccomp:
    case SYS_prctl:
      exit_filter(thread, regs);
      break;
    case SYS_rt_sigprocmask:
      exit_mask(thread, regs);
      break;
    case SYS_rt_sigpending:
      exit_pending(thread, regs);
      break;
    case SYS_rt_sigaction:
      exit_action(thread, regs);
      break;
    case SYS_rt_sigreturn:
      exit_sigreturn(thread, regs);
      break;
    case SYS_futex:
      exit_futex(thread, regs);
      break;
    default:
      break;
  }
  thread.call = {};
  end_turn(thread);
  ready(thread);
}

/// The program asks where a thread may run, or says so: it is to see and to change its own mask.
void Tracer::enter_affinity(Thread& thread, const Regs& regs) {
  const auto tid = static_cast<int>(regs.rdi);
  const auto other = threads_.find(tid);
  if (tid != 0 && other == threads_.end()) return;
  Thread& target = tid == 0 ? thread : *other->second;
  placement_.leave(target.tid, target.placed);
  if (regs.orig_rax == SYS_sched_setaffinity) target.placed.left_alone = true;
}

void Tracer::enter_alloc(Thread& thread, Regs& regs) {
  // mm/mprotect.c, SYSCALL_DEFINE2(pkey_alloc): no flags, and only the two rights bits.
  if (regs.rdi != 0 || regs.rsi > 3) return answer(thread, regs, -EINVAL);
  Space& space = *thread.space;
  // The lowest that is free; key 0 can be given back too (asm/pkeys.h, mm_pkey_alloc).
  for (uint8_t k = 0; k < kKeyCount; k++) {
    if (space.keys_allocated >> k & 1) continue;
    space.keys_allocated |= static_cast<uint16_t>(1u << k);
    const uint32_t bits = static_cast<uint32_t>(regs.rsi) << (2 * k);
    const Pkru rights{(thread.regime.rights.v & ~(3u << (2 * k))) | bits};
    log({.kind = EventKind::key_alloc,
         .space = space.id,
         .tid = thread.tid,
         .site = {regs.rip},
         .key_after = static_cast<int8_t>(k)});
    set_rights(thread, rights, Cause::program, {regs.rip});
    close_for_others(thread, Key{k});
    return answer(thread, regs, k);
  }
  answer(thread, regs, -ENOSPC);
}

void Tracer::enter_free(Thread& thread, Regs& regs) {
  Space& space = *thread.space;
  const uint64_t k = regs.rdi;
  if (k >= kKeyCount || !(space.keys_allocated >> k & 1)) return answer(thread, regs, -EINVAL);
  space.keys_allocated &= static_cast<uint16_t>(~(1u << k));
  log({.kind = EventKind::key_free,
       .space = space.id,
       .tid = thread.tid,
       .site = {regs.rip},
       .key_before = static_cast<int8_t>(k)});
  answer(thread, regs, 0);
}

void Tracer::enter_protect(Thread& thread, Regs& regs, std::optional<int> key) {
  Space& space = *thread.space;
  thread.call.asked_prot = prot_of(regs.rdx);
  if (space.regions.may_have_grown({regs.rdi})) grow_stacks(space, kernel_list(thread.tid));
  if (thread.call.asked_prot->w()) restore_rights_sites(space, pages(regs.rdi, regs.rsi));
  if (key && *key != -1) {
    const bool known = *key >= 0 && *key < kKeyCount && (space.keys_allocated >> *key & 1);
    // The kernel looks at place and size first; it keeps real keys itself (mm/mprotect.c,
    // do_mprotect_pkey).
    const bool placed = regs.rdi % kPage == 0 && !pages(regs.rdi, regs.rsi).empty() &&
                        regs.rdi + regs.rsi > regs.rdi;
    if (!known && placed && !keys_->kernel_has_keys()) return answer(thread, regs, -EINVAL);
    thread.call.key = Key{static_cast<uint8_t>(*key)};
    // Until now its regime is the one in force by another name; a key that comes into use may tell
    // them apart. The caller must not lose the pages for a moment: its rseq area may be there.
    space.active = thread.regime;
  }
  if (keys_->mode() == KeysMode::emulated || space.rules.gates_live) {
    // The kernel is asked for what every page of the range may have now; pages that may have more
    // get it after.
    uint8_t common = 7;
    space.regions.each(pages(regs.rdi, regs.rsi), [&](PageRange, const Region& region) {
      Region after = region;
      after.prot = *thread.call.asked_prot;
      if (thread.call.key) after.key = *thread.call.key;
      common &= real_prot(after, space.active, space.rules).v;
    });
    thread.call.rewritten_prot = Prot{static_cast<uint8_t>(common & thread.call.asked_prot->v)};
    regs.rdx = (regs.rdx & ~7ull) | thread.call.rewritten_prot->v;
    if (key && keys_->mode() == KeysMode::emulated) regs.orig_rax = SYS_mprotect;
    set_regs(thread.tid, regs);
  }
  ready(thread, Go::to_syscall_exit);
}

void Tracer::exit_protect(Thread& thread, const Regs& regs) {
  Space& space = *thread.space;
  const PendingCall& call = thread.call;
  PageRange range = pages(call.args[0], call.args[1]);
  const bool ok = !failed(regs);
  if (!ok && static_cast<int64_t>(regs.rax) != -ENOMEM) return;
  if (!ok) {
    // The kernel stops at the first hole and keeps what it did before it (mprotect(2), ENOMEM).
    RemoteAddr at = range.start;
    space.regions.each(range, [&](PageRange piece, const Region&) {
      if (piece.start == at) at = piece.end;
    });
    range.end = at;
  }
  if (range.empty()) return;
  std::vector<ProtectStep> steps;
  std::optional<Key> before;
  bool mixed = false, only_code = *call.asked_prot == Prot{PROT_EXEC};
  space.regions.update(range, [&](Region& region) {
    only_code = only_code || region.prot == Prot{PROT_EXEC};
    if (before && *before != region.key) mixed = true;
    before = region.key;
    region.prot = *call.asked_prot;
    region.protected_once = true;
    if (call.key) region.key = *call.key, region.tagged = true;
  });
  if (call.rewritten_prot)
    space.regions.each(range, [&](PageRange piece, const Region& region) {
      const Prot want = real_prot(region, space.active, space.rules);
      if (want != *call.rewritten_prot) add_step(steps, {piece, want});
    });
  log({.kind = call.key ? EventKind::tag : EventKind::protect,
       .space = space.id,
       .tid = thread.tid,
       .range = range,
       .site = {regs.rip},
       .key_before = before && !mixed ? static_cast<int8_t>(before->v) : kUnknownKey,
       .key_after = call.key ? static_cast<int8_t>(call.key->v) : kUnknownKey,
       .prot_after = call.asked_prot->v,
       .result = ok ? 0 : static_cast<int32_t>(regs.rax)});
  run_calls(space, protect_calls(steps), &thread);
  if (only_code && keys_->mode() == KeysMode::hardware) reread_maps(thread, Cause::kernel);
  if (call.key && call.key->v != 0 && call.asked_prot->x() && keys_->mode() == KeysMode::emulated)
    finding_once(
        space, thread.tid, FindingClass::not_emulated,
        "pages with code were given a key: without protection keys they stay readable under "
        "any rights",
        range);
  if (!call.asked_prot->w()) module_relocated(thread, range);
}

/// Whether the thread's own rights let the kernel read or write these bytes for it.
bool Tracer::may_access(const Thread& thread, PageRange bytes, bool write) {
  const RegionMap& regions = thread.space->regions;
  const Pkru rights = thread.regime.rights;
  bool allowed = regions.covers(bytes);
  regions.each(bytes, [&](PageRange, const Region& region) {
    const bool by_prot = write ? region.prot.w() : region.prot.r();
    allowed = allowed && by_prot && rights.may_read(region.key) &&
              (!write || rights.may_write(region.key));
  });
  return allowed;
}

bool Tracer::forbidden(Thread& thread, Regs& regs) {
  Space& space = *thread.space;
  TracerCall call;
  if (const auto now = rights_of(thread)) thread.regime.rights = *now;
  call.rights = thread.regime.rights;
  call.caller = compartment_of(thread.regime.rights);
  call.before_init_end = !space.init_ended;
  PageRange range = pages(regs.rdi, regs.rsi);
  switch (regs.orig_rax) {
    case SYS_mmap:
      if (is_end_of_init(regs.rdi, regs.rsi, regs.rdx, regs.r10, regs.r8, regs.r9)) return false;
      call.kind = regs.r10 & MAP_FIXED ? CallKind::mmap_fixed : CallKind::mmap;
      break;
    case SYS_munmap:
      call.kind = CallKind::munmap;
      break;
    case SYS_mremap:
      call.kind = CallKind::mremap;
      break;
    case SYS_madvise:
      call.kind = CallKind::madvise;
      break;
    case SYS_mprotect:
      call.kind = CallKind::mprotect;
      call.new_prot = prot_of(regs.rdx);
      break;
    case SYS_pkey_mprotect:
      call.kind = CallKind::pkey_mprotect;
      call.new_prot = prot_of(regs.rdx);
      if (static_cast<int>(regs.r10) >= 0) call.new_key = Key{static_cast<uint8_t>(regs.r10)};
      break;
    default:
      return false;
  }
  const auto touches = [&](PageRange pages) {
    space.regions.each(pages, [&](PageRange piece, const Region& region) {
      call.pages.push_back(
          {piece, region.key, region.tagged, region.protected_once, region.prot, region.stack});
    });
  };
  if (call.kind != CallKind::mmap) touches(range);
  // Its destination loses what it had, as under mmap with MAP_FIXED (mremap(2)).
  if (call.kind == CallKind::mremap && regs.r10 & MREMAP_FIXED) touches(pages(regs.r8, regs.rdx));
  const Verdict verdict = judge(call);
  if (verdict.allowed) return false;
  log({.kind = EventKind::verdict,
       .space = space.id,
       .tid = thread.tid,
       .range = range,
       .site = {regs.rip},
       .rights = rights_of(thread),
       .rule = verdict.rule,
       .detail =
           text_of({{"call", call_name(call.kind)}, {"allowed", false}, {"text", verdict.text}})});
  if (config_.tracer != TracerMode::enforce) return false;
  answer(thread, regs, -EPERM);
  return true;
}

}  // namespace keyhole
