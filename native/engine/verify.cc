// The model against the kernel: the region map under the active regime, held to /proc/PID/maps. On
// demand, and in debug mode at every stop.
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

std::string prot_text(Prot prot) {
  return {prot.r() ? 'r' : '-', prot.w() ? 'w' : '-', prot.x() ? 'x' : '-'};
}

std::string names_differ(const std::string& here, const std::string& known) {
  return "the kernel has '" + here + "' where the map says '" + known + "'";
}

std::string range_text(PageRange range) { return hex(range.start) + " to " + hex(range.end); }

/// A file's path in maps, as the model has it: what anonymous memory is called there is the
/// kernel's own business. A file that is deleted later gets a suffix (proc_pid_maps(5)).
std::string file_name(const std::string& name) {
  if (name.empty() || name[0] != '/' || name.starts_with("/dev/zero")) return {};
  constexpr std::string_view deleted = " (deleted)";
  return name.ends_with(deleted) ? name.substr(0, name.size() - deleted.size()) : name;
}

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

/// Every difference between the map and the kernel's list, in order of address.
std::vector<Difference> Tracer::differences(const Space& space,
                                            const std::vector<Mapping>& kernel) {
  std::vector<Difference> out;
  const auto add = [&](Difference::Kind kind, PageRange range, const Mapping& real,
                       const std::string& text) {
    out.push_back({kind, range, real, text});
  };
  const auto unknown = [&](PageRange range, const Mapping& real) {
    add(Difference::Kind::unknown, range, real,
        "mapped " + prot_text(real.prot) + (real.name.empty() ? "" : " (" + real.name + ")") +
            ", but not in the map");
  };
  RemoteAddr after{0};  // everything below has been compared
  const auto gone = [&](RemoteAddr until) {
    space.regions.each({after, until}, [&](PageRange piece, const Region&) {
      add(Difference::Kind::gone, piece, {}, "in the map, but not mapped");
    });
  };
  for (const Mapping& real : kernel) {
    // vsyscall lies in the kernel's half: not a mapping of the program.
    if (real.range.start.v >> 47 != 0) continue;
    gone(real.range.start);
    after = real.range.end;
    RemoteAddr at = real.range.start;
    space.regions.each(real.range, [&](PageRange piece, const Region& region) {
      if (piece.start > at) unknown({at, piece.start}, real);
      at = piece.end;
      const Prot want = real_prot(region, space.active, space.rules);
      const std::string here = file_name(real.name), known = file_name(space.names[region.name]);
      if (want != real.prot)
        add(Difference::Kind::prot, piece, real,
            "the kernel has " + prot_text(real.prot) + " where the map says " + prot_text(want));
      else if (here != known) add(Difference::Kind::name, piece, real, names_differ(here, known));
    });
    if (at < real.range.end) unknown({at, real.range.end}, real);
  }
  gone(RegionMap::everything().end);
  return out;
}

/// The stack grows by itself, downwards, as far as the kernel lets it (mm/vma.c,
/// expand_downwards): what lies above has its key and protection.
void Tracer::grow_stacks(Space& space, const std::vector<Mapping>& kernel) {
  for (const Mapping& real : kernel) {
    const auto above = [&]() -> std::optional<std::pair<PageRange, Region>> {
      std::optional<std::pair<PageRange, Region>> first;
      space.regions.each(real.range, [&](PageRange piece, const Region& region) {
        if (!first) first = {piece, region};
      });
      return first;
    }();
    if (!above || !above->second.stack || above->first.start == real.range.start) continue;
    map_region(space, {}, {real.range.start, above->first.start}, above->second,
               space.names[above->second.name], Cause::kernel, {});
  }
}

/// Makes the map what the kernel has, as far as that can be known. False where it cannot: under a
/// regime that hides it, a page's own protection is nobody's to know.
bool Tracer::resynchronise(Space& space, const std::vector<Difference>& found) {
  bool known = true;
  for (const Difference& d : found) {
    switch (d.kind) {
      case Difference::Kind::unknown:
        map_region(space, {}, d.range, {.prot = d.real.prot}, d.real.name, Cause::assumed, {});
        break;
      case Difference::Kind::gone:
        unmap_region(space, {}, d.range, Cause::assumed);
        break;
      case Difference::Kind::name: {
        const uint32_t name = space.name_index(d.real.name);
        space.regions.update(d.range, [&](Region& region) { region.name = name; });
        break;
      }
      case Difference::Kind::prot:
        space.regions.each(d.range, [&](PageRange, const Region& region) {
          Region as_real = region;
          as_real.prot = d.real.prot;
          known = known && real_prot(as_real, space.active, space.rules) == d.real.prot;
        });
        if (!known) break;
        space.regions.update(d.range, [&](Region& region) { region.prot = d.real.prot; });
        log({.kind = EventKind::protect,
             .space = space.id,
             .range = d.range,
             .prot_after = d.real.prot.v,
             .cause = Cause::assumed});
        break;
    }
  }
  return known;
}

/// In debug mode, at a stop: the first difference is told, then the map follows the kernel.
void Tracer::check_model(Space& space) {
  if (!config_.verify || space.incomparable || !mappings_settled(space)) return;
  Thread* thread = living_thread(space);
  if (!thread) return;
  const auto kernel = read_maps(thread->tid);
  grow_stacks(space, kernel);
  const auto found = differences(space, kernel);
  Regs regs;
  // Killed while its list was read: then the list is torn.
  if (found.empty() || !get_regs(thread->tid, regs)) return;
  const Difference& first = found.front();
  std::string text = range_text(first.range) + ": " + first.text;
  if (found.size() > 1) text += ", and " + std::to_string(found.size() - 1) + " differences more";
  if (!resynchronise(space, found)) {
    space.incomparable = true;
    text += "; it is not compared any more";
  }
  finding(space, thread->tid, "model-differs", text, first.range);
}

/// On demand: each difference is a finding and a line of the answer.
json Tracer::verify(Space& space) {
  json out = json::array();
  Thread* thread = living_thread(space);
  if (!thread) return out;
  const auto kernel = read_maps(thread->tid);
  grow_stacks(space, kernel);
  for (const Difference& d : differences(space, kernel)) {
    finding(space, thread->tid, "model-differs", range_text(d.range) + ": " + d.text, d.range);
    out.push_back(range_text(d.range) + ": " + d.text);
  }
  return out;
}

}  // namespace keyhole
