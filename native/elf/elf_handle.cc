#include "elf/elf_handle.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace keyhole {

namespace {

// A module of a real program is far below this; a larger file is not worth its memory.
constexpr uint64_t kMaxFileSize = uint64_t{8} << 30;
// The kernel loads no program with more than 64 KiB of program headers (fs/binfmt_elf.c,
// load_elf_phdrs).
constexpr uint64_t kMaxSegments = 65536 / sizeof(Elf64_Phdr);
// What e_shnum can hold; a linked file has some dozens. libelf keeps a record of each.
constexpr uint64_t kMaxSections = 65535;

std::string libelf_reason() { return elf_errmsg(-1); }

std::string too_many(uint64_t count, const char* what, uint64_t limit) {
  return "it claims " + std::to_string(count) + " " + what + "; at most " + std::to_string(limit) +
         " are read";
}

/// What is wrong with the header, before libelf makes room for what it promises; empty = nothing.
std::string header_trouble(int fd) {
  Elf64_Ehdr header{};
  const ssize_t got = pread(fd, &header, sizeof header, 0);
  if (got < EI_NIDENT || memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) return "not an ELF file";
  if (header.e_ident[EI_CLASS] != ELFCLASS64) return "not a 64-bit ELF file";
  if (header.e_ident[EI_DATA] != ELFDATA2LSB) return "not a little-endian ELF file";
  if (got != sizeof header) return "its header is cut off";
  if (header.e_phnum > kMaxSegments)
    return too_many(header.e_phnum, "program headers", kMaxSegments);
  if (header.e_shnum != 0 || header.e_shoff == 0) return "";
  // A count that does not fit stands in the first section header (gABI, e_shnum).
  Elf64_Shdr first{};
  const bool read = header.e_shoff <= kMaxFileSize &&
                    pread(fd, &first, sizeof first, static_cast<off_t>(header.e_shoff)) ==
                        static_cast<ssize_t>(sizeof first);
  if (read && first.sh_size > kMaxSections)
    return too_many(first.sh_size, "section headers", kMaxSections);
  return "";
}

}  // namespace

ElfHandle::CloseFd::~CloseFd() {
  if (fd >= 0) ::close(fd);
}

Result<ElfHandle> ElfHandle::open(const std::string& path) {
  if (elf_version(EV_CURRENT) == EV_NONE) return Err{libelf_reason()};
  // O_NONBLOCK: a FIFO must not block us before fstat says what it is.
  ElfHandle handle(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  int fd = handle.fd_.fd;
  struct stat info {};
  if (fd < 0 || fstat(fd, &info) != 0) return Err{std::string(std::strerror(errno))};
  if (!S_ISREG(info.st_mode)) return Err{"not a regular file"};
  handle.file_size_ = static_cast<uint64_t>(info.st_size);
  if (handle.file_size_ > kMaxFileSize) return Err{"larger than 8 GiB"};

  if (std::string trouble = header_trouble(fd); !trouble.empty()) return Err{std::move(trouble)};
  // Read, not mapped: a file that shrinks while we look at it must not raise SIGBUS.
  handle.elf_.reset(elf_begin(fd, ELF_C_READ, nullptr));
  Elf* elf = handle.elf();
  if (elf == nullptr) return Err{libelf_reason()};
  if (elf_kind(elf) != ELF_K_ELF) return Err{"not an ELF file"};
  if (gelf_getehdr(elf, &handle.header_) == nullptr) return Err{libelf_reason()};
  return handle;
}

Elf_Data* ElfHandle::chunk(uint64_t offset, uint64_t size, Elf_Type type) const {
  if (size == 0 || size > kMaxChunk || offset > file_size_ || size > file_size_ - offset)
    return nullptr;
  return elf_getdata_rawchunk(elf(), static_cast<int64_t>(offset), size, type);
}

}  // namespace keyhole
