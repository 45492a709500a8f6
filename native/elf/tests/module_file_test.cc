#include "elf/module_file.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <sys/stat.h>

using namespace keyhole;

namespace {

const char* const kLibrary = KEYHOLE_ELF_FIXTURE;
const char* const kLibc = "/lib/x86_64-linux-gnu/libc.so.6";

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A file of its own for one test, gone when the test ends.
class ScratchFile {
 public:
  explicit ScratchFile(const std::string& bytes = "") { write(bytes); }
  ~ScratchFile() { std::filesystem::remove(path); }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  void write(const std::string& bytes) const {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  }

  const std::string path = std::filesystem::temp_directory_path() /
                           ("keyhole-elf-test-" + std::to_string(std::random_device{}()));
};

std::string reason(const std::string& path) {
  auto module = read_module_file(path);
  return module ? "no error" : module.error();
}

}  // namespace

TEST_CASE("a library: segments, TLS, RELRO, names") {
  auto module = read_module_file(kLibrary);
  REQUIRE(module.ok());
  CHECK(module->path == kLibrary);
  CHECK(module->arch == Arch::x86_64);
  CHECK(module->position_independent);
  CHECK_FALSE(module->interpreter.has_value());
  CHECK(module->soname == "libelf_fixture.so.7");
  CHECK(std::count(module->needed.begin(), module->needed.end(), "libc.so.6") == 1);
  CHECK(module->build_id.size() == 40);
  CHECK(module->build_id.find_first_not_of("0123456789abcdef") == std::string::npos);

  auto writable = [](const LoadSegment& load) { return load.prot.w(); };
  auto executable = [](const LoadSegment& load) { return load.prot.x(); };
  CHECK(std::count_if(module->loads.begin(), module->loads.end(), writable) == 1);
  CHECK(std::count_if(module->loads.begin(), module->loads.end(), executable) == 1);
  FileRange extent = module->extent();
  CHECK(extent.start == 0);
  CHECK(extent.end % kPage == 0);
  CHECK(extent.end >= module->loads.back().vaddr + module->loads.back().memsz);

  REQUIRE(module->tls.has_value());
  CHECK(module->tls->align == kPage);
  CHECK(module->tls->memsz >= kPage + sizeof(int));
  CHECK(module->tls->filesz < module->tls->memsz);  // the slot is .tbss
  REQUIRE(module->tls_symbols.size() == 2);  // ascending by offset, whatever the linker chose
  CHECK(module->tls_symbols[0].offset < module->tls_symbols[1].offset);
  for (const TlsSymbol& symbol : module->tls_symbols) {
    const bool counter = symbol.name == "fixture_counter";
    CHECK((counter || symbol.name == "ia2_stackptr_0"));
    CHECK(symbol.size == (counter ? sizeof(int) : kPage));
    CHECK(symbol.offset + symbol.size <= module->tls->memsz);
  }
  REQUIRE(module->relro.has_value());
  REQUIRE(module->dynamic.has_value());
  CHECK(module->relro->start <= module->dynamic->start);
  CHECK(module->dynamic->end <= module->relro->end);
}

TEST_CASE("a library: the shared section and symbols") {
  auto module = read_module_file(
      kLibrary, {"ia2_stackptr_0", "fixture_counter", "fixture_shared", "malloc", "nowhere"});
  REQUIRE(module.ok());
  REQUIRE(module->shared_start.has_value());
  REQUIRE(module->shared_stop.has_value());
  CHECK(*module->shared_stop - *module->shared_start == kPage);
  CHECK(module->symbols.size() ==
        3);  // malloc is not defined here, and those of the section unasked
  CHECK(module->symbols["fixture_shared"].value == *module->shared_start);
  CHECK_FALSE(module->symbols["fixture_shared"].tls);
  const SymbolValue& slot = module->symbols["ia2_stackptr_0"];
  CHECK(slot.tls);
  CHECK(slot.size == kPage);
  CHECK(slot.value % kPage == 0);
  CHECK(slot.value < module->tls->memsz);
}

