#include "policy/plan_segments.h"

#include <algorithm>

#include "policy/cursor_walk.h"

namespace keyhole {

namespace {

/// S2: what stays shared, by RELRO and by the explicit section.
Result<std::vector<Shared>, PlanError> shared_ranges(const SegmentsInput& input) {
  std::vector<Shared> ranges;
  auto fail = [&](const std::string& text) {
    return Err{PlanError{"S2", "shared section of " + input.module + ": " + text}};
  };
  if (input.relro) ranges.push_back({input.relro->outward(), Rule::S2, "RELRO"});
  if (input.shared_start.has_value() != input.shared_stop.has_value()) {
    return fail(input.shared_start ? "__stop_ia2_shared_data is missing"
                                   : "__start_ia2_shared_data is missing");
  }
  if (!input.shared_start) return ranges;
  RemoteAddr start = *input.shared_start, stop = *input.shared_stop;
  if (!start.page_aligned()) return fail("its start " + hex(start) + " is not page-aligned");
  if (!stop.page_aligned()) return fail("its end " + hex(stop) + " is not page-aligned");
  if (stop < start) return fail("its end " + hex(stop) + " lies before its start " + hex(start));
  ranges.push_back({{start, stop}, Rule::S2, "shared section"});
  return ranges;
}

/// S1, S4: the writable segments rounded outwards, ascending.
Result<std::vector<PageRange>, PlanError> writable_pages(const SegmentsInput& input) {
  std::vector<PageRange> ranges;
  for (const Segment& load : input.loads) {
    if (!load.prot.w() || load.memsz == 0) continue;
    uint64_t room = UINT64_MAX - load.start.v;
    if (room < kPage || load.memsz > room - kPage) {
      return Err{PlanError{"S1", "segment of " + input.module + " at " + hex(load.start) +
                                     " wraps around the address space"}};
    }
    ranges.push_back(PageRange{load.start, load.start + load.memsz}.outward());
  }
  std::sort(ranges.begin(), ranges.end());
  return ranges;
}

}  // namespace

Result<SegmentsPlan, PlanError> plan_segments(const SegmentsInput& input) {
  auto shared = shared_ranges(input);
  if (!shared) return Err{shared.error()};
  auto segments = writable_pages(input);
  if (!segments) return Err{segments.error()};

  SegmentsPlan plan;
  RemoteAddr done;  // two segments may meet in one page, which is named once
  for (PageRange segment : *segments) {
    segment.start = std::max(segment.start, done);
    if (segment.empty()) continue;
    done = segment.end;
    for (const Piece& piece : cursor_walk(segment, *shared)) {
      if (piece.shared) {
        plan.shared.push_back({piece.range, piece.what});
      } else {
        plan.ops.push_back({piece.range, input.key, Rule::S1});
      }
    }
  }
  return plan;
}

}  // namespace keyhole
