#include "policy/json_fields.h"

#include <charconv>

namespace keyhole {

namespace {

constexpr const char* kNumberForms = "a whole number, or a string in 0x… or decimal";

std::string list(const std::set<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

std::optional<uint64_t> u64_of(const nlohmann::json& value) {
  if (value.is_number_unsigned()) return value.get<uint64_t>();
  if (!value.is_string()) return std::nullopt;
  const auto& text = value.get_ref<const std::string&>();
  bool hexadecimal = text.starts_with("0x");
  const char* begin = text.data() + (hexadecimal ? 2 : 0);
  const char* end = text.data() + text.size();
  uint64_t number = 0;
  auto [stopped, error] = std::from_chars(begin, end, number, hexadecimal ? 16 : 10);
  if (error != std::errc{} || stopped != end) return std::nullopt;
  return number;
}

JsonFields::JsonFields(const nlohmann::json& object, std::string where)
    : object_(object), where_(std::move(where)) {
  if (object_.is_object()) return;
  std::string what = where_.empty() ? "the input" : where_.substr(0, where_.size() - 1);
  throw FieldError{what + ": must be a JSON object"};
}

void JsonFields::fail(const std::string& name, const std::string& allowed) const {
  throw FieldError{where_ + name + ": must be " + allowed};
}

bool JsonFields::present(const std::string& name) {
  known_.insert(name);
  return object_.contains(name) && !object_[name].is_null();
}

const nlohmann::json& JsonFields::take(const std::string& name, const std::string& allowed) {
  known_.insert(name);
  if (!object_.contains(name)) {
    throw FieldError{where_ + name + ": is missing; must be " + allowed};
  }
  return object_[name];
}

uint64_t JsonFields::take_u64(const std::string& name) {
  auto number = u64_of(take(name, kNumberForms));
  if (!number) fail(name, kNumberForms);
  return *number;
}

int JsonFields::take_int(const std::string& name, int low, int high) {
  std::string allowed =
      "a whole number from " + std::to_string(low) + " to " + std::to_string(high);
  const auto& value = take(name, allowed);
  auto number = value.is_number() ? u64_of(value) : std::nullopt;
  if (!number || *number < static_cast<uint64_t>(low) || *number > static_cast<uint64_t>(high)) {
    fail(name, allowed);
  }
  return static_cast<int>(*number);
}

bool JsonFields::take_bool(const std::string& name) {
  const auto& value = take(name, "true or false");
  if (!value.is_boolean()) fail(name, "true or false");
  return value.get<bool>();
}

std::string JsonFields::take_text(const std::string& name, const std::string& allowed) {
  const auto& value = take(name, allowed);
  if (!value.is_string() || value.get_ref<const std::string&>().empty()) fail(name, allowed);
  return value.get<std::string>();
}

std::string JsonFields::take_choice(const std::string& name,
                                    const std::vector<std::string>& choices) {
  std::string allowed;
  for (const std::string& choice : choices) allowed += (allowed.empty() ? "" : " or ") + choice;
  std::string text = take_text(name, allowed);
  for (const std::string& choice : choices) {
    if (text == choice) return text;
  }
  fail(name, allowed);
}

PageRange JsonFields::take_range(const std::string& name) {
  JsonFields fields(take(name, "an object with start and end"), where_ + name + ".");
  PageRange range{RemoteAddr{fields.take_u64("start")}, RemoteAddr{fields.take_u64("end")}};
  fields.finish();
  if (range.end < range.start) fail(name, "a range whose end is not before its start");
  return range;
}

void JsonFields::finish() const {
  for (const auto& [name, value] : object_.items()) {
    if (!known_.contains(name)) {
      throw FieldError{where_ + name + ": is not a field; allowed are " + list(known_)};
    }
  }
}

}  // namespace keyhole
