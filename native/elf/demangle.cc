#include "elf/demangle.h"

#include <cxxabi.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "elf/file_symbols.h"

namespace keyhole {

namespace {

/// A mangled name refers to parts of itself (`S_`, `S0_`, `T_`; Itanium C++ ABI, 5.1.10), and what
/// it stands for can double with every second reference: 40 of them are gigabytes, and the
/// runtime knows no limit. Of node's 78,733 names 10 have 20 or more; the worst
/// that was found with fewer took 32 ms.
constexpr size_t kMostReferences = 20;
constexpr size_t kLongestMangled = 1000;

/// References, and expansions of packs (`Dp`, `sp`), which repeat what follows them. Letters of an
/// identifier may count as one: too many is the safe side.
size_t references(std::string_view name) {
  size_t found = 0;
  for (size_t i = 0; i + 1 < name.size(); ++i) {
    if (name.substr(i, 2) == "Dp" || name.substr(i, 2) == "sp") found++;
    if (name[i] != 'S' && name[i] != 'T') continue;
    size_t end = i + 1;
    while (end < name.size() && (isdigit(name[end]) || isupper(name[end]))) end++;
    found += end < name.size() && name[end] == '_';
  }
  return found;
}

}  // namespace

std::optional<std::string> demangled(std::string_view symbol) {
  const size_t end = std::min(symbol.find('@'), symbol.size());
  const std::string name(symbol.substr(0, end));
  if (!name.starts_with("_Z") || name.size() > kLongestMangled ||
      references(name) >= kMostReferences)
    return {};
  int status = 0;
  const std::unique_ptr<char, decltype(&free)> text(
      abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status), free);
  if (!text || status != 0 || strlen(text.get()) > kLongestName) return {};
  return std::string(text.get()).append(symbol.substr(end));
}

}  // namespace keyhole
