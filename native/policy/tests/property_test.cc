// The planners against the reference, on random inputs.
#include <doctest/doctest.h>

#include <map>
#include <random>

#include "policy/tests/cases.h"
#include "policy/tests/reference.h"

using namespace keyhole;
using namespace keyhole::testing;

namespace {

constexpr int kInputs = 100000;

/// Small random numbers, the same in every run.
class Dice {
 public:
  explicit Dice(uint64_t seed) : engine_(seed) {}
  uint64_t below(uint64_t n) { return engine_() % n; }
  uint64_t between(uint64_t low, uint64_t high) { return low + below(high - low + 1); }
  bool one_in(uint64_t n) { return below(n) == 0; }

 private:
  std::mt19937_64 engine_;
};

/// An address from 8 pages before to 24 pages after the region where blocks start.
RemoteAddr near(Dice& dice) { return at(0x100000 - 8 * kPage + dice.below(32 * kPage)); }

PageRange area(Dice& dice, uint64_t most) {
  RemoteAddr start = near(dice);
  return {start, start + dice.below(most)};
}

Policy random_policy(Dice& dice) {
  Policy policy{"random", !dice.one_in(20), {}, 128, dice.one_in(2)};
  const CarveOutRule all[] = {{CarveOutKind::slot},
                              {CarveOutKind::tcb},
                              {CarveOutKind::dtv},
                              {CarveOutKind::rseq},
                              {CarveOutKind::pthread},
                              {CarveOutKind::below_tcb, static_cast<int>(dice.between(1, 12))},
                              {CarveOutKind::symbol, 0, "libc.so.6", "errno"}};
  for (uint64_t count = dice.below(6); count > 0; --count) {
    policy.carve_outs.push_back(all[dice.below(7)]);
  }
  if (dice.one_in(4)) policy.max_carve_outs = static_cast<int>(dice.below(4));
  return policy;
}

TlsInput random_block(Dice& dice) {
  TlsInput input;
  input.arch = dice.one_in(5) ? Arch::aarch64 : Arch::x86_64;
  input.module = "m";
  input.start = at(0x100000 + (dice.one_in(3) ? 0 : dice.below(2 * kPage)));
  input.memsz = dice.one_in(3) ? dice.below(16) * kPage : dice.below(16 * kPage);
  input.key = Key{static_cast<uint8_t>(dice.one_in(2) ? 1 : dice.between(1, 15))};
  input.tp = near(dice);
  input.startup = dice.one_in(2);
  if (!dice.one_in(4)) input.slot = dice.one_in(16) ? near(dice) : near(dice).floor();
  if (!dice.one_in(12)) input.dtv = dice.one_in(8) ? at(0) : near(dice);
  if (!dice.one_in(12)) input.rseq = dice.one_in(8) ? PageRange{} : area(dice, 0x40);
  if (!dice.one_in(12)) input.descriptor = area(dice, 3 * kPage);
  if (!dice.one_in(12)) input.symbols = {{"libc.so.6:errno", near(dice)}};
  return input;
}

using Tags = std::map<uint64_t, std::pair<int, std::string>>;

/// Takes the ops apart into pages; a sentence when they are not a plan at all: empty, misaligned,
/// out of order, overlapping, or two pieces that should be one.
std::string take_apart(const std::vector<TagOp>& ops, Tags& pages) {
  RemoteAddr cursor;
  const TagOp* before = nullptr;
  for (const TagOp& op : ops) {
    if (op.range.empty()) return "an empty range";
    if (!op.range.start.page_aligned() || !op.range.end.page_aligned()) return "not page-aligned";
    if (op.range.start < cursor) return "out of order or overlapping";
    bool joins = before && before->range.end == op.range.start;
    if (joins && before->key == op.key && op.key.v != 0) return "two pieces that should be one";
    for (RemoteAddr page = op.range.start; page < op.range.end; page = page + kPage) {
      pages[page.v] = {op.key.v, rule_name(op.rule)};
    }
    cursor = op.range.end;
    before = &op;
  }
  return "";
}

}  // namespace

