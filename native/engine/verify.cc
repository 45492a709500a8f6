// The model against the kernel: the region map under the active regime, held to /proc/PID/maps (on
// real keys: smaps). On demand, and in debug mode at every stop.
#include <sys/syscall.h>

#include <algorithm>

#include "engine/json_text.h"
#include "engine/tracer.h"

namespace keyhole {
using nlohmann::json;
namespace {

/// Calls that change mappings: between entry and exit the kernel may be ahead of the map.
bool changes_mappings(uint64_t number) {
  static constexpr uint64_t calls[] = {SYS_mmap,     SYS_munmap,    SYS_mprotect, SYS_pkey_mprotect,
                                       SYS_mremap,   SYS_brk,       SYS_shmat,    SYS_shmdt,
                                       SYS_io_setup, SYS_io_destroy};
  return std::find(std::begin(calls), std::end(calls), number) != std::end(calls);
}

std::string range_text(PageRange range) { return hex(range.start) + " to " + hex(range.end); }

}  // namespace

/// Whether nothing of the space is on its way in the kernel that would change its mappings.
bool Tracer::mappings_settled(const Space& space) {
  if (space.fused.v != 0) {
    const auto done = space.memory.get<uint64_t>(kStubHeader + offsetof(StubHeader, done));
    if (done != 1) return false;
  }
  return std::none_of(space.threads.begin(), space.threads.end(),
                      [](const Thread* thread) { return changes_mappings(thread->call.number); });
}

/// A stopped thread of the space that lives: the maps of one that has ended are empty.
Thread* Tracer::living_thread(const Space& space) {
  for (Thread* thread : space.threads) {
    Regs regs;
    const bool stands = thread->run == Run::ready || thread->run == Run::pending;
    if (stands && get_regs(thread->tid, regs)) return thread;
  }
  return nullptr;
}

/// The kernel's list of mappings; with the key of each where the kernel has keys that are in use.
std::vector<Mapping> Tracer::kernel_list(Tid through) const {
  return keys_->mode() == KeysMode::hardware ? read_smaps(through) : read_maps(through);
}

std::vector<Difference> Tracer::compare(const Space& space, const std::vector<Mapping>& kernel) {
  return differences(space.regions, space.names, {space.active, space.rules}, kernel);
}

/// A stack grows by itself, downwards, as far as the kernel lets it (mm/vma.c, expand_downwards):
/// what is new has the key and protection of what lies above. No stop tells of it, so it is looked
/// for where it matters: when the program tags such pages or faults there, and while they have a
/// key, before a change of regime.
void Tracer::grow_stacks(Space& space, const std::vector<Mapping>& kernel) {
  for (const Mapping& real : kernel) {
    const auto above = [&]() -> std::optional<std::pair<PageRange, Region>> {
      std::optional<std::pair<PageRange, Region>> first;
      space.regions.each(real.range, [&](PageRange piece, const Region& region) {
        if (!first) first = {piece, region};
      });
      return first;
    }();
    if (!above || !above->second.grows || above->first.start == real.range.start) continue;
    map_region(space, {}, {real.range.start, above->first.start}, above->second,
               space.names[above->second.name], Cause::kernel, {{"flags", json::array({"grown"})}});
  }
}

/// Makes the map what the kernel has, as far as that can be known, and tells it as events. False
/// where it cannot: under a regime that hides it, a page's own protection is nobody's to know.
bool Tracer::follow(Space& space, Tid tid, const std::vector<Difference>& found, Cause cause) {
  bool known = true;
  for (const Difference& d : found) {
    const auto before = space.regions.find(d.range.start);
    switch (d.kind) {
      case Difference::Kind::unknown:
      case Difference::Kind::name:
        map_region(space, tid, d.range,
                   {.prot = d.real.prot,
                    .key = d.real.key.value_or(Key{0}),
                    .stack = d.real.name == "[stack]",
                    .grows = d.real.name == "[stack]"},
                   d.real.name, cause,
                   {{"offset", d.real.offset + (d.range.start - d.real.range.start)}});
        break;
      case Difference::Kind::gone:
        unmap_region(space, tid, d.range, cause);
        break;
      case Difference::Kind::prot: {
        Region as_real = before->second;
        as_real.prot = d.real.prot;
        if (real_prot(as_real, space.active, space.rules) != d.real.prot) {
          known = false;
          break;
        }
        space.regions.update(d.range, [&](Region& region) {
          region.prot = d.real.prot;
          region.protected_once = true;
        });
        log({.kind = EventKind::protect,
             .space = space.id,
             .tid = tid,
             .range = d.range,
             .prot_before = before->second.prot.v,
             .prot_after = d.real.prot.v,
             .cause = cause});
        break;
      }
      case Difference::Kind::key:
        space.regions.update(d.range, [&](Region& region) {
          region.key = *d.real.key;
          region.tagged = true;
        });
        // Somebody else gave these pages another key since: it is no longer ours to take back.
        space.found.erase(d.range);
        log({.kind = EventKind::tag,
             .space = space.id,
             .tid = tid,
             .range = d.range,
             .key_before = static_cast<int8_t>(before->second.key.v),
             .key_after = static_cast<int8_t>(d.real.key->v),
             .prot_after = d.real.prot.v,
             .cause = cause});
        break;
    }
  }
  return known;
}

/// What the kernel's list has otherwise than the map; nothing where that cannot be said: a call is
/// changing it, or the space ends, and who is killed while its list is read leaves it torn.
std::optional<Tracer::Held> Tracer::held_to_kernel(Space& space) {
  Thread* thread = living_thread(space);
  if (!thread || !mappings_settled(space)) return {};
  const auto kernel = kernel_list(thread->tid);
  Regs regs;
  if (!get_regs(thread->tid, regs)) return {};
  grow_stacks(space, kernel);
  return Held{thread->tid, compare(space, kernel)};
}

/// In debug mode, at a stop: the first difference is told, then the map follows the kernel.
void Tracer::check_model(Space& space) {
  if (!config_.verify || space.incomparable) return;
  const auto held = held_to_kernel(space);
  if (!held || held->found.empty()) return;
  const Difference& first = held->found.front();
  std::string text = range_text(first.range) + ": " + first.text;
  if (held->found.size() > 1)
    text += ", and " + std::to_string(held->found.size() - 1) + " differences more";
  if (!follow(space, {}, held->found, Cause::assumed)) {
    space.incomparable = true;
    text += "; it is not compared any more";
  }
  finding(space, held->through, FindingClass::model_differs, text, first.range);
}

/// On demand: each difference is a finding and a line of the answer; that it was asked for is a
/// mark, so that the log says of a list without differences that somebody looked.
json Tracer::verify(Space& space) {
  json out = json::array();
  const auto held = held_to_kernel(space);
  std::string result = "not possible at this instant: its mappings are being changed";
  if (held) {
    for (const Difference& d : held->found) {
      const std::string line = range_text(d.range) + ": " + d.text;
      finding(space, held->through, FindingClass::model_differs, line, d.range);
      out.push_back(line);
    }
    result = out.empty() ? "no difference" : "differences: " + std::to_string(out.size());
  }
  log({.kind = EventKind::mark,
       .space = space.id,
       .tid = held ? held->through : space.main_thread,
       .cause = Cause::user,
       .detail = text_of({{"text", "compared with the kernel, " + result}})});
  return out;
}

}  // namespace keyhole
