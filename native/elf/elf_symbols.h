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

/// A module's thread-locals are told up to here; real ones have a few dozen.
inline constexpr size_t kMostTlsSymbols = 256;
inline constexpr size_t kLongestTlsName = 120;

/// The thread-local variables that a file defines, by their offset in its block; one name each.
Result<std::vector<TlsSymbol>> tls_symbols(const ElfHandle& file);

}  // namespace keyhole
