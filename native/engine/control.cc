// Pause, continue and the commands of the host.
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <iterator>
#include <set>
#include <stdexcept>

#include "engine/json_text.h"
#include "engine/tracer.h"

namespace keyhole {
using nlohmann::json;
namespace {

std::vector<std::shared_ptr<Space>> spaces_of(
    const std::map<int, std::unique_ptr<Thread>>& threads) {
  std::vector<std::shared_ptr<Space>> out;
  std::set<Space*> seen;
  for (const auto& [tid, thread] : threads)
    if (seen.insert(thread->space.get()).second) out.push_back(thread->space);
  return out;
}

/// Two digits a byte; as many bytes as could be read.
std::string hex_bytes(const std::vector<uint8_t>& bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const uint8_t byte : bytes) out += {digits[byte >> 4], digits[byte & 15]};
  return out;
}

RemoteAddr address_of(const json& text) {
  return {std::stoull(text.get<std::string>(), nullptr, 16)};
}

Rounding rounding_of(const json& command, Rounding now) {
  if (!command.contains("rounding")) return now;
  return parse_rounding(command["rounding"]);
}

}  // namespace

/// Every thread stands, and stands where it can be looked at and changed: what was on its way has
/// been handled.
void Tracer::stand_still() {
  for (const auto& space : spaces_of(threads_)) stop_threads(*space, true);
  while (dispatch_pending()) {
  }
  if (!attached()) return;
  reread_spaces(true);
  for (const auto& [tid, thread] : threads_)
    if (thread->run == Run::ready) look_at(*thread);
}

void Tracer::pause(const char* why, Thread* thread) {
  stand_paused({.kind = EventKind::stop,
                .space = thread ? thread->space->id : root_,
                .tid = thread ? thread->tid : Tid{},
                .cause = thread ? Cause::program : Cause::user,
                .detail = text_of({{"why", why}})});
}

void Tracer::pause(const PauseAsked& asked) {
  stand_paused({.kind = EventKind::stop,
                .space = asked.space,
                .tid = asked.tid,
                .detail = text_of({{"why", "rule"}, {"rule", asked.rule}})});
}

void Tracer::stand_paused(const Event& stop) {
  if (paused_) return;
  log(stop);
  paused_since_ = std::chrono::steady_clock::now();
  paused_ = true;
  stand_still();
  log_stands();
}

void Tracer::go() {
  if (!paused_) return;
  paused_for_ += std::chrono::steady_clock::now() - paused_since_;
  paused_ = false;
  log({.kind = EventKind::resume, .space = root_, .cause = Cause::user});
  for (const auto& [tid, thread] : threads_) {
    if (!thread->stopped_fault) continue;
    // Allowed by now: the access is simply tried again. Still denied: the program gets its signal.
    const siginfo_t info = *std::exchange(thread->stopped_fault, std::nullopt);
    const auto region = thread->space->regions.find({reinterpret_cast<uint64_t>(info.si_addr)});
    const Pkru rights = thread->regime.rights;
    const bool allowed = region && (thread->stopped_write ? rights.may_write(region->second.key)
                                                          : rights.may_read(region->second.key));
    if (!allowed) thread->deliver.push_front(info);
  }
  for (const auto& space : spaces_of(threads_)) schedule(*space);
}

void Tracer::command(const CommandMessage& message) {
  Reply reply{message.id, {}, {}};
  try {
    const json answer = do_command(json::parse(message.json));
    if (!answer.is_null()) reply.value = text_of(answer);
  } catch (const std::exception& e) {
    reply.error = e.what();
  }
  events_.reply(std::move(reply));
}

json Tracer::do_command(const json& command) {
  const std::string what = command.at("do");
  if (threads_.empty()) throw std::runtime_error("the program has ended");
  if (what == "pause") {
    pause("user", nullptr);
    return {};
  }
  if (what == "continue") {
    go();
    return {};
  }
  if (what == "kill") {
    std::set<int> processes;
    for (const auto& [tid, thread] : threads_) processes.insert(thread->process);
    for (const int process : processes) kill(process, SIGKILL);
    return {};
  }
  if (what == "detach") {
    if (!attached())
      throw std::runtime_error(
          "this program was launched by Keyhole: its system-call filter cannot be taken out, and "
          "without a tracer the calls that it asks about would fail; only an attached program can "
          "be detached from");
    const bool stopped = command.value("stopped", false);
    if (stopped && !paused_) {
      stand_still();
      log_stands();
    }
    // Pending until the threads go on: no instruction of the program is run before it (signal(7)).
    if (stopped) kill(root_, SIGSTOP);
    detach_all(Cause::user, stopped);
    return {};
  }
  if (what == "pause-on") {
    set_pause_rules(command.at("rules"));
    return {};
  }
  if (observe_only() && what != "verify" && what != "read")
    throw std::runtime_error(
        "observe-only: this CPU has no protection keys, and an attached program cannot be given "
        "emulated ones; launch it under Keyhole for that");
  // Everything else looks at or changes a tracee that stands still for the moment.
  standing_ = true;
  stand_still();
  step_counter_++;
  json answer;
  std::string error;
  try {
    answer = do_stopped(command, what);
  } catch (const std::exception& e) {
    error = e.what();
  }
  standing_ = false;
  pause_if_asked();
  for (const auto& space : spaces_of(threads_)) schedule(*space);
  if (!error.empty()) throw std::runtime_error(error);
  return answer;
}

