// The launch configuration as the engine reads it: what a host may not say is refused by name.
#include "engine/config.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace keyhole;
using nlohmann::json;

namespace {

json configuration() {
  return json::parse(R"({"program":"/bin/true","args":[],"env":[],"cwd":"/","keys":"auto",
    "gates":"virtual","compartments":[{"key":2,"name":"c","modules":[
      {"match":"lib*.so","code":"caller","tag":["tls"]}]}],
    "policy":{"name":"p","tag":true,"carveOuts":["slot"],"maxCarveOuts":2,"startupTcb":false},
    "rounding":"outward","onFault":"step-over","tracerPolicy":"enforce","rseq":"off",
    "pauseOn":["fault"],"input":"empty","helper":"/h"})");
}

std::string error_with(const std::string& pointer, const json& value) {
  json changed = configuration();
  changed[json::json_pointer(pointer)] = value;
  try {
    parse_config(changed.dump());
    return "no error";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a whole configuration is read") {
  const LaunchConfig config = parse_config(configuration().dump());
  CHECK(config.virtual_gates);
  CHECK(config.on_fault == OnFault::step_over);
  CHECK(config.tracer == TracerMode::enforce);
  CHECK(config.pause_on == std::vector<std::string>{"fault"});
  const Assignment assignment = assign(config, "/usr/lib/libx.so", false);
  REQUIRE(assignment.rule != nullptr);
  CHECK(assignment.compartment->key.v == 2);
  CHECK_FALSE(assignment.rule->tag_segments);
}

TEST_CASE("numbers out of range are refused by name, never cut to fit") {
  for (const json& key : {json(0), json(16), json(257), json(-1), json(1.5), json(1e300)})
    CHECK(error_with("/compartments/0/key", key) == "key: must be a whole number from 1 to 15");
  CHECK(error_with("/policy/maxCarveOuts", uint64_t{1} << 40) ==
        "maxCarveOuts: must be a whole number from 0 to 128");
  CHECK(error_with("/policy/carveOuts/0", "everything").starts_with("policy.carveOuts: "));
  CHECK(error_with("/args", 1).starts_with("launch configuration: "));
}
