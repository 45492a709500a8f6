#include "symbols/symbolizer_impl.h"

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

Symbolizer::Impl::Impl(int process) : pid(process), dwfl(dwfl_begin(&kCallbacks), dwfl_end) {}

bool Symbolizer::Impl::update() {
  if (current) return true;
  if (!dwfl) return false;
  dwfl_report_begin(dwfl.get());
  int failed = dwfl_linux_proc_report(dwfl.get(), pid);
  current = dwfl_report_end(dwfl.get(), nullptr, nullptr) == 0 && failed == 0;
  return current;
}

Dwfl_Module* Symbolizer::Impl::module_at(uint64_t address) {
  if (!update()) return nullptr;
  Dwfl_Module* module = dwfl_addrmodule(dwfl.get(), address);
  if (module == nullptr) return nullptr;
  Dwarf_Addr start = 0, end = 0;
  dwfl_module_info(module, nullptr, &start, &end, nullptr, nullptr, nullptr, nullptr);
  // dwfl_addrmodule answers with a neighbour for an address between two modules.
  return start <= address && address < end ? module : nullptr;
}

Symbolizer::Symbolizer(int pid) : impl_(new Impl{pid}) {}
Symbolizer::~Symbolizer() = default;
Symbolizer::Symbolizer(Symbolizer&&) noexcept = default;
Symbolizer& Symbolizer::operator=(Symbolizer&&) noexcept = default;

void Symbolizer::refresh() { impl_->current = false; }

SymbolInfo Symbolizer::lookup(RemoteAddr address) {
  SymbolInfo info;
  Dwfl_Module* module = impl_->module_at(address.v);
  if (module == nullptr) return info;
  Dwarf_Addr start = 0;
  const char* name =
      dwfl_module_info(module, nullptr, &start, nullptr, nullptr, nullptr, nullptr, nullptr);
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

std::optional<SourceLine> Symbolizer::source(RemoteAddr address) {
  Dwfl_Module* module = impl_->module_at(address.v);
  if (module == nullptr) return {};
  Dwfl_Line* line = dwfl_module_getsrc(module, address.v);
  int number = 0;
  const char* file =
      line ? dwfl_lineinfo(line, nullptr, &number, nullptr, nullptr, nullptr) : nullptr;
  // Line 0: the compiler says that the instruction belongs to no line (DWARF 5, 6.2.2).
  if (file == nullptr || number <= 0) return {};
  return SourceLine{file, number};
}

}  // namespace keyhole
