// Words and names: rights, rules, carve-outs.
#include <doctest/doctest.h>

#include "policy/cursor_walk.h"
#include "policy/tests/cases.h"

using namespace keyhole;
using namespace keyhole::testing;

TEST_CASE("rights in words") {
  CHECK(rights_words(Pkru{0xfffffff0}) == "keys 0 and 1 open");
  CHECK(rights_words(kInitPkru) == "key 0 open");
  CHECK(rights_words(Pkru{0}) == "all keys open");
  CHECK(rights_words(Pkru{0xffffffff}) == "no key open");
  CHECK(rights_words(Pkru{0xffffffb0}) == "keys 0 and 1 open, key 3 read-only");
  CHECK(rights_words(Pkru{0xaaaaaaa8}) ==
        "key 0 open, keys 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14 and 15 read-only");
}

TEST_CASE("a rule's name leads back to it") {
  for (int i = 0; i < kRuleCount; ++i) {
    auto rule = static_cast<Rule>(i);
    CHECK(rule_from_name(rule_name(rule)) == rule);
  }
  CHECK(rule_name(Rule::below_tcb) == "below-tcb");
  CHECK_FALSE(rule_from_name("R99").has_value());
}

TEST_CASE("carve-outs parse and print as in the contract") {
  for (const char* text : {"slot", "tcb", "dtv", "rseq", "pthread", "below-tcb:1", "below-tcb:99",
                           "symbol:libc.so.6:errno"}) {
    auto rule = parse_carve_out(text);
    REQUIRE_MESSAGE(rule.has_value(), text);
    CHECK(carve_out_text(*rule) == text);
  }
  for (const char* text :
       {"", "Slot", "slot ", "below-tcb", "below-tcb:", "below-tcb:0", "below-tcb:08",
        "below-tcb:100", "below-tcb:-1", "below-tcb:4x", "symbol", "symbol:", "symbol:a",
        "symbol::b", "symbol:a:", "symbol:a:b:c"}) {
    CHECK_MESSAGE(!parse_carve_out(text).has_value(), text);
  }
}

TEST_CASE("addresses are written in one way") {
  CHECK(hex(0) == "0x0");
  CHECK(hex(0x7f00dead1000) == "0x7f00dead1000");
  CHECK(hex(UINT64_MAX) == "0xffffffffffffffff");
}

TEST_CASE("the cursor walk drops what lies outside and what is empty") {
  auto pieces = cursor_walk(span(0x3000, 0x6000), {{span(0x5000, 0x9000), Rule::S2},
                                                   {span(0x1000, 0x3000), Rule::S2},
                                                   {span(0x4000, 0x4000), Rule::S2}});
  REQUIRE(pieces.size() == 2);
  CHECK(pieces[0].range == span(0x3000, 0x5000));
  CHECK_FALSE(pieces[0].shared);
  CHECK(pieces[1].range == span(0x5000, 0x6000));
  CHECK(pieces[1].shared);
}
