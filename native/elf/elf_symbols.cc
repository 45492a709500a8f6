#include "elf/elf_symbols.h"

#include <algorithm>
#include <set>
#include <string_view>

namespace keyhole {

namespace {

struct Wanted {
  std::set<std::string, std::less<>> names;
  size_t longest = 0;
  std::map<std::string, SymbolValue> found;
};

/// The names of a symbol table; empty when the file has none that can be read.
std::string_view strings_of(Elf* elf, const GElf_Shdr& table) {
  Elf_Scn* section = elf_getscn(elf, table.sh_link);
  GElf_Shdr header;
  if (section == nullptr || gelf_getshdr(section, &header) == nullptr) return {};
  if (header.sh_type != SHT_STRTAB || header.sh_size > kMaxChunk) return {};
  const Elf_Data* data = elf_getdata(section, nullptr);
  if (data == nullptr || data->d_buf == nullptr) return {};
  return {static_cast<const char*>(data->d_buf), data->d_size};
}

/// Takes the wanted symbols that one table defines and that are not found yet.
void search_table(Elf* elf, Elf_Scn* section, const GElf_Shdr& header, Wanted& wanted) {
  Elf_Data* data = elf_getdata(section, nullptr);
  const std::string_view strings = strings_of(elf, header);
  if (data == nullptr) return;
  size_t count = data->d_size / sizeof(Elf64_Sym);
  for (size_t i = 0; i < count && !wanted.names.empty(); ++i) {
    GElf_Sym symbol;
    if (gelf_getsym(data, static_cast<int>(i), &symbol) == nullptr) return;
    if (symbol.st_shndx == SHN_UNDEF || symbol.st_name == 0 || symbol.st_name >= strings.size())
      continue;
    // Never further than a wanted name can reach: every symbol may point into one endless string.
    const std::string_view rest = strings.substr(symbol.st_name, wanted.longest + 1);
    const size_t end = rest.find('\0');
    if (end == std::string_view::npos) continue;
    auto name = wanted.names.find(rest.substr(0, end));
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
    Elf_Scn* section = nullptr;
    while ((section = elf_nextscn(file.elf(), section)) != nullptr) {
      GElf_Shdr header;
      if (gelf_getshdr(section, &header) == nullptr || header.sh_type != type) continue;
      if (header.sh_size > kMaxChunk)
        return Err{"a symbol table claims " + std::to_string(header.sh_size) + " bytes; at most " +
                   std::to_string(kMaxChunk) + " are read"};
      take(section, header);
      break;  // a file has one of each kind (gABI, sh_type)
    }
  }
  return std::nullopt;
}

/// Adds the thread-local symbols of one table, while there is room.
void take_tls(Elf* elf, Elf_Scn* section, const GElf_Shdr& header,
              std::map<uint64_t, TlsSymbol>& found) {
  Elf_Data* data = elf_getdata(section, nullptr);
  const std::string_view strings = strings_of(elf, header);
  if (data == nullptr) return;
  const size_t count = data->d_size / sizeof(Elf64_Sym);
  for (size_t i = 0; i < count && found.size() < kMostTlsSymbols; ++i) {
    GElf_Sym symbol;
    if (gelf_getsym(data, static_cast<int>(i), &symbol) == nullptr) return;
    if (GELF_ST_TYPE(symbol.st_info) != STT_TLS || symbol.st_shndx == SHN_UNDEF) continue;
    if (symbol.st_name == 0 || symbol.st_name >= strings.size()) continue;
    const std::string_view rest = strings.substr(symbol.st_name, kLongestTlsName);
    found.try_emplace(symbol.st_value, TlsSymbol{std::string(rest.substr(0, rest.find('\0'))),
                                                 symbol.st_value, symbol.st_size});
  }
}

}  // namespace

Result<std::map<std::string, SymbolValue>> find_symbols(const ElfHandle& file,
                                                        const std::vector<std::string>& names) {
  Wanted wanted{{names.begin(), names.end()}, 0, {}};
  for (const std::string& name : names) wanted.longest = std::max(wanted.longest, name.size());
  const auto wrong = each_table(file, [&](Elf_Scn* section, const GElf_Shdr& header) {
    search_table(file.elf(), section, header, wanted);
  });
  if (wrong) return *wrong;
  return wanted.found;
}

Result<std::vector<TlsSymbol>> tls_symbols(const ElfHandle& file) {
  std::map<uint64_t, TlsSymbol> found;
  const auto wrong = each_table(file, [&](Elf_Scn* section, const GElf_Shdr& header) {
    take_tls(file.elf(), section, header, found);
  });
  if (wrong) return *wrong;
  std::vector<TlsSymbol> symbols;
  for (auto& [offset, symbol] : found) symbols.push_back(std::move(symbol));
  return symbols;
}

}  // namespace keyhole