TEST_CASE("property: TLS plans agree with the page-by-page reference") {
  Dice dice(20260305);
  std::map<std::string, int> seen;
  for (int i = 0; i < kInputs; ++i) {
    TlsInput input = random_block(dice);
    Policy policy = random_policy(dice);
    Rounding rounding = dice.one_in(2) ? Rounding::padded : Rounding::outward;
    Expected expected = expected_tls(input, policy, rounding);
    auto plan = plan_tls(input, policy, rounding);
    INFO("input " << i << ", start " << hex(input.start) << ", memsz " << hex(input.memsz));
    if (!plan) {
      REQUIRE(plan.error().rule == expected.error);
      REQUIRE_FALSE(plan.error().text.empty());
      ++seen[plan.error().rule];
      continue;
    }
    REQUIRE(expected.error == "");
    Tags pages;
    REQUIRE(take_apart(*plan, pages) == "");
    REQUIRE(pages == expected.tagged);
    for (const TagOp& op : *plan) ++seen[rule_name(op.rule)];

    // Once more without the reference: at startup a plan covers its block exactly once.
    if (policy.tag && input.startup && input.arch == Arch::x86_64) {
      auto block = tls_block_pages(input, rounding);
      REQUIRE(block.ok());
      RemoteAddr cursor = block->start;
      for (const TagOp& op : *plan) {
        REQUIRE(op.range.start == cursor);
        cursor = op.range.end;
      }
      REQUIRE(cursor == block->end);
      ++seen["covered"];
    }
  }
  // The dice must have reached every rule and every error often enough to mean something.
  for (const char* rule : {"R2", "R3", "R4", "R5", "R6", "R7", "A2", "dtv", "below-tcb", "rseq",
                           "pthread", "symbol", "covered"}) {
    CHECK_MESSAGE(seen[rule] > 500, rule << ": " << seen[rule]);
  }
}

TEST_CASE("property: a thread's plan at birth is its startup plan without the carve-outs") {
  Dice dice(7);
  for (int i = 0; i < kInputs / 10; ++i) {
    TlsInput input = random_block(dice);
    Policy policy = random_policy(dice);
    input.startup = true;
    auto startup = plan_tls(input, policy, Rounding::outward);
    input.startup = false;
    auto birth = plan_tls(input, policy, Rounding::outward);
    REQUIRE(startup.ok() == birth.ok());
    if (!startup) continue;
    std::vector<TagOp> kept;
    for (const TagOp& op : *startup) {
      if (op.key.v != 0) kept.push_back(op);
    }
    REQUIRE(*birth == kept);
  }
}

TEST_CASE("property: segment plans agree with the page-by-page reference") {
  Dice dice(671);
  int errors = 0, split = 0, both = 0;
  for (int i = 0; i < kInputs; ++i) {
    SegmentsInput input;
    input.module = "m";
    input.key = Key{static_cast<uint8_t>(dice.between(1, 15))};
    for (uint64_t n = dice.below(5); n > 0; --n) {
      Prot prot{static_cast<uint8_t>(dice.one_in(3) ? 5 : 3)};
      input.loads.push_back({near(dice), dice.below(8 * kPage), prot});
    }
    if (!dice.one_in(3)) input.relro = area(dice, 5 * kPage);
    if (dice.one_in(2)) {
      input.shared_start = near(dice).floor();
      input.shared_stop = *input.shared_start + dice.below(5) * kPage;
      if (dice.one_in(20)) input.shared_start = near(dice);
      if (dice.one_in(20)) input.shared_stop.reset();
    }
    Expected expected = expected_segments(input);
    auto plan = plan_segments(input);
    INFO("input " << i);
    if (!plan) {
      REQUIRE(plan.error().rule == expected.error);
      ++errors;
      continue;
    }
    REQUIRE(expected.error == "");
    Tags pages;
    for (const TagOp& op : plan->ops) {  // touching segments may give touching ops
      Tags piece;
      REQUIRE(take_apart({op}, piece) == "");
      for (const auto& [page, tag] : piece) REQUIRE(pages.emplace(page, tag).second);
    }
    REQUIRE(pages == expected.tagged);
    size_t left = 0;
    for (const LeftShared& s : plan->shared) {
      REQUIRE_FALSE(s.range.empty());
      for (RemoteAddr page = s.range.start; page < s.range.end; page = page + kPage) {
        REQUIRE(expected.left.contains(page.v));
        const std::string& what = expected.left[page.v];
        if (what != "either") REQUIRE(what == s.what);
        both += what == "either";
        ++left;
      }
    }
    REQUIRE(left == expected.left.size());
    split += plan->ops.size() > 1 && !plan->shared.empty();
  }
  CHECK(errors > 500);
  CHECK(split > 500);
  CHECK(both > 500);
}
