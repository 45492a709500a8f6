// Where each thread stands when the program does: the call it is in, and the code it runs.
#include <sys/syscall.h>

#include <map>

#include "engine/frames.h"
#include "engine/json_text.h"
#include "engine/tracer.h"
#include "tracee/call_names.h"

namespace keyhole {
using nlohmann::json;
namespace {

/// Callers that are told of a thread that stands: enough to leave libc.
constexpr size_t kMostFrames = 8;
/// Threads whose callers are told; of all others only where they stand.
constexpr int kMostTraced = 128;

/// The program was let to the SYSCALL instruction again (step_back, restart_wait): two bytes, 0f 05
/// (Intel SDM, SYSCALL).
bool at_call(const Space& space, const Regs& regs) {
  const auto code = space.code({regs.rip}, 2);
  return code.size() == 2 && code[0] == 0x0f && code[1] == 0x05;
}

json call_json(uint64_t number) {
  const char* name = call_name(number);
  return name ? json(name) : json("call " + std::to_string(number));
}

}  // namespace

/// The system call that a stopped thread is in, or is about to make; nothing when it runs code.
std::optional<uint64_t> Tracer::call_of(const Thread& thread, const Regs& regs) {
  if (thread.wait) return thread.wait->asked.rax;
  if (before_call(thread) && thread.call.number != ~0ull) return thread.call.number;
  if (may_begin_again(regs)) {
    // The kernel goes on with what is left of a sleep under another number (restart_syscall(2)).
    return regs.orig_rax == SYS_restart_syscall ? thread.began : regs.orig_rax;
  }
  if (before_call(thread) || (thread.in_call && at_call(*thread.space, regs)))
    return static_cast<int64_t>(regs.orig_rax) >= 0 ? regs.orig_rax : regs.rax;
  return {};
}

/// A row for a thread: by its registers, or, where it cannot be stopped, by what the kernel shows.
void Tracer::log_stand(Thread& thread, Places& places, bool callers) {
  json facts;
  Regs regs;
  Space& space = *thread.space;
  const bool stopped = thread.run == Run::ready || thread.run == Run::pending;
  if (stopped && get_regs(thread.tid, regs)) {
    const auto call = call_of(thread, regs);
    facts = {{"call", call ? call_json(*call) : json(nullptr)}, {"at", places.at({regs.rip})}};
    if (callers) facts["callers"] = places.backtrace(regs, kMostFrames);
  } else if (const auto shown = call_shown(thread.tid)) {
    facts = {{"call", call_json(shown->number)}, {"at", places.at(shown->at)}};
  } else {
    return;  // gone, or running where nobody sees it: unknown
  }
  log({.kind = EventKind::stand,
       .space = space.id,
       .tid = thread.tid,
       .site = {stopped ? regs.rip : 0},
       .cause = Cause::assumed,
       .detail = text_of(facts)});
}

void Tracer::log_stand(Thread& thread) {
  Places places(*thread.space);
  log_stand(thread, places, true);
}

/// Once everybody stands. A program of very many threads is told by where they are, not by how they
/// came there: each way up a stack costs.
void Tracer::log_stands() {
  int left = kMostTraced;
  std::map<Space*, Places> places;
  for (const auto& [tid, thread] : threads_) {
    Space& space = *thread->space;
    log_stand(*thread, places.try_emplace(&space, space).first->second, left-- > 0);
  }
}

}  // namespace keyhole
