// What a row's detail says: the engine's side of core/contract/details.ts.
#include <sys/utsname.h>

#include <csignal>
#include <regex>
#include <ctime>

#include "elf/demangle.h"
#include "engine/json_text.h"
#include "engine/tracer.h"

namespace keyhole {
using nlohmann::json;
namespace {

json range_json(const std::optional<PageRange>& range) {
  if (!range || range->empty()) return nullptr;
  return {{"start", hex(range->start)}, {"end", hex(range->end)}};
}

json addr_json(const std::optional<RemoteAddr>& addr) {
  if (!addr || !*addr) return nullptr;
  return hex(*addr);
}

json assignment_key(const Assignment& assignment) {
  if (!assignment.compartment) return nullptr;
  return assignment.compartment->key.v;
}

std::string iso_now() {
  char text[32];
  const time_t now = time(nullptr);
  strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
  return text;
}

std::string signal_name(int signal) {
  // The two that glibc keeps for itself (sysdeps/unix/sysv/linux/internal-signals.h).
  if (signal == 32) return "SIGCANCEL";
  if (signal == 33) return "SIGSETXID";
  const char* name = sigabbrev_np(signal);
  return name ? std::string("SIG") + name : "SIGRT" + std::to_string(signal - SIGRTMIN);
}

}  // namespace

double Tracer::now() const {
  const auto until = paused_ ? std::max(paused_since_, started_) : std::chrono::steady_clock::now();
  return std::chrono::duration<double, std::nano>(until - started_ - paused_for_).count();
}

uint32_t Tracer::log(const Event& event) {
  if (!pause_rules_.empty()) note_pause(event);
  return events_.push(now(), event);
}

void Tracer::mark(Space& space, Tid tid, const std::string& text) {
  log({.kind = EventKind::mark,
       .space = space.id,
       .tid = tid,
       .detail = text_of({{"text", text}})});
}

void Tracer::finding(Space& space, Tid tid, FindingClass kind, const std::string& text,
                     PageRange range) {
  json detail{{"class", name_of(kind)}, {"text", text}};
  if (!range.empty()) detail["start"] = hex(range.start), detail["end"] = hex(range.end);
  log({.kind = EventKind::finding,
       .space = space.id,
       .tid = tid,
       .range = range,
       .cause = Cause::policy,
       .detail = text_of(detail)});
}

void Tracer::finding_once(Space& space, Tid tid, FindingClass kind, const std::string& text,
                          PageRange range) {
  if (space.told.emplace(kind, text).second) finding(space, tid, kind, text, range);
}

/// Findings that differ in nothing but addresses have one cause: the first is told, the others are
/// counted, and their number is told when the process ends.
void Tracer::finding_alike(Space& space, Tid tid, FindingClass kind, const std::string& text,
                           PageRange range) {
  static const std::regex address("0x[0-9a-f]+");
  const std::string cause = std::regex_replace(text, address, "…");
  if (space.told.emplace(kind, cause).second) finding(space, tid, kind, text, range);
  else space.told_again[{kind, cause}]++;
}

void Tracer::tell_counts(Space& space) {
  for (const auto& [what, count] : std::exchange(space.told_again, {})) {
    finding(space, {}, what.first, std::to_string(count) + " more like it: " + what.second);
  }
}

void Tracer::log_session() {
  utsname kernel{};
  uname(&kernel);
  json compartments = json::array();
  for (const Compartment& compartment : config_.compartments) {
    json modules = json::array();
    for (const ModuleRule& rule : compartment.modules) modules.push_back(rule.match);
    compartments.push_back(
        {{"key", compartment.key.v}, {"name", compartment.name}, {"modules", modules}});
  }
  static constexpr const char* on_fault[] = {"deliver", "stop", "step-over"};
  static constexpr const char* tracer[] = {"off", "record", "enforce"};
  static constexpr const char* keys[] = {"hardware", "emulated", "none"};
  json facts{{"program", config_.program},
             {"args", config_.args},
             {"keys", keys[static_cast<int>(keys_->mode())]},
             {"gates", config_.virtual_gates ? "virtual" : "program"},
             {"policy", config_.policy.name},
             {"rounding", rounding_name(config_.rounding)},
             {"rseq", config_.rseq_off ? "off" : "keep"},
             {"onFault", on_fault[static_cast<int>(config_.on_fault)]},
             {"tracerPolicy", tracer[static_cast<int>(config_.tracer)]},
             {"compartments", compartments},
             {"kernel", std::string(kernel.sysname) + " " + kernel.release},
             {"startedAt", iso_now()}};
  if (config_.verify) facts["verify"] = true;
  if (attached())
    facts["attached"] = {{"pid", root_}, {"control", observe_only() ? "observe" : "full"}};
  log({.kind = EventKind::session, .space = root_, .cause = Cause::user, .detail = text_of(facts)});
}

void Tracer::log_module(Space& space, Tid tid, const Module& module) {
  const ModuleFile& file = *module.file;
  json segments = json::array();
  for (const LoadSegment& load : file.loads)
    segments.push_back({{"start", hex(module.bias + load.vaddr)},
                        {"end", hex(module.bias + load.vaddr + load.memsz)},
                        {"prot", load.prot.v}});
  json tags = json::array();
  const ModuleRule* rule = module.assignment.rule;
  if (rule && rule->tag_segments) tags.push_back("segments");
  if (rule && rule->tag_tls) tags.push_back("tls");
  std::optional<PageRange> relro, shared;
  if (file.relro)
    relro = PageRange{{module.bias + file.relro->start}, {module.bias + file.relro->end}};
  if (file.shared_start && file.shared_stop)
    shared = PageRange{{module.bias + *file.shared_start}, {module.bias + *file.shared_stop}};
  json facts{{"name", module.name},
             {"path", module.path},
             {"base", hex(module.bias)},
             {"key", assignment_key(module.assignment)},
             {"code", rule && rule->own_code ? "own" : "caller"},
             {"tag", tags},
             {"segments", segments},
             {"relro", range_json(relro)},
             {"shared", range_json(shared)},
             {"tls", nullptr},
             {"buildId", file.build_id.empty() ? json(nullptr) : json(file.build_id)}};
  if (file.tls) {
    json symbols = json::array();
    for (const TlsSymbol& symbol : file.tls_symbols) {
      symbols.push_back({{"name", symbol.name}, {"offset", symbol.offset}, {"size", symbol.size}});
      if (const auto written = demangled(symbol.name)) symbols.back()["written"] = *written;
    }
    facts["tls"] = {{"memsz", file.tls->memsz},
                    {"filesz", file.tls->filesz},
                    {"align", file.tls->align},
                    {"symbols", symbols}};
  }
  log({.kind = EventKind::module_load,
       .space = space.id,
       .tid = tid,
       .range = module.extent,
       .cause = Cause::kernel,
       .detail = text_of(facts)});
}

void Tracer::log_tls(Thread& thread) {
  const ThreadTls& tls = *thread.tls;
  json blocks = json::array();
  for (const TlsBlock& block : tls.blocks)
    blocks.push_back({{"module", block.module->name},
                      {"key", assignment_key(block.module->assignment)},
                      {"start", hex(block.start)},
                      {"memsz", block.module->file->tls->memsz},
                      {"static", block.is_static}});
  log({.kind = EventKind::tls,
       .space = thread.space->id,
       .tid = thread.tid,
       .range = tls.descriptor.value_or(PageRange{}),
       .cause = Cause::assumed,
       .detail = text_of({{"tp", hex(tls.tp)},
                          {"dtv", addr_json(tls.dtv)},
                          {"descriptor", range_json(tls.descriptor)},
                          {"rseq", range_json(tls.rseq)},
                          {"slot", addr_json(tls.slot)},
                          {"blocks", blocks}})});
}

std::optional<Pkru> Tracer::rights_of(Thread& thread) {
  return keys_->rights(thread.tid, thread.regime.rights);
}

void Tracer::log_signal(Thread& thread, const siginfo_t& info, bool handler, bool ignored) {
  json facts{{"signal", signal_name(info.si_signo)},
             {"siCode", info.si_code},
             {"disposition", handler   ? "handler"
                             : ignored ? "ignored"
                                       : "default"}};
  if (info.si_code > 0 && (info.si_signo == SIGSEGV || info.si_signo == SIGBUS))
    facts["address"] = hex(reinterpret_cast<uint64_t>(info.si_addr));
  log({.kind = EventKind::signal,
       .space = thread.space->id,
       .tid = thread.tid,
       .rights = rights_of(thread),
       .cause = info.si_code > 0 ? Cause::kernel : Cause::program,
       .detail = text_of(facts)});
}

}  // namespace keyhole
