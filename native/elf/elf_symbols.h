// Symbol lookup by name in one ELF file.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "elf/elf_handle.h"
#include "elf/module_file.h"

namespace keyhole {

/// The defined symbols of these names, from `.symtab` first and then `.dynsym`. The error is the
/// reason alone.
Result<std::map<std::string, SymbolValue>> find_symbols(const ElfHandle& file,
                                                        const std::vector<std::string>& names);

}  // namespace keyhole
