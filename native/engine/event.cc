#include "engine/event.h"

namespace keyhole {
namespace {
constexpr uint8_t kRightsKnown = 1, kFailed = 2;  // flagBits in core/contract/events.ts
}

uint32_t EventBuffer::push(double time, const Event& e) {
  std::unique_lock lock(mutex_);
  room_.wait(lock, [&] { return abandoned_ || pending_.events.size() < kLimit; });
  if (pending_.events.size() >= kLimit) return 0;  // abandoned: nobody makes room any more
  EventColumns& c = pending_.events;
  c.time.push_back(time);
  c.start.push_back(static_cast<double>(e.range.start.v));
  c.end.push_back(static_cast<double>(e.range.end.v));
  c.site.push_back(static_cast<double>(e.site.v));
  c.pid.push_back(static_cast<uint32_t>(e.space));
  c.tid.push_back(static_cast<uint32_t>(e.tid.v));
  c.rights.push_back(e.rights ? e.rights->v : 0);
  const uint32_t detail = e.detail.empty() ? e.same_detail : next_detail_++;
  c.detail.push_back(detail);
  if (!e.detail.empty()) c.details.push_back(e.detail);
  c.result.push_back(e.result);
  c.key_before.push_back(e.key_before);
  c.key_after.push_back(e.key_after);
  c.kind.push_back(static_cast<uint8_t>(e.kind));
  c.prot_before.push_back(e.prot_before);
  c.prot_after.push_back(e.prot_after);
  c.cause.push_back(static_cast<uint8_t>(e.cause));
  c.rule.push_back(static_cast<uint8_t>(e.rule));
  c.flags.push_back(
      static_cast<uint8_t>((e.rights ? kRightsKnown : 0) | (e.result < 0 ? kFailed : 0)));
  announce(lock);
  return detail;
}

void EventBuffer::reply(Reply reply) {
  std::unique_lock lock(mutex_);
  pending_.replies.push_back(std::move(reply));
  announce(lock);
}

void EventBuffer::finish() {
  std::unique_lock lock(mutex_);
  pending_.done = true;
  announce(lock);
}

void EventBuffer::announce(std::unique_lock<std::mutex>& lock) {
  if (announced_ || abandoned_) return;
  announced_ = true;
  lock.unlock();
  notify_();
}

Drained EventBuffer::take() {
  std::unique_lock lock(mutex_);
  Drained out = std::move(pending_);
  pending_ = {};
  pending_.done = out.done;
  pending_.events.first_detail = next_detail_;
  announced_ = false;
  room_.notify_all();
  return out;
}

void EventBuffer::abandon() {
  std::unique_lock lock(mutex_);
  abandoned_ = true;
  room_.notify_all();
}

}  // namespace keyhole
