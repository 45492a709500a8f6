#include "elf/file_symbols.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <map>

#include "elf/module_file.h"

using namespace keyhole;

namespace {

const char* const kLibrary = KEYHOLE_ELF_FIXTURE;
const char* const kStripped = KEYHOLE_ELF_STRIPPED;
const char* const kLibc = "/lib/x86_64-linux-gnu/libc.so.6";

struct Symbol {
  uint64_t start = 0, size = 0;
  std::string kind;
};

std::string build_id(const std::string& path) {
  auto module = read_module_file(path);
  REQUIRE(module.ok());
  return module->build_id;
}

/// The symbols by name; of several with one name the last.
std::map<std::string, Symbol> symbols_of(const std::string& path) {
  auto all = read_file_symbols(path, build_id(path));
  REQUIRE(all.ok());
  CHECK(all->complete);
  std::map<std::string, Symbol> by_name;
  size_t at = 0;
  for (size_t i = 0; i < all->start.size(); ++i) {
    const std::string name = all->names.c_str() + at;
    by_name[name] = {all->start[i], all->size[i], kSymbolKindNames[static_cast<int>(all->kind[i])]};
    at += name.size() + 1;
  }
  CHECK(at == all->names.size());
  return by_name;
}

}  // namespace

TEST_CASE("functions and variables of a library, its own and those that it exports") {
  const auto symbols = symbols_of(kLibrary);
  for (const char* name : {"fixture_hidden", "fixture_function"}) {
    REQUIRE(symbols.contains(name));
    CHECK(symbols.at(name).kind == "function");
    CHECK(symbols.at(name).size > 0);
  }
  REQUIRE(symbols.contains("fixture_private"));
  CHECK(symbols.at("fixture_private").kind == "object");
  CHECK(symbols.at("fixture_private").size == 3 * kPage);
  auto asked = symbol_value(kLibrary, "fixture_private");
  CHECK(symbols.at("fixture_private").start == (*asked)->value);
  CHECK(symbols.at("__start_ia2_shared_data").kind == "label");
  // Not defined here; thread-local; a name of a source file.
  for (const char* name : {"rand", "fixture_counter", "fixture_library.c"})
    CHECK_FALSE(symbols.contains(name));
}

TEST_CASE("a stripped library: those that it exports, at the same places") {
  const auto symbols = symbols_of(kStripped);
  const auto whole = symbols_of(kLibrary);
  CHECK_FALSE(symbols.contains("fixture_hidden"));
  REQUIRE(symbols.contains("fixture_function"));
  CHECK(symbols.at("fixture_function").start == whole.at("fixture_function").start);
  CHECK(symbols.at("fixture_private").size == 3 * kPage);
}

TEST_CASE("Debian's libc: versions of a name are not symbols, debug files are asked") {
  const auto symbols = symbols_of(kLibc);
  CHECK(symbols.contains("malloc"));
  CHECK_FALSE(symbols.contains("GLIBC_2.2.5"));
  const std::string id = build_id(kLibc);
  const std::string debug =
      "/usr/lib/debug/.build-id/" + id.substr(0, 2) + "/" + id.substr(2) + ".debug";
  CHECK(symbols.contains("_int_malloc") == (access(debug.c_str(), R_OK) == 0));
}

TEST_CASE("another build, no file, no module: refused by name and reason") {
  auto other = read_file_symbols(kLibrary, "00ff");
  REQUIRE_FALSE(other.ok());
  CHECK(other.error() == std::string(kLibrary) +
                             ": is of another build than was asked for: its build id is " +
                             build_id(kLibrary));
  auto missing = read_file_symbols("/no/such/file", "");
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error() == "/no/such/file: No such file or directory");
  CHECK_FALSE(read_file_symbols("/dev/zero", "").ok());
}
