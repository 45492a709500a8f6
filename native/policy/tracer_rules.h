// The tracer policy: who may change what (T1 to T6). Pure.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "policy/types.h"

namespace keyhole {

enum class CallKind : uint8_t {
  mmap,
  mmap_fixed,
  munmap,
  mremap,
  madvise,
  mprotect,
  pkey_mprotect
};

/// What is known about a run of pages that the call overlaps.
struct PageFacts {
  PageRange range;
  Key owner;
  bool ever_tagged = false;      ///< by any pkey_mprotect
  bool ever_mprotected = false;  ///< by any mprotect or pkey_mprotect
  Prot prot;                     ///< what the program sees now
  bool stack = false;            ///< MAP_STACK: owned by key 0 (T6)
};

/// One call of the program. `caller` is absent when the rights value names no compartment (T6).
struct TracerCall {
  CallKind kind = CallKind::mmap;
  std::optional<Key> caller;
  Pkru rights;                   ///< the caller's rights value, for the text
  std::optional<Key> new_key;    ///< pkey_mprotect; absent = key -1, which is a plain mprotect
  std::optional<Prot> new_prot;  ///< mprotect and pkey_mprotect
  bool before_init_end = true;
  std::vector<PageFacts> pages;  ///< only the mapped pages in the call's range
};

/// The answer and the rule that gave it, in one sentence.
struct Verdict {
  bool allowed = true;
  Rule rule = Rule::none;
  std::string text;
};

Verdict judge(const TracerCall& call);

/// T5: the call by which a program announces its end of init. The arguments as in the registers.
bool is_end_of_init(uint64_t addr, uint64_t len, uint64_t prot, uint64_t flags, uint64_t fd,
                    uint64_t offset);

/// `mmap`, `pkey_mprotect`, …
std::string call_name(CallKind kind);

}  // namespace keyhole
