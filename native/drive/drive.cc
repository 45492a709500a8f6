// keyhole-drive LAUNCH.json: runs one program to its end, passes its output on, and prints what was
// recorded as one line of JSON.
#include <fstream>
#include <iostream>

#include "drive/host.h"

using namespace keyhole;
using nlohmann::json;

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: keyhole-drive LAUNCH.json\n";
    return 2;
  }
  constexpr std::chrono::seconds kLimit{60};
  try {
    std::ifstream file(argv[1]);
    Host host(json::parse(file));
    const bool finished = host.finish(kLimit);
    host.close();
    const Recorded& seen = host.recorded();
    std::cout << json{{"finished", finished},      {"exit", seen.exit},
                      {"events", seen.events},     {"faults", seen.faults},
                      {"findings", seen.findings}, {"output", host.output()}}
                     .dump(-1, ' ', false, json::error_handler_t::replace)
              << '\n';
    return finished ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
