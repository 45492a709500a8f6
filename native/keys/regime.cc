#include "keys/regime.h"

namespace keyhole {

Prot real_prot(const Region& region, const Regime& regime, RegimeRules rules) {
  Prot prot = region.prot;
  if (region.ours) return prot;
  if (rules.keys == KeysMode::emulated) {
    if (!regime.rights.may_read(region.key)) {
      prot.v = prot.x() ? 5 : 0;
    } else if (!regime.rights.may_write(region.key)) {
      // The processor has no pages to write only: what may be written may be read.
      if (prot.w()) prot.v = static_cast<uint8_t>((prot.v & ~2) | 1);
    }
  }
  if (rules.gates_live && region.gate != 0 && region.gate != regime.compartment && region.prot.x())
    prot.v &= static_cast<uint8_t>(~4);
  return prot;
}

void add_step(std::vector<ProtectStep>& steps, ProtectStep step) {
  if (!steps.empty() && steps.back().range.end == step.range.start &&
      steps.back().prot == step.prot)
    steps.back().range.end = step.range.end;
  else steps.push_back(step);
}

std::vector<ProtectStep> steps_between(const RegionMap& map, PageRange range, const Enforced& from,
                                       const Enforced& to) {
  std::vector<ProtectStep> steps;
  const bool shared_alike = from.regime.rights.may_write({0}) && to.regime.rights.may_write({0});
  map.each(range, [&](PageRange piece, const Region& region) {
    // Most pages are shared data, which nearly every regime leaves alone.
    if (shared_alike && region.key.v == 0 && region.gate == 0) return;
    const Prot want = real_prot(region, to.regime, to.rules);
    if (want != real_prot(region, from.regime, from.rules)) add_step(steps, {piece, want});
  });
  return steps;
}

bool same_protections(const Regime& a, const Regime& b, uint16_t keys_in_use, RegimeRules rules) {
  if (rules.gates_live && a.compartment != b.compartment) return false;
  if (rules.keys != KeysMode::emulated || a.rights == b.rights) return true;
  for (uint8_t k = 0; k < kKeyCount; k++) {
    if (!(keys_in_use >> k & 1)) continue;
    const Key key{k};
    if (a.rights.may_read(key) != b.rights.may_read(key)) return false;
    if (a.rights.may_write(key) != b.rights.may_write(key)) return false;
  }
  return true;
}

}  // namespace keyhole
