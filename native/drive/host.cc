#include "drive/host.h"

#include <poll.h>
#include <unistd.h>

#include <array>

namespace keyhole {
using nlohmann::json;

Host::Host(const json& config)
    : engine_(parse_config(config.dump()), [this] {
        const std::lock_guard lock(mutex_);
        news_ = true;
        changed_.notify_one();
      }) {
  reader_ = std::thread([this] { read_output(); });
}

Host::~Host() { close(); }

void Host::take(std::chrono::milliseconds limit) {
  {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, limit, [this] { return news_; });
    news_ = false;
  }
  add(engine_.take());
}

bool Host::finish(std::chrono::seconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!recorded_.done && std::chrono::steady_clock::now() < end)
    take(std::chrono::milliseconds(100));
  return recorded_.done;
}

void Host::add(const Drained& drained) {
  const EventColumns& rows = drained.events;
  for (size_t row = 0; row < rows.size(); row++) {
    const auto kind = static_cast<EventKind>(rows.kind[row]);
    recorded_.events[kEventKindNames[rows.kind[row]]]++;
    if (root_ == 0) root_ = static_cast<int>(rows.pid[row]);
    const bool told = kind == EventKind::fault || kind == EventKind::finding ||
                      (kind == EventKind::process_exit && static_cast<int>(rows.pid[row]) == root_);
    if (!told) continue;
    json detail = json::parse(rows.details.at(rows.detail[row] - rows.first_detail));
    if (kind == EventKind::process_exit) recorded_.exit = std::move(detail);
    else if (kind == EventKind::fault) recorded_.faults.push_back(std::move(detail));
    else recorded_.findings.push_back(std::move(detail));
  }
  recorded_.replies.insert(recorded_.replies.end(), drained.replies.begin(), drained.replies.end());
  recorded_.done = recorded_.done || drained.done;
}

void Host::read_output() {
  std::array<pollfd, 2> pipes{{{engine_.stdout_fd(), POLLIN, 0}, {engine_.stderr_fd(), POLLIN, 0}}};
  std::array<char, 4096> part;
  for (size_t open = pipes.size(); open > 0;) {
    if (poll(pipes.data(), pipes.size(), -1) < 0) continue;
    for (pollfd& pipe : pipes) {
      if (pipe.fd < 0 || pipe.revents == 0) continue;
      const ssize_t n = read(pipe.fd, part.data(), part.size());
      if (n > 0) {
        const std::lock_guard lock(mutex_);
        output_.append(part.data(), static_cast<size_t>(n));
        continue;
      }
      ::close(pipe.fd);
      pipe.fd = -1;  // poll(2) passes over it
      open--;
    }
  }
}

void Host::close() {
  engine_.close();
  if (reader_.joinable()) reader_.join();
}

std::string Host::output() {
  const std::lock_guard lock(mutex_);
  return output_;
}

}  // namespace keyhole
