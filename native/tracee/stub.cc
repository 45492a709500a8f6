#include "tracee/stub.h"

#include <cstddef>
#include <cstring>

extern "C" const uint8_t keyhole_stub_begin[], keyhole_stub_end[], keyhole_stub_trap[];

namespace keyhole {

const std::vector<uint8_t>& stub_code() {
  static const std::vector<uint8_t> code(keyhole_stub_begin, keyhole_stub_end);
  return code;
}

RemoteAddr stub_end() {
  return kStubCode.start + static_cast<uint64_t>(keyhole_stub_trap - keyhole_stub_begin);
}

std::vector<uint8_t> stub_image(const user_regs_struct& r, bool stop_at_end,
                                const std::vector<RemoteCall>& calls) {
  const StubHeader header{stop_at_end, r.rax, r.rdi, r.rsi, r.rdx,    r.r10, r.r8,  r.r9,
                          r.rcx,       r.r11, r.rbx, r.r12, r.eflags, r.rip, r.rsp, 0};
  const RemoteCall end{-1};
  constexpr size_t table = kStubTable.v - kStubHeader.v;
  std::vector<uint8_t> image(table + (calls.size() + 1) * sizeof end);
  memcpy(image.data(), &header, sizeof header);
  if (!calls.empty()) memcpy(&image[table], calls.data(), calls.size() * sizeof end);
  memcpy(&image[table + calls.size() * sizeof end], &end, sizeof end);
  return image;
}

user_regs_struct stub_entry(user_regs_struct r) {
  r.rip = kStubCode.start.v;
  r.rbx = kStubTable.v;
  r.r12 = 0;
  // popfq takes the flags from here; until then nothing touches the stack.
  r.rsp = kStubHeader.v + offsetof(StubHeader, rflags);
  // No interrupted system call is to be restarted while the stub runs (arch/x86/kernel/signal.c).
  r.orig_rax = ~0ull;
  r.eflags &= ~0x400ull;  // string direction as the ABI wants it
  return r;
}

}  // namespace keyhole
