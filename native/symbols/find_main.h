// Where the program's own `main` is, without symbols.
#pragma once
#include <cstdint>
#include <optional>
#include <span>

#include "policy/types.h"

namespace keyhole {

/// How many bytes at the entry point `find_main` can use.
inline constexpr size_t kStartBytes = 128;

/// The address that `_start` passes to `__libc_start_main` in rdi. `code` are the bytes at `entry`.
std::optional<RemoteAddr> find_main(std::span<const uint8_t> code, RemoteAddr entry);

}  // namespace keyhole
