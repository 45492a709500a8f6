// One x86-64 instruction, decoded for people and for the engine.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "policy/types.h"

namespace keyhole {

/// The registers that an effective address is made of, in the hardware's numbering.
enum class AddressRegister : uint8_t {
  rax,
  rcx,
  rdx,
  rbx,
  rsp,
  rbp,
  rsi,
  rdi,
  r8,
  r9,
  r10,
  r11,
  r12,
  r13,
  r14,
  r15,
  rip,
  none,
};

/// Their values. The rip of an operand is not among them: the instruction knows its own address.
struct RegisterValues {
  uint64_t rax = 0, rcx = 0, rdx = 0, rbx = 0, rsp = 0, rbp = 0, rsi = 0, rdi = 0;
  uint64_t r8 = 0, r9 = 0, r10 = 0, r11 = 0, r12 = 0, r13 = 0, r14 = 0, r15 = 0;
  uint64_t fs_base = 0, gs_base = 0;
};

enum class SegmentBase : uint8_t { none, fs, gs };

/// One access to memory; also implicit ones (`push`, `movs`, `ret`).
struct MemoryOperand {
  bool read = false;
  bool write = false;
  SegmentBase segment = SegmentBase::none;
  AddressRegister base = AddressRegister::none;
  AddressRegister index = AddressRegister::none;
  uint8_t scale = 1;
  int64_t displacement = 0;
  uint32_t size = 0;          ///< bytes; 0 = not known from the instruction alone
  bool vector_index = false;  ///< a gather or scatter: the address is not one number
  bool address_32 = false;    ///< 32-bit addressing: wraps before the segment is added
};

enum class Flow : uint8_t { next, call, jump, branch, ret, system_call };

struct Instruction {
  RemoteAddr address;
  uint8_t length = 0;
  std::string text;  ///< Intel syntax, absolute targets
  bool is_wrpkru = false;
  bool is_rdpkru = false;
  Flow flow = Flow::next;
  std::optional<RemoteAddr> target;  ///< of a direct call, jump or branch
  std::vector<MemoryOperand> memory;

  RemoteAddr next() const { return address + length; }
};

/// Decodes the instruction at `address`; nothing when the bytes are none or are cut off.
std::optional<Instruction> decode(std::span<const uint8_t> bytes, RemoteAddr address);

/// Where an operand of `instruction` points; nothing for a vector index.
std::optional<RemoteAddr> effective_address(const Instruction& instruction,
                                            const MemoryOperand& operand,
                                            const RegisterValues& registers);

/// The operand of `instruction` that touches `address`, if one does.
/// With `writes`, only one that writes, or only one that does not.
const MemoryOperand* operand_at(const Instruction& instruction, RemoteAddr address,
                                const RegisterValues& registers, std::optional<bool> writes = {});

}  // namespace keyhole
