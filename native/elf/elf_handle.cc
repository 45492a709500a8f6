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

std::string libelf_reason() { return elf_errmsg(-1); }

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

  // Read, not mapped: a file that shrinks while we look at it must not raise SIGBUS.
  handle.elf_.reset(elf_begin(fd, ELF_C_READ, nullptr));
  Elf* elf = handle.elf();
  if (elf == nullptr) return Err{libelf_reason()};
  if (elf_kind(elf) != ELF_K_ELF) return Err{"not an ELF file"};
  if (gelf_getclass(elf) != ELFCLASS64) return Err{"not a 64-bit ELF file"};
  if (gelf_getehdr(elf, &handle.header_) == nullptr) return Err{libelf_reason()};
  if (handle.header_.e_ident[EI_DATA] != ELFDATA2LSB) return Err{"not a little-endian ELF file"};
  return handle;
}

Elf_Data* ElfHandle::chunk(uint64_t offset, uint64_t size, Elf_Type type) const {
  if (size == 0 || offset > file_size_ || size > file_size_ - offset) return nullptr;
  return elf_getdata_rawchunk(elf(), static_cast<int64_t>(offset), size, type);
}

}  // namespace keyhole
