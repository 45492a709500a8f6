// A second reading of the policy document, page by page and as plain as can be. It shares no code
// with the planners: only their input types.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "policy/plan_segments.h"
#include "policy/plan_tls.h"

namespace keyhole::testing {

/// What a plan must come to: the rule of its error, or for each tagged page its key and rule.
struct Expected {
  std::string error;
  std::map<uint64_t, std::pair<int, std::string>> tagged;
  std::map<uint64_t, std::string> left;  ///< pages named by the plan as shared without a tag
};

Expected expected_tls(const TlsInput& input, const Policy& policy, Rounding rounding);
Expected expected_segments(const SegmentsInput& input);

}  // namespace keyhole::testing
