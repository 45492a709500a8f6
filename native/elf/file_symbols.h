// Every function and variable that an ELF file names, for whoever searches in them.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "policy/result.h"

namespace keyhole {

/// What a symbol stands for. Labels are what assembly and linker scripts define without a type.
enum class SymbolKind : uint8_t { function, object, label };
inline constexpr const char* kSymbolKindNames[] = {"function", "object", "label"};

/// More than these of one file are not told; `complete` says so.
inline constexpr size_t kMostSymbols = size_t{1} << 20;
inline constexpr size_t kMostNameBytes = size_t{64} << 20;
/// What a longer name has beyond this is left out.
inline constexpr size_t kLongestName = 4096;

/// Columns of one length. Addresses are those of the file: add the load bias. Thread-local
/// variables are not among them, they have an address in each thread.
struct FileSymbols {
  std::string names;  ///< one after the other, each with a NUL at its end
  std::vector<uint64_t> start;
  std::vector<uint64_t> size;  ///< 0 = the file does not say
  std::vector<SymbolKind> kind;
  bool complete = true;
};

/// The symbols of `.symtab`; of a stripped file those of its debug file where that is installed,
/// else those of `.dynsym`. Refused where the file's build id is not `build_id`: its addresses
/// would be those of another build. The error names the path and the reason.
Result<FileSymbols> read_file_symbols(const std::string& path, const std::string& build_id);

}  // namespace keyhole
