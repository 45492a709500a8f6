// Names of system calls, as the headers that this was built with list them.
#pragma once
#include <cstdint>

namespace keyhole {

/// `futex` for 202; null for a number that they do not know.
const char* call_name(uint64_t number);

}  // namespace keyhole
