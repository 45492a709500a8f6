// The writable segments of a module: what gets its key and what stays shared (S1 to S4). Pure.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "policy/policy.h"
#include "policy/result.h"
#include "policy/types.h"

namespace keyhole {

/// One PT_LOAD where it is mapped.
struct Segment {
  RemoteAddr start;
  uint64_t memsz = 0;
  Prot prot;
};

/// What the planner is told about one module.
struct SegmentsInput {
  std::string module;
  std::vector<Segment> loads;
  std::optional<PageRange> relro;          ///< bytes of PT_GNU_RELRO
  std::optional<RemoteAddr> shared_start;  ///< __start_ia2_shared_data
  std::optional<RemoteAddr> shared_stop;   ///< __stop_ia2_shared_data
  Key key;
};

/// Pages of a writable segment that stay shared under S2.
struct LeftShared {
  PageRange range;
  std::string what;  ///< "RELRO" or "shared section"
};

/// Both lists ascend; together they cover the writable segments exactly once.
struct SegmentsPlan {
  std::vector<TagOp> ops;
  std::vector<LeftShared> shared;
};

/// The plan by S1 to S4; an error by S2.
Result<SegmentsPlan, PlanError> plan_segments(const SegmentsInput& input);

}  // namespace keyhole
