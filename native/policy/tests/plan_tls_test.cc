// One test for each rule of the split TLS policy on x86-64.
#include <doctest/doctest.h>

#include <algorithm>

#include "policy/findings.h"
#include "policy/tests/cases.h"

using namespace keyhole;
using namespace keyhole::testing;

TEST_CASE("R1: the start is rounded down and the padded end is rounded down") {
  TlsInput input = block();
  input.start = at(0x10100);
  input.memsz = 0x2eff;  // ends one byte short of a page edge
  CHECK(plan(input) == "10000-12000:1:R4");
  input.memsz = 0x2f00;  // ends on the edge
  CHECK(plan(input) == "10000-13000:1:R4");
}

TEST_CASE("R1: a block at the end of the address space is refused, not wrapped") {
  TlsInput input = block();
  input.memsz = UINT64_MAX - 0x10000;
  CHECK(plan(input) == "R1: TLS segment of libx.so wraps around the address space");
  input.start = at(UINT64_MAX - 100);
  input.memsz = 8;
  CHECK(plan(input, split(), Rounding::outward).starts_with("R1: "));
}

TEST_CASE("R2: a segment of less than a page is not padded") {
  TlsInput input = block();
  input.memsz = 0xfff;
  CHECK(plan(input) == "R2: TLS segment of libx.so is not padded");
  input.memsz = 0x1000;
  CHECK(plan(input) == "10000-11000:1:R4");
}

TEST_CASE("R3: a slot that is not page-aligned is named") {
  TlsInput input = block();
  input.slot = at(0x12008);
  CHECK(plan(input) == "R3: the stack-pointer slot 0x12008 is not page-aligned");
  input.slot = at(0x77008);  // wherever it is
  CHECK(plan(input).starts_with("R3: "));
}

TEST_CASE("R4: every page gets the key of the owner") {
  TlsInput input = block();
  input.key = Key{7};
  CHECK(plan(input) == "10000-15000:7:R4");
}

TEST_CASE("R4: key 0 and keys past 15 own no block") {
  TlsInput input = block();
  input.key = Key{0};
  CHECK(plan(input).starts_with("R4: "));
  input.key = Key{16};
  CHECK(plan(input).starts_with("R4: "));
}

TEST_CASE("R5: the slot's page is shared when it lies in the block's true bytes") {
  TlsInput input = block();
  input.slot = at(0x12000);
  CHECK(plan(input) == "10000-12000:1:R4 12000-13000:0:R5 13000-15000:1:R4");
}

TEST_CASE("R5: the test uses the block's true start, not the rounded one") {
  TlsInput input = block();
  input.start = at(0x10010);
  input.slot = at(0x10000);  // on the first page, but before the block
  CHECK(plan(input) == "10000-15000:1:R4");
}

TEST_CASE("R5: a slot at the end is outside") {
  TlsInput input = block();
  input.slot = at(0x15000);
  CHECK(plan(input) == "10000-15000:1:R4");
}

TEST_CASE("R5: only compartment 1 may hold the slot") {
  TlsInput input = block();
  input.key = Key{2};
  input.slot = at(0x12000);
  CHECK(
      plan(input) ==
      "R5: the stack-pointer slot 0x12000 lies in the TLS block of libx.so, which has key 2: only "
      "compartment 1 may hold it");
  CHECK(plan(input, tag_all()) == "10000-15000:2:R4");  // that policy shares no slot
}

TEST_CASE("R6: the TCB page is shared wherever it lies in the pages") {
  TlsInput input = block();
  input.start = at(0x10010);
  input.tp = at(0x10008);  // before the block's true start, on its first page
  CHECK(plan(input) == "10000-11000:0:R6 11000-15000:1:R4");
  input.tp = at(0x14fff);
  CHECK(plan(input) == "10000-14000:1:R4 14000-15000:0:R6");
  input.tp = at(0x15000);
  CHECK(plan(input) == "10000-15000:1:R4");
}

TEST_CASE("R6: the TCB page on the slot's page is one carve-out, the slot's") {
  TlsInput input = block();
  input.slot = at(0x12000);
  input.tp = at(0x12100);
  std::string expected = "10000-12000:1:R4 12000-13000:0:R5 13000-15000:1:R4";
  CHECK(plan(input) == expected);
  CHECK(plan(input, with({{CarveOutKind::tcb}, {CarveOutKind::slot}})) == expected);
}

TEST_CASE("R7: more carve-outs than the policy's bound is an internal error") {
  TlsInput input = block();
  input.slot = at(0x12000);
  input.tp = at(0x13000);
  Policy policy = split();
  CHECK(policy.max_carve_outs == kMaxSharedTlsPages);
  CHECK(plan_tls(input, policy, Rounding::padded).ok());
  policy.max_carve_outs = 1;
  CHECK(plan(input, policy) ==
        "R7: internal error: the TLS block of libx.so has 2 carve-outs, policy split allows 1");
}

