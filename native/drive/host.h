// A host of the engine in C++: takes what is recorded, reads the program's output.
#pragma once
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "engine/engine.h"

namespace keyhole {

/// What a run left in the log, added up.
struct Recorded {
  std::map<std::string, uint64_t> events;  ///< number of rows by kind
  std::vector<nlohmann::json> faults, findings;
  nlohmann::json exit;  ///< how the launched process ended; null until then
  std::vector<Reply> replies;
  bool done = false;
};

/// Owns an engine and the threads that a host has beside it.
class Host {
 public:
  /// `config` is the JSON of EngineLaunch. Throws std::runtime_error naming program and reason.
  explicit Host(const nlohmann::json& config);
  ~Host();

  /// Takes what there is; waits up to `limit` for the first news.
  void take(std::chrono::milliseconds limit);
  /// Takes until the engine has finished; false when that took longer than `limit`.
  bool finish(std::chrono::seconds limit);
  void command(uint32_t id, const nlohmann::json& command) { engine_.command(id, command.dump()); }
  /// As the session does: the engine first, then what the program had still written.
  void close();

  const Recorded& recorded() const { return recorded_; }
  /// What the program wrote, standard output and error together; whole once closed.
  std::string output();

 private:
  void read_output();
  void add(const Drained& drained);

  std::mutex mutex_;
  std::condition_variable changed_;
  bool news_ = false;
  std::string output_;
  Recorded recorded_;
  int root_ = 0;
  Engine engine_;
  std::thread reader_;
};

}  // namespace keyhole
