// The carve-outs of one block: which of its pages stay shared, and under which rule.
#pragma once
#include <vector>

#include "policy/cursor_walk.h"
#include "policy/plan_tls.h"

namespace keyhole {

/// The pages of `pages` that `policy` leaves shared, each once, one entry a page (R5, R6, R7). On
/// AArch64 only the slot is ever looked at (A1). The page of two carve-outs belongs to the slot
/// first, then to the TCB, then to the one that the policy names first.
Result<std::vector<Shared>, PlanError> find_carve_outs(const TlsInput& input, const Policy& policy,
                                                       PageRange pages);

}  // namespace keyhole
