// The detail of a fault: the access, the instruction, who called it, and all registers.
#include "engine/frames.h"
#include "engine/json_text.h"
#include "engine/tracer.h"
#include "symbols/decode.h"

namespace keyhole {
using nlohmann::json;
namespace {

/// Callers that are told; who is deeper than this is most often in a recursion.
constexpr size_t kMostFrames = 48;

json registers_json(const Regs& r) {
  return {{"rax", hex(r.rax)},         {"rbx", hex(r.rbx)},        {"rcx", hex(r.rcx)},
          {"rdx", hex(r.rdx)},         {"rsi", hex(r.rsi)},        {"rdi", hex(r.rdi)},
          {"rbp", hex(r.rbp)},         {"rsp", hex(r.rsp)},        {"r8", hex(r.r8)},
          {"r9", hex(r.r9)},           {"r10", hex(r.r10)},        {"r11", hex(r.r11)},
          {"r12", hex(r.r12)},         {"r13", hex(r.r13)},        {"r14", hex(r.r14)},
          {"r15", hex(r.r15)},         {"rip", hex(r.rip)},        {"rflags", hex(r.eflags)},
          {"fs_base", hex(r.fs_base)}, {"gs_base", hex(r.gs_base)}};
}

/// The instruction at an address in words, and with it those that follow.
std::pair<std::string, json> instructions(const Space& space, RemoteAddr from) {
  const auto code = space.code(from, 64);
  json around = json::array();
  std::string text = "(not readable)";
  RemoteAddr at = from;
  for (int i = 0; i < 4; i++) {
    const size_t offset = at - from;
    if (offset >= code.size()) break;
    const auto instruction = decode(std::span(code).subspan(offset), at);
    if (!instruction) break;
    if (i == 0) text = instruction->text;
    around.push_back({{"address", hex(at)}, {"text", instruction->text}});
    at = instruction->next();
  }
  return {text, around};
}

}  // namespace

void Tracer::log_fault(Thread& thread, const siginfo_t& info, const Regs& regs, std::string outcome,
                       RemoteAddr address, std::optional<Key> key, const char* access,
                       const char* action) {
  Space& space = *thread.space;
  const auto rights = rights_of(thread);
  Event row{.kind = EventKind::fault,
            .space = space.id,
            .tid = thread.tid,
            .range = {address, address + 1},
            .site = {regs.rip},
            .key_before = key ? static_cast<int8_t>(key->v) : kUnknownKey,
            .key_after = key ? static_cast<int8_t>(key->v) : kUnknownKey,
            .rights = rights};
  // Whoever steps over meets the same access many thousand times: the first is written whole, the
  // second without its registers, and all others are rows that share the second's detail.
  FaultPlace* place = nullptr;
  if (outcome == "denied" && config_.on_fault == OnFault::step_over) {
    place = &space.fault_place({thread.tid.v, regs.rip, address.v, rights.value_or(Pkru{}).v});
    if ((row.same_detail = place->again) != 0) {
      log(row);
      return;
    }
  }
  const auto [text, around] = instructions(space, {regs.rip});
  std::optional<Key> accessor = compartment_of(rights.value_or(Pkru{~0u}));
  // With keys of the program's own besides, its rights name no compartment; its gate does.
  if (!accessor && space.rules.gates_live) accessor = Key{thread.regime.compartment};
  json region = nullptr;
  if (const auto found = space.regions.find(address))
    region = {{"start", hex(found->first.start)},
              {"end", hex(found->first.end)},
              {"name", space.names[found->second.name]},
              {"prot", found->second.prot.v},
              {"key", found->second.key.v}};
  Places places(space);
  json facts{{"outcome", outcome},
             {"address", hex(address)},
             {"access", access},
             {"key", key ? json(key->v) : json(nullptr)},
             {"siCode", info.si_code},
             {"rights", rights ? json(rights->v) : json(nullptr)},
             {"accessor", accessor ? json(accessor->v) : json(nullptr)},
             {"tp", hex(regs.fs_base)},
             {"instruction", places.at({regs.rip})},
             {"around", around},
             {"registers", registers_json(regs)},
             {"region", region},
             {"action", action}};
  facts["instruction"]["text"] = text;
  const bool again = place && place->first != 0;
  if (again) facts["registers"] = json::object(), facts["like"] = place->first;
  // One instruction may meet thousands of denied addresses; its callers are told the first time.
  if (!place || (!again && space.traced_back.insert({thread.tid.v, regs.rip}).second))
    facts["backtrace"] = places.backtrace(regs, kMostFrames);
  row.detail = text_of(facts);
  const uint32_t detail = log(row);
  if (place) (again ? place->again : place->first) = detail;
}

}  // namespace keyhole
