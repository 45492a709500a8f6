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

StubHeader stub_header(const user_regs_struct& r, bool stop_at_end) {
  return {stop_at_end, r.rax, r.rdi, r.rsi, r.rdx,    r.r10, r.r8,  r.r9,
          r.rcx,       r.r11, r.rbx, r.r12, r.eflags, r.rip, r.rsp, 0};
}

std::vector<RemoteCall> stub_table(std::vector<RemoteCall> calls) {
  calls.push_back({-1});
  return calls;
}

std::vector<uint8_t> stub_image(const user_regs_struct& regs, bool stop_at_end,
                                const std::vector<RemoteCall>& calls) {
  const StubHeader header = stub_header(regs, stop_at_end);
  const auto rows = stub_table(calls);
  constexpr size_t table = kStubTable.v - kStubHeader.v;
  std::vector<uint8_t> image(table + rows.size() * sizeof rows[0]);
  memcpy(image.data(), &header, sizeof header);
  memcpy(&image[table], rows.data(), rows.size() * sizeof rows[0]);
  return image;
}

user_regs_struct stub_entry(user_regs_struct r, RemoteAddr table) {
  r.rip = kStubCode.start.v;
  r.rbx = table.v;
  r.r12 = 0;
  // popfq takes the flags from here; until then nothing touches the stack.
  r.rsp = kStubHeader.v + offsetof(StubHeader, rflags);
  // No interrupted system call is to be restarted while the stub runs (arch/x86/kernel/signal.c).
  r.orig_rax = ~0ull;
  r.eflags &= ~0x400ull;  // string direction as the ABI wants it
  return r;
}

}  // namespace keyhole
