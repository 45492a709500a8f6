#include "elf/elf_symbols.h"

#include <set>
#include <string_view>

namespace keyhole {

namespace {

struct Wanted {
  std::set<std::string, std::less<>> names;
  std::map<std::string, SymbolValue> found;
};

/// Takes the wanted symbols that one table defines and that are not found yet.
void search_table(Elf* elf, Elf_Scn* section, const GElf_Shdr& header, Wanted& wanted) {
  Elf_Data* data = elf_getdata(section, nullptr);
  if (data == nullptr) return;
  size_t count = data->d_size / sizeof(Elf64_Sym);
  for (size_t i = 0; i < count && !wanted.names.empty(); ++i) {
    GElf_Sym symbol;
    if (gelf_getsym(data, static_cast<int>(i), &symbol) == nullptr) return;
    if (symbol.st_shndx == SHN_UNDEF || symbol.st_name == 0) continue;
    // elf_strptr checks that the name lies in the table and ends there.
    const char* text = elf_strptr(elf, header.sh_link, symbol.st_name);
    if (text == nullptr) continue;
    auto name = wanted.names.find(std::string_view(text));
    if (name == wanted.names.end()) continue;
    bool tls = GELF_ST_TYPE(symbol.st_info) == STT_TLS;
    wanted.found[*name] = {symbol.st_value, symbol.st_size, tls};
    wanted.names.erase(name);
  }
}

}  // namespace

std::map<std::string, SymbolValue> find_symbols(const ElfHandle& file,
                                                const std::vector<std::string>& names) {
  Wanted wanted{{names.begin(), names.end()}, {}};
  for (GElf_Word type : {SHT_SYMTAB, SHT_DYNSYM}) {
    Elf_Scn* section = nullptr;
    while ((section = elf_nextscn(file.elf(), section)) != nullptr) {
      GElf_Shdr header;
      if (gelf_getshdr(section, &header) == nullptr || header.sh_type != type) continue;
      search_table(file.elf(), section, header, wanted);
    }
  }
  return wanted.found;
}

}  // namespace keyhole
