// What /proc says about a process: mappings, thread states, signal handlers. Text of the kernel in,
// plain data out.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "policy/types.h"

namespace keyhole {

/// One line of /proc/PID/maps.
struct Mapping {
  PageRange range;
  Prot prot;
  uint64_t offset = 0;
  std::string name;        ///< path, `[heap]`, …, or empty for anonymous memory
  std::optional<Key> key;  ///< only from read_smaps, and only where the kernel has keys
};

std::vector<Mapping> read_maps(Tid tid);
/// The same with the key of each mapping; dearer, because the kernel walks every page.
std::vector<Mapping> read_smaps(Tid tid);
/// One line of maps; nothing when it is malformed.
std::optional<Mapping> parse_maps_line(const std::string& line);

/// State letter of a thread (R, S, D, t, Z, …); nothing when it has gone.
std::optional<char> thread_state(Tid tid);
/// The same from the text of its stat.
std::optional<char> state_of(const std::string& stat);
/// The system call that a thread sleeps in and the instruction after it; nothing while it runs.
struct ShownCall {
  uint64_t number = 0;
  RemoteAddr at;
};
std::optional<ShownCall> call_shown(Tid tid);
/// The same from the text of its syscall.
std::optional<ShownCall> call_shown_in(const std::string& text);
/// Processor time that a thread has used, in nanoseconds; 0 where the kernel does not count it.
uint64_t cpu_time_ns(Tid tid);
/// Signals with a handler (SigCgt), ignored ones (SigIgn), blocked ones (SigBlk: by the mask in
/// force, also one of a wait's own), and those that wait (SigPnd, ShdPnd) and are not blocked; bit
/// n-1 for signal n.
struct SignalDispositions {
  uint64_t caught = 0, ignored = 0, blocked = 0, pending = 0;

  bool catches(int signal) const { return caught >> (signal - 1) & 1; }
  bool ignores(int signal) const { return ignored >> (signal - 1) & 1; }
  bool blocks(int signal) const { return blocked >> (signal - 1) & 1; }
};
SignalDispositions signal_dispositions(Tid tid);
/// The same from the text of status; a signal that it does not name is neither.
SignalDispositions dispositions_of(const std::string& status);
/// The thread's name (comm).
std::string thread_name(Tid tid);
/// A value of the auxiliary vector, by AT_ type.
std::optional<uint64_t> aux_value(Tid tid, uint64_t type);
/// The same from the bytes of auxv.
std::optional<uint64_t> aux_value_of(const std::string& auxv, uint64_t type);
/// Path that descriptor `fd` of the process points to; empty when unknown.
std::string fd_path(Tid tid, int fd);
std::string executable_path(Tid tid);
/// The words of the process's command line.
std::vector<std::string> command_line(Tid tid);
/// The threads of a process now, by number.
std::vector<Tid> threads_of(Tid process);

/// What /proc/PID/status says of a process; nothing when there is none.
struct ProcessStatus {
  char state = '?';     ///< R, S, D, T, t, Z, X
  Tid process{};        ///< Tgid: its own number, unless it is a thread of another
  Tid parent{};         ///< PPid: its parent now, which is another's once that has died
  Tid tracer{};         ///< who traces it; 0 = nobody
  uint32_t user = 0;    ///< effective user
  bool kernel = false;  ///< a thread of the kernel: it has no memory of its own
};
std::optional<ProcessStatus> process_status(Tid tid);
/// kernel.yama.ptrace_scope; 0 where the kernel has no Yama.
int ptrace_scope();

}  // namespace keyhole
