#include "elf/demangle.h"

#include <doctest/doctest.h>

#include <chrono>

using namespace keyhole;

TEST_CASE("a name of C++ is told as the source writes it, and no other is") {
  CHECK(demangled("_ZN2v87Isolate10GetCurrentEv") == "v8::Isolate::GetCurrent()");
  CHECK(demangled("_ZSt4cout@@GLIBCXX_3.4") == "std::cout@@GLIBCXX_3.4");
  CHECK(demangled("_ZN4core3fmt5write17h0123456789abcdefE") ==
        "core::fmt::write::h0123456789abcdef");
  // `i` alone would be a type, int, to the runtime.
  for (const char* other : {"", "i", "main", "_Z", "_ZN", "_Znot", "memcpy@@GLIBC_2.14", "_R"})
    CHECK_FALSE(demangled(other));
}

TEST_CASE("a name that stands for more than anybody could read stays as it is, at once") {
  const auto started = std::chrono::steady_clock::now();
  // A<A<…, …>, A<…, …>>: each step twice as long as the one before.
  std::string name = "_Z1f1AIiiES_IS0_S0_E";
  for (int i = 1; i < 35; i++) {
    const std::string last{'S', static_cast<char>(i < 10 ? '0' + i : 'A' + i - 10), '_'};
    name.append("S_I").append(last).append(last).append("E");
  }
  CHECK_FALSE(demangled(name));
  CHECK_FALSE(demangled("_Z" + std::string(5000, 'P')));
  CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(1));
}
