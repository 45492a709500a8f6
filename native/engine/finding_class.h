// What a finding is about. The list mirrors core/contract/findingClasses.ts, where each class has
// its words; a test holds them together through the addon's names().
#pragma once
#include <cstddef>
#include <cstdint>

namespace keyhole {

enum class FindingClass : uint8_t {
  model_differs,
  key_lost,
  late_tls,
  shared_page,
  not_emulated,
  not_applied,
  not_mapped,
  no_key,
  policy_error,
  refused,
  no_stub,
  no_main,
  module_unread,
  own_filter,
  killed_by_filter,
  stub_kept,
  given_up,
  not_run,
  born_unseen,
  engine_error,
};
inline constexpr const char* kFindingClassNames[] = {
    "model-differs", "key-lost",   "late-tls",      "shared-page",  "not-emulated",
    "not-applied",   "not-mapped", "no-key",        "policy-error", "refused",
    "no-stub",       "no-main",    "module-unread", "own-filter",   "killed-by-filter",
    "stub-kept",     "given-up",   "not-run",       "born-unseen",  "engine-error"};

constexpr const char* name_of(FindingClass of) {
  return kFindingClassNames[static_cast<size_t>(of)];
}

}  // namespace keyhole
