#include "symbols/decode.h"

#include <doctest/doctest.h>

using namespace keyhole;

namespace {

constexpr RemoteAddr kAt{0x401000};

Instruction one(std::vector<uint8_t> bytes) {
  auto instruction = decode(bytes, kAt);
  REQUIRE(instruction.has_value());
  CHECK(instruction->length == bytes.size());
  return *instruction;
}

std::string text(std::vector<uint8_t> bytes) { return one(std::move(bytes)).text; }

/// Where the only memory operand points.
uint64_t points_to(const std::vector<uint8_t>& bytes, const RegisterValues& registers) {
  Instruction instruction = one(bytes);
  REQUIRE(instruction.memory.size() == 1);
  auto address = effective_address(instruction, instruction.memory[0], registers);
  REQUIRE(address.has_value());
  return address->v;
}

}  // namespace

TEST_CASE("the text is Intel's, with absolute targets") {
  CHECK(text({0x64, 0x48, 0x8b, 0x04, 0x25, 0x28, 0, 0, 0}) == "mov rax, fs:[0x28]");
  CHECK(text({0x64, 0x48, 0x2b, 0x14, 0x25, 0x28, 0, 0, 0}) == "sub rdx, fs:[0x28]");
  CHECK(text({0x64, 0x48, 0x8b, 0x04, 0x25, 0xe0, 0xff, 0xff, 0xff}) == "mov rax, fs:[-0x20]");
  // The most negative offset there is has no positive counterpart.
  CHECK(text({0x64, 0x48, 0xa1, 0, 0, 0, 0, 0, 0, 0, 0x80}) == "mov rax, fs:[-0x8000000000000000]");
  CHECK(text({0xe8, 0x10, 0, 0, 0}) == "call 0x401015");
  CHECK(text({0xeb, 0xfe}) == "jmp 0x401000");
  CHECK(text({0x74, 0x10}) == "jz 0x401012");
  CHECK(text({0x48, 0x8b, 0x05, 0xf9, 0x0f, 0, 0}) == "mov rax, [0x402000]");
  CHECK(text({0x0f, 0x01, 0xef}) == "wrpkru");
  CHECK(text({0x0f, 0x01, 0xee}) == "rdpkru");
  CHECK(text({0xc3}) == "ret");
  CHECK(text({0x0f, 0x05}) == "syscall");
  CHECK(text({0x48, 0x89, 0x44, 0x8b, 0xf8}) == "mov [rbx+rcx*4-0x8], rax");
  CHECK(text({0xf3, 0x48, 0xa5}) == "rep movsq");
}

TEST_CASE("rights instructions are recognised") {
  CHECK(one({0x0f, 0x01, 0xef}).is_wrpkru);
  CHECK_FALSE(one({0x0f, 0x01, 0xef}).is_rdpkru);
  CHECK(one({0x0f, 0x01, 0xee}).is_rdpkru);
  CHECK_FALSE(one({0x0f, 0x01, 0xf9}).is_wrpkru);  // rdtscp
}

TEST_CASE("flow and direct targets") {
  CHECK(one({0xe8, 0, 0, 0, 0}).flow == Flow::call);
  CHECK(one({0xe8, 0, 0, 0, 0}).target == RemoteAddr{0x401005});
  CHECK(one({0xff, 0xd0}).flow == Flow::call);
  CHECK_FALSE(one({0xff, 0xd0}).target.has_value());
  CHECK(one({0xeb, 0x02}).flow == Flow::jump);
  CHECK(one({0xeb, 0x02}).target == RemoteAddr{0x401004});
  CHECK(one({0x74, 0x02}).flow == Flow::branch);
  CHECK(one({0xc3}).flow == Flow::ret);
  CHECK(one({0x0f, 0x05}).flow == Flow::system_call);
  CHECK(one({0x90}).flow == Flow::next);
  CHECK(one({0x90}).next() == kAt + 1);
}

