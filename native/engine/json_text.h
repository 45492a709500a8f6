// JSON as it goes into a row. Names and paths of a program are bytes, not always UTF-8.
#pragma once
#include <nlohmann/json.hpp>
#include <string>

namespace keyhole {

/// The text of `value`; bytes that are no UTF-8 become U+FFFD. Never throws.
inline std::string text_of(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace keyhole
