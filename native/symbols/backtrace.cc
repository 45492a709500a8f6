// The frames of a stopped thread, by libdwfl: call-frame information, else frame pointers.
#include <cstdlib>

#include "symbols/decode.h"
#include "symbols/symbolizer_impl.h"

namespace keyhole {

namespace {

using Impl = Symbolizer::Impl;

struct Walk {
  Impl* impl;
  size_t most;
  std::vector<Frame> frames;
  FoundBy next = FoundBy::registers;
};

const BacktraceOf& thread_of(void* impl) { return *static_cast<Impl*>(impl)->thread; }

pid_t next_thread(Dwfl*, void*, void**) { return 0; }

bool get_thread(Dwfl*, pid_t, void* impl, void** thread) {
  *thread = impl;
  return true;
}

bool read_word(Dwfl*, Dwarf_Addr from, Dwarf_Word* to, void* impl) {
  return thread_of(impl).memory.read({from}, to, sizeof *to) == sizeof *to;
}

bool initial_registers(Dwfl_Thread* thread, void* impl) {
  const Regs& r = thread_of(impl).regs;
  // Register numbers of DWARF (psABI x86-64, figure 3.36); 16 is the return address.
  const Dwarf_Word numbered[] = {r.rax, r.rdx, r.rcx, r.rbx, r.rsi, r.rdi, r.rbp, r.rsp, r.r8,
                                 r.r9,  r.r10, r.r11, r.r12, r.r13, r.r14, r.r15, r.rip};
  return dwfl_thread_state_registers(thread, 0, std::size(numbered), numbered);
}

const Dwfl_Thread_Callbacks kThread = {
    .next_thread = next_thread,
    .get_thread = get_thread,
    .memory_read = read_word,
    .set_initial_registers = initial_registers,
    .detach = nullptr,
    .thread_detach = nullptr,
};

bool covers(Dwarf_CFI* cfi, uint64_t address) {
  Dwarf_Frame* frame = nullptr;
  if (cfi == nullptr || dwarf_cfi_addrframe(cfi, address, &frame) != 0) return false;
  free(frame);
  return true;
}

bool has_cfi(Impl& impl, uint64_t address) {
  Dwfl_Module* module = impl.module_at(address);
  if (module == nullptr) return false;
  Dwarf_Addr bias = 0;
  Dwarf_CFI* of_file = dwfl_module_eh_cfi(module, &bias);
  if (covers(of_file, address - bias)) return true;
  Dwarf_CFI* of_debug_file = dwfl_module_dwarf_cfi(module, &bias);
  return covers(of_debug_file, address - bias);
}

/// Whether a call instruction ends at this address, so that it may be returned to.
bool follows_call(const RemoteMemory& memory, uint64_t address) {
  // From a register's to one by way of memory, with SIB, 32 bits more and two prefixes (Intel SDM
  // vol. 2, CALL).
  constexpr uint64_t kShortest = 2, kLongest = 9;
  for (uint64_t length = kShortest; length <= kLongest; length++) {
    const RemoteAddr at{address - length};
    const auto call = decode(memory.bytes(at, length), at);
    if (call && call->flow == Flow::call && call->length == length) return true;
  }
  return false;
}

int take_frame(Dwfl_Frame* frame, void* walk_of) {
  Walk& walk = *static_cast<Walk*>(walk_of);
  Dwarf_Addr pc = 0;
  bool runs = false;
  if (!dwfl_frame_pc(frame, &pc, &runs)) return DWARF_CB_ABORT;
  // The register may hold anything: its use for frames is a habit (psABI x86-64, 3.2.2).
  if (walk.next == FoundBy::frame_pointer && !follows_call(thread_of(walk.impl).memory, pc))
    return DWARF_CB_ABORT;
  walk.frames.push_back({{pc}, walk.next});
  // A call that never returns may be the last instruction of its function: look inside the call.
  walk.next = has_cfi(*walk.impl, runs ? pc : pc - 1) ? FoundBy::cfi : FoundBy::frame_pointer;
  return walk.frames.size() < walk.most ? DWARF_CB_OK : DWARF_CB_ABORT;
}

}  // namespace

std::vector<Frame> Symbolizer::backtrace(const BacktraceOf& thread, size_t most) {
  Walk walk{impl_.get(), most, {}};
  const Frame here{{thread.regs.rip}, FoundBy::registers};
  if (most == 0 || !impl_->update()) return {here};
  // No ELF handle: libdwfl takes the machine from the first module that it can read.
  if (!impl_->can_unwind)
    impl_->can_unwind =
        dwfl_attach_state(impl_->dwfl.get(), nullptr, impl_->pid, &kThread, impl_.get());
  if (!impl_->can_unwind) return {here};
  impl_->thread = &thread;
  dwfl_getthread_frames(impl_->dwfl.get(), impl_->pid, take_frame, &walk);
  impl_->thread = nullptr;
  if (walk.frames.empty()) return {here};
  return walk.frames;
}

}  // namespace keyhole
