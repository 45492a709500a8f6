#include "engine/command_queue.h"

#include <sys/eventfd.h>
#include <unistd.h>

namespace keyhole {

CommandQueue::CommandQueue() : event_fd_(eventfd(0, EFD_CLOEXEC)) {}
CommandQueue::~CommandQueue() { ::close(event_fd_); }

void CommandQueue::wake() const {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t n = write(event_fd_, &one, sizeof one);
}

void CommandQueue::push(CommandMessage message) {
  {
    const std::lock_guard lock(mutex_);
    messages_.push_back(std::move(message));
  }
  wake();
}

void CommandQueue::close() {
  closed_ = true;
  wake();
}

std::optional<CommandMessage> CommandQueue::next() {
  const std::lock_guard lock(mutex_);
  if (messages_.empty()) return {};
  CommandMessage first = std::move(messages_.front());
  messages_.pop_front();
  return first;
}

}  // namespace keyhole
