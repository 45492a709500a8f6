#include "tracee/proc.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <climits>
#include <cstring>
#include <filesystem>
#include <sstream>

namespace keyhole {
namespace {

std::string path_of(Tid tid, const char* file) {
  return "/proc/" + std::to_string(tid.v) + "/" + file;
}

std::string slurp(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {};
  std::string out;
  char part[4096];
  for (ssize_t n; (n = read(fd, part, sizeof part)) > 0;) out.append(part, static_cast<size_t>(n));
  close(fd);
  return out;
}

std::string link_target(const std::string& path) {
  char buffer[PATH_MAX];
  const ssize_t n = readlink(path.c_str(), buffer, sizeof buffer);
  return n > 0 ? std::string(buffer, static_cast<size_t>(n)) : std::string();
}

/// The text after `Name:` in /proc/PID/status.
std::string status_field(const std::string& status, const std::string& name) {
  const size_t at = status.find("\n" + name + ":");
  if (at == std::string::npos) return {};
  const size_t start = status.find_first_not_of(" \t", at + name.size() + 2);
  if (start == std::string::npos) return {};
  return status.substr(start, status.find('\n', start) - start);
}

}  // namespace

std::optional<Mapping> parse_maps_line(const std::string& line) {
  Mapping m;
  const char* p = line.data();
  const char* end = p + line.size();
  auto hex = [&](uint64_t& out, char until) {
    const auto r = std::from_chars(p, end, out, 16);
    if (r.ec != std::errc() || r.ptr == end || *r.ptr != until) return false;
    p = r.ptr + 1;
    return true;
  };
  if (!hex(m.range.start.v, '-') || !hex(m.range.end.v, ' ') || end - p < 5) return {};
  m.prot.v = static_cast<uint8_t>((p[0] == 'r') | (p[1] == 'w') << 1 | (p[2] == 'x') << 2);
  p += 5;
  if (!hex(m.offset, ' ')) return {};
  // Then device, inode and, after blanks, the name (proc_pid_maps(5)).
  for (int field = 0; field < 2; field++) {
    p = std::find(p, end, ' ');
    while (p != end && *p == ' ') p++;
  }
  m.name.assign(p, end);
  return m;
}

std::vector<Mapping> read_maps(Tid tid) {
  std::vector<Mapping> out;
  std::istringstream in(slurp(path_of(tid, "maps")));
  for (std::string line; std::getline(in, line);)
    if (auto m = parse_maps_line(line)) out.push_back(std::move(*m));
  return out;
}

std::vector<Mapping> read_smaps(Tid tid) {
  std::vector<Mapping> out;
  std::istringstream in(slurp(path_of(tid, "smaps")));
  constexpr std::string_view key = "ProtectionKey:";
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(key)) {
      if (!out.empty())
        out.back().key = Key{static_cast<uint8_t>(strtoul(line.c_str() + key.size(), nullptr, 10))};
    } else if (auto m = parse_maps_line(line)) {
      out.push_back(std::move(*m));
    }
  }
  return out;
}

std::optional<char> thread_state(Tid tid) {
  // Not /proc/TID/stat: that one adds up the times of every thread of the process (fs/proc/array.c,
  // do_task_stat).
  return state_of(slurp(path_of(tid, "task/") + std::to_string(tid.v) + "/stat"));
}

std::optional<char> state_of(const std::string& stat) {
  // The name in parentheses may hold anything, so count from the last one (proc_pid_stat(5)).
  const size_t at = stat.rfind(") ");
  if (at == std::string::npos || at + 2 >= stat.size()) return {};
  return stat[at + 2];
}

std::optional<ShownCall> call_shown(Tid tid) {
  return call_shown_in(slurp(path_of(tid, "syscall")));
}

std::optional<ShownCall> call_shown_in(const std::string& text) {
  // Number, six arguments, stack pointer and program counter; "running", or -1 in no call
  // (proc_pid_syscall(5)).
  std::istringstream in(text);
  int64_t number = -1;
  std::string word, last;
  if (!(in >> number) || number < 0) return {};
  int words = 0;
  for (; in >> word; words++) last = word;
  if (words != 8) return {};
  return ShownCall{static_cast<uint64_t>(number), {strtoull(last.c_str(), nullptr, 16)}};
}

uint64_t cpu_time_ns(Tid tid) {
  // Time on the processor, time runnable, time slices (Documentation/scheduler/sched-stats.rst).
  return strtoull(slurp(path_of(tid, "schedstat")).c_str(), nullptr, 10);
}

SignalDispositions signal_dispositions(Tid tid) {
  return dispositions_of(slurp(path_of(tid, "status")));
}

SignalDispositions dispositions_of(const std::string& status) {
  auto mask = [&](const char* name) {
    return strtoull(status_field(status, name).c_str(), nullptr, 16);
  };
  const uint64_t blocked = mask("SigBlk");
  return {mask("SigCgt"), mask("SigIgn"), blocked, (mask("SigPnd") | mask("ShdPnd")) & ~blocked};
}

std::string thread_name(Tid tid) {
  std::string name = slurp(path_of(tid, "comm"));
  while (!name.empty() && name.back() == '\n') name.pop_back();
  return name;
}

std::optional<uint64_t> aux_value(Tid tid, uint64_t type) {
  return aux_value_of(slurp(path_of(tid, "auxv")), type);
}

std::optional<uint64_t> aux_value_of(const std::string& aux, uint64_t type) {
  for (size_t at = 0; at + 16 <= aux.size(); at += 16) {
    uint64_t pair[2];
    memcpy(pair, aux.data() + at, sizeof pair);
    if (pair[0] == type) return pair[1];
  }
  return {};
}

std::string fd_path(Tid tid, int fd) {
  return link_target(path_of(tid, "fd/") + std::to_string(fd));
}
std::string executable_path(Tid tid) { return link_target(path_of(tid, "exe")); }

std::vector<std::string> command_line(Tid tid) {
  std::vector<std::string> out;
  std::istringstream in(slurp(path_of(tid, "cmdline")));
  for (std::string word; std::getline(in, word, '\0');) out.push_back(word);
  return out;
}

std::vector<Tid> threads_of(Tid process) {
  std::vector<Tid> out;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(path_of(process, "task"), error))
    out.push_back({atoi(entry.path().filename().c_str())});
  std::sort(out.begin(), out.end(), [](Tid a, Tid b) { return a.v < b.v; });
  return out;
}

std::optional<ProcessStatus> process_status(Tid tid) {
  const std::string status = slurp(path_of(tid, "status"));
  if (status.empty()) return {};
  const auto number = [&](const char* name) { return atoi(status_field(status, name).c_str()); };
  ProcessStatus out;
  const std::string state = status_field(status, "State");
  if (!state.empty()) out.state = state[0];
  out.process = {number("Tgid")};
  out.parent = {number("PPid")};
  out.tracer = {number("TracerPid")};
  // Uid: real, effective, saved, file system (proc_pid_status(5)).
  std::istringstream users(status_field(status, "Uid"));
  uint32_t real = 0;
  users >> real >> out.user;
  // Only what has memory of its own has this field, zombies apart.
  out.kernel = status_field(status, "VmSize").empty() && out.state != 'Z' && out.state != 'X';
  return out;
}

int ptrace_scope() { return atoi(slurp("/proc/sys/kernel/yama/ptrace_scope").c_str()); }

}  // namespace keyhole
