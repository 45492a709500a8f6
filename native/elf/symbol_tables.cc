#include "elf/symbol_tables.h"

namespace keyhole {

namespace {

/// The names of a symbol table; empty when the file has none that can be read.
std::string_view names_of(Elf* elf, const GElf_Shdr& table) {
  Elf_Scn* section = elf_getscn(elf, table.sh_link);
  GElf_Shdr header;
  if (section == nullptr || gelf_getshdr(section, &header) == nullptr) return {};
  if (header.sh_type != SHT_STRTAB || header.sh_size > kMaxChunk) return {};
  const Elf_Data* data = elf_getdata(section, nullptr);
  if (data == nullptr || data->d_buf == nullptr) return {};
  return {static_cast<const char*>(data->d_buf), data->d_size};
}

}  // namespace

bool OpenTable::at(size_t i, GElf_Sym& symbol, std::string_view& name) const {
  if (gelf_getsym(data, static_cast<int>(i), &symbol) == nullptr) return false;
  if (symbol.st_shndx == SHN_UNDEF || symbol.st_name == 0 || symbol.st_name >= names.size())
    return false;
  name = names.substr(symbol.st_name);
  return true;
}

Result<OpenTable> open_table(const ElfHandle& file, GElf_Word type) {
  Elf_Scn* section = nullptr;
  // A file has one of each kind (gABI, sh_type): the first is it.
  while ((section = elf_nextscn(file.elf(), section)) != nullptr) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr || header.sh_type != type) continue;
    if (header.sh_size > kMaxChunk)
      return Err{"a symbol table claims " + std::to_string(header.sh_size) + " bytes; at most " +
                 std::to_string(kMaxChunk) + " are read"};
    return OpenTable{type, elf_getdata(section, nullptr), names_of(file.elf(), header)};
  }
  return OpenTable{type, nullptr, {}};
}

}  // namespace keyhole