TEST_CASE("Debian's libc: unpadded TLS and the descriptors of libthread_db") {
  auto libc = read_module_file(kLibc, {"errno"});
  REQUIRE(libc.ok());
  CHECK(libc->soname == "libc.so.6");
  REQUIRE(libc->tls.has_value());
  CHECK(libc->tls->memsz > 0);
  CHECK(libc->tls->memsz < kPage);
  CHECK_FALSE(libc->shared_start.has_value());
  auto descriptor = symbol_value(kLibc, "_thread_db_sizeof_pthread");
  REQUIRE(descriptor.ok());
  REQUIRE(descriptor->has_value());
  CHECK((*descriptor)->size == 4);
  CHECK_FALSE((*descriptor)->tls);
}

TEST_CASE("a program: its interpreter and entry") {
  auto self = read_module_file("/proc/self/exe");
  REQUIRE(self.ok());
  CHECK(self->interpreter == "/lib64/ld-linux-x86-64.so.2");
  CHECK(self->entry != 0);
  auto main = symbol_value("/proc/self/exe", "main");
  REQUIRE(main.ok());
  CHECK(main->has_value());
}

TEST_CASE("a symbol that is not there is absent, a file that is not there is an error") {
  auto none = symbol_value(kLibc, "no_such_symbol");
  REQUIRE(none.ok());
  CHECK_FALSE(none->has_value());
  auto missing = symbol_value("/no/such/file", "x");
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error() == "/no/such/file: No such file or directory");
}

TEST_CASE("what is no module is refused by name and reason") {
  CHECK(reason("/no/such/file") == "/no/such/file: No such file or directory");
  CHECK(reason("/tmp") == "/tmp: not a regular file");
  CHECK(reason("/dev/zero") == "/dev/zero: not a regular file");
  ScratchFile file;
  CHECK(reason(file.path) == file.path + ": not an ELF file");
  file.write("#!/bin/sh\nexit 0\n");
  CHECK(reason(file.path) == file.path + ": not an ELF file");

  std::string bytes = read_file(kLibrary);
  std::string changed = bytes;
  changed[4] = 1;  // ELFCLASS32
  file.write(changed);
  CHECK(reason(file.path) == file.path + ": not a 64-bit ELF file");
  changed = bytes;
  changed[16] = 1;  // ET_REL
  file.write(changed);
  CHECK(reason(file.path) == file.path + ": neither a program nor a shared library");
  changed = bytes;
  changed[18] = 40;  // EM_ARM
  file.write(changed);
  CHECK(reason(file.path) == file.path + ": neither for x86-64 nor for AArch64");
  changed = bytes;
  changed[18] = static_cast<char>(183);  // EM_AARCH64
  file.write(changed);
  auto arm = read_module_file(file.path);
  REQUIRE(arm.ok());
  CHECK(arm->arch == Arch::aarch64);
}

TEST_CASE("a FIFO is refused without waiting for a writer") {
  ScratchFile file;
  std::filesystem::remove(file.path);
  REQUIRE(mkfifo(file.path.c_str(), 0600) == 0);
  CHECK(reason(file.path) == file.path + ": not a regular file");
}

TEST_CASE("a truncated file never crashes") {
  std::string bytes = read_file(kLibrary);
  ScratchFile file;
  int refused = 0, tries = 0;
  for (size_t size = 0; size < bytes.size(); size += size < 1200 ? 13 : 509) {
    file.write(bytes.substr(0, size));
    auto module = read_module_file(file.path, {"ia2_stackptr_0"});
    if (!module) CHECK(module.error().starts_with(file.path + ": "));
    refused += !module.ok();
    ++tries;
  }
  CHECK(refused > 0);
  CHECK(tries > 90);
}

TEST_CASE("a damaged file never crashes") {
  const std::string bytes = read_file(kLibrary);
  std::mt19937 dice(3);
  ScratchFile file;
  int read = 0, refused = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string damaged = bytes;
    // Half of the hits go to the ELF and program headers, where they hurt most.
    for (int hits = 1 + static_cast<int>(dice() % 8); hits > 0; --hits) {
      size_t where = dice() % 2 ? dice() % 800 : dice() % damaged.size();
      damaged[where] = static_cast<char>(dice() % 3 ? dice() : 0xff);
    }
    file.write(damaged);
    auto module = read_module_file(file.path, {"ia2_stackptr_0", "fixture_counter"});
    ++(module.ok() ? read : refused);
  }
  CHECK(read > 100);
  CHECK(refused > 100);
}
