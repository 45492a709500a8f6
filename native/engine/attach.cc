// A process that runs already: take hold of it, and learn what only its stops show.
#include "tracee/attach.h"

#include <csignal>
#include <stdexcept>

#include "engine/json_text.h"
#include "engine/tracer.h"

namespace keyhole {
using nlohmann::json;
namespace {

KeysMode choose_attached_keys(KeysChoice choice) {
  if (choice == KeysChoice::emulated)
    throw std::runtime_error(
        "keys: emulated keys need a system-call filter, which only a launch can install; without "
        "protection keys of the CPU an attached program can only be observed");
  if (cpu_has_pku()) return KeysMode::hardware;
  if (choice == KeysChoice::hardware)
    throw std::runtime_error(
        "keys: hardware needs a CPU and kernel with protection keys (OSPKE); this one has none");
  return KeysMode::none;
}

Policy observing() { return {.name = "observe", .tag = false}; }

}  // namespace

/// Seizes the process without stopping it; each thread then stops once, for an instant, to be
/// looked at.
void Tracer::start_attached() {
  keys_ = make_backend(choose_attached_keys(config_.keys));
  const Tid pid = config_.attach;
  const std::vector<Tid> tids = seize_process(pid);
  started_ = std::chrono::steady_clock::now();
  root_ = pid.v;
  config_.program = executable_path(tids.front());
  config_.args = command_line(tids.front());
  if (!config_.args.empty()) config_.args.erase(config_.args.begin());
  const Policy wanted = std::exchange(config_.policy, observing());
  auto space = std::make_shared<Space>();
  space->id = root_;
  space->memory = RemoteMemory(tids.front());
  space->symbolizer = std::make_unique<Symbolizer>(tids.front().v);
  space->main_thread = tids.front();
  log_session();
  log({.kind = EventKind::process_birth,
       .space = root_,
       .tid = pid,
       .cause = Cause::assumed,
       .detail = "{}"});
  for (const Tid tid : tids) {
    Thread& thread = add_thread(tid, root_, space);
    thread.name = thread_name(tid);
    thread.placed.left_alone = true;  // its processors are its own: whoever kills us leaves it so
    log({.kind = EventKind::thread_birth,
         .space = root_,
         .tid = tid,
         .cause = Cause::assumed,
         .detail = text_of({{"name", thread.name}, {"parent", root_}})});
    thread.enter(Run::running);
    interrupt(tid);
  }
  watch(*space);
  if (observe_only() || !wanted.tag) return;
  standing_ = true;
  stand_still();
  apply_on_demand(*space, wanted, config_.rounding, Cause::policy);
  standing_ = false;
  schedule(*space);
}

/// A space whose program is past its startup, for all we know: nothing is applied unless somebody
/// asks.
void Tracer::watch(Space& space) {
  space.rules = {keys_->mode(), false};
  space.policy = observing();
  space.rounding = config_.rounding;
  space.started = space.init_ended = space.modules_due = true;
  reread_spaces(true);
}

/// A stopped thread: its TP and its rights. In a process that was attached both change unseen.
void Tracer::look_at(Thread& thread) {
  Regs regs;
  if (!get_regs(thread.tid, regs)) return;
  Space& space = *thread.space;
  const bool new_tp = regs.fs_base != 0 && (!thread.tls || thread.tls->tp.v != regs.fs_base);
  if (new_tp) {
    thread.tls = read_tls(space, {regs.fs_base});
    log_tls(thread);
  }
  const auto rights = keys_->rights(thread.tid, {});
  if (!rights) return;
  if (!thread.looked_at || *rights != thread.regime.rights) {
    thread.regime.rights = *rights;
    log({.kind = EventKind::rights,
         .space = space.id,
         .tid = thread.tid,
         .rights = rights,
         .cause = Cause::assumed});
  }
  thread.looked_at = true;
}

}  // namespace keyhole
