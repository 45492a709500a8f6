#include "keys/compare.h"

#include <string_view>

namespace keyhole {
namespace {

std::string prot_text(Prot prot) {
  return {prot.r() ? 'r' : '-', prot.w() ? 'w' : '-', prot.x() ? 'x' : '-'};
}

/// A file's path in maps, as the model has it: what anonymous memory is called there is the
/// kernel's own business. A file that is deleted later gets a suffix (proc_pid_maps(5)).
std::string_view file_name(std::string_view name) {
  if (name.empty() || name[0] != '/' || name.starts_with("/dev/zero")) return {};
  constexpr std::string_view deleted = " (deleted)";
  return name.ends_with(deleted) ? name.substr(0, name.size() - deleted.size()) : name;
}

}  // namespace

std::vector<Difference> differences(const RegionMap& map, const std::vector<std::string>& names,
                                    const Enforced& in_force, const std::vector<Mapping>& kernel) {
  std::vector<Difference> out;
  const auto unknown = [&](PageRange range, const Mapping& real) {
    out.push_back({Difference::Kind::unknown, range, real,
                   "mapped " + prot_text(real.prot) +
                       (real.name.empty() ? "" : " (" + real.name + ")") + ", but not in the map"});
  };
  const auto differs = [&](Difference::Kind kind, PageRange range, const Mapping& real,
                           const std::string& here, const std::string& known) {
    out.push_back({kind, range, real, "the kernel has " + here + " where the map says " + known});
  };
  RemoteAddr after{0};  // everything below has been compared
  const auto gone = [&](RemoteAddr until) {
    map.each({after, until}, [&](PageRange piece, const Region&) {
      out.push_back({Difference::Kind::gone, piece, {}, "in the map, but not mapped"});
    });
  };
  for (const Mapping& real : kernel) {
    // vsyscall lies in the kernel's half: not a mapping of the program.
    if (real.range.start.v >> 47 != 0) continue;
    gone(real.range.start);
    after = real.range.end;
    RemoteAddr at = real.range.start;
    map.each(real.range, [&](PageRange piece, const Region& region) {
      if (piece.start > at) unknown({at, piece.start}, real);
      at = piece.end;
      const std::string_view here = file_name(real.name), known = file_name(names[region.name]);
      if (here != known)
        return differs(Difference::Kind::name, piece, real, "'" + std::string(here) + "'",
                       "'" + std::string(known) + "'");
      const Prot want = real_prot(region, in_force.regime, in_force.rules);
      if (want != real.prot)
        differs(Difference::Kind::prot, piece, real, prot_text(real.prot), prot_text(want));
      if (real.key && *real.key != region.key)
        differs(Difference::Kind::key, piece, real, "key " + std::to_string(real.key->v),
                "key " + std::to_string(region.key.v));
    });
    if (at < real.range.end) unknown({at, real.range.end}, real);
  }
  gone(RegionMap::everything().end);
  return out;
}

}  // namespace keyhole
