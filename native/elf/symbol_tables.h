// The symbol tables of an open ELF file as libelf hands them out; private to this folder.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "elf/elf_handle.h"

namespace keyhole {

/// One symbol table; the data and the names live as long as the file is open.
struct OpenTable {
  GElf_Word type = SHT_NULL;
  Elf_Data* data = nullptr;
  std::string_view names;

  size_t size() const { return data == nullptr ? 0 : data->d_size / sizeof(Elf64_Sym); }
  /// The entry and the rest of the names from where its own begins; false where it has none.
  bool at(size_t i, GElf_Sym& symbol, std::string_view& name) const;
};

/// The file's table of that type, empty where it has none; the error is the reason alone.
Result<OpenTable> open_table(const ElfHandle& file, GElf_Word type);

}  // namespace keyhole
