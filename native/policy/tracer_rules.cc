#include "policy/tracer_rules.h"

#include <algorithm>

namespace keyhole {

namespace {

constexpr uint64_t kEndOfInitAddr = 0x1a21face1a21face;
constexpr uint64_t kMapFixed = 0x10;  // Linux asm-generic/mman-common.h

/// T6: thread stacks count as owned by key 0.
Key owner_of(const PageFacts& page) { return page.stack ? Key{0} : page.owner; }

std::string number(Key key) { return std::to_string(key.v); }

std::string place(const PageFacts& page) {
  return "pages " + hex(page.range.start) + " to " + hex(page.range.end);
}

/// T6: the caller must be known before ownership can be judged.
Verdict unknown_caller(const TracerCall& call) {
  return {false, Rule::T6,
          call_name(call.kind) + ": rights " + hex(call.rights.v) + " (" +
              rights_words(call.rights) + ") name no compartment"};
}

/// T1 (fixed) and T2: every page must belong to the caller.
Verdict judge_ownership(const TracerCall& call, Rule rule) {
  if (!call.caller) return unknown_caller(call);
  for (const PageFacts& page : call.pages) {
    if (owner_of(page) == *call.caller) continue;
    return {false, rule,
            call_name(call.kind) + " by compartment " + number(*call.caller) + ": " + place(page) +
                (page.stack ? " are a thread stack and belong" : " belong") + " to key " +
                number(owner_of(page))};
  }
  return {true, rule,
          call_name(call.kind) + ": every page belongs to compartment " + number(*call.caller)};
}

Verdict judge_pkey_mprotect(const TracerCall& call) {
  if (!call.caller) return unknown_caller(call);
  Key caller = *call.caller, key = *call.new_key;
  std::string who = "pkey_mprotect by compartment " + number(caller) + " to key " + number(key);
  if (caller == Key{0} && key != caller) {
    return {true, Rule::T3, who + ": compartment 0 gives pages to another key"};
  }
  auto tagged = std::find_if(call.pages.begin(), call.pages.end(),
                             [](const PageFacts& page) { return page.ever_tagged; });
  if (tagged != call.pages.end()) {
    return {false, Rule::T3, who + ": " + place(*tagged) + " were tagged before"};
  }
  if (key != caller) return {false, Rule::T3, who + ": the key is not the caller's own"};
  return {true, Rule::T3, who + ": first tag, and the caller's own key"};
}

Verdict judge_mprotect(const TracerCall& call) {
  if (call.before_init_end) return {true, Rule::T4, "mprotect before the end of init"};
  for (const PageFacts& page : call.pages) {
    bool same = call.new_prot && *call.new_prot == page.prot;
    if (!page.ever_mprotected || page.prot.w() || same) continue;
    return {false, Rule::T4,
            "mprotect after the end of init: " + place(page) +
                " were mprotected before, are not writable, and would change"};
  }
  return {true, Rule::T4, "mprotect of pages that are new, writable or left as they are"};
}

}  // namespace

Verdict judge(const TracerCall& call) {
  switch (call.kind) {
    case CallKind::mmap:
      return {true, Rule::T1, "mmap without MAP_FIXED replaces nothing"};
    case CallKind::mmap_fixed:
      return judge_ownership(call, Rule::T1);
    case CallKind::munmap:
    case CallKind::mremap:
    case CallKind::madvise:
      return judge_ownership(call, Rule::T2);
    case CallKind::mprotect:
      return judge_mprotect(call);
    case CallKind::pkey_mprotect:
      return call.new_key ? judge_pkey_mprotect(call) : judge_mprotect(call);
  }
  return {false, Rule::none, "a call that no rule knows"};
}

bool is_end_of_init(uint64_t addr, uint64_t len, uint64_t prot, uint64_t flags, uint64_t fd,
                    uint64_t offset) {
  // The kernel takes prot, flags and fd as int: the upper half of their registers is noise.
  auto low = [](uint64_t v) { return static_cast<uint32_t>(v); };
  return addr == kEndOfInitAddr && len == 0 && low(prot) == 0 && low(flags) == kMapFixed &&
         low(fd) == UINT32_MAX && offset == 0;
}

std::string call_name(CallKind kind) {
  switch (kind) {
    case CallKind::mmap:
      return "mmap";
    case CallKind::mmap_fixed:
      return "mmap MAP_FIXED";
    case CallKind::munmap:
      return "munmap";
    case CallKind::mremap:
      return "mremap";
    case CallKind::madvise:
      return "madvise";
    case CallKind::mprotect:
      return "mprotect";
    case CallKind::pkey_mprotect:
      return "pkey_mprotect";
  }
  return "";
}

}  // namespace keyhole
