// Files whose headers promise more than there is: refused by name and fact, at once, without the
// memory they ask for.
#include <doctest/doctest.h>
#include <elf.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <ctime>
#include <cstring>
#include <vector>

#include "elf/module_file.h"

using namespace keyhole;

namespace {

constexpr uint64_t kSize = uint64_t{6} << 30;  // sparse: it takes no room on the disk

/// A file with holes, gone when the test ends.
class SparseFile {
 public:
  explicit SparseFile(uint64_t size = kSize) : path(make()), fd_(::open(path.c_str(), O_RDWR)) {
    REQUIRE(ftruncate(fd_, static_cast<off_t>(size)) == 0);
  }
  ~SparseFile() {
    close(fd_);
    unlink(path.c_str());
  }
  SparseFile(const SparseFile&) = delete;
  SparseFile& operator=(const SparseFile&) = delete;
  void put(uint64_t at, const void* bytes, size_t size) const {
    REQUIRE(pwrite(fd_, bytes, size, static_cast<off_t>(at)) == static_cast<ssize_t>(size));
  }
  template <class T>
  void put(uint64_t at, const T& value) const {
    put(at, &value, sizeof value);
  }
  /// What reading it answers; fails when that takes long or much memory.
  std::string reason() const {
    const std::clock_t begin = std::clock();  // processor time, whatever else the machine does
    const auto module = read_module_file(path, {"main"});
    CHECK(std::clock() - begin < 3 * CLOCKS_PER_SEC);
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    CHECK(used.ru_maxrss < 400'000);  // KiB
    return module ? "no error" : module.error().substr(path.size());
  }

  const std::string path;

 private:
  static std::string make() {
    char name[] = "/tmp/keyhole-absurd-XXXXXX";
    close(mkstemp(name));
    return name;
  }
  int fd_;
};

Elf64_Ehdr header() {
  Elf64_Ehdr h{};
  memcpy(h.e_ident, ELFMAG, SELFMAG);
  h.e_ident[EI_CLASS] = ELFCLASS64;
  h.e_ident[EI_DATA] = ELFDATA2LSB;
  h.e_ident[EI_VERSION] = EV_CURRENT;
  h.e_type = ET_DYN;
  h.e_machine = EM_X86_64;
  h.e_version = EV_CURRENT;
  h.e_ehsize = sizeof h;
  h.e_phoff = sizeof h;
  h.e_phentsize = sizeof(Elf64_Phdr);
  h.e_phnum = 2;
  h.e_shentsize = sizeof(Elf64_Shdr);
  return h;
}

constexpr Elf64_Phdr kLoad{.p_type = PT_LOAD,
                           .p_flags = PF_R,
                           .p_offset = 0,
                           .p_vaddr = 0,
                           .p_paddr = 0,
                           .p_filesz = kSize,
                           .p_memsz = kSize,
                           .p_align = 4096};

Elf64_Phdr segment(uint32_t type, uint64_t size) {
  Elf64_Phdr p = kLoad;
  p.p_type = type;
  p.p_filesz = p.p_memsz = size;
  return p;
}

/// Header and two segments: a PT_LOAD over all of it, and another.
void write_start(const SparseFile& file, const Elf64_Ehdr& start, const Elf64_Phdr& second) {
  file.put(0, start);
  file.put(sizeof start, kLoad);
  file.put(sizeof start + sizeof kLoad, second);
}

Elf64_Shdr section(uint32_t type, uint64_t at, uint64_t size, uint32_t link, uint64_t entry) {
  Elf64_Shdr s{};
  s.sh_type = type, s.sh_offset = at, s.sh_size = size, s.sh_link = link, s.sh_entsize = entry;
  return s;
}

}  // namespace

TEST_CASE("a hundred million sections") {
  const SparseFile file;
  Elf64_Ehdr start = header();
  start.e_shoff = 4096;
  write_start(file, start, kLoad);
  file.put(4096, section(SHT_NULL, 0, 100'000'000, 0, 0));
  CHECK(file.reason() == ": it claims 100000000 section headers; at most 65535 are read");
}

TEST_CASE("more program headers than the kernel loads") {
  const SparseFile file;
  Elf64_Ehdr start = header();
  start.e_phnum = 2000;
  write_start(file, start, kLoad);
  CHECK(file.reason() == ": it claims 2000 program headers; at most 1170 are read");
}

TEST_CASE("a dynamic section of gigabytes") {
  const SparseFile file;
  write_start(file, header(), segment(PT_DYNAMIC, kSize));
  CHECK(file.reason() == ": its PT_DYNAMIC claims 6442450944 bytes; at most 65536 are read");
}

TEST_CASE("notes of gigabytes hold no build id") {
  const SparseFile file;
  write_start(file, header(), segment(PT_NOTE, kSize));
  CHECK(file.reason() == "no error");
}

TEST_CASE("a symbol table of gigabytes") {
  const SparseFile file;
  Elf64_Ehdr start = header();
  start.e_shoff = 4096;
  start.e_shnum = 2;
  write_start(file, start, kLoad);
  file.put(4096 + sizeof(Elf64_Shdr), section(SHT_SYMTAB, 0, kSize, 1, sizeof(Elf64_Sym)));
  CHECK(file.reason() == ": a symbol table claims 6442450944 bytes; at most 536870912 are read");
}

TEST_CASE("300,000 symbols that all name one string of eight megabytes") {
  const uint64_t symbols_at = 8192, count = 300'000, size = count * sizeof(Elf64_Sym);
  const uint64_t strings_at = symbols_at + size, length = 8 << 20;
  const SparseFile file(strings_at + length);
  Elf64_Ehdr start = header();
  start.e_shoff = 4096;
  start.e_shnum = 3;
  write_start(file, start, segment(PT_NULL, 0));
  Elf64_Phdr load = kLoad;
  load.p_filesz = load.p_memsz = 4096;
  file.put(sizeof start, load);
  file.put(4096 + sizeof(Elf64_Shdr), section(SHT_SYMTAB, symbols_at, size, 2, sizeof(Elf64_Sym)));
  file.put(4096 + 2 * sizeof(Elf64_Shdr), section(SHT_STRTAB, strings_at, length, 0, 0));
  Elf64_Sym symbol{};
  symbol.st_name = 1, symbol.st_shndx = 1;
  const std::vector<Elf64_Sym> symbols(count, symbol);
  file.put(symbols_at, symbols.data(), size);
  std::vector<char> strings(length, 'x');
  strings.back() = 0;
  file.put(strings_at, strings.data(), length);
  CHECK(file.reason() == "no error");
}
