// What an attached process changes is not seen as it happens, since nothing stops its calls: the
// kernel's lists are read again, without stopping anyone, and the differences go into the log as
// assumed.
#include <link.h>

#include <algorithm>

#include "engine/json_text.h"
#include "engine/tracer.h"

namespace keyhole {
namespace {

/// Rereading takes at most this part of the time, however long the lists are.
constexpr int kShare = 20;

}  // namespace

/// Answers whether anything had changed. `through` is a thread that still has its memory: a first
/// thread may be over.
bool Tracer::reread(Space& space, Tid through) {
  const auto kernel = kernel_list(through);
  if (kernel.empty()) return false;
  const auto found = compare(space, kernel);
  follow(space, {}, found, Cause::assumed);
  return !found.empty();
}

/// The loader's list is read when mappings have changed, and only while the loader says that it is
/// whole (r_debug, link.h). No breakpoint of ours tells: it would outlive us in the program's code.
void Tracer::poll_modules(Space& space, Thread& thread, bool changed) {
  if (changed) space.modules_due = true;
  if (!space.modules_due) return;
  if (space.loader_debug) {
    const auto debug = space.memory.get<r_debug>(space.loader_debug);
    if (!debug || debug->r_state != r_debug::RT_CONSISTENT) return;
  }
  space.modules_due = changed;
  const size_t before = space.modules.size();
  scan_modules(thread);
  for (Module& module : space.modules) {
    const bool late = before != 0 && !module.policy_applied && module.assignment.rule;
    module.policy_applied = true;
    if (late && space.policy.tag)
      finding(space, {}, FindingClass::not_applied,
              module.name + " was loaded after the policy was applied: apply it once more");
  }
  if (space.modules.size() == before) return;
  const TlsConstants libc = tls_constants(space);
  for (const auto& [tid, other] : threads_) {
    if (other->space.get() != &space || !other->tls) continue;
    other->tls = read_tls(space, other->tls->tp, libc);
    log_tls(*other);
  }
}

/// Every space's mappings, modules and thread names, when their time has come or `at_once`.
void Tracer::reread_spaces(bool at_once) {
  const auto begin = std::chrono::steady_clock::now();
  if (!at_once && begin < next_reread_) return;
  // One living thread stands for each space.
  std::map<Space*, Thread*> through;
  for (const auto& [tid, thread] : threads_) {
    if (thread->run == Run::ended) continue;
    through.emplace(thread->space.get(), thread.get());
    const std::string name = thread_name(thread->tid);
    if (name.empty() || name == thread->name) continue;
    const bool first = std::exchange(thread->name, name).empty();
    if (first) continue;  // its birth said so
    log({.kind = EventKind::thread_name,
         .space = thread->space->id,
         .tid = thread->tid,
         .cause = Cause::assumed,
         .detail = text_of({{"name", name}})});
  }
  for (const auto& [space, thread] : through)
    poll_modules(*space, *thread, reread(*space, thread->tid));
  const auto end = std::chrono::steady_clock::now();
  next_reread_ =
      end + std::max<std::chrono::steady_clock::duration>(kReread, kShare * (end - begin));
}

}  // namespace keyhole
