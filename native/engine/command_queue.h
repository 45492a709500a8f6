// Commands on their way from the host to the engine's thread.
#pragma once
#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>

namespace keyhole {

/// A command from the host: JSON of one of engineCommands (core/contract/commands.ts).
struct CommandMessage {
  uint32_t id;
  std::string json;
};

/// Any thread pushes, the engine's takes; a write to the event descriptor wakes it.
class CommandQueue {
 public:
  CommandQueue();
  ~CommandQueue();
  CommandQueue(const CommandQueue&) = delete;
  CommandQueue& operator=(const CommandQueue&) = delete;
  void push(CommandMessage message);
  void close();
  /// The oldest; none when all have been taken.
  std::optional<CommandMessage> next();
  bool closed() const { return closed_; }
  int event_fd() const { return event_fd_; }

 private:
  void wake() const;
  std::mutex mutex_;
  std::deque<CommandMessage> messages_;
  std::atomic<bool> closed_{false};
  int event_fd_;
};

}  // namespace keyhole