TEST_CASE("R8: the cursor walk ascends whatever the order of the carve-outs") {
  TlsInput input = block();
  input.slot = at(0x13000);
  input.tp = at(0x11000);
  CHECK(plan(input) ==
        "10000-11000:1:R4 11000-12000:0:R6 12000-13000:1:R4 13000-14000:0:R5 14000-15000:1:R4");
}

TEST_CASE("R8: carve-outs at both ends leave no empty range") {
  TlsInput input = block();
  input.slot = at(0x10000);
  input.tp = at(0x14000);
  CHECK(plan(input) == "10000-11000:0:R5 11000-14000:1:R4 14000-15000:0:R6");
  input.tp = at(0x11000);
  CHECK(plan(input) == "10000-11000:0:R5 11000-12000:0:R6 12000-15000:1:R4");
}

TEST_CASE("R9: a thread born later does not retag its carve-out pages") {
  TlsInput input = block();
  input.slot = at(0x13000);
  input.tp = at(0x11000);
  input.startup = false;
  CHECK(plan(input) == "10000-11000:1:R4 12000-13000:1:R4 14000-15000:1:R4");
}

TEST_CASE("R10: the TCB page is tagged 0 once more, on x86-64 and where the policy says so") {
  auto op = plan_startup_tcb(Arch::x86_64, at(0x7f0000001740), split());
  REQUIRE(op.has_value());
  CHECK(*op == TagOp{span(0x7f0000001000, 0x7f0000002000), Key{0}, Rule::R10});
  CHECK_FALSE(plan_startup_tcb(Arch::aarch64, at(0x1740), split()).has_value());
  CHECK_FALSE(plan_startup_tcb(Arch::x86_64, at(0x1740), tag_all()).has_value());
  Policy observe{"observe", false, {}, 0, true};
  CHECK_FALSE(plan_startup_tcb(Arch::x86_64, at(0x1740), observe).has_value());
}

TEST_CASE("R11: the pages of a plan are readable and writable") {
  CHECK(kTlsProt.r());
  CHECK(kTlsProt.w());
  CHECK_FALSE(kTlsProt.x());
}

TEST_CASE("R12: outward rounding takes every page that holds a byte of the block") {
  TlsInput input = block();
  input.start = at(0x10ff0);
  input.memsz = 8;
  CHECK(plan(input, split(), Rounding::padded).starts_with("R2: "));
  CHECK(plan(input, split(), Rounding::outward) == "10000-11000:1:R4");
  input.memsz = 0x20;
  CHECK(plan(input, split(), Rounding::padded) == "10000-11000:1:R4");
  CHECK(plan(input, split(), Rounding::outward) == "10000-12000:1:R4");
  input.tp = at(0x11740);  // R6 holds unchanged
  CHECK(plan(input, split(), Rounding::outward) == "10000-11000:1:R4 11000-12000:0:R6");
  input.memsz = 0;
  CHECK(plan(input, split(), Rounding::outward) == "R2: TLS segment of libx.so is empty");
}

TEST_CASE("R12: a page that also holds something else yields a finding that names both") {
  TlsInput input = block();
  input.start = at(0x10ff0);
  input.memsz = 0x1f00;  // three pages
  input.tp = at(0x12f40);
  auto ops = plan_tls(input, split(), Rounding::outward);
  REQUIRE(ops.ok());
  auto findings = sharing_findings({"TLS of libx.so", span(0x10ff0, 0x12ef0)}, *ops,
                                   {{"TLS of liby.so", span(0x10f00, 0x10ff0)},
                                    {"TCB", span(0x12f40, 0x13000)},
                                    {"heap", span(0x10000, 0x12001)},
                                    {"elsewhere", span(0x13000, 0x14000)},
                                    {"nothing", span(0x11000, 0x11000)}});
  REQUIRE(findings.size() == 4);
  CHECK(findings[0].text == "page 0x10000 holds TLS of libx.so and TLS of liby.so; it gets key 1");
  CHECK(findings[1].text == "page 0x12000 holds TLS of libx.so and TCB; it stays shared");
  CHECK(findings[2].text ==
        "pages 0x10000 to 0x12000 hold TLS of libx.so and heap; they get key 1");
  CHECK(findings[3].pages == span(0x12000, 0x13000));
}

TEST_CASE("a policy that tags nothing has an empty plan for any block") {
  TlsInput input = block();
  input.memsz = 3;
  CHECK(plan(input, Policy{"observe", false, {}, 0, false}).empty());
}
