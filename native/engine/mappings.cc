// Mappings: what mmap, mremap, brk and the kernel's own list make of the region map.
#include <sys/mman.h>

#include <algorithm>

#include "engine/json_text.h"
#include "engine/tracer.h"

namespace keyhole {
using nlohmann::json;
namespace {

json map_flags(uint64_t flags) {
  json out = json::array();
  if (flags & MAP_FIXED) out.push_back("fixed");
  if (flags & MAP_ANONYMOUS) out.push_back("anonymous");
  if (flags & MAP_STACK) out.push_back("stack");
  if (flags & MAP_NORESERVE) out.push_back("noreserve");
  out.push_back(flags & MAP_SHARED ? "shared" : "private");
  return out;
}

}  // namespace

void Tracer::map_region(Space& space, Tid tid, PageRange range, Region region,
                        const std::string& name, Cause cause, json detail) {
  // A mapping over tagged pages takes their key away without a word: the log keeps who lost what.
  std::optional<Key> lost;
  space.regions.each(range, [&](PageRange, const Region& old) {
    if (old.key.v != 0 && old.key != region.key) lost = old.key;
  });
  space.policy_tagged.erase(range);
  space.apart.erase(range);
  space.found.erase(range);
  space.forget_code(range);
  region.name = space.name_index(name);
  space.regions.set(range, region);
  if (!detail.is_object()) detail = json::object();
  detail["name"] = name;
  log({.kind = EventKind::map,
       .space = space.id,
       .tid = tid,
       .range = range,
       .key_before = lost ? static_cast<int8_t>(lost->v) : kUnknownKey,
       .key_after = static_cast<int8_t>(region.key.v),
       .prot_after = region.prot.v,
       .cause = cause,
       .detail = text_of(detail)});
  if (lost)
    finding(space, tid, FindingClass::key_lost,
            "a new mapping took key " + std::to_string(lost->v) + " from pages it covers", range);
}

void Tracer::unmap_region(Space& space, Tid tid, PageRange range, Cause cause) {
  std::optional<Key> key;
  bool any = false, mixed = false;
  space.regions.each(range, [&](PageRange, const Region& old) {
    if (any && *key != old.key) mixed = true;
    key = old.key;
    any = true;
  });
  if (!any) return;
  space.policy_tagged.erase(range);
  space.apart.erase(range);
  space.found.erase(range);
  space.forget_code(range);
  space.regions.erase(range);
  log({.kind = EventKind::unmap,
       .space = space.id,
       .tid = tid,
       .range = range,
       .key_before = mixed ? kUnknownKey : static_cast<int8_t>(key->v),
       .cause = cause});
}

void Tracer::exit_map(Thread& thread, const Regs& regs) {
  Space& space = *thread.space;
  const uint64_t* a = thread.call.args;
  if (is_end_of_init(a[0], a[1], a[2], a[3], a[4], a[5])) {
    space.init_ended = true;
    mark(space, thread.tid, "init-end");
    if (!space.started) startup(thread);
    return;
  }
  if (failed(regs)) return;
  const PageRange range{{regs.rax}, RemoteAddr{regs.rax + a[1]}.ceil()};
  const Region region{.prot = {static_cast<uint8_t>(a[2] & 7)},
                      .stack = (a[3] & MAP_STACK) != 0,
                      .grows = (a[3] & MAP_GROWSDOWN) != 0};
  json detail{{"flags", map_flags(a[3])}};
  if (a[0] != 0) detail["hint"] = hex(a[0]);
  if (!thread.call.name.empty()) detail["offset"] = a[5];
  map_region(space, thread.tid, range, region, thread.call.name, Cause::program, detail);
  if (region.prot == Prot{PROT_EXEC} && keys_->mode() == KeysMode::hardware)
    reread_maps(thread, Cause::kernel);
}

void Tracer::exit_remap(Thread& thread, const Regs& regs) {
  if (failed(regs)) {
    // What lay at a fixed destination may be gone all the same (mm/mremap.c before 6.17,
    // mremap_to).
    if (thread.call.args[3] & MREMAP_FIXED) reread_maps(thread, Cause::program);
    return;
  }
  Space& space = *thread.space;
  const PageRange from{{thread.call.args[0]},
                       RemoteAddr{thread.call.args[0] + thread.call.args[1]}.ceil()};
  const PageRange to{{regs.rax}, RemoteAddr{regs.rax + thread.call.args[2]}.ceil()};
  const auto old = space.regions.find(from.start);
  if (!old) return reread_maps(thread, Cause::program);
  const bool keeps_old = thread.call.args[3] & MREMAP_DONTUNMAP || thread.call.args[1] == 0;
  // The kernel moves mappings with their keys (pkeys(7)), since 6.17 several at once
  // (mm/mremap.c, remap_move); what is added continues the last one.
  std::vector<std::pair<PageRange, Region>> moved;
  space.regions.each(from, [&](PageRange piece, const Region& region) {
    const uint64_t start = to.start.v + (piece.start - from.start);
    moved.push_back({{{start}, {std::min(start + piece.size(), to.end.v)}}, region});
  });
  if (moved.empty()) moved.push_back({to, old->second});
  if (moved.back().first.end < to.end) moved.back().first.end = to.end;
  std::erase_if(moved, [](const auto& piece) { return piece.first.empty(); });
  if (!keeps_old) {
    if (from.start == to.start) {
      if (to.end < from.end) unmap_region(space, thread.tid, {to.end, from.end}, Cause::program);
    } else {
      unmap_region(space, thread.tid, from, Cause::program);
    }
  }
  for (const auto& [piece, region] : moved) {
    const std::string name = space.names[region.name];
    map_region(space, thread.tid, piece, region, name, Cause::program,
               {{"from", hex(from.start + (piece.start - to.start))}});
  }
}

void Tracer::exit_brk(Thread& thread, const Regs& regs) {
  Space& space = *thread.space;
  const RemoteAddr before = space.brk.ceil(), after = RemoteAddr{regs.rax}.ceil();
  if (space.brk && after > before)
    map_region(space, thread.tid, {before, after}, {.prot = kProtRW}, "[heap]", Cause::program, {});
  if (space.brk && after < before) unmap_region(space, thread.tid, {after, before}, Cause::program);
  space.brk = {regs.rax};
}

/// Takes the kernel's list as it is for every page that the map does not know, and drops what is
/// gone. With the cause *kernel* also the keys: on real ones, pages that may only be executed get a
/// key of its choice, and lose it with that protection (arch/x86/mm/pkeys.c,
/// __arch_override_mprotect_pkey).
void Tracer::reread_maps(Thread& thread, Cause cause) {
  Space& space = *thread.space;
  auto found = compare(space, kernel_list(thread.tid));
  std::erase_if(found, [&](const Difference& d) {
    const bool key = d.kind == Difference::Kind::key && cause == Cause::kernel;
    return !key && d.kind != Difference::Kind::unknown && d.kind != Difference::Kind::gone;
  });
  follow(space, thread.tid, found, cause);
}

}  // namespace keyhole
