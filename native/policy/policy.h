// A policy is data: which pages of a thread's TLS stay shared, and how many may.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/types.h"

namespace keyhole {

/// The kinds of carve-out, each resolved per thread.
enum class CarveOutKind : uint8_t { slot, tcb, dtv, rseq, pthread, below_tcb, symbol };

/// One rule that leaves pages shared (key 0).
struct CarveOutRule {
  CarveOutKind kind = CarveOutKind::slot;
  int pages = 0;            ///< below_tcb: how many pages under the TCB page, 1 to 99
  std::string module = {};  ///< symbol: the module that defines it
  std::string name = {};    ///< symbol: its name

  bool operator==(const CarveOutRule&) const = default;
};

/// What `parse_carve_out` takes, for error texts.
inline constexpr std::string_view kCarveOutForms =
    "slot, tcb, dtv, rseq, pthread, below-tcb:N (1 to 99), symbol:MODULE:NAME";

/// Reads `slot`, `below-tcb:8`, `symbol:MODULE:NAME`, … as in core/contract/policies.ts.
std::optional<CarveOutRule> parse_carve_out(std::string_view text);
/// The text that parses to this rule.
std::string carve_out_text(const CarveOutRule& rule);
/// The rule of the event log under which such a page is tagged 0.
Rule carve_out_rule(CarveOutKind kind);

/// The bound of R7 for the policy that IA2's pull request 671 describes.
inline constexpr int kMaxSharedTlsPages = 2;

/// Defaults are those of policySchema in core/contract/policies.ts.
struct Policy {
  std::string name;
  bool tag = true;  ///< false: tag nothing
  std::vector<CarveOutRule> carve_outs;
  int max_carve_outs = kMaxSharedTlsPages;  ///< R7
  bool startup_tcb = false;                 ///< R10

  bool operator==(const Policy&) const = default;
};

/// R12. `padded`: the end is rounded down, for programs built with padded TLS. `outward`: every
/// page that holds a byte of the block.
enum class Rounding : uint8_t { padded, outward };

/// Why there is no plan.
struct PlanError {
  std::string rule;  ///< the rule of the policy document that is broken: `R2`, `S2`, `symbol`, …
  std::string text;  ///< one sentence that names the module or the address

  bool operator==(const PlanError&) const = default;
};

}  // namespace keyhole
