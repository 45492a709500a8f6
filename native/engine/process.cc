// Births, exec and exits.
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

#include "engine/json_text.h"
#include "engine/tracer.h"

namespace keyhole {
using nlohmann::json;

bool Space::grows_with_key() {
  if (growth.first != regions.generation())
    growth = {regions.generation(), regions.grows_with_key()};
  return growth.second;
}

uint32_t Space::name_index(const std::string& name) {
  for (size_t i = names.size(); i-- > 0;)
    if (names[i] == name) return static_cast<uint32_t>(i);
  names.push_back(name);
  return static_cast<uint32_t>(names.size() - 1);
}

FaultPlace& Space::fault_place(const FaultKey& key) {
  constexpr size_t kLimit = 1 << 16;
  if (fault_places.size() >= kLimit && !fault_places.contains(key)) fault_places.clear();
  return fault_places[key];
}

Thread& Tracer::add_thread(Tid tid, int process, std::shared_ptr<Space> space) {
  auto& slot = threads_[tid.v];
  // A thread that ended unseen left its number to this one.
  if (slot) forget(*slot);
  auto& thread = *(threads_[tid.v] = std::make_unique<Thread>());
  thread.tid = tid;
  thread.process = process;
  processes_[process].threads++;
  move_in(thread, std::move(space));
  return thread;
}

void Tracer::move_in(Thread& thread, std::shared_ptr<Space> space) {
  thread.space = std::move(space);
  thread.space->threads.push_back(&thread);
}

void Tracer::move_out(Thread& thread) {
  Space& space = *thread.space;
  thread.enter(Run::pending);
  std::erase(space.threads, &thread);
  std::erase(space.stopped, &thread);
  std::erase(space.waiting, &thread);
  std::erase(space.dozing, &thread);
  std::erase(space.callers, &thread);
  end_turn(thread);
  thread.in_line = thread.dozes = false;
  if (space.fused == thread.tid) space.fused = {};
}

void Tracer::forget(Thread& thread) {
  move_out(thread);
  placement_.gone(thread.placed);
  const auto process = processes_.find(thread.process);
  if (--process->second.threads == 0) processes_.erase(process);
  threads_.erase(thread.tid.v);
}

void Tracer::forget_all() {
  contended_.clear();
  threads_.clear();
  processes_.clear();
}

namespace {

/// Flags of the clone-family call that a thread is in, in the bits of clone(2).
uint64_t clone_flags(const Regs& regs, const RemoteMemory& memory) {
  switch (regs.orig_rax) {
    case SYS_clone:
      return regs.rdi;
    case SYS_clone3:  // struct clone_args begins with its flags
      return memory.get<uint64_t>(RemoteAddr{regs.rdi}).value_or(0);
    case SYS_vfork:
      return CLONE_VM | CLONE_VFORK;
    default:
      return 0;
  }
}

/// The address space of a forked child.
std::shared_ptr<Space> copy_space(const Space& from, Tid child) {
  auto space = std::make_shared<Space>();
  static_cast<SpaceImage&>(*space) = from;
  space->id = child.v;
  space->memory = RemoteMemory(child);
  space->symbolizer = std::make_unique<Symbolizer>(child.v);
  space->main_thread = child;
  return space;
}

}  // namespace

void Tracer::on_clone(Thread& parent, StopKind kind) {
  unsigned long message = 0;
  Regs regs;
  event_message(parent.tid, message);
  const Tid child{static_cast<int>(message)};
  if (!get_regs(parent.tid, regs)) return ready(parent);
  const uint64_t flags = clone_flags(regs, parent.space->memory);
  const bool shares = flags & CLONE_VM;
  const bool is_thread = flags & CLONE_THREAD;
  auto space = shares ? parent.space : copy_space(*parent.space, child);
  Thread& thread = add_thread(child, is_thread ? parent.process : child.v, space);
  // The child starts with its creator's rights and masks (fork(2), pkeys(7)).
  thread.regime = parent.regime;
  thread.hidden_mask = parent.hidden_mask;
  placement_.born(parent.placed, child, thread.placed);
  if (!is_thread) {
    json facts{{"parent", parent.process}};
    facts[shares ? "shares" : "copyOf"] = parent.space->id;
    log({.kind = EventKind::process_birth,
         .space = child.v,
         .tid = child,
         .detail = text_of(facts)});
  }
  if (kind == StopKind::vfork) {
    parent.enter(Run::vfork_wait);
    go_on(parent.tid, Go::cont);
  } else if (leave_call(parent)) {
    ready(parent);
  }
  thread.enter(Run::pending);
  const auto early = early_stops_.find(child.v);
  if (early != early_stops_.end()) {
    early_stops_.erase(early);
  } else if (const auto status = wait_for(child)) {
    const Stop first = classify(*status);
    if (first.kind == StopKind::exited || first.kind == StopKind::killed)
      return on_gone(thread, first);
  } else {
    return forget(thread);
  }
  if (!shares) {
    // What madvise(2) kept from it (MADV_DONTFORK) it does not have.
    auto found = compare(*space, read_maps(child));
    std::erase_if(found, [](const Difference& d) { return d.kind != Difference::Kind::gone; });
    follow(*space, child, found, Cause::program);
  }
  adopt(thread);
  if (!shares) schedule(*space);
}

/// A child stands at its first stop, and its parent was killed before the event of its birth was
/// heard: nobody knows its rights, nor what its pages' keys are. It would stand for ever.
bool Tracer::ends_orphan(Tid child, std::chrono::steady_clock::time_point seen) {
  const auto status = process_status(child);
  // A thread dies with its process.
  if (!status || status->process != child) return false;
  // Its parent need not be who made it: one of ours may have taken it over (prctl(2),
  // PR_SET_CHILD_SUBREAPER), or ours may have made it a sibling of its own (clone(2),
  // CLONE_PARENT). The event of its birth follows at once, unless there is nobody to tell it: time
  // shows, from when the child was seen; a busy engine hears of both late.
  constexpr std::chrono::seconds kLatest{2};
  const bool may_come = processes_.contains(status->parent.v) || status->parent.v == getpid();
  if (may_come && std::chrono::steady_clock::now() - seen < kLatest) return false;
  log({.kind = EventKind::finding,
       .space = root_,
       .tid = child,
       .cause = Cause::policy,
       .detail = text_of(
           {{"class", name_of(FindingClass::born_unseen)},
            {"text",
             "process " + std::to_string(child.v) +
                 " was born while its parent was killed, and nothing is known of it: it was " +
                 (attached() ? "let go" : "ended")}})});
  if (attached()) return detach(child);
  kill(child.v, SIGKILL);
  return true;
}

void Tracer::end_orphans() {
  std::erase_if(early_stops_,
                [&](const auto& early) { return ends_orphan({early.first}, early.second); });
}

/// A new thread stands at its first stop, before any instruction of its own.
void Tracer::adopt(Thread& child) {
  Space& space = *child.space;
  ready(child);
  const bool is_thread = child.tid.v != child.process;
  Regs regs;
  if (!get_regs(child.tid, regs)) return;
  const auto rights = keys_->rights(child.tid, child.regime.rights);
  if (rights) child.regime.rights = *rights;
  child.name = thread_name(child.tid);
  json facts{{"name", child.name}, {"parent", child.process}};
  if (regs.fs_base != 0) facts["tp"] = hex(regs.fs_base);
  log({.kind = EventKind::thread_birth,
       .space = space.id,
       .tid = child.tid,
       .rights = rights,
       .detail = text_of(facts)});
  if (!space.started || regs.fs_base == 0) return;
  child.tls = read_tls(space, {regs.fs_base});
  log_tls(child);
  if (!is_thread) return;  // a copy of a process brings its tags along
  apply(space, &child,
        plan_thread(space, child, nullptr, space.policy, space.rounding, false, true),
        PolicyWhy::birth, Cause::policy);
}

void Tracer::on_exec(Thread& thread) {
  // A thread that is not the leader takes the leader's id; its siblings are gone without a word
  // (ptrace(2)).
  unsigned long message = 0;
  event_message(thread.tid, message);
  const auto former = threads_.find(static_cast<int>(message));
  if (former != threads_.end()) {
    // The leader's name, but this thread's mask and what is pending for it (execve(2)).
    std::swap(thread.placed, former->second->placed);
    thread.hidden_mask = former->second->hidden_mask;
    thread.kept = former->second->kept;
  }
  const auto siblings = thread.space->threads;
  for (Thread* other : siblings) {
    if (other->process != thread.process || other == &thread) continue;
    log({.kind = EventKind::thread_exit, .space = other->space->id, .tid = other->tid});
    forget(*other);
  }
  // The call is unfinished: nothing may be injected before its exit stop.
  thread.call = {};
  thread.call.number = SYS_execve;
  go_on(thread.tid, Go::to_syscall_exit);
  if (const auto status = wait_for(thread.tid)) {
    const Stop stop = classify(*status);
    if (stop.kind == StopKind::exited || stop.kind == StopKind::killed)
      return on_gone(thread, stop);
  }
  on_exec_done(thread);
}

void Tracer::on_exec_done(Thread& thread) {
  auto space = std::make_shared<Space>();
  space->id = thread.process;
  space->memory = RemoteMemory(thread.tid);
  space->rules = {keys_->mode(), false};
  space->symbolizer = std::make_unique<Symbolizer>(thread.process);
  space->policy = config_.policy;
  space->rounding = config_.rounding;
  space->main_thread = thread.tid;
  space->ignored = thread.space->ignored;  // survives an exec (execve(2))
  space->own_filter = thread.space->own_filter;
  move_out(thread);
  move_in(thread, space);
  thread.call = {};
  thread.tls.reset();
  thread.deliver.clear();
  thread.held = false;
  thread.regime = space->active = {kInitPkru, 0};
  log({.kind = EventKind::exec,
       .space = space->id,
       .tid = thread.tid,
       .rights = rights_of(thread),
       .cause = Cause::kernel,
       .detail = text_of({{"path", executable_path(thread.tid)}})});
  if (attached()) {
    watch(*space);
    return ready(thread);
  }
  reread_maps(thread, Cause::kernel);
  Regs regs;
  constexpr uint64_t k32BitCode = 0x23;  // __USER32_CS, arch/x86/include/asm/segment.h
  if (get_regs(thread.tid, regs) && regs.cs == k32BitCode) {
    finding(*space, thread.tid, FindingClass::not_run,
            executable_path(thread.tid) + " is a 32-bit program: only x86-64 programs run");
    kill(thread.process, SIGKILL);
    return ready(thread);
  }
  if (!inject_stub(thread)) {
    finding(*space, thread.tid, FindingClass::no_stub,
            "the stub could not be placed: keys and gates cannot be applied here");
  } else {
    Region stub{.prot = {5}, .ours = true};
    map_region(*space, thread.tid, kStubCode, stub, "[keyhole]", Cause::policy, {});
    stub.prot = kProtRW;
    map_region(*space, thread.tid, {kStubCode.end, kStubRange.end}, stub, "[keyhole]",
               Cause::policy, {});
  }
  find_startup(thread);
  ready(thread);
}

void Tracer::on_gone(Thread& thread, Stop stop) {
  const std::shared_ptr<Space> space = thread.space;
  const Tid tid = thread.tid;
  const int process = thread.process;
  json exit;
  if (stop.kind == StopKind::exited) {
    exit = {{"code", stop.value}};
  } else {
    const char* name = sigabbrev_np(stop.value);
    exit = {{"signal", std::string("SIG") + (name ? name : "?")}, {"siCode", nullptr}};
    const auto& fatal = processes_[process].fatal;
    if (const auto known = fatal.find(stop.value); known != fatal.end())
      exit["siCode"] = known->second;
  }
  if (stop.kind == StopKind::killed && stop.value == SIGSYS && exit["siCode"].is_null())
    tell_filter_kill(*space, tid);
  log({.kind = EventKind::thread_exit, .space = space->id, .tid = tid});
  forget(thread);
  if (processes_.contains(process)) return;
  if (space->threads.empty()) tell_counts(*space);
  log({.kind = EventKind::process_exit,
       .space = process,
       .tid = tid,
       .cause = Cause::kernel,
       .detail = text_of(exit)});
  end_orphans();
}

}  // namespace keyhole
