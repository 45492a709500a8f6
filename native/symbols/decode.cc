#include "symbols/decode.h"

#include <Zydis/Zydis.h>

#include <array>

namespace keyhole {

namespace {

using Operands = std::array<ZydisDecodedOperand, ZYDIS_MAX_OPERAND_COUNT>;

const ZydisDecoder& decoder() {
  static const ZydisDecoder instance = [] {
    ZydisDecoder d;
    ZydisDecoderInit(&d, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
    return d;
  }();
  return instance;
}

const ZydisFormatter& formatter() {
  static const ZydisFormatter instance = [] {
    ZydisFormatter f;
    ZydisFormatterInit(&f, ZYDIS_FORMATTER_STYLE_INTEL);
    for (auto property : {ZYDIS_FORMATTER_PROP_ADDR_PADDING_ABSOLUTE,
                          ZYDIS_FORMATTER_PROP_DISP_PADDING, ZYDIS_FORMATTER_PROP_IMM_PADDING}) {
      ZydisFormatterSetProperty(&f, property, ZYDIS_PADDING_DISABLED);
    }
    ZydisFormatterSetProperty(&f, ZYDIS_FORMATTER_PROP_HEX_UPPERCASE, ZYAN_FALSE);
    return f;
  }();
  return instance;
}

Flow flow_of(const ZydisDecodedInstruction& raw) {
  switch (raw.meta.category) {
    case ZYDIS_CATEGORY_CALL:
      return Flow::call;
    case ZYDIS_CATEGORY_UNCOND_BR:
      return Flow::jump;
    case ZYDIS_CATEGORY_COND_BR:
      return Flow::branch;
    case ZYDIS_CATEGORY_RET:
      return Flow::ret;
    case ZYDIS_CATEGORY_SYSCALL:
      return Flow::system_call;
    default:
      return Flow::next;
  }
}

/// Hints name memory without ever touching it in a way that faults.
bool never_faults(const ZydisDecodedInstruction& raw) {
  auto c = raw.meta.category;
  return c == ZYDIS_CATEGORY_NOP || c == ZYDIS_CATEGORY_WIDENOP || c == ZYDIS_CATEGORY_PREFETCH;
}

AddressRegister register_of(ZydisRegister reg) {
  if (reg == ZYDIS_REGISTER_RIP || reg == ZYDIS_REGISTER_EIP) return AddressRegister::rip;
  ZydisRegister wide = ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, reg);
  if (ZydisRegisterGetClass(wide) != ZYDIS_REGCLASS_GPR64) return AddressRegister::none;
  return static_cast<AddressRegister>(ZydisRegisterGetId(wide));
}

SegmentBase segment_of(ZydisRegister reg) {
  if (reg == ZYDIS_REGISTER_FS) return SegmentBase::fs;
  if (reg == ZYDIS_REGISTER_GS) return SegmentBase::gs;
  return SegmentBase::none;
}

MemoryOperand memory_of(const ZydisDecodedInstruction& raw, const ZydisDecodedOperand& operand) {
  MemoryOperand memory{
      .read = (operand.actions & ZYDIS_OPERAND_ACTION_MASK_READ) != 0,
      .write = (operand.actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0,
      .segment = segment_of(operand.mem.segment),
      .base = register_of(operand.mem.base),
      .index = register_of(operand.mem.index),
      .scale = operand.mem.scale,
      .displacement = operand.mem.disp.has_displacement ? operand.mem.disp.value : 0,
      .size = operand.size / 8u,
      .vector_index = operand.mem.type == ZYDIS_MEMOP_TYPE_VSIB,
      .address_32 = raw.address_width == 32,
  };
  // A push or call writes below the stack pointer it starts from.
  bool hidden = operand.visibility == ZYDIS_OPERAND_VISIBILITY_HIDDEN;
  if (hidden && memory.write && memory.base == AddressRegister::rsp) {
    memory.displacement -= memory.size;
  }
  return memory;
}

uint64_t value_of(AddressRegister reg, const Instruction& instruction, const RegisterValues& r) {
  using enum AddressRegister;
  switch (reg) {
    case rax:
      return r.rax;
    case rcx:
      return r.rcx;
    case rdx:
      return r.rdx;
    case rbx:
      return r.rbx;
    case rsp:
      return r.rsp;
    case rbp:
      return r.rbp;
    case rsi:
      return r.rsi;
    case rdi:
      return r.rdi;
    case r8:
      return r.r8;
    case r9:
      return r.r9;
    case r10:
      return r.r10;
    case r11:
      return r.r11;
    case r12:
      return r.r12;
    case r13:
      return r.r13;
    case r14:
      return r.r14;
    case r15:
      return r.r15;
    case rip:
      return instruction.next().v;
    case none:
      return 0;
  }
  return 0;
}

}  // namespace

std::optional<Instruction> decode(std::span<const uint8_t> bytes, RemoteAddr address) {
  ZydisDecodedInstruction raw;
  Operands operands;
  if (!ZYAN_SUCCESS(
          ZydisDecoderDecodeFull(&decoder(), bytes.data(), bytes.size(), &raw, operands.data()))) {
    return std::nullopt;
  }
  Instruction instruction;
  instruction.address = address;
  instruction.length = raw.length;
  instruction.is_wrpkru = raw.mnemonic == ZYDIS_MNEMONIC_WRPKRU;
  instruction.is_rdpkru = raw.mnemonic == ZYDIS_MNEMONIC_RDPKRU;
  instruction.flow = flow_of(raw);

  char text[160];
  if (ZYAN_SUCCESS(ZydisFormatterFormatInstruction(&formatter(), &raw, operands.data(),
                                                   raw.operand_count_visible, text, sizeof text,
                                                   address.v, nullptr))) {
    instruction.text = text;
  }
  for (size_t i = 0; i < raw.operand_count; ++i) {
    const ZydisDecodedOperand& operand = operands[i];
    bool relative = operand.type == ZYDIS_OPERAND_TYPE_IMMEDIATE && operand.imm.is_relative;
    uint64_t target = 0;
    if (relative && ZYAN_SUCCESS(ZydisCalcAbsoluteAddress(&raw, &operand, address.v, &target))) {
      instruction.target = RemoteAddr{target};
    }
    if (operand.type != ZYDIS_OPERAND_TYPE_MEMORY || operand.mem.type == ZYDIS_MEMOP_TYPE_AGEN) {
      continue;
    }
    if (!never_faults(raw)) instruction.memory.push_back(memory_of(raw, operand));
  }
  // An offset from a thread's base below it: Zydis writes it as an absolute address, people as
  // `-0x8`.
  for (const MemoryOperand& operand : instruction.memory) {
    if (operand.segment == SegmentBase::none || operand.base != AddressRegister::none) continue;
    const size_t at =
        instruction.text.find("[" + hex(static_cast<uint64_t>(operand.displacement)) + "]");
    if (operand.displacement >= 0 || at == std::string::npos) continue;
    const size_t end = instruction.text.find(']', at);
    instruction.text.replace(at, end - at + 1,
                             "[-" + hex(-static_cast<uint64_t>(operand.displacement)) + "]");
  }
  return instruction;
}

std::optional<RemoteAddr> effective_address(const Instruction& instruction,
                                            const MemoryOperand& operand,
                                            const RegisterValues& registers) {
  if (operand.vector_index) return std::nullopt;
  uint64_t offset = value_of(operand.base, instruction, registers) +
                    value_of(operand.index, instruction, registers) * operand.scale +
                    static_cast<uint64_t>(operand.displacement);
  if (operand.address_32) offset &= UINT32_MAX;
  if (operand.segment == SegmentBase::fs) offset += registers.fs_base;
  if (operand.segment == SegmentBase::gs) offset += registers.gs_base;
  return RemoteAddr{offset};
}

const MemoryOperand* operand_at(const Instruction& instruction, RemoteAddr address,
                                const RegisterValues& registers, std::optional<bool> writes) {
  for (const MemoryOperand& operand : instruction.memory) {
    if (writes && operand.write != *writes) continue;
    auto start = effective_address(instruction, operand, registers);
    uint64_t size = operand.size == 0 ? 1 : operand.size;
    if (start && address - *start < size) return &operand;
  }
  return nullptr;
}

}  // namespace keyhole
