// Events that pause the program: every row of the log is held to the rules a person has set, and
// the first that one matches stops everybody before the thread that made it goes on.
#include <stdexcept>

#include "engine/json_text.h"
#include "engine/tracer.h"

namespace keyhole {
using nlohmann::json;
namespace {

/// A kind of event, or `0xSTART-0xEND` (pauseRule in core/contract/pause.ts).
PauseRule rule_of(const std::string& name) {
  for (const EventKind kind :
       {EventKind::fault, EventKind::tag, EventKind::thread_birth, EventKind::policy})
    if (name == kEventKindNames[static_cast<int>(kind)]) return {name, kind, {}};
  const size_t dash = name.find('-');
  if (!name.starts_with("0x") || dash == std::string::npos)
    throw std::runtime_error("pause on: unknown rule " + name);
  const PageRange range{{std::stoull(name.substr(0, dash), nullptr, 16)},
                        {std::stoull(name.substr(dash + 1), nullptr, 16)}};
  if (range.empty()) throw std::runtime_error("pause on " + name + ": start must be below end");
  return {name, {}, range};
}

bool about_memory(EventKind kind) {
  return kind == EventKind::map || kind == EventKind::unmap || kind == EventKind::protect ||
         kind == EventKind::tag || kind == EventKind::fault;
}

}  // namespace

bool PauseRule::matches(EventKind event, PageRange at) const {
  return kind ? *kind == event : about_memory(event) && range.overlaps(at);
}

/// They take the place of the rules before. A row says so: the window shows what the log says.
void Tracer::set_pause_rules(const std::vector<std::string>& names) {
  std::vector<PauseRule> rules;
  for (const std::string& name : names) rules.push_back(rule_of(name));
  pause_rules_ = std::move(rules);
  log({.kind = EventKind::pause_on,
       .space = root_,
       .cause = Cause::user,
       .detail = text_of({{"rules", names}})});
}

const PauseRule* Tracer::pause_rule(EventKind kind, PageRange at) const {
  for (const PauseRule& rule : pause_rules_)
    if (rule.matches(kind, at)) return &rule;
  return nullptr;
}

/// The first match counts; what else comes of the same stop belongs to it.
void Tracer::note_pause(const Event& event) {
  if (paused_ || pause_asked_) return;
  if (const PauseRule* rule = pause_rule(event.kind, event.range))
    pause_asked_ = {rule->name, event.space, event.tid};
}

/// Before anybody of this stop goes on.
void Tracer::pause_if_asked() {
  if (const auto asked = std::exchange(pause_asked_, {})) pause(*asked);
}

}  // namespace keyhole