/// The access that stopped the session is carried out although it is denied; the session stays
/// paused.
void Tracer::step_over_by_hand(int tid) {
  const auto found = threads_.find(tid);
  if (found == threads_.end() || !found->second->stopped_fault)
    throw std::runtime_error("thread " + std::to_string(tid) + " stands at no denied access");
  Thread& thread = *found->second;
  const siginfo_t info = *std::exchange(thread.stopped_fault, std::nullopt);
  if (!step_over(thread, Key{static_cast<uint8_t>(info.si_pkey)})) {
    thread.stopped_fault = info;
    throw std::runtime_error("the key could not be opened for the one instruction");
  }
  log_stand(thread);
  log({.kind = EventKind::mark,
       .space = thread.space->id,
       .tid = thread.tid,
       .rights = rights_of(thread),
       .cause = Cause::user,
       .detail = text_of({{"text", "stepped over the denied access"}})});
}

json Tracer::do_stopped(const json& command, const std::string& what) {
  json answer;
  if (what == "verify") {
    json out = json::array();
    for (const auto& space : spaces_of(threads_))
      for (const json& line : verify(*space)) out.push_back(line);
    return out;
  }
  if (what == "plan" || what == "apply") {
    const Policy policy = parse_policy(command.at("policy").dump());
    json steps = json::array();
    bool any = false;
    for (const auto& space : spaces_of(threads_)) {
      if (!space->started) continue;  // its own startup will apply the policy
      any = true;
      const Rounding rounding = rounding_of(command, space->rounding);
      json made = what == "plan" ? steps_json(plan_demand(*space, policy, rounding))
                                 : apply_on_demand(*space, policy, rounding, Cause::user);
      std::move(made.begin(), made.end(), std::back_inserter(steps));
    }
    if (!any) throw std::runtime_error("the program has not reached its startup yet");
    return steps;
  }
  if (what == "read") {
    for (const auto& space : spaces_of(threads_))
      if (space->id == command.at("pid"))
        return hex_bytes(space->code(address_of(command.at("start")), command.at("size")));
    throw std::runtime_error("no address space " + command.at("pid").dump());
  }
  if (what == "revert") {
    revert();
    return answer;
  }
  if (what == "tag") {
    const PageRange range{address_of(command.at("start")), address_of(command.at("end"))};
    if (!range.start.page_aligned() || !range.end.page_aligned() || range.empty())
      throw std::runtime_error("start and end must be page-aligned, start below end");
    for (const auto& space : spaces_of(threads_)) {
      if (space->id != command.at("pid")) continue;
      if (!space->regions.covers(range))
        throw std::runtime_error("not every page of the range is mapped");
      const int number = command.at("key").get<int>();
      if (number < 0 || number >= kKeyCount)
        throw std::runtime_error("key: must be 0 to 15 (got " + std::to_string(number) + ")");
      const Key key{static_cast<uint8_t>(number)};
      if (attached() && key.v != 0)
        if (Thread* executor = clean_thread(*space)) allocate_key(*space, *executor, key);
      apply(*space, nullptr, {{{range, key, Rule::manual}, space->main_thread, "by hand"}},
            PolicyWhy::manual, Cause::user);
      return answer;
    }
    throw std::runtime_error("no address space " + command.at("pid").dump());
  }
  if (what == "rights") {
    const auto found = threads_.find(command.at("tid").get<int>());
    if (found == threads_.end()) throw std::runtime_error("no thread " + command.at("tid").dump());
    Thread& thread = *found->second;
    if (attached() && !thread.found_rights) thread.found_rights = rights_of(thread);
    Space& space = *thread.space;
    if (const auto before = rights_of(thread))
      space.undo.push_back(
          {{}, space.policy, space.rounding, step_counter_, {{thread.tid, *before}}});
    set_rights(thread, {command.at("pkru").get<uint32_t>()}, Cause::user, {}, Rule::manual);
    space.waiting_for.reset();
    return answer;
  }
  if (what == "step-over") {
    step_over_by_hand(command.at("tid").get<int>());
    return answer;
  }
  throw std::runtime_error("unknown command " + what);
}

}  // namespace keyhole
