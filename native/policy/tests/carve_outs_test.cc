// Carve-outs beyond the slot and the TCB page, and AArch64.
#include <doctest/doctest.h>

#include "policy/tests/cases.h"

using namespace keyhole;
using namespace keyhole::testing;

TEST_CASE("A1: AArch64 rounds and refuses as x86-64 does, and has no TCB carve-out") {
  TlsInput input = block();
  input.arch = Arch::aarch64;
  input.tp = at(0x12000);
  CHECK(plan(input) == "10000-15000:1:A2");
  input.memsz = 0x800;
  CHECK(plan(input).starts_with("R2: "));
  input = block();
  input.arch = Arch::aarch64;
  input.slot = at(0x12010);
  CHECK(plan(input).starts_with("R3: "));
  CHECK_FALSE(plan_startup_tcb(Arch::aarch64, input.tp, split()).has_value());
}

TEST_CASE("A2: AArch64 tags around the slot's page and nothing 0") {
  TlsInput input = block();
  input.arch = Arch::aarch64;
  input.slot = at(0x12000);
  CHECK(plan(input) == "10000-12000:1:A2 13000-15000:1:A2");
  input.startup = false;
  CHECK(plan(input) == "10000-12000:1:A2 13000-15000:1:A2");
  input.slot = at(0x10000);
  CHECK(plan(input) == "11000-15000:1:A2");
  input.key = Key{3};
  CHECK(plan(input).starts_with("R5: "));
}

TEST_CASE("A3: tagging is mprotect with PROT_MTE, then every 16-byte granule") {
  MteTagging tagging = mte_tagging({span(0x10000, 0x12000), Key{5}, Rule::A2});
  CHECK(tagging.range == span(0x10000, 0x12000));
  CHECK(tagging.prot == (1 | 2 | 0x20));
  CHECK(tagging.granules == 0x2000 / 16);
  CHECK(tagging.tag == 5);
}

TEST_CASE("carve-out dtv: the page of the DTV") {
  TlsInput input = block();
  Policy policy = with({{CarveOutKind::dtv}});
  CHECK(plan(input, policy) ==
        "dtv: carve-out dtv cannot be resolved: the thread's DTV is not known");
  input.dtv = at(0x12010);
  CHECK(plan(input, policy) == "10000-12000:1:R4 12000-13000:0:dtv 13000-15000:1:R4");
  input.dtv = at(0);  // known to have none
  CHECK(plan(input, policy) == "10000-15000:1:R4");
}

TEST_CASE("carve-out below-tcb: the pages under the TCB page, without it") {
  TlsInput input = block();
  Policy policy = with({{CarveOutKind::below_tcb, 2}});
  input.tp = at(0x13008);
  CHECK(plan(input, policy) ==
        "10000-11000:1:R4 11000-12000:0:below-tcb 12000-13000:0:below-tcb 13000-15000:1:R4");
  input.tp = at(0x11000);  // one of the two lies before the block
  CHECK(plan(input, policy) == "10000-11000:0:below-tcb 11000-15000:1:R4");
  input.tp = at(0x800);  // fewer pages than that exist under it
  CHECK(plan(input, policy) == "10000-15000:1:R4");
}

TEST_CASE("carve-out rseq: the page of the registered area") {
  TlsInput input = block();
  Policy policy = with({{CarveOutKind::rseq}});
  CHECK(plan(input, policy).starts_with("rseq: carve-out rseq cannot be resolved"));
  input.rseq = span(0x12060, 0x12080);
  CHECK(plan(input, policy) == "10000-12000:1:R4 12000-13000:0:rseq 13000-15000:1:R4");
  input.rseq = PageRange{};  // not registered
  CHECK(plan(input, policy) == "10000-15000:1:R4");
}

TEST_CASE("carve-out pthread: all pages of the thread descriptor") {
  TlsInput input = block();
  Policy policy = with({{CarveOutKind::pthread}});
  CHECK(plan(input, policy).starts_with("pthread: carve-out pthread cannot be resolved"));
  input.descriptor = span(0x11f40, 0x12840);
  CHECK(plan(input, policy) ==
        "10000-11000:1:R4 11000-12000:0:pthread 12000-13000:0:pthread 13000-15000:1:R4");
}

TEST_CASE("carve-out symbol: the page of one thread-local symbol") {
  TlsInput input = block();
  Policy policy = with({{CarveOutKind::symbol, 0, "libc.so.6", "errno"}});
  CHECK(
      plan(input, policy) ==
      "symbol: carve-out symbol:libc.so.6:errno cannot be resolved: its address in this thread is "
      "not known");
  input.symbols = {{"libc.so.6:h_errno", at(0x10000)}, {"libc.so.6:errno", at(0x14ff8)}};
  CHECK(plan(input, policy) == "10000-14000:1:R4 14000-15000:0:symbol");
}

TEST_CASE("a page that two carve-outs name is shared once, for the first of them") {
  TlsInput input = block();
  input.tp = at(0x12040);
  input.dtv = at(0x12800);
  input.rseq = span(0x12060, 0x12080);
  Policy policy = with({{CarveOutKind::rseq}, {CarveOutKind::dtv}, {CarveOutKind::tcb}});
  policy.max_carve_outs = 1;
  CHECK(plan(input, policy) == "10000-12000:1:R4 12000-13000:0:R6 13000-15000:1:R4");
  policy.carve_outs.pop_back();
  CHECK(plan(input, policy) == "10000-12000:1:R4 12000-13000:0:rseq 13000-15000:1:R4");
}
