// One test for each rule of the tracer policy.
#include <doctest/doctest.h>

#include "policy/tests/cases.h"
#include "policy/tracer_rules.h"

using namespace keyhole;
using namespace keyhole::testing;

namespace {

PageFacts pages(Key owner) {
  PageFacts facts;
  facts.range = span(0x10000, 0x12000);
  facts.owner = owner;
  facts.prot = kProtRW;
  return facts;
}

TracerCall call(CallKind kind, Key caller, std::vector<PageFacts> facts) {
  TracerCall c;
  c.kind = kind;
  c.caller = caller;
  c.rights = Pkru::only(caller);
  c.before_init_end = false;
  c.pages = std::move(facts);
  return c;
}

bool allowed(const TracerCall& c) { return judge(c).allowed; }

}  // namespace

TEST_CASE("T1: mmap without MAP_FIXED is always allowed") {
  Verdict verdict = judge(call(CallKind::mmap, Key{2}, {pages(Key{1})}));
  CHECK(verdict.allowed);
  CHECK(verdict.rule == Rule::T1);
}

TEST_CASE("T1: mmap with MAP_FIXED needs every overlapped page") {
  CHECK(allowed(call(CallKind::mmap_fixed, Key{2}, {})));
  CHECK(allowed(call(CallKind::mmap_fixed, Key{2}, {pages(Key{2}), pages(Key{2})})));
  Verdict verdict = judge(call(CallKind::mmap_fixed, Key{2}, {pages(Key{2}), pages(Key{1})}));
  CHECK_FALSE(verdict.allowed);
  CHECK(verdict.rule == Rule::T1);
  CHECK(verdict.text ==
        "mmap MAP_FIXED by compartment 2: pages 0x10000 to 0x12000 belong to key 1");
}

TEST_CASE("T2: munmap, mremap and madvise need every page") {
  for (CallKind kind : {CallKind::munmap, CallKind::mremap, CallKind::madvise}) {
    CHECK(allowed(call(kind, Key{3}, {pages(Key{3})})));
    Verdict verdict = judge(call(kind, Key{3}, {pages(Key{3}), pages(Key{0})}));
    CHECK_FALSE(verdict.allowed);
    CHECK(verdict.rule == Rule::T2);
    CHECK(verdict.text.starts_with(call_name(kind) + " by compartment 3: "));
  }
}

TEST_CASE("T3: the first tag with the caller's own key is allowed") {
  TracerCall c = call(CallKind::pkey_mprotect, Key{2}, {pages(Key{0})});
  c.new_key = Key{2};
  CHECK(allowed(c));
  c.new_key = Key{3};
  CHECK_FALSE(allowed(c));
  CHECK(judge(c).rule == Rule::T3);
}

TEST_CASE("T3: compartment 1 may not retag a tagged page, not even to 0") {
  PageFacts tagged = pages(Key{1});
  tagged.ever_tagged = true;
  TracerCall c = call(CallKind::pkey_mprotect, Key{1}, {tagged});
  for (uint8_t key : {0, 1, 2}) {
    c.new_key = Key{key};
    CHECK_FALSE(allowed(c));
  }
}

TEST_CASE("T3: compartment 0 may give any page to another key, but not retag one to 0") {
  PageFacts tagged = pages(Key{1});
  tagged.ever_tagged = true;
  TracerCall c = call(CallKind::pkey_mprotect, Key{0}, {tagged});
  c.new_key = Key{1};
  CHECK(allowed(c));
  c.new_key = Key{0};  // R10 after an R6
  CHECK_FALSE(allowed(c));
  c.pages = {pages(Key{0})};
  CHECK(allowed(c));
}

TEST_CASE("T3: key -1 is a plain mprotect") {
  TracerCall c = call(CallKind::pkey_mprotect, Key{1}, {pages(Key{1})});
  CHECK(judge(c).rule == Rule::T4);
}

TEST_CASE("T4: mprotect of pages that are new, writable, unchanged, or before the end of init") {
  PageFacts sealed = pages(Key{1});
  sealed.ever_mprotected = true;
  sealed.prot = Prot{1};
  TracerCall c = call(CallKind::mprotect, Key{2}, {sealed});
  c.new_prot = kProtRW;
  CHECK_FALSE(allowed(c));
  CHECK(judge(c).rule == Rule::T4);

  c.before_init_end = true;
  CHECK(allowed(c));
  c.before_init_end = false;

  c.new_prot = sealed.prot;
  CHECK(allowed(c));
  c.new_prot = kProtRW;

  c.pages[0].prot = kProtRW;
  c.new_prot = Prot{1};
  CHECK(allowed(c));
  c.pages[0].prot = Prot{1};
  c.new_prot = kProtRW;

  c.pages[0].ever_mprotected = false;
  CHECK(allowed(c));
  c.pages.push_back(sealed);  // one bad page is enough
  CHECK_FALSE(allowed(c));
}

TEST_CASE("T5: the end of init is one particular mmap") {
  constexpr uint64_t kAddr = 0x1a21face1a21face;
  CHECK(is_end_of_init(kAddr, 0, 0, 0x10, UINT64_MAX, 0));
  CHECK(is_end_of_init(kAddr, 0, 0, 0x10, 0xffffffff, 0));  // fd is an int in the register
  CHECK_FALSE(is_end_of_init(kAddr + 1, 0, 0, 0x10, UINT64_MAX, 0));
  CHECK_FALSE(is_end_of_init(kAddr, 1, 0, 0x10, UINT64_MAX, 0));
  CHECK_FALSE(is_end_of_init(kAddr, 0, 1, 0x10, UINT64_MAX, 0));
  CHECK_FALSE(is_end_of_init(kAddr, 0, 0, 0x12, UINT64_MAX, 0));
  CHECK_FALSE(is_end_of_init(kAddr, 0, 0, 0x10, 3, 0));
  CHECK_FALSE(is_end_of_init(kAddr, 0, 0, 0x10, UINT64_MAX, 4096));
}

TEST_CASE("T6: thread stacks belong to key 0") {
  PageFacts stack = pages(Key{2});
  stack.stack = true;
  CHECK(allowed(call(CallKind::munmap, Key{0}, {stack})));
  CHECK_FALSE(allowed(call(CallKind::munmap, Key{2}, {stack})));
}

TEST_CASE("T6: rights that name no compartment are reported") {
  TracerCall c = call(CallKind::munmap, Key{0}, {pages(Key{0})});
  c.caller.reset();
  c.rights = Pkru{0xffffff00};
  Verdict verdict = judge(c);
  CHECK_FALSE(verdict.allowed);
  CHECK(verdict.rule == Rule::T6);
  CHECK(verdict.text == "munmap: rights 0xffffff00 (keys 0, 1, 2 and 3 open) name no compartment");
}

TEST_CASE("T6: which compartment a rights value names") {
  for (uint8_t k = 1; k < kKeyCount; ++k) {
    CHECK(compartment_of(Pkru{~((3u << (2 * k)) | 3u)}) == Key{k});
  }
  for (uint32_t v : {0x55555554u, 0x55555550u, 0u, 0xfffffffcu}) {
    CHECK(compartment_of(Pkru{v}) == Key{0});
  }
  for (uint32_t v : {0xffffffc0u, 0xffffffffu, 0xfffffff8u, 0x55555540u}) {
    CHECK_FALSE(compartment_of(Pkru{v}).has_value());
  }
}
