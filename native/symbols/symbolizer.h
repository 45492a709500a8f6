// Names for the addresses of a live process, by libdwfl.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "policy/types.h"

namespace keyhole {

/// What is known about an address. Unknown parts are absent.
struct SymbolInfo {
  std::optional<std::string> module;  ///< file name without its folder
  std::optional<std::string> symbol;
  uint64_t offset = 0;  ///< from the symbol, else from the module's start
};

/// Reads /proc only and never attaches, so it may be used while the process is stopped under
/// ptrace.
class Symbolizer {
 public:
  explicit Symbolizer(int pid);
  ~Symbolizer();
  Symbolizer(Symbolizer&&) noexcept;
  Symbolizer& operator=(Symbolizer&&) noexcept;

  /// Forget the module list: it is read again at the next lookup. Call it when a module comes or
  /// goes.
  void refresh();
  SymbolInfo lookup(RemoteAddr address);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace keyhole
