// The tracer rules, tried for every combination of what they look at; findings against bytes.
#include <doctest/doctest.h>

#include <random>

#include "policy/findings.h"
#include "policy/tests/cases.h"
#include "policy/tracer_rules.h"

using namespace keyhole;
using namespace keyhole::testing;

namespace {

PageFacts page(int owner, bool tagged, bool mprotected, int prot, bool stack) {
  return {span(0x10000, 0x11000),
          Key{static_cast<uint8_t>(owner)},
          tagged,
          mprotected,
          Prot{static_cast<uint8_t>(prot)},
          stack};
}

/// The sentence of T3, word for word.
bool t3(int caller, int new_key, bool any_tagged) {
  return (!any_tagged && new_key == caller) || (caller == 0 && new_key != caller);
}

/// Whether a byte of the range lies on the page.
bool on_page(PageRange bytes, RemoteAddr page) {
  for (RemoteAddr a = bytes.start; a < bytes.end; a = a + 1) {
    if (a.floor() == page) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("property: T3 for every caller, key and two pages") {
  for (int caller = 0; caller < kKeyCount; ++caller) {
    for (int key = 0; key < kKeyCount; ++key) {
      for (int tagged = 0; tagged < 4; ++tagged) {
        TracerCall call;
        call.kind = CallKind::pkey_mprotect;
        call.caller = Key{static_cast<uint8_t>(caller)};
        call.new_key = Key{static_cast<uint8_t>(key)};
        call.pages = {page(3, tagged & 1, true, 3, false), page(0, tagged & 2, false, 1, true)};
        Verdict verdict = judge(call);
        REQUIRE(verdict.allowed == t3(caller, key, tagged != 0));
        REQUIRE(verdict.rule == Rule::T3);
        REQUIRE_FALSE(verdict.text.empty());
      }
    }
  }
}

TEST_CASE("property: T1, T2 and T6 for every caller and owner") {
  for (CallKind kind : {CallKind::mmap, CallKind::mmap_fixed, CallKind::munmap, CallKind::mremap,
                        CallKind::madvise}) {
    for (int caller = 0; caller < kKeyCount; ++caller) {
      for (int owner = 0; owner < kKeyCount; ++owner) {
        for (bool stack : {false, true}) {
          TracerCall call;
          call.kind = kind;
          call.caller = Key{static_cast<uint8_t>(caller)};
          call.pages = {page(owner, true, true, 3, stack)};
          bool owns = (stack ? 0 : owner) == caller;
          REQUIRE(judge(call).allowed == (kind == CallKind::mmap || owns));
        }
      }
    }
  }
}

TEST_CASE("property: T4 for every protection before and after") {
  for (bool early : {false, true}) {
    for (bool mprotected : {false, true}) {
      for (int before = 0; before < 8; ++before) {
        for (int after = 0; after < 8; ++after) {
          TracerCall call;
          call.kind = CallKind::mprotect;
          call.before_init_end = early;
          call.new_prot = Prot{static_cast<uint8_t>(after)};
          call.pages = {page(1, false, mprotected, before, false)};
          bool expected = early || !mprotected || (before & 2) != 0 || before == after;
          REQUIRE(judge(call).allowed == expected);
        }
      }
    }
  }
}

TEST_CASE("property: findings name exactly the pages that hold bytes of both") {
  std::mt19937 dice(12);
  auto range = [&] {
    RemoteAddr start = at(0x10000 + dice() % 0x5000);
    return PageRange{start, start + dice() % 0x2800};
  };
  int shared_pages = 0, runs = 0;
  for (int i = 0; i < 400; ++i) {
    PageRange block = range(), neighbour = range();
    std::vector<TagOp> ops;
    if (dice() % 2) ops.push_back({{at(0x10000), at(0x13000)}, Key{1}, Rule::R4});
    if (dice() % 2) ops.push_back({{at(0x13000), at(0x14000)}, Key{0}, Rule::R6});
    auto findings = sharing_findings({"a", block}, ops, {{"b", neighbour}});
    for (RemoteAddr p = at(0xf000); p < at(0x1a000); p = p + kPage) {
      int named = 0;
      for (const SharingFinding& f : findings) named += f.pages.contains(p);
      bool both = on_page(block, p) && on_page(neighbour, p);
      REQUIRE(named == both);
      shared_pages += both;
    }
    runs += findings.size() > 1;
  }
  CHECK(shared_pages > 100);
  CHECK(runs > 10);
}
