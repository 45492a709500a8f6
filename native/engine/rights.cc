// WRPKRU and RDPKRU on a CPU without keys: executed here, on the thread's own rights. The first
// time one raises #UD, which costs four breakpoints where a hypervisor looks at it first; then its
// three bytes become a breakpoint and a nop, so that a thread that writes its rights goes on with
// the registers it has.
#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <span>

#include "engine/tracer.h"

namespace keyhole {
namespace {

using Bytes = std::array<uint8_t, 3>;
constexpr Bytes kWrpkru{0x0f, 0x01, 0xef}, kRdpkru{0x0f, 0x01, 0xee};
constexpr Bytes kPatched{0xcc, 0x66, 0x90};  // int3; a nop of two bytes

const Bytes& original(const RightsSite& site) { return site.write ? kWrpkru : kRdpkru; }

/// Only code that nobody writes and that the file stands behind: what a compiler made at run time
/// changes unseen. Not where the program handles SIGTRAP: of two that meet in one thread, the
/// breakpoint's and one that is sent, the kernel keeps the first (kernel/signal.c, legacy_queue).
bool patchable(const Space& space, RemoteAddr at) {
  if (space.handles_traps) return false;
  const auto found = space.regions.find(at);
  return found && found->first.end.v - at.v >= kPatched.size() && found->second.prot.x() &&
         !found->second.prot.w() && space.names[found->second.name].starts_with('/');
}

}  // namespace

std::vector<uint8_t> Space::code(RemoteAddr at, size_t size) const {
  std::vector<uint8_t> bytes = memory.bytes(at, size);
  const auto put = [&](RemoteAddr where, std::span<const uint8_t> original) {
    for (size_t i = 0; i < original.size(); i++)
      if (where + i >= at && where + i < at + bytes.size()) bytes[where + i - at] = original[i];
  };
  for (const auto& [where, breakpoint] : breakpoints) put(where, {&breakpoint.original, 1});
  for (const auto& [where, site] : rights_sites)
    if (site.patched) put(where, original(site));
  return bytes;
}

void Space::forget_code(PageRange range) {
  rights_sites.erase(rights_sites.lower_bound(range.start), rights_sites.lower_bound(range.end));
}

bool Space::stopped_by_us(RemoteAddr after) const {
  const RemoteAddr at = after - 1;
  return breakpoints.contains(at) || rights_sites.contains(at);
}

/// A breakpoint in place of a rights instruction. A SIGTRAP that somebody has sent finds the thread
/// as the last stop here left it.
bool Tracer::on_rights_site(Thread& thread) {
  Regs& regs = thread.at_site;
  const Regs before = regs;
  if (!take_regs(thread, regs)) return false;
  const auto& sites = thread.space->rights_sites;
  const auto found = sites.find(RemoteAddr{regs.rip - 1});
  if (found == sites.end() || !found->second.patched) return false;
  siginfo_t info;
  const bool unmoved = memcmp(&before, &regs, sizeof regs) == 0;
  if (unmoved && (!get_siginfo(thread.tid, info) || info.si_code <= 0)) return false;
  execute_rights(thread, found->first, found->second, regs);
  return true;
}

/// Another thread has taken the breakpoint away since this one ran into it: what stands there now
/// is tried.
bool Tracer::on_gone_site(Thread& thread, Regs& regs) {
  const auto code = thread.space->memory.get<std::array<uint8_t, 2>>(RemoteAddr{regs.rip - 2});
  constexpr std::array<uint8_t, 2> own{0xcd, 0x03};  // INT 3 in two bytes, the program's
  if (code && ((*code)[1] == kPatched[0] || *code == own)) return false;
  regs.rip--;
  set_regs(thread.tid, regs);
  ready(thread);
  return true;
}

/// #UD: a rights instruction that is not patched, or was not when the thread came to it.
bool Tracer::on_invalid_opcode(Thread& thread, Regs& regs) {
  Space& space = *thread.space;
  const RemoteAddr at{regs.rip};
  const auto found = space.rights_sites.find(at);
  if (found == space.rights_sites.end() || !found->second.patched) {
    const auto code = space.memory.get<Bytes>(at);
    if (!code || (*code != kWrpkru && *code != kRdpkru)) return false;
    // One that cannot be patched is not tried again.
    auto& site = space.rights_sites[at];
    site.write = *code == kWrpkru;
    if (found == space.rights_sites.end()) patch(space, at, site);
  }
  execute_rights(thread, at, space.rights_sites[at], regs);
  return true;
}

void Tracer::patch(Space& space, RemoteAddr at, RightsSite& site) {
  // The breakpoint first: a thread that fetches between the two writes stops, and goes on only
  // when we say so.
  site.patched = patchable(space, at) && space.memory.write(at, kPatched.data(), 1) &&
                 space.memory.write(at + 1, kPatched.data() + 1, kPatched.size() - 1);
}

/// The thread stands before the instruction, or behind the breakpoint in its place.
void Tracer::execute_rights(Thread& thread, RemoteAddr at, const RightsSite& site, Regs& regs) {
  const auto low = [](uint64_t v) { return static_cast<uint32_t>(v); };
  const bool behind = regs.rip != at.v;
  // ECX must be 0, for WRPKRU EDX too, else #GP (Intel SDM vol. 2, WRPKRU).
  if (low(regs.rcx) != 0 || (site.write && low(regs.rdx) != 0)) {
    siginfo_t info{};
    // What the kernel sends for #GP: SIGSEGV, SI_KERNEL, no address (arch/x86/kernel/traps.c).
    info.si_signo = SIGSEGV;
    info.si_code = SI_KERNEL;
    regs.rip = at.v;
    if (behind) set_regs(thread.tid, regs);
    log_fault(thread, info, regs, "plain", {}, {}, "unknown", "deliver");
    return ready(thread, Go::cont, info);
  }
  if (!site.write) {
    regs.rax = thread.regime.rights.v;
    regs.rdx = 0;
  }
  if (!behind) regs.rip += sizeof(Bytes);
  if (!behind || !site.write) set_regs(thread.tid, regs);
  if (site.write) set_rights(thread, {low(regs.rax)}, Cause::program, at);
  unchanged_ = {thread.tid, regs};
  ready(thread);
}

/// The program is about to write or move its code: it gets it as it was. A thread that stands
/// behind one of our breakpoints goes on behind the instruction.
void Tracer::restore_rights_sites(Space& space, PageRange range) {
  const auto first = space.rights_sites.lower_bound(range.start);
  const auto last = space.rights_sites.lower_bound(range.end);
  if (first == last) return;
  stop_threads(space, false);
  for (Thread* thread : space.threads) {
    Regs regs;
    if (thread->run != Run::ready || !get_regs(thread->tid, regs)) continue;
    const auto site = space.rights_sites.find(RemoteAddr{regs.rip - 1});
    if (site == space.rights_sites.end() || !range.contains(site->first)) continue;
    regs.rip = site->first.v + sizeof(Bytes);
    set_regs(thread->tid, regs);
  }
  for (auto it = first; it != last; ++it)
    if (it->second.patched)
      space.memory.write(it->first, original(it->second).data(), sizeof(Bytes));
  space.rights_sites.erase(first, last);
}

/// A breakpoint of ours comes again by itself, the program's own is delivered after.
void Tracer::settle_late_trap(Thread& thread, Regs& regs) {
  if (!thread.late_trap) return;
  if (thread.space->stopped_by_us({regs.rip})) regs.rip--;
  else thread.deliver.push_back(*thread.late_trap);
  thread.late_trap.reset();
}

}  // namespace keyhole
