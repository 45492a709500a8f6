// The stub: a little code of ours in every tracee that walks a table of system calls, so that one
// stop changes the protection of many ranges. Its pages are laid out in stub_layout.h.
#pragma once
#include <sys/user.h>

#include <array>
#include <vector>

#include "policy/types.h"
#include "tracee/stub_layout.h"

namespace keyhole {

inline constexpr PageRange kStubRange{{KEYHOLE_STUB_CODE},
                                      {KEYHOLE_STUB_DATA + KEYHOLE_STUB_DATA_PAGES * kPage}};
inline constexpr PageRange kStubCode{{KEYHOLE_STUB_CODE}, {KEYHOLE_STUB_CODE + kPage}};

/// One row of the table; `result` is filled in by the stub. The row after the last has number -1.
struct RemoteCall {
  int64_t number;
  std::array<uint64_t, 6> args{};
  int64_t result = 0;
};
static_assert(sizeof(RemoteCall) == 64);

/// What stands at the start of the data pages.
struct StubHeader {
  uint64_t stop_at_end;  ///< 1: end in a breakpoint; 0: go straight back to the program (fused)
  uint64_t rax, rdi, rsi, rdx, r10, r8, r9, rcx, r11, rbx, r12;
  uint64_t rflags, rip, rsp;  ///< popped, jumped to, and taken last
  uint64_t done;              ///< set by the stub when every call has been made
};

inline constexpr RemoteAddr kStubHeader{KEYHOLE_STUB_DATA};
inline constexpr RemoteAddr kStubTable{KEYHOLE_STUB_DATA + 256};
inline constexpr PageRange kStubFilter{kStubRange.end - KEYHOLE_STUB_FILTER_PAGES * kPage,
                                       kStubRange.end};
/// The second half of the data pages before it holds tables that are kept.
inline constexpr PageRange kStubKept{
    {KEYHOLE_STUB_DATA + (KEYHOLE_STUB_DATA_PAGES - KEYHOLE_STUB_FILTER_PAGES) / 2 * kPage},
    kStubFilter.start};
/// The last row before it: room for what a call of ours points to.
inline constexpr RemoteAddr kStubScratch{kStubKept.start.v - 64};
inline constexpr size_t kStubMaxCalls = (kStubScratch.v - kStubTable.v) / sizeof(RemoteCall) - 1;

/// The bytes of the code page.
const std::vector<uint8_t>& stub_code();
/// The address of the breakpoint that ends a run with `stop_at_end`, and any run in which a call
/// failed: r12 counts the failed ones. The stop shows the address after it.
RemoteAddr stub_end();
/// Header and table as they stand from kStubHeader on, for a thread that is to go back to `regs`.
std::vector<uint8_t> stub_image(const user_regs_struct& regs, bool stop_at_end,
                                const std::vector<RemoteCall>& calls);
/// The header alone, for a table that stands there already.
StubHeader stub_header(const user_regs_struct& regs, bool stop_at_end);
/// The rows with their end mark.
std::vector<RemoteCall> stub_table(std::vector<RemoteCall> calls);
/// Registers that enter the stub.
user_regs_struct stub_entry(user_regs_struct regs, RemoteAddr table = kStubTable);

}  // namespace keyhole
