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

/// The kernel's list as a region map, and each mapping's name and offset by its start.
struct KernelView {
  RegionMap map;
  std::vector<Mapping> list;
};

KernelView kernel_view(Space& space, Tid through, bool keys) {
  KernelView view;
  view.list = keys ? read_smaps(through) : read_maps(through);
  // vsyscall lies in the kernel's half: not a mapping of the program.
  std::erase_if(view.list, [](const Mapping& m) { return m.range.start.v >> 47 != 0; });
  for (const Mapping& m : view.list)
    view.map.set(m.range, {.prot = m.prot,
                           .key = m.key.value_or(Key{0}),
                           .stack = m.name == "[stack]",
                           .name = space.name_index(m.name)});
  return view;
}

}  // namespace

/// Answers whether anything had changed. `through` is a thread that still has its memory: a first
/// thread may be over.
bool Tracer::reread(Space& space, Tid through) {
  const KernelView kernel = kernel_view(space, through, keys_->mode() == KeysMode::hardware);
  if (kernel.list.empty()) return false;
  std::vector<PageRange> gone;
  space.regions.each(RegionMap::everything(), [&](PageRange piece, const Region&) {
    RemoteAddr at = piece.start;
    kernel.map.each(piece, [&](PageRange still, const Region&) {
      if (still.start > at) gone.push_back({at, still.start});
      at = still.end;
    });
    if (at < piece.end) gone.push_back({at, piece.end});
  });
  for (const PageRange& range : gone) unmap_region(space, {}, range, Cause::assumed);
  bool changed = !gone.empty();

  struct Change {
    PageRange range;
    Region before;
  };
  for (const Mapping& m : kernel.list) {
    const Region now = kernel.map.find(m.range.start)->second;
    std::vector<PageRange> fresh;
    std::vector<Change> protect, tag;
    const auto add_fresh = [&](PageRange range) {
      if (range.empty()) return;
      if (!fresh.empty() && fresh.back().end == range.start) fresh.back().end = range.end;
      else fresh.push_back(range);
    };
    RemoteAddr at = m.range.start;
    space.regions.each(m.range, [&](PageRange piece, const Region& known) {
      add_fresh({at, piece.start});
      at = piece.end;
      if (known.name != now.name) return add_fresh(piece);  // something else lies there now
      if (known.prot != now.prot) protect.push_back({piece, known});
      if (known.key != now.key) tag.push_back({piece, known});
    });
    add_fresh({at, m.range.end});
    for (const PageRange& range : fresh)
      map_region(space, {}, range, now, m.name, Cause::assumed,
                 {{"offset", m.offset + (range.start - m.range.start)}});
    for (const Change& change : protect) {
      space.regions.update(change.range, [&](Region& region) {
        region.prot = now.prot;
        region.protected_once = true;
      });
      log({.kind = EventKind::protect,
           .space = space.id,
           .range = change.range,
           .prot_before = change.before.prot.v,
           .prot_after = now.prot.v,
           .cause = Cause::assumed});
    }
    for (const Change& change : tag) {
      space.regions.update(change.range, [&](Region& region) {
        region.key = now.key;
        region.tagged = true;
      });
      // The program has given these pages another key since: it is no longer ours to take back.
      space.found.erase(change.range);
      log({.kind = EventKind::tag,
           .space = space.id,
           .range = change.range,
           .key_before = static_cast<int8_t>(change.before.key.v),
           .key_after = static_cast<int8_t>(now.key.v),
           .prot_after = now.prot.v,
           .cause = Cause::assumed});
    }
    changed = changed || !fresh.empty() || !protect.empty() || !tag.empty();
  }
  return changed;
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
      finding(space, {}, "not-applied",
              module.name + " was loaded after the policy was applied: apply it once more");
  }
  if (space.modules.size() == before) return;
  for (const auto& [tid, other] : threads_) {
    if (other->space.get() != &space || !other->tls) continue;
    other->tls = read_tls(space, other->tls->tp);
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
