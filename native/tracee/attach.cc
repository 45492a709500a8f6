#include "tracee/attach.h"

#include <elf.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>

#include "tracee/proc.h"
#include "tracee/ptrace.h"

namespace keyhole {
namespace {

/// No PTRACE_O_EXITKILL: the kernel lets go of the process when the tracer ends (ptrace(2)).
constexpr uint64_t kOptions = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK |
                              PTRACE_O_TRACEVFORK | PTRACE_O_TRACEVFORKDONE | PTRACE_O_TRACEEXEC;

bool is_32_bit(Tid pid) {
  std::ifstream file("/proc/" + std::to_string(pid.v) + "/exe", std::ios::binary);
  char ident[EI_NIDENT] = {};
  file.read(ident, sizeof ident);
  return memcmp(ident, ELFMAG, SELFMAG) == 0 && ident[EI_CLASS] != ELFCLASS64;
}

/// Whether every thread is over; the first may be while others run on.
bool has_ended(Tid pid) {
  for (const Tid tid : threads_of(pid)) {
    const auto state = thread_state(tid);
    if (state && *state != 'Z' && *state != 'X') return false;
  }
  return true;
}

std::string not_permitted(const ProcessStatus& status) {
  if (geteuid() != 0 && status.user != geteuid())
    return "it belongs to user " + std::to_string(status.user) + ", and only that user and root " +
           "may attach to it";
  switch (ptrace_scope()) {
    case 1:
      return "kernel.yama.ptrace_scope is 1, which allows it to a parent only; "
             "`sysctl kernel.yama.ptrace_scope=0` as root allows it, or run Keyhole as root";
    case 2:
      return "kernel.yama.ptrace_scope is 2, which allows it to root only; run Keyhole as root";
    case 3:
      return "kernel.yama.ptrace_scope is 3, which allows it to nobody until the next boot";
    default:
      return "the kernel does not permit it (it runs with privileges of its own, or a container "
             "or a security module forbids it)";
  }
}

}  // namespace

std::string why_not_attach(Tid pid) {
  const auto status = process_status(pid);
  if (pid.v <= 0 || !status) return "no such process";
  if (status->process.v == getpid()) return "that is Keyhole itself";
  if (status->process != pid)
    return "that is a thread; its process is " + std::to_string(status->process.v);
  if (has_ended(pid)) return "it has ended already";
  if (status->kernel) return "that is a thread of the kernel, which has no memory to look at";
  if (status->tracer.v != 0) {
    // The kernel names the thread that traces.
    const auto tracer = process_status(status->tracer);
    const Tid process = tracer ? tracer->process : status->tracer;
    if (process.v == getpid())
      return "this Keyhole watches it already: go back to its session; to begin anew, detach it "
             "there, or end it there if it was launched";
    return "it is already traced by process " + std::to_string(process.v) + " (" +
           thread_name(process) + "), and a process has one tracer at a time: let go of it there";
  }
  if (is_32_bit(pid)) return "a 32-bit program; only x86-64 programs can be looked at";
  return {};
}

std::vector<Tid> seize_process(Tid pid) {
  const auto refuse = [&](const std::string& why) {
    return std::runtime_error("cannot attach to process " + std::to_string(pid.v) + ": " + why);
  };
  if (const auto why = why_not_attach(pid); !why.empty()) throw refuse(why);
  std::vector<Tid> seized;
  // A thread that one of ours begins is ours from the start; those that others begin meanwhile are
  // found by looking again.
  for (bool found = true; found;) {
    found = false;
    for (const Tid tid : threads_of(pid)) {
      if (std::find(seized.begin(), seized.end(), tid) != seized.end()) continue;
      if (seize(tid, kOptions)) {
        seized.push_back(tid);
        found = true;
      } else if (errno == EPERM && seized.empty()) {
        // A first thread may be over while others run; it can no longer be seized.
        const auto status = process_status(tid);
        if (status && status->state != 'Z') throw refuse(not_permitted(*status));
      }
    }
  }
  if (seized.empty()) throw refuse("it has ended already");
  return seized;
}

}  // namespace keyhole
