// One planner call in JSON, for `keyhole plan-tls`.
#pragma once
#include <string>

namespace keyhole {

/// Takes one input object and answers `{"ops": […]}` or `{"error": "…"}`. Never throws. An error
/// about the input names the field and what is allowed there.
std::string plan_tls_json(const std::string& line);

}  // namespace keyhole
