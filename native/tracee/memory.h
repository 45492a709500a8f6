// A tracee's memory through /proc/PID/mem: works on pages that the active regime denies
// (FOLL_FORCE, mem(4)).
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "policy/types.h"

namespace keyhole {

/// Open descriptor on one address space. Moves, never copies.
class RemoteMemory {
 public:
  RemoteMemory() = default;
  explicit RemoteMemory(Tid tid);
  ~RemoteMemory();
  RemoteMemory(RemoteMemory&& o) noexcept : fd_(o.fd_) { o.fd_ = -1; }
  RemoteMemory& operator=(RemoteMemory&& o) noexcept;

  /// Bytes read; short at the end of a mapping, 0 where nothing is mapped.
  size_t read(RemoteAddr from, void* to, size_t size) const;
  /// False when not all of it was written: a part may have been.
  bool write(RemoteAddr to, const void* from, size_t size) const;
  std::vector<uint8_t> bytes(RemoteAddr from, size_t size) const;
  /// A C string of at most `limit` bytes.
  std::string text(RemoteAddr from, size_t limit = 4096) const;

  template <typename T>
  std::optional<T> get(RemoteAddr from) const {
    T value;
    if (read(from, &value, sizeof value) != sizeof value) return {};
    return value;
  }

 private:
  int fd_ = -1;
};

}  // namespace keyhole
