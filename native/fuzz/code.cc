// Bytes of a program as code: an instruction and what it touches, and `main` from an entry point.
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "symbols/decode.h"
#include "symbols/find_main.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace keyhole;
  RegisterValues registers{};
  const RemoteAddr address{size > 8 ? data[size - 1] * 0x0101010101010101ull : 0x1000};
  memset(&registers, size > 0 ? data[0] : 0, sizeof registers);
  const std::span<const uint8_t> code(data, size);
  for (size_t at = 0; at < size && at < 64;) {
    const auto instruction = decode(code.subspan(at), address + at);
    if (!instruction) break;
    if (instruction->length == 0) abort();
    operand_at(*instruction, address, registers);
    for (const MemoryOperand& operand : instruction->memory)
      effective_address(*instruction, operand, registers);
    at += instruction->length;
  }
  find_main(code, address);
  return 0;
}
