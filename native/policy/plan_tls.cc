#include "policy/plan_tls.h"

#include "policy/carve_outs.h"
#include "policy/cursor_walk.h"

namespace keyhole {

namespace {

Err<PlanError> fail(const char* rule, std::string text) {
  return Err{PlanError{rule, std::move(text)}};
}

/// Whether the block and the rounding of its end fit below 2^64.
bool wraps(const TlsInput& input) {
  uint64_t room = UINT64_MAX - input.start.v;
  return room < kPage || input.memsz > room - kPage;
}

/// A1, A2: what is left around the slot's page; nothing is ever tagged 0.
std::vector<TagOp> ops_aarch64(const std::vector<Piece>& pieces, Key key) {
  std::vector<TagOp> ops;
  for (const Piece& piece : pieces) {
    if (!piece.shared) ops.push_back({piece.range, key, Rule::A2});
  }
  return ops;
}

/// R8 and R9: shared pages are tagged 0 at startup only; later they have key 0 already.
std::vector<TagOp> ops_x86_64(const std::vector<Piece>& pieces, Key key, bool startup) {
  std::vector<TagOp> ops;
  for (const Piece& piece : pieces) {
    if (!piece.shared) {
      ops.push_back({piece.range, key, Rule::R4});
    } else if (startup) {
      ops.push_back({piece.range, Key{0}, piece.rule});
    }
  }
  return ops;
}

}  // namespace

Result<PageRange, PlanError> tls_block_pages(const TlsInput& input, Rounding rounding) {
  if (wraps(input)) {
    return fail("R1", "TLS segment of " + input.module + " wraps around the address space");
  }
  RemoteAddr lo = input.start.floor();
  if (rounding == Rounding::outward) {
    if (input.memsz == 0) return fail("R2", "TLS segment of " + input.module + " is empty");
    return PageRange{lo, (input.start + input.memsz).ceil()};
  }
  PageRange pages{lo, lo + RemoteAddr{input.memsz + (input.start - lo)}.floor().v};
  if (pages.empty()) return fail("R2", "TLS segment of " + input.module + " is not padded");
  return pages;
}

Result<std::vector<TagOp>, PlanError> plan_tls(const TlsInput& input, const Policy& policy,
                                               Rounding rounding) {
  if (!policy.tag) return std::vector<TagOp>{};
  if (input.key.v == 0 || input.key.v >= kKeyCount) {
    return fail("R4", "TLS block of " + input.module +
                          ": a compartment owns a key of 1 to 15, not " +
                          std::to_string(input.key.v));
  }
  auto pages = tls_block_pages(input, rounding);
  if (!pages) return Err{pages.error()};
  if (input.slot && !input.slot->page_aligned()) {
    return fail("R3", "the stack-pointer slot " + hex(*input.slot) + " is not page-aligned");
  }
  auto shared = find_carve_outs(input, policy, *pages);
  if (!shared) return Err{shared.error()};
  std::vector<Piece> pieces = cursor_walk(*pages, std::move(*shared));
  if (input.arch == Arch::aarch64) return ops_aarch64(pieces, input.key);
  return ops_x86_64(pieces, input.key, input.startup);
}

std::optional<TagOp> plan_startup_tcb(Arch arch, RemoteAddr tp, const Policy& policy) {
  if (arch != Arch::x86_64 || !policy.tag || !policy.startup_tcb) return std::nullopt;
  return TagOp{{tp.floor(), tp.floor() + kPage}, Key{0}, Rule::R10};
}

MteTagging mte_tagging(const TagOp& op) {
  return {op.range, kTlsProt.v | kProtMte, op.range.size() / kMteGranule, op.key.v};
}

}  // namespace keyhole
