// One test for each rule of the segment plan.
#include <doctest/doctest.h>

#include "policy/plan_segments.h"
#include "policy/tests/cases.h"

using namespace keyhole;
using namespace keyhole::testing;

namespace {

constexpr Prot kRead{1}, kReadExec{5};

/// A module as the linker lays one out: code, read-only data, and one writable segment whose head
/// is RELRO.
SegmentsInput module() {
  SegmentsInput input;
  input.module = "libx.so";
  input.key = Key{2};
  input.loads = {{at(0x400000), 0x2000, kReadExec},
                 {at(0x402000), 0x1000, kRead},
                 {at(0x403e10), 0x3400, kProtRW}};
  return input;
}

std::string segments(const SegmentsInput& input) {
  auto plan = plan_segments(input);
  if (!plan) return plan.error().rule + ": " + plan.error().text;
  std::string text = show(plan->ops);
  for (const LeftShared& s : plan->shared) {
    text += " | " + s.what + " " + hex(s.range.start) + "-" + hex(s.range.end);
  }
  return text;
}

}  // namespace

TEST_CASE("S1: a writable segment is rounded outwards and gets the key") {
  CHECK(segments(module()) == "403000-408000:2:S1");
}

TEST_CASE("S1: two writable segments that meet in a page name it once") {
  SegmentsInput input = module();
  input.loads.push_back({at(0x407800), 0x1000, kProtRW});
  CHECK(segments(input) == "403000-408000:2:S1 408000-409000:2:S1");
}

TEST_CASE("S1: a segment at the end of the address space is refused, not wrapped") {
  SegmentsInput input = module();
  input.loads[2].memsz = UINT64_MAX;
  CHECK(segments(input) == "S1: segment of libx.so at 0x403e10 wraps around the address space");
}

TEST_CASE("S2: RELRO rounded outwards stays shared") {
  SegmentsInput input = module();
  input.relro = span(0x403e10, 0x404100);
  CHECK(segments(input) == "405000-408000:2:S1 | RELRO 0x403000-0x405000");
}

TEST_CASE("S2: the shared section stays shared") {
  SegmentsInput input = module();
  input.shared_start = at(0x405000);
  input.shared_stop = at(0x406000);
  CHECK(segments(input) ==
        "403000-405000:2:S1 406000-408000:2:S1 | shared section 0x405000-0x406000");
  input.shared_stop = input.shared_start;  // an empty section shares nothing
  CHECK(segments(input) == "403000-408000:2:S1");
}

TEST_CASE("S2: a shared section needs both ends, page-aligned and in order") {
  SegmentsInput input = module();
  input.shared_start = at(0x405000);
  CHECK(segments(input) == "S2: shared section of libx.so: __stop_ia2_shared_data is missing");
  input.shared_start.reset();
  input.shared_stop = at(0x406000);
  CHECK(segments(input) == "S2: shared section of libx.so: __start_ia2_shared_data is missing");
  input.shared_start = at(0x405010);
  CHECK(segments(input) == "S2: shared section of libx.so: its start 0x405010 is not page-aligned");
  input.shared_start = at(0x405000);
  input.shared_stop = at(0x406010);
  CHECK(segments(input) == "S2: shared section of libx.so: its end 0x406010 is not page-aligned");
  input.shared_stop = at(0x404000);
  CHECK(segments(input) ==
        "S2: shared section of libx.so: its end 0x404000 lies before its start 0x405000");
}

TEST_CASE("S3: overlapping shared ranges are trimmed and split the segment") {
  SegmentsInput input = module();
  input.relro = span(0x403e10, 0x405800);  // to 0x406000
  input.shared_start = at(0x405000);
  input.shared_stop = at(0x407000);
  CHECK(segments(input) ==
        "407000-408000:2:S1 | RELRO 0x403000-0x406000 | shared section 0x406000-0x407000");
  input.relro = span(0x404000, 0x405000);
  input.shared_start = at(0x406000);
  CHECK(
      segments(input) ==
      "403000-404000:2:S1 405000-406000:2:S1 407000-408000:2:S1 | RELRO 0x404000-0x405000 | shared "
      "section 0x406000-0x407000");
}

TEST_CASE("S3: a shared range past the segment is trimmed to it") {
  SegmentsInput input = module();
  input.relro = span(0x400000, 0x500000);
  CHECK(segments(input) == " | RELRO 0x403000-0x408000");
}

TEST_CASE("S4: read-only and empty segments are never tagged") {
  SegmentsInput input = module();
  input.loads.pop_back();
  input.loads.push_back({at(0x408000), 0, kProtRW});
  CHECK(segments(input).empty());
}
