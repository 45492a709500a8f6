#include "elf/elf_symbols.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "elf/symbol_tables.h"

namespace keyhole {

namespace {

struct Wanted {
  std::set<std::string, std::less<>> names;
  size_t longest = 0;
  std::map<std::string, SymbolValue> found;
};

/// Takes the wanted symbols that one table defines and that are not found yet.
void search_table(const OpenTable& table, Wanted& wanted) {
  GElf_Sym symbol;
  std::string_view rest;
  for (size_t i = 0; i < table.size() && !wanted.names.empty(); ++i) {
    if (!table.at(i, symbol, rest)) continue;
    // Never further than a wanted name can reach: every symbol may point into one endless string.
    const std::string_view reach = rest.substr(0, wanted.longest + 1);
    const size_t end = reach.find('\0');
    if (end == std::string_view::npos) continue;
    auto name = wanted.names.find(reach.substr(0, end));
    if (name == wanted.names.end()) continue;
    bool tls = GELF_ST_TYPE(symbol.st_info) == STT_TLS;
    wanted.found[*name] = {symbol.st_value, symbol.st_size, tls};
    wanted.names.erase(name);
  }
}

/// Calls `take` with `.symtab`, then with `.dynsym`; answers what is wrong with one, or nothing.
template <typename Take>
std::optional<Err<std::string>> each_table(const ElfHandle& file, Take take) {
  for (GElf_Word type : {SHT_SYMTAB, SHT_DYNSYM}) {
    const auto table = open_table(file, type);
    if (!table) return Err{table.error()};
    take(*table);
  }
  return std::nullopt;
}

/// Adds the thread-local symbols of one table, while there is room.
void take_tls(const OpenTable& table, std::map<uint64_t, TlsSymbol>& found) {
  GElf_Sym symbol;
  std::string_view rest;
  for (size_t i = 0; i < table.size() && found.size() < kMostTlsSymbols; ++i) {
    if (!table.at(i, symbol, rest) || GELF_ST_TYPE(symbol.st_info) != STT_TLS) continue;
    const std::string_view reach = rest.substr(0, kLongestTlsName);
    found.try_emplace(symbol.st_value, TlsSymbol{std::string(reach.substr(0, reach.find('\0'))),
                                                 symbol.st_value, symbol.st_size});
  }
}

}  // namespace

Result<std::map<std::string, SymbolValue>> find_symbols(const ElfHandle& file,
                                                        const std::vector<std::string>& names) {
  Wanted wanted{{names.begin(), names.end()}, 0, {}};
  for (const std::string& name : names) wanted.longest = std::max(wanted.longest, name.size());
  const auto wrong = each_table(file, [&](const OpenTable& table) { search_table(table, wanted); });
  if (wrong) return *wrong;
  return wanted.found;
}

Result<std::vector<TlsSymbol>> tls_symbols(const ElfHandle& file) {
  std::map<uint64_t, TlsSymbol> found;
  const auto wrong = each_table(file, [&](const OpenTable& table) { take_tls(table, found); });
  if (wrong) return *wrong;
  std::vector<TlsSymbol> symbols;
  for (auto& [offset, symbol] : found) symbols.push_back(std::move(symbol));
  return symbols;
}

}  // namespace keyhole
