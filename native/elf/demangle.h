// What the source calls a symbol of C++.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace keyhole {

/// `_ZN2v87Isolate10GetCurrentEv` → `v8::Isolate::GetCurrent()`, by the C++ runtime; a version
/// behind the name (`@@V_1`) stays. Nothing where the name is none of C++, or where it refers to
/// parts of itself so often that what it stands for could be beyond reading: see demangle.cc.
std::optional<std::string> demangled(std::string_view symbol);

}  // namespace keyhole
