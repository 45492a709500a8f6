// Short hands for writing test cases.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "policy/plan_tls.h"

namespace keyhole::testing {

inline constexpr RemoteAddr at(uint64_t v) { return RemoteAddr{v}; }
inline constexpr PageRange span(uint64_t start, uint64_t end) { return {at(start), at(end)}; }

/// The default policy of the contract: slot and TCB page, at most two, R10.
inline Policy split() {
  return {"split", true, {{CarveOutKind::slot}, {CarveOutKind::tcb}}, 2, true};
}
inline Policy tag_all() { return {"tag-all", true, {}, 0, false}; }
/// A policy with these carve-outs and a bound that they cannot reach.
inline Policy with(std::vector<CarveOutRule> rules) {
  return {"test", true, std::move(rules), 128, false};
}

/// Five pages from 0x10000 and one page of padding, key 1, at startup; slot and TP far away.
inline TlsInput block() {
  TlsInput input;
  input.module = "libx.so";
  input.start = at(0x10000);
  input.memsz = 0x5000;
  input.key = Key{1};
  input.tp = at(0x900040);
  input.startup = true;
  return input;
}

/// `10000-12000:1:R4 12000-13000:0:R5`, or `R2: text`.
inline std::string show(const Result<std::vector<TagOp>, PlanError>& plan) {
  if (!plan) return plan.error().rule + ": " + plan.error().text;
  std::string text;
  for (const TagOp& op : *plan) {
    text += (text.empty() ? "" : " ") + hex(op.range.start).substr(2) + "-" +
            hex(op.range.end).substr(2) + ":" + std::to_string(op.key.v) + ":" + rule_name(op.rule);
  }
  return text;
}

inline std::string plan(const TlsInput& input, const Policy& policy = split(),
                        Rounding rounding = Rounding::padded) {
  return show(plan_tls(input, policy, rounding));
}

}  // namespace keyhole::testing
