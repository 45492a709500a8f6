// Where a region map and the kernel's list of mappings disagree.
#pragma once
#include <string>
#include <vector>

#include "keys/regime.h"
#include "tracee/proc.h"

namespace keyhole {

/// One disagreement, over a range in which it is the same.
struct Difference {
  enum class Kind : uint8_t {
    unknown,  ///< mapped, but not in the map
    gone,     ///< in the map, but not mapped
    name,     ///< another file lies there
    prot,
    key,
  } kind;
  PageRange range;
  Mapping real;  ///< the kernel's mapping there; nothing when it has none
  std::string text;
};

/// Every difference, in order of address. The keys are compared where the kernel's list has them
/// (read_smaps); `names` are those that the regions mean.
std::vector<Difference> differences(const RegionMap& map, const std::vector<std::string>& names,
                                    const Enforced& in_force, const std::vector<Mapping>& kernel);

}  // namespace keyhole
