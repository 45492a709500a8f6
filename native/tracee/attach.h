// Taking hold of a process that already runs.
#pragma once
#include <string>
#include <vector>

#include "policy/types.h"

namespace keyhole {

/// Why process `pid` cannot be attached to, in words for a person; empty when nothing known is in
/// the way.
std::string why_not_attach(Tid pid);

/// Seizes every thread of a process; none of them stops for it. They outlive us: whoever traces
/// them may end at any instant. Throws std::runtime_error naming the process and the reason.
std::vector<Tid> seize_process(Tid pid);

}  // namespace keyhole
