#include "policy/carve_outs.h"

#include <algorithm>

namespace keyhole {

namespace {

using Pages = Result<PageRange, PlanError>;

PageRange page_of(RemoteAddr addr) { return {addr.floor(), addr.floor() + kPage}; }

PageRange page_or_none(RemoteAddr addr) { return addr ? page_of(addr) : PageRange{}; }

Err<PlanError> missing(const CarveOutRule& rule, const char* what) {
  return Err{PlanError{rule_name(carve_out_rule(rule.kind)),
                       "carve-out " + carve_out_text(rule) + " cannot be resolved: " + what}};
}

/// R5. The slot counts only inside the block's true bytes, and only compartment 1 may own it.
Pages slot_pages(const TlsInput& input, PageRange pages) {
  if (!input.slot || *input.slot < input.start || *input.slot >= pages.end) return PageRange{};
  if (input.key != Key{1}) {
    return Err{PlanError{"R5", "the stack-pointer slot " + hex(*input.slot) +
                                   " lies in the TLS block of " + input.module +
                                   ", which has key " + std::to_string(input.key.v) +
                                   ": only compartment 1 may hold it"}};
  }
  return page_of(*input.slot);
}

PageRange below_tcb_pages(RemoteAddr tp, int count) {
  RemoteAddr tcb = tp.floor();
  uint64_t bytes = std::min(static_cast<uint64_t>(count) * kPage, tcb.v);
  return {tcb - bytes, tcb};
}

Pages symbol_pages(const TlsInput& input, const CarveOutRule& rule) {
  for (const auto& [name, addr] : input.symbols) {
    if (name == rule.module + ":" + rule.name) return page_or_none(addr);
  }
  return missing(rule, "its address in this thread is not known");
}

/// The pages that a rule names in this thread, wherever they are.
Pages resolve(const TlsInput& input, const CarveOutRule& rule, PageRange pages) {
  switch (rule.kind) {
    case CarveOutKind::slot:
      return slot_pages(input, pages);
    case CarveOutKind::tcb:
      return page_of(input.tp);
    case CarveOutKind::below_tcb:
      return below_tcb_pages(input.tp, rule.pages);
    case CarveOutKind::dtv:
      if (!input.dtv) return missing(rule, "the thread's DTV is not known");
      return page_or_none(*input.dtv);
    case CarveOutKind::rseq:
      if (!input.rseq) return missing(rule, "the thread's rseq area is not known");
      return input.rseq->outward();
    case CarveOutKind::pthread:
      if (!input.descriptor) return missing(rule, "the thread's descriptor is not known");
      return input.descriptor->outward();
    case CarveOutKind::symbol:
      return symbol_pages(input, rule);
  }
  return PageRange{};
}

/// Adds the part of `found` that lies in `pages`, without the pages that are shared already.
/// Far above any bound of R7: a carve-out that claims more pages is not worth counting out.
constexpr size_t kCountedPages = 1024;

std::string counted(size_t pages) {
  return std::to_string(pages) + (pages < kCountedPages ? "" : " or more");
}

void add_pages(std::vector<Shared>& shared, PageRange found, PageRange pages, Rule rule) {
  RemoteAddr end = std::min(found.end, pages.end);
  for (RemoteAddr page = std::max(found.start, pages.start);
       page < end && shared.size() < kCountedPages; page = page + kPage) {
    auto same = [page](const Shared& s) { return s.range.start == page; };
    if (std::none_of(shared.begin(), shared.end(), same)) {
      shared.push_back({.range = {page, page + kPage}, .rule = rule});
    }
  }
}

}  // namespace

Result<std::vector<Shared>, PlanError> find_carve_outs(const TlsInput& input, const Policy& policy,
                                                       PageRange pages) {
  std::vector<CarveOutRule> rules = policy.carve_outs;
  if (input.arch == Arch::aarch64) {
    std::erase_if(rules, [](const CarveOutRule& r) { return r.kind != CarveOutKind::slot; });
  }
  // R6: the TCB page is a carve-out of its own only if it is not the slot's page.
  auto rank = [](const CarveOutRule& r) { return std::min(static_cast<int>(r.kind), 2); };
  std::stable_sort(rules.begin(), rules.end(),
                   [&](const auto& a, const auto& b) { return rank(a) < rank(b); });

  std::vector<Shared> shared;
  for (const CarveOutRule& rule : rules) {
    Pages found = resolve(input, rule, pages);
    if (!found) return Err{found.error()};
    add_pages(shared, *found, pages, carve_out_rule(rule.kind));
  }
  if (shared.size() > static_cast<size_t>(std::max(policy.max_carve_outs, 0))) {
    return Err{PlanError{"R7", "internal error: the TLS block of " + input.module + " has " +
                                   counted(shared.size()) + " carve-outs, policy " + policy.name +
                                   " allows " + std::to_string(policy.max_carve_outs)}};
  }
  return shared;
}

}  // namespace keyhole
