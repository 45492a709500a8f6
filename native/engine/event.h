// One row of the event log and the buffer it leaves by. The lists mirror core/contract/events.ts; a
// test holds them together through the addon's names().
#pragma once
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "policy/types.h"

namespace keyhole {

enum class EventKind : uint8_t {
  session,
  process_birth,
  process_exit,
  exec,
  thread_birth,
  thread_exit,
  module_load,
  module_unload,
  tls,
  map,
  unmap,
  protect,
  tag,
  key_alloc,
  key_free,
  rights,
  crossing,
  fault,
  signal,
  policy,
  finding,
  mark,
  hold,
  release,
  stop,
  resume,
  verdict,
  output,
  thread_name,
  detach,
  pause_on,
  stand,
};
inline constexpr const char* kEventKindNames[] = {
    "session",     "process-birth", "process-exit", "exec",   "thread-birth", "thread-exit",
    "module-load", "module-unload", "tls",          "map",    "unmap",        "protect",
    "tag",         "key-alloc",     "key-free",     "rights", "crossing",     "fault",
    "signal",      "policy",        "finding",      "mark",   "hold",         "release",
    "stop",        "resume",        "verdict",      "output", "thread-name",  "detach",
    "pause-on",    "stand"};

enum class Cause : uint8_t { program, kernel, policy, user, scheduler, assumed };
inline constexpr const char* kCauseNames[] = {"program", "kernel",    "policy",
                                              "user",    "scheduler", "assumed"};

inline constexpr int8_t kUnknownKey = -1;
inline constexpr uint8_t kUnknownProt = 255;

/// One event. Everything but the kind has a value that says "does not apply".
struct Event {
  EventKind kind;
  int space = 0;  ///< pid that names the address space
  Tid tid{};
  PageRange range{};
  RemoteAddr site{};
  int8_t key_before = kUnknownKey, key_after = kUnknownKey;
  uint8_t prot_before = kUnknownProt, prot_after = kUnknownProt;
  std::optional<Pkru> rights{};
  Cause cause = Cause::program;
  Rule rule = Rule::none;
  int32_t result = 0;
  std::string detail{};      ///< JSON, or empty
  uint32_t same_detail = 0;  ///< else the number of a detail that is written already
};

/// Rows as columns, in the order of the wire.
struct EventColumns {
  std::vector<double> time, start, end, site;
  std::vector<uint32_t> pid, tid, rights, detail;
  std::vector<int32_t> result;
  std::vector<int8_t> key_before, key_after;
  std::vector<uint8_t> kind, prot_before, prot_after, cause, rule, flags;
  std::vector<std::string> details;
  uint32_t first_detail = 1;
  size_t size() const { return kind.size(); }
};

struct Reply {
  uint32_t id;
  std::string error;  ///< empty = success
  std::string value;  ///< JSON, or empty
};

/// Everything the host has not taken yet.
struct Drained {
  EventColumns events;
  std::vector<Reply> replies;
  bool done = false;
};

/// The one door out of the engine: the engine's thread pushes, the host's thread takes. A full
/// buffer makes the engine wait, and with it the program; nothing is ever dropped.
class EventBuffer {
 public:
  /// `notify` runs on the engine's thread when there is something to take and nothing was announced
  /// since the last take.
  explicit EventBuffer(std::function<void()> notify) : notify_(std::move(notify)) {}

  /// Answers the number of the row's detail, 0 when it has none.
  uint32_t push(double time, const Event& event);
  void reply(Reply reply);
  void finish();
  Drained take();
  /// The host stops taking: never wait again.
  void abandon();

 private:
  void announce(std::unique_lock<std::mutex>& lock);
  static constexpr size_t kLimit = 1 << 18;
  std::function<void()> notify_;
  std::mutex mutex_;
  std::condition_variable room_;
  Drained pending_;
  uint32_t next_detail_ = 1;
  bool announced_ = false, abandoned_ = false;
};

}  // namespace keyhole
