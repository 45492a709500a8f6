// The hand-drawn cases of ../golden. KEYHOLE_UPDATE_GOLDEN=1 rewrites what stands below `plan:`.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "policy/tests/strip.h"

using namespace keyhole::testing;

namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

bool updating() {
  const char* value = std::getenv("KEYHOLE_UPDATE_GOLDEN");
  return value != nullptr && std::string(value) == "1";
}

}  // namespace

TEST_CASE("golden: every drawn case has the plan that is drawn below it") {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(KEYHOLE_GOLDEN_DIR)) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  CHECK(files.size() >= 20);
  const std::string mark = "\nplan:\n";
  for (const auto& file : files) {
    CAPTURE(file.filename().string());
    std::string text = read_file(file);
    size_t end = text.find(mark);
    REQUIRE(end != std::string::npos);
    std::string input = text.substr(0, end), drawn = text.substr(end + mark.size());
    std::string plan = draw_plan(read_strip(input));
    if (updating()) {
      std::ofstream(file) << input << mark << plan;
    } else {
      CHECK(drawn == plan);
    }
  }
}
