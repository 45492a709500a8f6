#include "symbols/find_main.h"

#include <Zydis/Zydis.h>

namespace keyhole {

namespace {

bool is_rdi(const ZydisDecodedOperand& operand) {
  return operand.type == ZYDIS_OPERAND_TYPE_REGISTER &&
         (operand.reg.value == ZYDIS_REGISTER_RDI || operand.reg.value == ZYDIS_REGISTER_EDI);
}

/// What an instruction that writes rdi leaves there, if the code alone tells.
std::optional<RemoteAddr> value_written(const ZydisDecodedInstruction& raw,
                                        const ZydisDecodedOperand& source, RemoteAddr address) {
  uint64_t target = 0;
  if (raw.mnemonic == ZYDIS_MNEMONIC_LEA && source.mem.base == ZYDIS_REGISTER_RIP &&
      ZYAN_SUCCESS(ZydisCalcAbsoluteAddress(&raw, &source, address.v, &target))) {
    return RemoteAddr{target};
  }
  if (raw.mnemonic == ZYDIS_MNEMONIC_MOV && source.type == ZYDIS_OPERAND_TYPE_IMMEDIATE) {
    return RemoteAddr{source.imm.value.u};
  }
  return std::nullopt;
}

}  // namespace

std::optional<RemoteAddr> find_main(std::span<const uint8_t> code, RemoteAddr entry) {
  ZydisDecoder decoder;
  ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
  std::optional<RemoteAddr> rdi;
  size_t offset = 0;
  while (offset < code.size()) {
    ZydisDecodedInstruction raw;
    ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
    if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, code.data() + offset, code.size() - offset,
                                             &raw, operands))) {
      return std::nullopt;
    }
    // The first call is the one to __libc_start_main; straight-line code leads to it.
    if (raw.meta.category == ZYDIS_CATEGORY_CALL) return rdi;
    if (raw.meta.category == ZYDIS_CATEGORY_UNCOND_BR || raw.meta.category == ZYDIS_CATEGORY_RET) {
      return std::nullopt;
    }
    bool writes_rdi = raw.operand_count > 0 && is_rdi(operands[0]) &&
                      (operands[0].actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0;
    if (writes_rdi) {
      rdi = raw.operand_count > 1 ? value_written(raw, operands[1], entry + offset) : std::nullopt;
    }
    offset += raw.length;
  }
  return std::nullopt;
}

}  // namespace keyhole
