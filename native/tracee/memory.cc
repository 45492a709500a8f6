#include "tracee/memory.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstring>

namespace keyhole {

RemoteMemory::RemoteMemory(Tid tid) {
  fd_ = open(("/proc/" + std::to_string(tid.v) + "/mem").c_str(), O_RDWR | O_CLOEXEC);
}

RemoteMemory::~RemoteMemory() {
  if (fd_ >= 0) close(fd_);
}

RemoteMemory& RemoteMemory::operator=(RemoteMemory&& o) noexcept {
  std::swap(fd_, o.fd_);
  return *this;
}

size_t RemoteMemory::read(RemoteAddr from, void* to, size_t size) const {
  size_t done = 0;
  while (done < size) {
    const ssize_t n = pread64(fd_, static_cast<char*>(to) + done, size - done,
                              static_cast<off64_t>(from.v + done));
    if (n <= 0) break;
    done += static_cast<size_t>(n);
  }
  return done;
}

bool RemoteMemory::write(RemoteAddr to, const void* from, size_t size) const {
  size_t done = 0;
  while (done < size) {
    const ssize_t n = pwrite64(fd_, static_cast<const char*>(from) + done, size - done,
                               static_cast<off64_t>(to.v + done));
    if (n <= 0) return false;
    done += static_cast<size_t>(n);
  }
  return true;
}

std::vector<uint8_t> RemoteMemory::bytes(RemoteAddr from, size_t size) const {
  std::vector<uint8_t> out(size);
  out.resize(read(from, out.data(), size));
  return out;
}

std::string RemoteMemory::text(RemoteAddr from, size_t limit) const {
  std::string out;
  char part[256];
  while (out.size() < limit) {
    // Stop at page edges: the next page may not be mapped.
    const RemoteAddr at = from + out.size();
    const size_t want = std::min<size_t>(sizeof part, kPage - (at.v & (kPage - 1)));
    const size_t n = read(at, part, want);
    if (n == 0) break;
    const void* nul = memchr(part, 0, n);
    out.append(part, nul ? static_cast<const char*>(nul) - part : n);
    if (nul || n < want) break;
  }
  return out;
}

}  // namespace keyhole