TEST_CASE("memory operands: reads, writes and their addresses") {
  RegisterValues r;
  r.rax = 0x1000;
  r.rbx = 0x2000;
  r.rcx = 3;
  r.r13 = 0x5000;
  r.fs_base = 0x7f0000000740;
  r.gs_base = 0x900;

  Instruction canary = one({0x64, 0x48, 0x8b, 0x04, 0x25, 0x28, 0, 0, 0});
  REQUIRE(canary.memory.size() == 1);
  CHECK(canary.memory[0].read);
  CHECK_FALSE(canary.memory[0].write);
  CHECK(canary.memory[0].segment == SegmentBase::fs);
  CHECK(canary.memory[0].size == 8);
  CHECK(effective_address(canary, canary.memory[0], r) == RemoteAddr{0x7f0000000768});

  CHECK(points_to({0x48, 0x89, 0x44, 0x8b, 0xf8}, r) == 0x2000 + 12 - 8);  // [rbx+rcx*4-8]
  CHECK(points_to({0x48, 0x8b, 0x05, 0xf9, 0x0f, 0, 0}, r) == 0x402000);   // [rip+0xff9]
  CHECK(points_to({0x49, 0x8b, 0x45, 0x10}, r) == 0x5010);                 // [r13+16]
  CHECK(points_to({0x65, 0x48, 0x8b, 0x00}, r) == 0x1900);                 // gs:[rax]
  CHECK(points_to({0x64, 0x48, 0x8b, 0x04, 0x25, 0xe0, 0xff, 0xff, 0xff}, r) == 0x7f0000000720);
  r.rax = 0x100001000;
  CHECK(points_to({0x67, 0x8b, 0x00}, r) == 0x1000);  // [eax]

  Instruction add = one({0x48, 0x01, 0x03});  // add [rbx], rax
  REQUIRE(add.memory.size() == 1);
  CHECK(add.memory[0].read);
  CHECK(add.memory[0].write);
}

TEST_CASE("memory operands: what push, call, ret and movs touch") {
  RegisterValues r;
  r.rsp = 0x8000;
  r.rsi = 0x1000;
  r.rdi = 0x2000;
  CHECK(points_to({0x50}, r) == 0x7ff8);
  CHECK(points_to({0xe8, 0, 0, 0, 0}, r) == 0x7ff8);
  CHECK(points_to({0x58}, r) == 0x8000);
  CHECK(points_to({0xc3}, r) == 0x8000);

  Instruction movs = one({0x48, 0xa5});
  const MemoryOperand* target = operand_at(movs, RemoteAddr{0x2007}, r);
  REQUIRE(target != nullptr);
  CHECK(target->write);
  const MemoryOperand* source = operand_at(movs, RemoteAddr{0x1000}, r);
  REQUIRE(source != nullptr);
  CHECK(source->read);
  CHECK(operand_at(movs, RemoteAddr{0x2008}, r) == nullptr);
  CHECK(operand_at(movs, RemoteAddr{0xfff}, r) == nullptr);
}

TEST_CASE("what never touches memory has no operand") {
  CHECK(one({0x48, 0x8d, 0x00}).memory.empty());        // lea
  CHECK(one({0x0f, 0x1f, 0x40, 0x00}).memory.empty());  // long nop
  CHECK(one({0x0f, 0x18, 0x08}).memory.empty());        // prefetch
  CHECK(one({0x48, 0x01, 0xd8}).memory.empty());        // add rax, rbx
}

TEST_CASE("a gather has no single address") {
  Instruction gather = one({0xc4, 0xe2, 0x75, 0x90, 0x04, 0x90});
  REQUIRE(gather.memory.size() == 1);
  CHECK(gather.memory[0].vector_index);
  CHECK_FALSE(effective_address(gather, gather.memory[0], {}).has_value());
}

TEST_CASE("no bytes, cut-off bytes and nonsense decode to nothing") {
  CHECK_FALSE(decode({}, kAt).has_value());
  std::vector<uint8_t> cut = {0x64, 0x48, 0x8b, 0x04};
  CHECK_FALSE(decode(cut, kAt).has_value());
  std::vector<uint8_t> nonsense = {0x06};  // push es, gone in 64-bit mode
  CHECK_FALSE(decode(nonsense, kAt).has_value());
}
