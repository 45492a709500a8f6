// Rights values: the compartment they name (T6) and their words.
#include <vector>

#include "policy/types.h"

namespace keyhole {

std::optional<Key> compartment_of(Pkru rights) {
  // The kernel's initial value, the same with key 1 opened by IA2's start-up, and "everything open"
  // all belong to code that no compartment owns yet.
  if (rights == kInitPkru || rights.v == 0x55555550 || rights.v == 0) return Key{0};
  for (uint8_t k = 0; k < kKeyCount; ++k) {
    if (rights == Pkru::only(Key{k})) return Key{k};
  }
  return std::nullopt;
}

namespace {

std::string key_list(const std::vector<int>& keys) {
  std::string text = keys.size() == 1 ? "key " : "keys ";
  for (size_t i = 0; i < keys.size(); ++i) {
    if (i > 0) text += i + 1 == keys.size() ? " and " : ", ";
    text += std::to_string(keys[i]);
  }
  return text;
}

}  // namespace

std::string rights_words(Pkru rights) {
  std::vector<int> open, read_only;
  for (uint8_t k = 0; k < kKeyCount; ++k) {
    if (rights.may_write(Key{k})) {
      open.push_back(k);
    } else if (rights.may_read(Key{k})) {
      read_only.push_back(k);
    }
  }
  if (open.size() == kKeyCount) return "all keys open";
  std::string text = open.empty() ? "no key open" : key_list(open) + " open";
  if (!read_only.empty()) text += ", " + key_list(read_only) + " read-only";
  return text;
}

std::string hex(uint64_t value) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string digits;
  do {
    digits.insert(digits.begin(), kDigits[value & 15]);
    value >>= 4;
  } while (value != 0);
  return "0x" + digits;
}

}  // namespace keyhole
