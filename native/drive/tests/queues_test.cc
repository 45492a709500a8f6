// The two ways between the host's thread and the engine's, without an engine.
#include <doctest/doctest.h>

#include <thread>

#include "engine/tracer.h"

using namespace keyhole;

TEST_CASE("every event arrives once and in order, with its detail, however the host takes") {
  constexpr int kEvents = 100'000;
  std::atomic<int> announced{0};
  EventBuffer buffer([&] { announced++; });
  std::thread engine([&] {
    for (int i = 0; i < kEvents; i++) {
      Event event{.kind = EventKind::map, .result = i};
      if (i % 3 == 0) event.detail = std::to_string(i);
      buffer.push(i, event);
      if (i % 1000 == 0) buffer.reply({static_cast<uint32_t>(i / 1000), "", ""});
    }
    buffer.finish();
  });
  int next = 0;
  uint32_t replies = 0;
  for (Drained part; !part.done;) {
    part = buffer.take();
    for (const Reply& reply : part.replies) CHECK(reply.id == replies++);
    for (size_t row = 0; row < part.events.size(); row++, next++) {
      if (part.events.result[row] != next) FAIL("out of order");
      if (next % 3 != 0) continue;
      const uint32_t at = part.events.detail[row] - part.events.first_detail;
      if (part.events.details.at(at) != std::to_string(next)) FAIL("another event's detail");
    }
  }
  engine.join();
  CHECK(next == kEvents);
  CHECK(replies == kEvents / 1000);
  CHECK(announced > 0);
}

TEST_CASE("a host that stops taking lets a waiting engine go on") {
  EventBuffer buffer([] {});
  std::atomic<bool> through{false};
  std::thread engine([&] {
    for (int i = 0; i < 300'000; i++) buffer.push(i, {.kind = EventKind::unmap});  // past the limit
    through = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  buffer.abandon();
  engine.join();
  CHECK(through);
}

TEST_CASE("every command arrives once and in order, and closing is seen") {
  constexpr uint32_t kCommands = 20'000;
  CommandQueue queue;
  std::thread host([&] {
    for (uint32_t id = 0; id < kCommands; id++) queue.push({id, "{}"});
    queue.close();
  });
  uint32_t next = 0;
  while (!queue.closed() || next < kCommands)
    while (const auto message = queue.next()) CHECK(message->id == next++);
  host.join();
  CHECK(next == kCommands);
}
