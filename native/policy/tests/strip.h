// Golden cases: page strips drawn as text, read into planner inputs and drawn again as plans.
#pragma once
#include <string>

#include "policy/plan_segments.h"
#include "policy/plan_tls.h"

namespace keyhole::testing {

/// A drawn case. A row is `name |....|....|`: four columns of 1 KiB a page, the first page at
/// 0x100000. `=` fills bytes, any other mark is one address. Lines `word: value` set the rest.
struct Strip {
  bool segments = false;  ///< rows `load rw-`, `load r-x`, …: a case for plan_segments
  TlsInput tls;
  Policy policy;
  Rounding rounding = Rounding::padded;
  SegmentsInput module;
  size_t page_count = 0;
};

/// Reads what stands above `plan:`. Throws std::runtime_error with the line that it cannot read.
Strip read_strip(const std::string& text);

/// What stands below `plan:`: one letter a key (S = tagged 0, `.` = not tagged, `s` = left shared
/// by S2), then one line an op; or the error.
std::string draw_plan(const Strip& strip);

}  // namespace keyhole::testing
