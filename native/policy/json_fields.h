// Reading the fields of a JSON object strictly: every error names its field and what is allowed.
#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "policy/types.h"

namespace keyhole {

/// A field that is wrong; caught at the border, never outside it.
struct FieldError {
  std::string text;
};

/// A reader of one object. Each `take_…` marks its field as known; `finish` refuses the others.
/// All of them throw FieldError.
class JsonFields {
 public:
  /// `where` is put before field names: empty, or `policy.`.
  JsonFields(const nlohmann::json& object, std::string where);

  bool present(const std::string& name);  ///< there and not null
  const nlohmann::json& take(const std::string& name, const std::string& allowed);
  uint64_t take_u64(const std::string& name);
  int take_int(const std::string& name, int low, int high);
  bool take_bool(const std::string& name);
  std::string take_text(const std::string& name, const std::string& allowed);
  std::string take_choice(const std::string& name, const std::vector<std::string>& choices);
  PageRange take_range(const std::string& name);
  void finish() const;

  [[noreturn]] void fail(const std::string& name, const std::string& allowed) const;

 private:
  const nlohmann::json& object_;
  std::string where_;
  std::set<std::string> known_;
};

/// An address or size: a JSON number, or a string in `0x…` or decimal.
std::optional<uint64_t> u64_of(const nlohmann::json& value);

}  // namespace keyhole
