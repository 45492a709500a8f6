// What a module's ELF file says, as plain data. Never trusts the file.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "policy/result.h"
#include "policy/types.h"

namespace keyhole {

/// A PT_LOAD. Addresses in this header are those of the file: add the load bias.
struct LoadSegment {
  uint64_t vaddr = 0;
  uint64_t memsz = 0;
  uint64_t filesz = 0;
  uint64_t offset = 0;
  uint64_t align = 0;
  Prot prot;
};

/// PT_TLS: the template of every thread's block.
struct TlsSegment {
  uint64_t vaddr = 0;
  uint64_t memsz = 0;
  uint64_t filesz = 0;
  uint64_t align = 0;
};

/// Half-open range of file addresses.
struct FileRange {
  uint64_t start = 0;
  uint64_t end = 0;
};

/// A symbol of `.symtab` or `.dynsym`. For a thread-local one `value` is the offset in the TLS
/// block.
struct SymbolValue {
  uint64_t value = 0;
  uint64_t size = 0;
  bool tls = false;
};

/// A thread-local variable; `offset` is from the start of its module's block.
struct TlsSymbol {
  std::string name;
  uint64_t offset = 0;
  uint64_t size = 0;
};

struct ModuleFile {
  std::string path;
  Arch arch = Arch::x86_64;
  bool position_independent = false;  ///< ET_DYN: a library, a PIE, a static PIE
  uint64_t entry = 0;
  std::optional<std::string> interpreter;
  std::optional<std::string> soname;
  std::vector<std::string> needed;
  std::string build_id;  ///< lower-case hex; empty = none
  std::vector<LoadSegment> loads;
  std::optional<TlsSegment> tls;
  std::vector<TlsSymbol> tls_symbols;  ///< ascending by offset
  std::optional<FileRange> relro;
  std::optional<FileRange> dynamic;
  std::optional<uint64_t> shared_start;        ///< __start_ia2_shared_data
  std::optional<uint64_t> shared_stop;         ///< __stop_ia2_shared_data
  std::map<std::string, SymbolValue> symbols;  ///< those that were asked for and found

  /// From the lowest PT_LOAD's page to the end of the highest one's.
  FileRange extent() const;
};

/// Reads one file, and looks up `symbols` in it. The error names the path and the reason.
Result<ModuleFile> read_module_file(const std::string& path,
                                    const std::vector<std::string>& symbols = {});

/// One symbol of a file; absent when it defines none of that name.
Result<std::optional<SymbolValue>> symbol_value(const std::string& path, const std::string& name);

}  // namespace keyhole
