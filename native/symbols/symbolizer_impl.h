// What libdwfl knows of one process; for the files that make up the Symbolizer.
#pragma once
#include <elfutils/libdwfl.h>

#include "symbols/symbolizer.h"

namespace keyhole {

struct Symbolizer::Impl {
  int pid;
  bool current = false;
  bool can_unwind = false;              ///< libdwfl knows the machine's registers
  const BacktraceOf* thread = nullptr;  ///< whose frames are being read
  std::unique_ptr<Dwfl, void (*)(Dwfl*)> dwfl;

  explicit Impl(int process);
  /// Reads the module list; false when the process cannot be read (any more).
  bool update();
  /// The module whose mappings hold the address; null = none.
  Dwfl_Module* module_at(uint64_t address);
};

}  // namespace keyhole
