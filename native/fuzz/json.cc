// JSON that comes over a border: the launch configuration, a policy, a planner's input line.
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "engine/config.h"
#include "policy/plan_json.h"

namespace {

/// An error is a sentence, never anything but std::runtime_error.
template <class F>
void run(F&& parse) {
  try {
    parse();
  } catch (const std::runtime_error& error) {
    if (std::string(error.what()).empty()) abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  run([&] {
    const keyhole::LaunchConfig config = keyhole::parse_config(text);
    for (const auto& compartment : config.compartments)
      if (compartment.key.v == 0 || compartment.key.v >= keyhole::kKeyCount) abort();
    keyhole::assign(config, "/usr/lib/libc.so.6", false);
  });
  run([&] { keyhole::parse_policy(text); });
  if (keyhole::plan_tls_json(text).empty()) abort();
  return 0;
}
