#include "elf/file_symbols.h"

#include <algorithm>
#include <optional>

#include "elf/module_file.h"
#include "elf/symbol_tables.h"

namespace keyhole {

namespace {

/// Where debug files lie by build id (GDB manual, "Debugging Information in Separate Files").
std::string debug_file(const std::string& build_id) {
  return "/usr/lib/debug/.build-id/" + build_id.substr(0, 2) + "/" + build_id.substr(2) + ".debug";
}

std::optional<SymbolKind> kind_of(const GElf_Sym& symbol) {
  // Absolute symbols name versions and sizes, common ones have no place yet (gABI, st_shndx).
  if (symbol.st_shndx == SHN_ABS || symbol.st_shndx == SHN_COMMON) return std::nullopt;
  switch (GELF_ST_TYPE(symbol.st_info)) {
    case STT_FUNC:
    case STT_GNU_IFUNC:
      return SymbolKind::function;
    case STT_OBJECT:
      return SymbolKind::object;
    case STT_NOTYPE:
      return SymbolKind::label;
    default:
      return std::nullopt;
  }
}

/// A file may claim any place and any size for a symbol; what it takes up in memory, `extent`, is
/// all there is.
FileSymbols take(const OpenTable& table, const FileRange& extent) {
  FileSymbols all;
  GElf_Sym symbol;
  std::string_view rest;
  for (size_t i = 0; i < table.size(); ++i) {
    if (!table.at(i, symbol, rest)) continue;
    const auto kind = kind_of(symbol);
    if (!kind || symbol.st_value < extent.start || symbol.st_value >= extent.end) continue;
    const std::string_view reach = rest.substr(0, kLongestName);
    const std::string_view name = reach.substr(0, reach.find('\0'));
    all.complete =
        all.start.size() < kMostSymbols && all.names.size() + name.size() < kMostNameBytes;
    if (!all.complete) break;
    all.names.append(name).push_back('\0');
    all.start.push_back(symbol.st_value);
    all.size.push_back(std::min(symbol.st_size, extent.end - symbol.st_value));
    all.kind.push_back(*kind);
  }
  return all;
}

/// The symbols of one table of a file; nothing where it has no such table.
Result<std::optional<FileSymbols>> symbols_in(const std::string& path, GElf_Word type,
                                              const FileRange& extent) {
  const auto file = ElfHandle::open(path);
  if (!file) return Err{path + ": " + file.error()};
  const auto table = open_table(*file, type);
  if (!table) return Err{path + ": " + table.error()};
  if (table->size() == 0) return std::optional<FileSymbols>{};
  return std::optional{take(*table, extent)};
}

}  // namespace

Result<FileSymbols> read_file_symbols(const std::string& path, const std::string& build_id) {
  const auto module = read_module_file(path);
  if (!module) return Err{module.error()};
  if (module->build_id != build_id)
    return Err{path + ": is of another build than was asked for: its build id is " +
               (module->build_id.empty() ? "absent" : module->build_id)};
  auto own = symbols_in(path, SHT_SYMTAB, module->extent());
  if (!own) return Err{own.error()};
  if (*own) return std::move(**own);
  if (build_id.size() > 2) {
    const std::string debug = debug_file(build_id);
    const auto there = read_module_file(debug);
    if (there && there->build_id == build_id) {
      auto separate = symbols_in(debug, SHT_SYMTAB, module->extent());
      if (separate && *separate) return std::move(**separate);
    }
  }
  auto exported = symbols_in(path, SHT_DYNSYM, module->extent());
  if (!exported) return Err{exported.error()};
  return *exported ? std::move(**exported) : FileSymbols{};
}

}  // namespace keyhole
