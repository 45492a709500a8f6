// Names of rules and carve-outs, as they travel.
#include <algorithm>
#include <array>
#include <charconv>

#include "policy/policy.h"

namespace keyhole {

namespace {

// The order of core/contract/events.ts.
constexpr std::array<std::string_view, kRuleCount> kRuleNames = {
    "none",    "R4",     "R5", "R6", "R10", "A2", "S1", "S2", "dtv",  "below-tcb", "rseq",
    "pthread", "symbol", "T1", "T2", "T3",  "T4", "T5", "T6", "undo", "manual",
};

constexpr std::string_view kBelowTcb = "below-tcb:";
constexpr std::string_view kSymbol = "symbol:";
constexpr int kMaxBelowTcb = 99;

std::optional<CarveOutRule> parse_below_tcb(std::string_view number) {
  int pages = 0;
  const char* end = number.data() + number.size();
  auto [stopped, error] = std::from_chars(number.data(), end, pages);
  if (error != std::errc{} || stopped != end || number.starts_with('0')) return std::nullopt;
  if (pages < 1 || pages > kMaxBelowTcb) return std::nullopt;
  return CarveOutRule{.kind = CarveOutKind::below_tcb, .pages = pages};
}

std::optional<CarveOutRule> parse_symbol(std::string_view rest) {
  size_t colon = rest.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view module = rest.substr(0, colon), name = rest.substr(colon + 1);
  if (module.empty() || name.empty() || name.find(':') != std::string_view::npos) {
    return std::nullopt;
  }
  return CarveOutRule{
      .kind = CarveOutKind::symbol, .module = std::string(module), .name = std::string(name)};
}

}  // namespace

std::string rule_name(Rule rule) {
  auto index = static_cast<size_t>(rule);
  return std::string(index < kRuleNames.size() ? kRuleNames[index] : "none");
}

std::optional<Rule> rule_from_name(std::string_view name) {
  auto found = std::find(kRuleNames.begin(), kRuleNames.end(), name);
  if (found == kRuleNames.end()) return std::nullopt;
  return static_cast<Rule>(found - kRuleNames.begin());
}

std::optional<CarveOutRule> parse_carve_out(std::string_view text) {
  if (text.starts_with(kBelowTcb)) return parse_below_tcb(text.substr(kBelowTcb.size()));
  if (text.starts_with(kSymbol)) return parse_symbol(text.substr(kSymbol.size()));
  for (auto kind : {CarveOutKind::slot, CarveOutKind::tcb, CarveOutKind::dtv, CarveOutKind::rseq,
                    CarveOutKind::pthread}) {
    if (text == carve_out_text({.kind = kind})) return CarveOutRule{.kind = kind};
  }
  return std::nullopt;
}

std::string carve_out_text(const CarveOutRule& rule) {
  switch (rule.kind) {
    case CarveOutKind::slot:
      return "slot";
    case CarveOutKind::tcb:
      return "tcb";
    case CarveOutKind::dtv:
      return "dtv";
    case CarveOutKind::rseq:
      return "rseq";
    case CarveOutKind::pthread:
      return "pthread";
    case CarveOutKind::below_tcb:
      return std::string(kBelowTcb) + std::to_string(rule.pages);
    case CarveOutKind::symbol:
      return std::string(kSymbol) + rule.module + ":" + rule.name;
  }
  return "";
}

Rule carve_out_rule(CarveOutKind kind) {
  switch (kind) {
    case CarveOutKind::slot:
      return Rule::R5;
    case CarveOutKind::tcb:
      return Rule::R6;
    case CarveOutKind::dtv:
      return Rule::dtv;
    case CarveOutKind::rseq:
      return Rule::rseq;
    case CarveOutKind::pthread:
      return Rule::pthread;
    case CarveOutKind::below_tcb:
      return Rule::below_tcb;
    case CarveOutKind::symbol:
      return Rule::symbol;
  }
  return Rule::none;
}

}  // namespace keyhole
