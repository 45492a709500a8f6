#include "tracee/ptrace.h"

#include <cpuid.h>
#include <elf.h>
#include <sys/uio.h>

#include <cstring>
#include <vector>

namespace keyhole {
namespace {

long call(__ptrace_request request, Tid tid, uintptr_t addr, const void* data) {
  return ptrace(request, tid.v, reinterpret_cast<void*>(addr), const_cast<void*>(data));
}

/// Offset of PKRU in the XSAVE area: CPUID leaf 0xD, sub-leaf 9 (Intel SDM vol. 1, 13.5.7).
std::optional<uint32_t> pkru_offset() {
  static const std::optional<uint32_t> offset = []() -> std::optional<uint32_t> {
    if (!cpu_has_pku()) return {};
    unsigned a, b, c, d;
    if (!__get_cpuid_count(0xd, 9, &a, &b, &c, &d) || a == 0) return {};
    return b;
  }();
  return offset;
}

constexpr size_t kXstateBv = 512;  // header of the XSAVE area, its first word (SDM vol. 1, 13.4.2)
constexpr uint64_t kPkruBit = 1u << 9;

/// The whole XSAVE area: a short buffer is refused when it is written back.
bool read_xstate(Tid tid, std::vector<uint8_t>& area) {
  area.resize(16384);
  iovec io{area.data(), area.size()};
  if (call(PTRACE_GETREGSET, tid, NT_X86_XSTATE, &io) != 0) return false;
  area.resize(io.iov_len);
  return true;
}

}  // namespace

bool seize(Tid tid, uint64_t options) {
  return call(PTRACE_SEIZE, tid, 0, reinterpret_cast<void*>(options)) == 0;
}
bool get_regs(Tid tid, Regs& out) { return call(PTRACE_GETREGS, tid, 0, &out) == 0; }
bool set_regs(Tid tid, const Regs& regs) { return call(PTRACE_SETREGS, tid, 0, &regs) == 0; }

bool go_on(Tid tid, Go how, int signal) {
  static constexpr __ptrace_request requests[] = {PTRACE_CONT, PTRACE_SYSCALL, PTRACE_SINGLESTEP,
                                                  PTRACE_LISTEN};
  auto data = reinterpret_cast<void*>(static_cast<uintptr_t>(signal));
  return call(requests[static_cast<int>(how)], tid, 0, data) == 0;
}

bool detach(Tid tid, int signal) {
  return call(PTRACE_DETACH, tid, 0, reinterpret_cast<void*>(static_cast<uintptr_t>(signal))) == 0;
}
bool interrupt(Tid tid) { return call(PTRACE_INTERRUPT, tid, 0, nullptr) == 0; }
bool get_siginfo(Tid tid, siginfo_t& out) { return call(PTRACE_GETSIGINFO, tid, 0, &out) == 0; }
bool set_siginfo(Tid tid, const siginfo_t& info) {
  return call(PTRACE_SETSIGINFO, tid, 0, &info) == 0;
}
bool get_sigmask(Tid tid, uint64_t& out) {
  return call(PTRACE_GETSIGMASK, tid, sizeof out, &out) == 0;
}
bool set_sigmask(Tid tid, uint64_t mask) {
  return call(PTRACE_SETSIGMASK, tid, sizeof mask, &mask) == 0;
}
bool event_message(Tid tid, unsigned long& out) {
  return call(PTRACE_GETEVENTMSG, tid, 0, &out) == 0;
}

std::optional<Pkru> get_hardware_pkru(Tid tid) {
  const auto offset = pkru_offset();
  std::vector<uint8_t> area;
  if (!offset || !read_xstate(tid, area) || area.size() < *offset + 4) return {};
  uint64_t present;
  memcpy(&present, &area[kXstateBv], sizeof present);
  // A component in its initial state is not written: PKRU's is 0, every key open (SDM vol.
  // 1, 13.6).
  if (!(present & kPkruBit)) return Pkru{0};
  Pkru rights;
  memcpy(&rights.v, &area[*offset], sizeof rights.v);
  return rights;
}

bool set_hardware_pkru(Tid tid, Pkru rights) {
  const auto offset = pkru_offset();
  std::vector<uint8_t> area;
  if (!offset || !read_xstate(tid, area) || area.size() < *offset + 4) return false;
  uint64_t present;
  memcpy(&present, &area[kXstateBv], sizeof present);
  present |= kPkruBit;
  memcpy(&area[kXstateBv], &present, sizeof present);
  memcpy(&area[*offset], &rights.v, sizeof rights.v);
  iovec io{area.data(), area.size()};
  return call(PTRACE_SETREGSET, tid, NT_X86_XSTATE, &io) == 0;
}

bool cpu_has_pku() {
  unsigned a, b, c, d;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return false;
  return (c >> 4 & 1) != 0;  // OSPKE (SDM vol. 2, CPUID leaf 7, ECX bit 4)
}

}  // namespace keyhole
