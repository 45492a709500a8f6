#include "symbols/find_main.h"

#include <doctest/doctest.h>

#include <fstream>
#include <vector>

#include "elf/module_file.h"

using namespace keyhole;

namespace {

/// The bytes that the file has at its entry point.
std::vector<uint8_t> start_of(const ModuleFile& module) {
  for (const LoadSegment& load : module.loads) {
    if (module.entry < load.vaddr || module.entry - load.vaddr >= load.filesz) continue;
    std::ifstream in(module.path, std::ios::binary);
    in.seekg(static_cast<std::streamoff>(load.offset + (module.entry - load.vaddr)));
    std::vector<char> bytes(kStartBytes);
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return {bytes.begin(), bytes.begin() + in.gcount()};
  }
  return {};
}

constexpr RemoteAddr kEntry{0x401000};

std::optional<RemoteAddr> main_in(std::vector<uint8_t> code) { return find_main(code, kEntry); }

}  // namespace

TEST_CASE("main of a PIE, a program at a fixed address and a static program") {
  for (const char* path : {KEYHOLE_PIE, KEYHOLE_FIXED, KEYHOLE_STATIC}) {
    CAPTURE(path);
    auto module = read_module_file(path, {"main"});
    REQUIRE(module.ok());
    REQUIRE(module->symbols.contains("main"));
    auto found = find_main(start_of(*module), RemoteAddr{module->entry});
    REQUIRE(found.has_value());
    CHECK(found->v == module->symbols["main"].value);
  }
}

TEST_CASE("main of a PIE that is loaded somewhere") {
  auto module = read_module_file(KEYHOLE_PIE, {"main"});
  REQUIRE(module.ok());
  constexpr uint64_t kBias = 0x555555554000;
  auto found = find_main(start_of(*module), RemoteAddr{kBias + module->entry});
  CHECK(found == RemoteAddr{kBias + module->symbols["main"].value});
}

TEST_CASE("main of Debian's stripped dav1d lies in its code") {
  auto module = read_module_file("/usr/bin/dav1d", {"main"});
  REQUIRE(module.ok());
  CHECK(module->symbols.empty());
  auto found = find_main(start_of(*module), RemoteAddr{module->entry});
  REQUIRE(found.has_value());
  CHECK(found->v != module->entry);
  bool in_code = false;
  for (const LoadSegment& load : module->loads) {
    in_code |= load.prot.x() && found->v >= load.vaddr && found->v < load.vaddr + load.memsz;
  }
  CHECK(in_code);
}

TEST_CASE("a start that passes something else in rdi has no main to find") {
  CHECK_FALSE(main_in({}).has_value());
  CHECK_FALSE(main_in({0xc3}).has_value());
  CHECK_FALSE(main_in({0x90, 0x90}).has_value());                          // runs off the end
  CHECK_FALSE(main_in({0x48, 0x89, 0xe7, 0xe8, 0, 0, 0, 0}).has_value());  // mov rdi, rsp
  CHECK_FALSE(main_in({0xe8, 0, 0, 0, 0}).has_value());                    // no rdi at all
  CHECK_FALSE(main_in({0x06}).has_value());                                // no instruction
  CHECK(main_in({0xbf, 0x00, 0x20, 0x40, 0, 0xe8, 0, 0, 0, 0}) == RemoteAddr{0x402000});
  // A second write to rdi takes the place of the first.
  CHECK_FALSE(main_in({0xbf, 0, 0x20, 0x40, 0, 0x48, 0x89, 0xe7, 0xff, 0xd0}).has_value());
  CHECK_FALSE(main_in({0xbf, 0, 0x20, 0x40, 0, 0x5f, 0xff, 0xd0}).has_value());  // pop rdi
}
