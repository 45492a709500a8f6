// Owns an open ELF file for as long as libelf reads it.
#pragma once
#include <gelf.h>

#include <memory>
#include <string>

#include "policy/result.h"

namespace keyhole {

/// More of a file than this is never read at once: no table of a real module comes near it.
inline constexpr uint64_t kMaxChunk = uint64_t{512} << 20;

/// Opens, checks and closes one ELF file.
class ElfHandle {
 public:
  /// The error is the reason alone; the caller knows the path.
  static Result<ElfHandle> open(const std::string& path);

  Elf* elf() const { return elf_.get(); }
  uint64_t file_size() const { return file_size_; }
  const GElf_Ehdr& header() const { return header_; }

  /// A file range as bytes; absent when it does not lie in the file or exceeds
  /// kMaxChunk.
  Elf_Data* chunk(uint64_t offset, uint64_t size, Elf_Type type) const;

 private:
  struct CloseFd {
    int fd;
    explicit CloseFd(int f) : fd(f) {}
    CloseFd(CloseFd&& o) noexcept : fd(std::exchange(o.fd, -1)) {}
    CloseFd& operator=(CloseFd&& o) noexcept {
      std::swap(fd, o.fd);
      return *this;
    }
    ~CloseFd();
  };
  struct EndElf {
    void operator()(Elf* elf) const { elf_end(elf); }
  };

  explicit ElfHandle(int fd) : fd_(fd) {}

  CloseFd fd_;
  std::unique_ptr<Elf, EndElf> elf_;
  uint64_t file_size_ = 0;
  GElf_Ehdr header_{};
};

}  // namespace keyhole
