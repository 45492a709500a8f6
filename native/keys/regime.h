// A regime: the page protections in force for one rights value and one compartment's code. Pure.
#pragma once
#include <vector>

#include "keys/region_map.h"

namespace keyhole {

/// How keys are made to bite. `none`: attached to a program on a CPU that has no keys; nothing is
/// changed in it.
enum class KeysMode : uint8_t { hardware, emulated, none };

/// What one thread may do: its rights, and the compartment whose code it runs (0 = none).
struct Regime {
  Pkru rights = kInitPkru;
  uint8_t compartment = 0;
  bool operator==(const Regime&) const = default;
};

/// What is common to all regimes of an address space.
struct RegimeRules {
  KeysMode keys = KeysMode::emulated;
  bool gates_live = false;  ///< virtual gates bite from startup on
};

/// One change of protection that a regime needs.
struct ProtectStep {
  PageRange range;
  Prot prot;
};

/// The protection that makes `regime` true for a page of `region`. On a CPU without keys, readable
/// is what executable pages always are, so data access to them is not denied.
Prot real_prot(const Region& region, const Regime& regime, RegimeRules rules);

/// A regime under the rules that make it bite.
struct Enforced {
  Regime regime;
  RegimeRules rules;
};

/// What has to change inside `range` when `to` follows `from`; neighbours with one result are one
/// step.
std::vector<ProtectStep> steps_between(const RegionMap& map, PageRange range, const Enforced& from,
                                       const Enforced& to);
/// Adds a step; joins it to the last one where they meet with the same protection.
void add_step(std::vector<ProtectStep>& steps, ProtectStep step);

/// Whether two regimes ask for the same protections, given the keys that any page has.
bool same_protections(const Regime& a, const Regime& b, uint16_t keys_in_use, RegimeRules rules);

}  // namespace keyhole
