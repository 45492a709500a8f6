#include "drive/host.h"

#include <dirent.h>
#include <doctest/doctest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <random>

using namespace keyhole;
using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr size_t kMostWaiting = 100;  ///< commands that a host has sent and not heard of

json launch(const std::string& rounds) {
  const json policy{{"name", "observe"},
                    {"tag", false},
                    {"carveOuts", json::array()},
                    {"maxCarveOuts", 0},
                    {"startupTcb", false}};
  return {{"program", KEYHOLE_BUSY},
          {"args", json::array({rounds})},
          {"env", json::array()},
          {"cwd", "/"},
          {"keys", "auto"},
          {"gates", "program"},
          {"compartments", json::array()},
          {"policy", policy},
          {"rounding", "padded"},
          {"onFault", "deliver"},
          {"tracerPolicy", "off"},
          {"rseq", "keep"},
          {"input", "empty"},
          {"helper", KEYHOLE_HELPER}};
}

size_t open_descriptors() {
  size_t count = 0;
  DIR* folder = opendir("/proc/self/fd");
  while (readdir(folder) != nullptr) count++;
  closedir(folder);
  return count;
}

bool no_child_left() { return waitpid(-1, nullptr, WNOHANG | __WALL) == -1 && errno == ECHILD; }

/// Any command that a host may send, also such as cannot be carried out.
json any_command(std::mt19937& dice) {
  const json split{{"name", "split"},
                   {"tag", true},
                   {"carveOuts", {"slot", "tcb"}},
                   {"maxCarveOuts", 2},
                   {"startupTcb", true}};
  switch (dice() % 9) {
    case 0:
      return {{"do", "pause"}};
    case 1:
      return {{"do", "verify"}};
    case 2:
      return {{"do", "plan"}, {"policy", split}};
    case 3:
      return {{"do", "apply"}, {"policy", split}};
    case 4:
      return {{"do", "revert"}};
    case 5:
      return {{"do", "tag"}, {"pid", 1}, {"start", "0x1000"}, {"end", "0x2000"}, {"key", 1}};
    case 6:
      return {{"do", "rights"}, {"tid", 1}, {"pkru", 0}};
    case 7:
      return {{"no such", "command"}};
    default:
      return {{"do", "continue"}};
  }
}

}  // namespace

TEST_CASE("a program runs to its end, and all it wrote arrives") {
  Host host(launch("20"));
  REQUIRE(host.finish(seconds(60)));
  host.close();
  const Recorded& seen = host.recorded();
  CHECK(seen.exit == json{{"code", 0}});
  CHECK(seen.findings.empty());
  CHECK(seen.faults.empty());
  CHECK(host.output().find("ok 40\n") != std::string::npos);
  CHECK(seen.events.at("signal") >= 40);
  CHECK(seen.events.at("process-birth") == 1 + 2 * 3);
}

TEST_CASE("a program that cannot be started leaves nothing behind") {
  const size_t before = open_descriptors();
  json config = launch("1");
  config["program"] = "/no/such/program";
  for (int i = 0; i < 10; i++) CHECK_THROWS_AS(Host{config}, std::runtime_error);
  CHECK(open_descriptors() == before);
  CHECK(no_child_left());
}

TEST_CASE("commands while events flow: each is answered once, and the map stays the kernel's") {
  std::mt19937 dice(5);
  Host host(launch("0"));
  uint32_t sent = 0;
  const auto mapped = [&] {
    const auto& events = host.recorded().events;
    const auto found = events.find("map");
    return found == events.end() ? 0 : found->second;
  };
  // Half of the time it is paused, so how far it gets in a given time says nothing.
  const auto begun = std::chrono::steady_clock::now();
  for (auto ran = seconds(0); ran < seconds(2) || (mapped() <= 20 && ran < seconds(60));
       ran = std::chrono::duration_cast<seconds>(std::chrono::steady_clock::now() - begun)) {
    const size_t waiting = sent - host.recorded().replies.size();
    for (size_t burst = std::min<size_t>(dice() % 4, kMostWaiting - waiting); burst > 0; burst--)
      host.command(++sent, any_command(dice));
    host.take(milliseconds(dice() % 8));
  }
  const auto late = std::chrono::steady_clock::now() + seconds(60);
  while (host.recorded().replies.size() < sent && std::chrono::steady_clock::now() < late)
    host.take(milliseconds(100));
  host.close();
  const Recorded& seen = host.recorded();
  REQUIRE(seen.replies.size() == sent);
  for (uint32_t i = 0; i < sent; i++) CHECK(seen.replies[i].id == i + 1);
  for (const json& finding : seen.findings) CHECK(finding.dump() == "no such finding");
  CHECK(mapped() > 20);
  CHECK(no_child_left());
}

TEST_CASE("however many commands wait, the program gets on to its end") {
  Host host(launch("20"));
  uint32_t sent = 0;
  const auto limit = std::chrono::steady_clock::now() + seconds(60);
  while (!host.recorded().done && std::chrono::steady_clock::now() < limit) {
    while (sent - host.recorded().replies.size() < kMostWaiting)
      host.command(++sent, {{"do", "tag"}, {"pid", 1}, {"start", "0x1000"}, {"end", "0x2000"}});
    host.take(milliseconds(100));
  }
  host.close();
  CHECK(host.recorded().exit == json{{"code", 0}});
}

TEST_CASE("200 engines, closed at any instant") {
  std::mt19937 dice(7);
  const size_t before = open_descriptors();
  for (int i = 0; i < 200; i++) {
    Host host(launch(i % 2 ? "0" : "1"));
    const auto instant = std::chrono::steady_clock::now() + milliseconds(dice() % 12);
    if (dice() % 3 == 0) {
      std::this_thread::sleep_until(instant);  // nothing is ever taken
    } else {
      for (uint32_t id = 1; std::chrono::steady_clock::now() < instant; id++) {
        if (dice() % 4 == 0) host.command(id, any_command(dice));
        host.take(milliseconds(dice() % 3));
      }
    }
    host.close();
    if (dice() % 2) host.close();
  }
  CHECK(open_descriptors() == before);
  CHECK(no_child_left());
}

TEST_CASE("two engines in one host keep apart") {
  Host one(launch("10")), other(launch("0"));
  REQUIRE(one.finish(seconds(60)));
  CHECK(one.recorded().exit == json{{"code", 0}});
  CHECK_FALSE(other.recorded().done);
  one.close();
  other.command(1, {{"do", "kill"}});
  REQUIRE(other.finish(seconds(60)));
  CHECK(other.recorded().exit.value("signal", "") == "SIGKILL");
}
