#include "symbols/symbolizer.h"

#include <elfutils/libdwfl.h>

namespace keyhole {

namespace {

// Local files only: libdwfl's standard search may ask a debuginfod server, and a symbol must never
// wait for a network while the program is stopped.
char* default_search_path = nullptr;
const Dwfl_Callbacks kCallbacks = {
    .find_elf = dwfl_linux_proc_find_elf,
    .find_debuginfo = dwfl_build_id_find_debuginfo,
    .section_address = nullptr,
    .debuginfo_path = &default_search_path,
};

/// `/usr/lib/libc.so.6` → `libc.so.6`; `[vdso: 123]` → `[vdso]`.
std::string short_name(const std::string& path) {
  if (path.starts_with("[vdso")) return "[vdso]";
  return path.substr(path.rfind('/') + 1);
}

}  // namespace

struct Symbolizer::Impl {
  int pid;
  bool current = false;
  std::unique_ptr<Dwfl, void (*)(Dwfl*)> dwfl{dwfl_begin(&kCallbacks), dwfl_end};

  /// Reads the module list; false when the process cannot be read (any more).
  bool update() {
    if (current) return true;
    if (!dwfl) return false;
    dwfl_report_begin(dwfl.get());
    int failed = dwfl_linux_proc_report(dwfl.get(), pid);
    current = dwfl_report_end(dwfl.get(), nullptr, nullptr) == 0 && failed == 0;
    return current;
  }
};

Symbolizer::Symbolizer(int pid) : impl_(new Impl{pid}) {}
Symbolizer::~Symbolizer() = default;
Symbolizer::Symbolizer(Symbolizer&&) noexcept = default;
Symbolizer& Symbolizer::operator=(Symbolizer&&) noexcept = default;

void Symbolizer::refresh() { impl_->current = false; }

SymbolInfo Symbolizer::lookup(RemoteAddr address) {
  SymbolInfo info;
  if (!impl_->update()) return info;
  Dwfl_Module* module = dwfl_addrmodule(impl_->dwfl.get(), address.v);
  if (module == nullptr) return info;
  Dwarf_Addr start = 0, end = 0;
  const char* name =
      dwfl_module_info(module, nullptr, &start, &end, nullptr, nullptr, nullptr, nullptr);
  // dwfl_addrmodule answers with a neighbour for an address between two modules.
  if (address.v < start || address.v >= end) return info;
  info.offset = address.v - start;
  if (name != nullptr) info.module = short_name(name);

  GElf_Off offset = 0;
  GElf_Sym symbol;
  const char* symbol_name =
      dwfl_module_addrinfo(module, address.v, &offset, &symbol, nullptr, nullptr, nullptr);
  if (symbol_name != nullptr && *symbol_name != '\0') {
    info.symbol = symbol_name;
    info.offset = offset;
  }
  return info;
}

}  // namespace keyhole
