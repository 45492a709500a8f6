#include "symbols/symbolizer.h"

#include <dlfcn.h>
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace keyhole;

extern "C" __attribute__((noinline, used)) int keyhole_symbolizer_probe(int n) { return n * 3 + 1; }

namespace {

RemoteAddr address_of(const void* pointer) {
  return RemoteAddr{reinterpret_cast<uint64_t>(pointer)};
}

RemoteAddr probe() { return address_of(reinterpret_cast<void*>(&keyhole_symbolizer_probe)); }

}  // namespace

TEST_CASE("our own functions and libc's have names") {
  Symbolizer symbolizer(getpid());
  SymbolInfo own = symbolizer.lookup(probe());
  CHECK(own.module == "symbols_test");
  CHECK(own.symbol == "keyhole_symbolizer_probe");
  CHECK(own.offset == 0);
  CHECK(symbolizer.lookup(probe() + 1).offset == 1);

  SymbolInfo libc = symbolizer.lookup(address_of(dlsym(RTLD_DEFAULT, "gnu_get_libc_version")));
  CHECK(libc.module == "libc.so.6");
  CHECK(libc.symbol == "gnu_get_libc_version");
}

TEST_CASE("what belongs to no module has no name") {
  Symbolizer symbolizer(getpid());
  int local = 0;
  for (RemoteAddr address :
       {address_of(&local), RemoteAddr{0}, RemoteAddr{16}, RemoteAddr{~0ull}}) {
    SymbolInfo info = symbolizer.lookup(address);
    CHECK_FALSE(info.module.has_value());
    CHECK_FALSE(info.symbol.has_value());
  }
}

TEST_CASE("the vDSO is called [vdso]") {
  Symbolizer symbolizer(getpid());
  CHECK(symbolizer.lookup(RemoteAddr{getauxval(AT_SYSINFO_EHDR)}).module == "[vdso]");
}

TEST_CASE("a module that comes later is seen after a refresh") {
  Symbolizer symbolizer(getpid());
  REQUIRE(symbolizer.lookup(probe()).module.has_value());
  void* handle = dlopen(KEYHOLE_ELF_FIXTURE, RTLD_NOW);
  REQUIRE(handle != nullptr);
  RemoteAddr function = address_of(dlsym(handle, "fixture_function"));
  CHECK_FALSE(symbolizer.lookup(function).symbol.has_value());
  symbolizer.refresh();
  CHECK(symbolizer.lookup(function).symbol == "fixture_function");
  CHECK(symbolizer.lookup(probe()).symbol == "keyhole_symbolizer_probe");
  dlclose(handle);
  symbolizer.refresh();
  CHECK_FALSE(symbolizer.lookup(function).module.has_value());
}

TEST_CASE("a child that this thread holds stopped, and one that is gone") {
  pid_t child = fork();
  if (child == 0) {
    ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    raise(SIGSTOP);
    _exit(0);
  }
  REQUIRE(child > 0);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSTOPPED(status));
  Symbolizer symbolizer(child);
  CHECK(symbolizer.lookup(probe()).symbol == "keyhole_symbolizer_probe");

  kill(child, SIGKILL);
  REQUIRE(waitpid(child, &status, 0) == child);
  Symbolizer late(child);
  CHECK_FALSE(late.lookup(probe()).module.has_value());
}
