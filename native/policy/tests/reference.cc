#include "policy/tests/reference.h"

namespace keyhole::testing {

namespace {

constexpr uint64_t kSize = 4096;

bool touches(uint64_t page, uint64_t start, uint64_t end) {
  return start < end && page < end && page + kSize > start;
}

/// R1 read backwards: a padded page counts when the block begins before the page's end and the page
/// ends inside the block. R12: it counts when one byte of the block is on it.
bool in_block(const TlsInput& input, Rounding rounding, uint64_t page) {
  uint64_t start = input.start.v, end = input.start.v + input.memsz;
  if (rounding == Rounding::outward) return touches(page, start, end);
  return page + kSize > start && page + kSize <= end;
}

bool knows(const TlsInput& input, const CarveOutRule& rule, uint64_t* address) {
  for (const auto& [name, addr] : input.symbols) {
    if (name != rule.module + ":" + rule.name) continue;
    *address = addr.v;
    return true;
  }
  return false;
}

/// Whether `rule` names the page; `unknown` is set when nobody can tell.
bool names(const TlsInput& input, const CarveOutRule& rule, uint64_t page, bool* unknown) {
  uint64_t address = 0;
  switch (rule.kind) {
    case CarveOutKind::slot:
      return input.slot && input.slot->v == page && input.slot->v >= input.start.v;
    case CarveOutKind::tcb:
      return touches(page, input.tp.v, input.tp.v + 1);
    case CarveOutKind::below_tcb:
      for (int i = 1; i <= rule.pages; ++i) {
        if (touches(page + i * kSize, input.tp.v, input.tp.v + 1)) return true;
      }
      return false;
    case CarveOutKind::dtv:
      *unknown = !input.dtv;
      return input.dtv && input.dtv->v != 0 && touches(page, input.dtv->v, input.dtv->v + 1);
    case CarveOutKind::rseq:
      *unknown = !input.rseq;
      return input.rseq && touches(page, input.rseq->start.v, input.rseq->end.v);
    case CarveOutKind::pthread:
      *unknown = !input.descriptor;
      return input.descriptor && touches(page, input.descriptor->start.v, input.descriptor->end.v);
    case CarveOutKind::symbol:
      *unknown = !knows(input, rule, &address);
      return address != 0 && touches(page, address, address + 1);
  }
  return false;
}

std::string label(CarveOutKind kind) {
  static const std::map<CarveOutKind, std::string> labels = {
      {CarveOutKind::slot, "R5"},      {CarveOutKind::tcb, "R6"},
      {CarveOutKind::dtv, "dtv"},      {CarveOutKind::below_tcb, "below-tcb"},
      {CarveOutKind::rseq, "rseq"},    {CarveOutKind::pthread, "pthread"},
      {CarveOutKind::symbol, "symbol"}};
  return labels.at(kind);
}

/// The label of the first of the policy's rules of this kind (or any other than slot and tcb).
std::string label_of_page(const TlsInput& input, const Policy& policy, uint64_t page) {
  bool unknown = false;
  std::string found, tcb, other;
  for (const CarveOutRule& rule : policy.carve_outs) {
    if (!names(input, rule, page, &unknown)) continue;
    if (rule.kind == CarveOutKind::slot) return "R5";
    if (input.arch == Arch::aarch64) continue;
    if (rule.kind == CarveOutKind::tcb) tcb = "R6";
    if (other.empty()) other = label(rule.kind);
  }
  return tcb.empty() ? other : tcb;
}

std::string expected_error(const TlsInput& input, const Policy& policy,
                           const std::map<uint64_t, std::string>& pages) {
  if (pages.empty()) return "R2";
  if (input.slot && input.slot->v % kSize != 0) return "R3";
  size_t shared = 0;
  for (const auto& [page, what] : pages) {
    if (what == "R5" && input.key.v != 1) return "R5";
    if (!what.empty()) ++shared;
  }
  for (const CarveOutRule& rule : policy.carve_outs) {
    bool unknown = false;
    names(input, rule, 0, &unknown);
    if (unknown && input.arch == Arch::x86_64) return label(rule.kind);
  }
  return shared > static_cast<size_t>(policy.max_carve_outs) ? "R7" : "";
}

}  // namespace

Expected expected_tls(const TlsInput& input, const Policy& policy, Rounding rounding) {
  Expected expected;
  if (!policy.tag) return expected;
  std::map<uint64_t, std::string> pages;  // page of the block -> label of its carve-out, or ""
  uint64_t first = input.start.v / kSize * kSize;
  for (uint64_t page = first; page < input.start.v + input.memsz + kSize; page += kSize) {
    if (in_block(input, rounding, page)) pages[page] = label_of_page(input, policy, page);
  }
  expected.error = expected_error(input, policy, pages);
  if (!expected.error.empty()) return expected;

  bool arm = input.arch == Arch::aarch64;
  for (const auto& [page, what] : pages) {
    if (what.empty()) {
      expected.tagged[page] = {input.key.v, arm ? "A2" : "R4"};
    } else if (input.startup && !arm) {
      expected.tagged[page] = {0, what};
    }
  }
  return expected;
}

Expected expected_segments(const SegmentsInput& input) {
  Expected expected;
  auto misaligned = [](const std::optional<RemoteAddr>& a) { return a && a->v % kSize != 0; };
  bool wrong = input.shared_start.has_value() != input.shared_stop.has_value() ||
               misaligned(input.shared_start) || misaligned(input.shared_stop) ||
               (input.shared_start && *input.shared_stop < *input.shared_start);
  if (wrong) {
    expected.error = "S2";
    return expected;
  }
  for (const Segment& load : input.loads) {
    if (!(load.prot.v & 2)) continue;
    uint64_t end = load.start.v + load.memsz;
    for (uint64_t page = load.start.v / kSize * kSize; page < end; page += kSize) {
      if (!touches(page, load.start.v, end)) continue;
      bool relro = input.relro && touches(page, input.relro->start.v, input.relro->end.v);
      bool section =
          input.shared_start && touches(page, input.shared_start->v, input.shared_stop->v);
      if (relro || section) {
        expected.left[page] = relro && section ? "either" : relro ? "RELRO" : "shared section";
      } else {
        expected.tagged[page] = {input.key.v, "S1"};
      }
    }
  }
  return expected;
}

}  // namespace keyhole::testing
