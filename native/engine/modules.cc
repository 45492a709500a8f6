// The loader's list of modules, and where each thread has its TLS.
#include <elf.h>
#include <link.h>
#include <sys/auxv.h>

#include <algorithm>
#include <cstring>

#include "engine/json_text.h"
#include "engine/tracer.h"
#include "symbols/find_main.h"

namespace keyhole {
namespace {

/// Symbols that every module is asked for. glibc publishes the layout of its private structures for
/// libthread_db through the _thread_db_* descriptors (nptl_db/structs.def): three 32-bit words,
/// size in bits, count, offset.
const std::vector<std::string>& wanted_symbols() {
  static const std::vector<std::string> names{"ia2_stackptr_0",
                                              "_thread_db_link_map_l_tls_modid",
                                              "_thread_db_link_map_l_tls_offset",
                                              "_thread_db_sizeof_pthread",
                                              "__rseq_offset",
                                              "__rseq_size"};
  return names;
}

/// The address of a (not thread-local) symbol in whichever module defines it.
std::optional<RemoteAddr> symbol_address(const Space& space, const std::string& name) {
  for (const Module& module : space.modules) {
    const auto found = module.file->symbols.find(name);
    if (found != module.file->symbols.end() && !found->second.tls)
      return RemoteAddr{module.bias + found->second.value};
  }
  return {};
}

/// The offset that a _thread_db_ descriptor holds.
std::optional<uint32_t> descriptor_offset(const Space& space, const std::string& name) {
  const auto at = symbol_address(space, name);
  if (!at) return {};
  const auto words = space.memory.get<std::array<uint32_t, 3>>(*at);
  if (!words || (*words)[0] == 0) return {};
  return (*words)[2];
}

/// `_dl_debug_state` has no code but its return, perhaps behind ENDBR64.
bool is_empty_function(const RemoteMemory& memory, RemoteAddr at) {
  const auto code = memory.bytes(at, 5);
  static constexpr uint8_t endbr_ret[] = {0xf3, 0x0f, 0x1e, 0xfa, 0xc3};
  return (!code.empty() && code[0] == 0xc3) ||
         (code.size() == 5 && memcmp(code.data(), endbr_ret, 5) == 0);
}

/// The constant by which programs announce their end of init (T5) stands in their code.
bool announces_init_end(const RemoteMemory& memory, const Module& module) {
  constexpr uint64_t mark = 0x1a21face1a21face;
  for (const LoadSegment& load : module.file->loads) {
    if (!load.prot.x()) continue;
    const auto code = memory.bytes({module.bias + load.vaddr}, load.filesz);
    const auto* needle = reinterpret_cast<const uint8_t*>(&mark);
    if (std::search(code.begin(), code.end(), needle, needle + sizeof mark) != code.end())
      return true;
  }
  return false;
}

}  // namespace

std::shared_ptr<const ModuleFile> Tracer::module_file(const std::string& path) {
  auto& slot = files_[path];
  if (slot) return slot;
  auto symbols = wanted_symbols();
  for (const CarveOutRule& rule : config_.policy.carve_outs)
    if (rule.kind == CarveOutKind::symbol) symbols.push_back(rule.name);
  auto read = read_module_file(path, symbols);
  if (!read) return nullptr;
  return slot = std::make_shared<const ModuleFile>(std::move(read.value()));
}

bool Tracer::set_breakpoint(Space& space, RemoteAddr at, Breakpoint::Kind kind) {
  const auto original = space.memory.get<uint8_t>(at);
  constexpr uint8_t int3 = 0xcc;
  if (!original || !space.memory.write(at, &int3, 1)) return false;
  space.breakpoints[at] = {kind, *original};
  return true;
}

void Tracer::clear_breakpoint(Space& space, RemoteAddr at) {
  const auto found = space.breakpoints.find(at);
  if (found == space.breakpoints.end()) return;
  space.memory.write(at, &found->second.original, 1);
  space.breakpoints.erase(found);
}

/// Before the entry point: wait for it. At the entry point: the loader has done its work; wait for
/// `main`.
void Tracer::find_startup(Thread& thread) {
  Space& space = *thread.space;
  const auto entry = aux_value(thread.tid, AT_ENTRY);
  Regs regs;
  if (!entry || !space.stub_ready || !get_regs(thread.tid, regs)) return;
  if (regs.rip != *entry) {
    // A static program starts right at its entry point, where the exec has just stopped.
    set_breakpoint(space, {*entry}, Breakpoint::Kind::entry);
    return;
  }
  scan_modules(thread);
  for (const Module& module : space.modules)
    if (!config_.virtual_gates && (module.assignment.rule || &module == &space.modules.front()))
      space.awaits_mark = space.awaits_mark || announces_init_end(space.memory, module);
  const auto code = space.memory.bytes({*entry}, kStartBytes);
  const auto main = find_main(code, {*entry});
  if (main && set_breakpoint(space, *main, Breakpoint::Kind::main)) return;
  finding(space, thread.tid, FindingClass::no_main,
          "main was not found from the entry point: startup is the entry point itself");
  if (!space.awaits_mark) startup(thread);
}

void Tracer::add_module(Space& space, Tid tid, const std::string& path, uint64_t bias,
                        uint64_t link_map, bool is_main) {
  const auto file = module_file(path);
  if (!file) return finding(space, tid, FindingClass::module_unread, "cannot read module " + path);
  Module module;
  module.path = path;
  module.name = path.substr(path.rfind('/') + 1);
  module.bias = bias;
  module.link_map = link_map;
  module.extent = PageRange{{bias + file->extent().start}, {bias + file->extent().end}}.outward();
  module.file = file;
  module.assignment = assign(config_, path, is_main);
  space.modules.push_back(std::move(module));
}

/// Where the module's TLS stands, from the loader's own record of it.
void Tracer::place_tls(Space& space, Module& module) {
  if (!module.file->tls) return;
  if (module.link_map == 0) {
    // A static program: its one block ends at TP, rounded to its alignment (csu/libc-tls.c).
    const uint64_t align = std::max<uint64_t>(module.file->tls->align, 1);
    module.tls_modid = 1;
    module.tls_offset = (module.file->tls->memsz + align - 1) / align * align;
    return;
  }
  const auto modid = descriptor_offset(space, "_thread_db_link_map_l_tls_modid");
  const auto offset = descriptor_offset(space, "_thread_db_link_map_l_tls_offset");
  if (modid) module.tls_modid = space.memory.get<uint64_t>({module.link_map + *modid}).value_or(0);
  // NO_TLS_OFFSET is 0 and FORCED_DYNAMIC_TLS_OFFSET is -1 where TLS lies below TP (glibc, tls.h).
  if (offset)
    module.tls_offset = space.memory.get<uint64_t>({module.link_map + *offset}).value_or(0);
  if (module.tls_offset > 1ull << 32) module.tls_offset = 0;
}

void Tracer::scan_modules(Thread& thread) {
  Space& space = *thread.space;
  const std::string program = executable_path(thread.tid);
  const auto phdr = aux_value(thread.tid, AT_PHDR);
  const auto main_file = module_file(program);
  if (!phdr || !main_file) return;
  // Where the executable lies: its program headers stand at a known offset of its first segment
  // (elf(5)).
  uint64_t bias = 0;
  if (main_file->position_independent) {
    const auto header = space.memory.get<Elf64_Ehdr>(RemoteAddr{*phdr}.floor());
    bias = RemoteAddr{*phdr}.floor().v;
    if (header && memcmp(header->e_ident, ELFMAG, SELFMAG) == 0) bias = *phdr - header->e_phoff;
  }
  struct Entry {
    std::string path;
    uint64_t bias, link_map;
  };
  std::vector<Entry> entries;
  std::optional<r_debug> debug;
  if (main_file->dynamic) {
    for (RemoteAddr at{bias + main_file->dynamic->start};; at = at + sizeof(Elf64_Dyn)) {
      const auto dyn = space.memory.get<Elf64_Dyn>(at);
      if (!dyn || dyn->d_tag == DT_NULL) break;
      if (dyn->d_tag == DT_DEBUG && dyn->d_un.d_val != 0) {
        space.loader_debug = {dyn->d_un.d_val};
        debug = space.memory.get<r_debug>(space.loader_debug);
      }
    }
  }
  if (debug) {
    auto at = reinterpret_cast<uint64_t>(debug->r_map);
    for (int guard = 0; at != 0 && guard < 4096; guard++) {
      const auto map = space.memory.get<link_map>({at});
      if (!map) break;
      const std::string name = space.memory.text({reinterpret_cast<uint64_t>(map->l_name)});
      entries.push_back({entries.empty() ? program : name, map->l_addr, at});
      at = reinterpret_cast<uint64_t>(map->l_next);
    }
  }
  // Attached, or after an exec: where there is a loader it has not made its list yet.
  if (entries.empty() && attached() && aux_value(thread.tid, AT_BASE).value_or(0) != 0) return;
  if (entries.empty()) entries.push_back({program, bias, 0});

  std::erase_if(entries, [](const Entry& e) {
    return e.path.empty() || e.path[0] != '/';
  });  // the vdso has no file
  for (auto it = space.modules.begin(); it != space.modules.end();) {
    const auto same = [&](const Entry& e) { return e.bias == it->bias; };
    if (std::any_of(entries.begin(), entries.end(), same)) {
      ++it;
      continue;
    }
    log({.kind = EventKind::module_unload,
         .space = space.id,
         .tid = thread.tid,
         .range = it->extent});
    it = space.modules.erase(it);
  }
  std::vector<uint64_t> fresh;
  for (const Entry& entry : entries) {
    const auto same = [&](const Module& m) { return m.bias == entry.bias; };
    if (std::any_of(space.modules.begin(), space.modules.end(), same)) continue;
    add_module(space, thread.tid, entry.path, entry.bias, entry.link_map,
               &entry == &entries.front());
    fresh.push_back(entry.bias);
  }
  // Only now: the layout of the loader's record is described by libc, which comes after the
  // executable.
  for (Module& module : space.modules) {
    if (std::find(fresh.begin(), fresh.end(), module.bias) == fresh.end()) continue;
    place_tls(space, module);
    close_gate(space, module, thread);
    log_module(space, thread.tid, module);
  }
  if (!fresh.empty()) space.symbolizer->refresh();
  if (debug && debug->r_brk != 0 && !attached()) {
    const RemoteAddr at{debug->r_brk};
    if (space.breakpoints.count(at) == 0 && is_empty_function(space.memory, at))
      set_breakpoint(space, at, Breakpoint::Kind::loader);
  }
}

/// The loader has changed its list (dlopen, dlclose).
void Tracer::on_loader(Thread& thread) {
  Space& space = *thread.space;
  const auto debug = space.memory.get<r_debug>(space.loader_debug);
  if (!debug || debug->r_state != r_debug::RT_CONSISTENT) return;
  scan_modules(thread);
  if (!space.started) return;
  for (Module& module : space.modules) {
    if (module.policy_applied || !module.assignment.rule || module.file->relro) continue;
    module.policy_applied = true;
    finding(space, thread.tid, FindingClass::not_applied,
            module.name +
                " has no RELRO, so nobody can tell when the loader has relocated it: apply the "
                "policy by hand");
  }
}

/// A block outside of static TLS is allocated by libc's malloc when its thread first uses it
/// (elf/dl-tls.c, tls_get_addr_tail): nothing stops then, and no policy has seen it.
void Tracer::tell_late_blocks(Space& space, Tid tid, const Module& module) {
  const auto& rule = module.assignment.rule;
  if (!rule || !rule->tag_tls || !module.file->tls || module.file->tls->memsz == 0) return;
  if (module.tls_offset != 0) return;
  finding(space, tid, FindingClass::late_tls,
          "each thread gets its block of " + module.name +
              "'s TLS at its first use of it: the block stays without a key until the policy is "
              "applied by hand",
          module.extent);
}

/// The loader write-protects a module's RELRO right after relocating it (elf/dl-reloc.c,
/// _dl_protect_relro): from then on it writes nothing there any more, and the module's own code has
/// not run yet.
void Tracer::module_relocated(Thread& thread, PageRange protected_now) {
  Space& space = *thread.space;
  if (!space.started) return;
  for (Module& module : space.modules) {
    if (module.policy_applied || !module.assignment.rule || !module.file->relro) continue;
    if (!protected_now.contains({RemoteAddr{module.bias + module.file->relro->start}.floor()}))
      continue;
    module.policy_applied = true;
    place_tls(space, module);
    tell_late_blocks(space, thread.tid, module);
    const std::vector<const Module*> fresh{&module};
    auto steps = plan_modules(space, fresh, thread.tid);
    const TlsConstants libc = tls_constants(space);
    for (Thread* other : space.threads) {
      if (!other->tls) continue;
      other->tls = read_tls(space, other->tls->tp, libc);
      log_tls(*other);
      const auto more =
          plan_thread(space, *other, &fresh, space.policy, space.rounding, false, true);
      steps.insert(steps.end(), more.begin(), more.end());
    }
    apply(space, &thread, steps, PolicyWhy::module, Cause::policy);
  }
}

/// Marks the module's own code as its compartment's; where gates are live, at once.
void Tracer::close_gate(Space& space, const Module& module, Thread& executor) {
  if (!config_.virtual_gates || !module.assignment.rule || !module.assignment.rule->own_code)
    return;
  std::vector<RemoteCall> calls;
  for (const LoadSegment& load : module.file->loads) {
    if (!load.prot.x()) continue;
    const RemoteAddr start{module.bias + load.vaddr};
    space.regions.update(PageRange{start, start + load.memsz}.outward(), [&](Region& region) {
      region.gate = module.assignment.compartment->key.v;
    });
    space.regions.each(PageRange{start, start + load.memsz}.outward(),
                       [&](PageRange piece, const Region& region) {
                         const Prot now = real_prot(region, space.active, space.rules);
                         if (now != region.prot) calls.push_back(protect_call({piece, now}));
                       });
  }
  run_calls(space, calls, &executor);
}

/// Read once for all threads that are looked at in one stop: they are the same for every thread,
/// and two of three reads of each.
TlsConstants Tracer::tls_constants(Space& space) {
  TlsConstants libc;
  if (const auto at = symbol_address(space, "_thread_db_sizeof_pthread"))
    libc.descriptor_size = space.memory.get<uint32_t>(*at);
  const auto offset_at = symbol_address(space, "__rseq_offset"),
             size_at = symbol_address(space, "__rseq_size");
  if (offset_at && size_at) {
    libc.rseq_offset = space.memory.get<int64_t>(*offset_at);
    libc.rseq_size = space.memory.get<uint32_t>(*size_at);
  }
  return libc;
}

ThreadTls Tracer::read_tls(Space& space, RemoteAddr tp, const TlsConstants& libc) {
  ThreadTls tls{.tp = tp};
  // The DTV pointer is the second word of the TCB; an entry is two words, the first entry is the
  // generation and the one before it the length (sysdeps/x86_64/nptl/tls.h, dl-dtv.h). A null
  // pointer is known; only no TCB is not.
  if (const auto dtv = space.memory.get<uint64_t>(tp + 8)) tls.dtv = RemoteAddr{*dtv};
  std::optional<uint64_t> length;  // read only for a thread that has dynamic blocks
  if (libc.descriptor_size) tls.descriptor = PageRange{tp, tp + *libc.descriptor_size};
  if (libc.rseq_offset && libc.rseq_size) {
    const RemoteAddr at{tp.v + static_cast<uint64_t>(*libc.rseq_offset)};
    tls.rseq = PageRange{at, at + *libc.rseq_size};  // size 0: not registered
  }
  for (const Module& module : space.modules) {
    if (!module.file->tls || module.file->tls->memsz == 0) continue;
    TlsBlock block{&module, {}, module.tls_offset != 0};
    if (block.is_static) {
      block.start = tp - module.tls_offset;
    } else if (module.tls_modid != 0 && tls.dtv && tls.dtv->v != 0) {
      if (!length) length = space.memory.get<uint64_t>({tls.dtv->v - 16}).value_or(0);
      if (module.tls_modid > *length) continue;
      // TLS_DTV_UNALLOCATED is all ones (elf/dl-tls.h): the block comes with its first use.
      const auto entry = space.memory.get<uint64_t>(*tls.dtv + 16 * module.tls_modid);
      if (entry && *entry != 0 && *entry != ~0ull) block.start = {*entry};
    }
    if (!block.start) continue;
    tls.blocks.push_back(block);
    const auto slot = module.file->symbols.find("ia2_stackptr_0");
    if (slot != module.file->symbols.end() && slot->second.tls)
      tls.slot = block.start + slot->second.value;
  }
  return tls;
}

}  // namespace keyhole
