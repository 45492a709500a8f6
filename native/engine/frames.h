// Where code runs, as details say it: module, symbol and source line of an instruction, and who
// called (`frame` in core/contract/details.ts).
#pragma once
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/world.h"

namespace keyhole {

/// Places in one program, for as long as it stands: most threads of many stand at the same ones,
/// and a name costs a walk over the symbols of its module.
class Places {
 public:
  explicit Places(Space& space) : space_(space) {}
  /// Module, symbol and source line of an instruction; `inside` is an address that is surely in it.
  const nlohmann::json& at(RemoteAddr at, RemoteAddr inside);
  const nlohmann::json& at(RemoteAddr instruction) { return at(instruction, instruction); }
  /// The frames of a stopped thread, innermost first, at most `most`.
  nlohmann::json backtrace(const Regs& regs, size_t most);

 private:
  Space& space_;
  std::map<std::pair<uint64_t, uint64_t>, nlohmann::json> known_;
};

}  // namespace keyhole
