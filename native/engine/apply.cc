// Policies, live: plan, show, apply, take back.
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>

#include "engine/json_text.h"
#include "engine/tracer.h"
#include "policy/findings.h"

namespace keyhole {
using nlohmann::json;
namespace {

const char* why_name(PolicyWhy why) {
  static constexpr const char* names[] = {"startup", "birth",  "module",
                                          "demand",  "revert", "manual"};
  return names[static_cast<int>(why)];
}

PageRange tls_bytes(const TlsBlock& block) {
  return {block.start, block.start + block.module->file->tls->memsz};
}

/// What else lives around a thread's TLS, for findings of R12.
std::vector<NamedRange> neighbours_of(const ThreadTls& tls, const TlsBlock& of) {
  std::vector<NamedRange> out;
  for (const TlsBlock& block : tls.blocks)
    if (block.module != of.module)
      out.push_back({"TLS block of " + block.module->name, tls_bytes(block)});
  out.push_back({"TCB", tls.descriptor.value_or(PageRange{tls.tp, tls.tp + 64})});
  if (tls.dtv && *tls.dtv) out.push_back({"DTV", {*tls.dtv - 16, *tls.dtv + 16}});
  if (tls.rseq && !tls.rseq->empty()) out.push_back({"rseq area", *tls.rseq});
  return out;
}

}  // namespace

json steps_json(const std::vector<PlannedStep>& steps) {
  json out = json::array();
  for (const PlannedStep& step : steps)
    out.push_back({{"start", hex(step.op.range.start)},
                   {"end", hex(step.op.range.end)},
                   {"key", step.op.key.v},
                   {"rule", rule_name(step.op.rule)},
                   {"what", step.what}});
  return out;
}

void Tracer::allocate_keys(Space& space, Thread& executor) {
  for (const Compartment& compartment : config_.compartments)
    allocate_key(space, executor, compartment.key);
}

void Tracer::allocate_key(Space& space, Thread& executor, Key key) {
  if (space.keys_allocated >> key.v & 1) return;
  if (keys_->kernel_has_keys()) {
    // The kernel gives the lowest free key; the ones below it that nobody asked for are given back.
    std::vector<RemoteCall> spare;
    const auto rights = keys_->rights(executor.tid, {});
    int64_t given = 0;
    do {
      std::vector<RemoteCall> calls{{SYS_pkey_alloc, {0, 0}}};
      if (run_stub(executor, calls) && space.stub_ready)
        space.memory.read(kStubTable, calls.data(), sizeof calls[0]);
      given = calls[0].result;
      if (given > 0 && given != key.v)
        spare.push_back({SYS_pkey_free, {static_cast<uint64_t>(given)}});
    } while (given > 0 && given != key.v);
    run_calls(space, spare, &executor);
    if (rights)
      keys_->set_rights(executor.tid, *rights);  // pkey_alloc(2) gave it rights to the new key
    if (given == key.v) {
      space.our_keys |= static_cast<uint16_t>(1u << key.v);
    } else if (!attached() || given != -ENOSPC) {
      return finding(space, executor.tid, FindingClass::no_key,
                     "the kernel did not give key " + std::to_string(key.v));
    }
    // Attached, and every key is taken now but this one was not given: the program has it already.
  }
  space.keys_allocated |= static_cast<uint16_t>(1u << key.v);
  log({.kind = EventKind::key_alloc,
       .space = space.id,
       .tid = executor.tid,
       .key_after = static_cast<int8_t>(key.v),
       .cause = Cause::policy});
}

/// The program is about to run its own code: everything is tagged, then gates begin to bite.
void Tracer::startup(Thread& thread) {
  Space& space = *thread.space;
  step_counter_++;
  stop_threads(space, true);
  scan_modules(thread);
  space.started = true;
  if (config_.virtual_gates) {
    // Until its gates are live the program may touch everything, so that tagging takes nothing from
    // a running thread.
    space.active = {Pkru{0}, 0};
    for (Thread* other : space.threads) other->regime = space.active;
  }
  allocate_keys(space, thread);
  std::vector<const Module*> assigned;
  for (Module& module : space.modules) {
    module.policy_applied = true;
    if (module.assignment.rule) assigned.push_back(&module);
  }
  auto steps = plan_modules(space, assigned, thread.tid);
  const TlsConstants libc = tls_constants(space);
  for (Thread* other : space.threads) {
    Regs regs;
    if (!get_regs(other->tid, regs) || regs.fs_base == 0) continue;
    other->tls = read_tls(space, {regs.fs_base}, libc);
    log_tls(*other);
    const auto more = plan_thread(space, *other, nullptr, space.policy, space.rounding, true, true);
    steps.insert(steps.end(), more.begin(), more.end());
  }
  if (thread.tls && !config_.compartments.empty())
    if (const auto tcb = plan_startup_tcb(Arch::x86_64, thread.tls->tp, space.policy))
      steps.push_back({*tcb, thread.tid, "TCB page of the main thread, once more"});
  apply(space, &thread, steps, PolicyWhy::startup, Cause::policy);

  if (!config_.virtual_gates) return;
  const Regime before = space.active;
  const RegimeRules rules_before = space.rules;
  space.rules.gates_live = true;
  const Assignment main = space.modules.empty() ? Assignment{} : space.modules.front().assignment;
  const bool own = main.rule && main.rule->own_code;
  const Regime regime =
      own ? Regime{Pkru::only(main.compartment->key), main.compartment->key.v} : Regime{};
  for (Thread* other : space.threads) {
    other->regime = regime;
    set_rights(*other, regime.rights, Cause::policy, {});
  }
  // From "everything may run" to the first compartment's regime.
  const auto close = steps_between(space.regions, RegionMap::everything(), {before, rules_before},
                                   {regime, space.rules});
  run_calls(space, protect_calls(close), &thread);
  space.active = regime;
  space.waiting_for.reset();
}

std::vector<PlannedStep> Tracer::plan_modules(Space& space,
                                              const std::vector<const Module*>& modules, Tid tid) {
  std::vector<PlannedStep> out;
  if (!space.policy.tag) return out;
  for (const Module* module : modules) {
    if (!module->assignment.rule || !module->assignment.rule->tag_segments) continue;
    const ModuleFile& file = *module->file;
    SegmentsInput input{.module = module->name,
                        .loads = {},
                        .relro = {},
                        .shared_start = {},
                        .shared_stop = {},
                        .key = module->assignment.compartment->key};
    for (const LoadSegment& load : file.loads)
      input.loads.push_back({{module->bias + load.vaddr}, load.memsz, load.prot});
    if (file.relro)
      input.relro = PageRange{{module->bias + file.relro->start}, {module->bias + file.relro->end}};
    if (file.shared_start) input.shared_start = RemoteAddr{module->bias + *file.shared_start};
    if (file.shared_stop) input.shared_stop = RemoteAddr{module->bias + *file.shared_stop};
    const auto plan = plan_segments(input);
    if (!plan) {
      finding(space, tid, FindingClass::policy_error, plan.error().rule + ": " + plan.error().text);
      continue;
    }
    for (const TagOp& op : plan->ops)
      out.push_back({op, tid, "writable segment of " + module->name});
  }
  return out;
}

std::vector<PlannedStep> Tracer::plan_thread(Space& space, Thread& thread,
                                             const std::vector<const Module*>* only,
                                             const Policy& policy, Rounding rounding,
                                             bool at_startup, bool log_findings) {
  std::vector<PlannedStep> out;
  if (!thread.tls) return out;
  const ThreadTls& tls = *thread.tls;
  for (const TlsBlock& block : tls.blocks) {
    const Module& module = *block.module;
    if (!module.assignment.rule || !module.assignment.rule->tag_tls) continue;
    if (only && std::find(only->begin(), only->end(), &module) == only->end()) continue;
    TlsInput input;
    input.module = module.name;
    input.start = block.start;
    input.memsz = module.file->tls->memsz;
    input.key = module.assignment.compartment->key;
    input.tp = tls.tp;
    input.slot = tls.slot;
    input.startup = at_startup;
    input.dtv = tls.dtv;
    input.rseq = tls.rseq;
    input.descriptor = tls.descriptor;
    for (const CarveOutRule& rule : policy.carve_outs) {
      if (rule.kind != CarveOutKind::symbol) continue;
      for (const TlsBlock& other : tls.blocks) {
        const auto found = other.module->file->symbols.find(rule.name);
        if (other.module->name == rule.module && found != other.module->file->symbols.end() &&
            found->second.tls)
          input.symbols.push_back(
              {rule.module + ":" + rule.name, other.start + found->second.value});
      }
    }
    const auto plan = plan_tls(input, policy, rounding);
    if (!plan) {
      if (log_findings)
        finding(space, thread.tid, FindingClass::policy_error,
                plan.error().rule + ": " + plan.error().text);
      continue;
    }
    for (const TagOp& op : *plan)
      out.push_back(
          {op, thread.tid,
           (op.key.v == 0 ? "carve-out in the TLS block of " : "TLS block of ") + module.name});
    if (log_findings && rounding == Rounding::outward)
      for (const SharingFinding& f : sharing_findings(
               {"TLS block of " + module.name, tls_bytes(block)}, *plan, neighbours_of(tls, block)))
        finding_alike(space, thread.tid, FindingClass::shared_page, f.text, f.pages);
  }
  return out;
}

/// Carries out a plan: one row for the step, one for each tag, one trip through the stub for all of
/// them. Answers the steps as the row says them.
json Tracer::apply(Space& space, Thread* executor, const std::vector<PlannedStep>& steps,
                   PolicyWhy why, Cause cause, const Policy* next,
                   std::optional<Rounding> rounding) {
  if (steps.empty() && why != PolicyWhy::startup && why != PolicyWhy::demand) return json::array();
  if (!executor) executor = clean_thread(space);
  if (!executor && !steps.empty())
    throw std::runtime_error("no thread stands where a change can be made; try again");
  const Policy in_force_before = space.policy;
  const Rounding rounding_before = space.rounding;
  if (next) space.policy = *next;
  if (rounding) space.rounding = *rounding;
  json row{{"policy", space.policy.name},
           {"rounding", rounding_name(space.rounding)},
           {"why", why_name(why)}};
  row["steps"] = steps_json(steps);
  log({.kind = EventKind::policy,
       .space = space.id,
       .tid = executor ? executor->tid : Tid{},
       .cause = cause,
       .detail = text_of(row)});
  std::vector<RemoteCall> calls;
  Undo undo{{}, in_force_before, rounding_before, step_counter_, {}};
  for (const PlannedStep& step : steps) {
    const PageRange range = step.op.range;
    if (!space.regions.covers(range))
      finding(space, step.thread, FindingClass::not_mapped,
              "the plan names pages that are not mapped: " + step.what, range);
    if (attached()) keep_found(space, range);
    std::vector<ProtectStep> protect;
    // A row says one protection and one key before: as many rows as the pages had of them.
    std::vector<std::pair<PageRange, Region>> runs;
    space.regions.each(range, [&](PageRange piece, const Region& region) {
      const bool joins = !runs.empty() && runs.back().first.end == piece.start &&
                         runs.back().second.prot == region.prot &&
                         runs.back().second.key == region.key;
      if (joins) runs.back().first.end = piece.end;
      else runs.push_back({piece, region});
      undo.pages.push_back({piece, region.key});
      Region after = region;
      after.key = step.op.key;
      const Prot want = real_prot(after, space.active, space.rules);
      if (want != real_prot(region, space.active, space.rules)) add_step(protect, {piece, want});
      for (const RemoteCall& call : keys_->tag(piece, region.prot, step.op.key))
        calls.push_back(call);
    });
    space.regions.update(range, [&](Region& region) {
      region.key = step.op.key;
      region.tagged = region.protected_once = true;
    });
    for (const RemoteCall& call : protect_calls(protect)) calls.push_back(call);
    if (step.op.key.v != 0) space.policy_tagged.set(range, {});
    for (const auto& [pages, was] : runs)
      log({.kind = EventKind::tag,
           .space = space.id,
           .tid = step.thread,
           .range = pages,
           .key_before = static_cast<int8_t>(was.key.v),
           .key_after = static_cast<int8_t>(step.op.key.v),
           .prot_before = was.prot.v,
           .prot_after = was.prot.v,
           .cause = cause,
           .rule = step.op.rule});
  }
  run_calls(space, calls, executor);
  // What a birth or a new module brings belongs to the policy in force; only a person's steps and
  // startup are taken back.
  const bool own_step =
      why == PolicyWhy::startup || why == PolicyWhy::demand || why == PolicyWhy::manual;
  if (own_step && !undo.pages.empty()) space.undo.push_back(std::move(undo));
  return std::move(row["steps"]);
}

/// What `policy` would change now: every thread and module as at startup, less what already is so,
/// and what an earlier policy tagged but this one would not goes back to key 0.
std::vector<PlannedStep> Tracer::plan_demand(Space& space, const Policy& policy,
                                             Rounding rounding) {
  const Policy in_force = std::exchange(space.policy, policy);
  std::vector<const Module*> modules;
  for (const Module& module : space.modules)
    if (module.assignment.rule) modules.push_back(&module);
  auto wanted = plan_modules(space, modules, space.main_thread);
  const TlsConstants libc = tls_constants(space);
  for (Thread* thread : space.threads) {
    if (!thread->tls) continue;
    thread->tls = read_tls(space, thread->tls->tp, libc);
    const auto more = plan_thread(space, *thread, nullptr, policy, rounding, true, false);
    wanted.insert(wanted.end(), more.begin(), more.end());
    if (thread->tid == space.main_thread && !config_.compartments.empty())
      if (const auto tcb = plan_startup_tcb(Arch::x86_64, thread->tls->tp, policy))
        wanted.push_back({*tcb, thread->tid, "TCB page of the main thread"});
  }
  space.policy = in_force;

  // The last word on each page counts.
  RegionMap goal;
  for (const PlannedStep& step : wanted) goal.set(step.op.range, {.key = step.op.key});
  std::vector<PlannedStep> out;
  space.policy_tagged.each(RegionMap::everything(), [&](PageRange range, const Region&) {
    space.regions.each(range, [&](PageRange piece, const Region& region) {
      if (region.key.v == 0) return;
      RemoteAddr at = piece.start;
      const auto back = [&](RemoteAddr end) {
        if (at < end)
          out.push_back({{{at, end}, {0}, Rule::undo}, space.main_thread, "no longer tagged"});
      };
      goal.each(piece, [&](PageRange kept, const Region&) {
        back(kept.start);
        at = kept.end;
      });
      back(piece.end);
    });
  });
  RegionMap done;
  for (const PlannedStep& step : wanted) {
    space.regions.each(step.op.range, [&](PageRange piece, const Region& region) {
      const auto last = goal.find(piece.start);
      if (region.key == step.op.key || !last || last->second.key != step.op.key ||
          done.covers(piece))
        return;
      PlannedStep part = step;
      part.op.range = piece;
      out.push_back(part);
      done.set(piece, {});
    });
  }
  return out;
}

/// Remembers the key that pages had before our first change, so that a detach can give it back.
void Tracer::keep_found(Space& space, PageRange range) {
  RegionMap fresh;
  space.regions.each(
      range, [&](PageRange piece, const Region& region) { fresh.set(piece, {.key = region.key}); });
  space.found.each(range, [&](PageRange piece, const Region& region) { fresh.set(piece, region); });
  fresh.each(range, [&](PageRange piece, const Region& was) { space.found.set(piece, was); });
}

/// Plans and carries out a policy now, on whatever stands; answers the steps.
json Tracer::apply_on_demand(Space& space, const Policy& policy, Rounding rounding, Cause cause) {
  if (attached() && policy.tag)
    if (Thread* executor = clean_thread(space)) allocate_keys(space, *executor);
  return apply(space, nullptr, plan_demand(space, policy, rounding), PolicyWhy::demand, cause,
               &policy, rounding);
}

}  // namespace keyhole
