// The text of /proc: lines of maps, stat and status, the bytes of auxv.
#include <cstdint>
#include <sstream>
#include <string>

#include "tracee/proc.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) keyhole::parse_maps_line(line);
  keyhole::state_of(text);
  keyhole::dispositions_of(text);
  keyhole::aux_value_of(text, 9);  // AT_ENTRY
  return 0;
}
