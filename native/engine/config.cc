#include "engine/config.h"

#include <fnmatch.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace keyhole {
namespace {
using nlohmann::json;

/// A whole number of the host's; the error names the field.
int number_at(const json& j, const char* name, int low, int high) {
  const json& value = j.at(name);
  const bool fits = value.is_number_integer() && value >= low && value <= high;
  if (!fits)
    throw std::runtime_error(std::string(name) + ": must be a whole number from " +
                             std::to_string(low) + " to " + std::to_string(high));
  return value.get<int>();
}

Policy policy_of(const json& j) {
  Policy policy;
  policy.name = j.at("name");
  policy.tag = j.at("tag");
  policy.max_carve_outs = number_at(j, "maxCarveOuts", 0, 128);
  policy.startup_tcb = j.at("startupTcb");
  for (const std::string text : j.at("carveOuts")) {
    const auto rule = parse_carve_out(text);
    if (!rule)
      throw std::runtime_error("policy.carveOuts: " + text + " is none of " +
                               std::string(kCarveOutForms));
    policy.carve_outs.push_back(*rule);
  }
  return policy;
}

ModuleRule module_rule(const json& j) {
  ModuleRule rule{j.at("match"), j.at("code") == "own", false, false};
  for (const std::string tag : j.at("tag")) {
    if (tag == "segments") rule.tag_segments = true;
    if (tag == "tls") rule.tag_tls = true;
  }
  return rule;
}

/// What launching and attaching have in common.
LaunchConfig common_config(const json& j) {
  LaunchConfig c;
  c.helper = j.at("helper");
  const std::string keys = j.at("keys");
  c.keys = keys == "hardware"   ? KeysChoice::hardware
           : keys == "emulated" ? KeysChoice::emulated
                                : KeysChoice::automatic;
  for (const json& item : j.at("compartments")) {
    Compartment compartment{
        Key{static_cast<uint8_t>(number_at(item, "key", 1, kKeyCount - 1))}, item.at("name"), {}};
    for (const json& rule : item.at("modules")) compartment.modules.push_back(module_rule(rule));
    c.compartments.push_back(std::move(compartment));
  }
  c.policy = policy_of(j.at("policy"));
  c.rounding = parse_rounding(j.at("rounding"));
  const std::string on_fault = j.at("onFault");
  c.on_fault = on_fault == "stop"        ? OnFault::stop
               : on_fault == "step-over" ? OnFault::step_over
                                         : OnFault::deliver;
  return c;
}

LaunchConfig launch_config(const json& j) {
  LaunchConfig c = common_config(j);
  c.program = j.at("program");
  c.cwd = j.at("cwd");
  c.args = j.at("args");
  c.env = j.at("env");
  c.virtual_gates = j.at("gates") == "virtual";
  const std::string tracer = j.at("tracerPolicy");
  c.tracer = tracer == "record"    ? TracerMode::record
             : tracer == "enforce" ? TracerMode::enforce
                                   : TracerMode::off;
  c.rseq_off = j.at("rseq") == "off";
  c.inherit_stdin = j.at("input") == "inherit";
  c.pause_on = j.value("pauseOn", c.pause_on);
  c.verify = j.value("verify", false);
  return c;
}

LaunchConfig attach_config(const json& j) {
  LaunchConfig c = common_config(j);
  c.attach = {j.at("pid").get<int>()};
  return c;
}

}  // namespace

LaunchConfig parse_config(const std::string& text) {
  try {
    return launch_config(json::parse(text));
  } catch (const json::exception& e) {
    throw std::runtime_error(std::string("launch configuration: ") + e.what());
  }
}

LaunchConfig parse_attach(const std::string& text) {
  try {
    return attach_config(json::parse(text));
  } catch (const json::exception& e) {
    throw std::runtime_error(std::string("attach configuration: ") + e.what());
  }
}

Policy parse_policy(const std::string& text) {
  try {
    return policy_of(json::parse(text));
  } catch (const json::exception& e) {
    throw std::runtime_error(std::string("policy: ") + e.what());
  }
}

Rounding parse_rounding(const std::string& name) {
  return name == "outward" ? Rounding::outward : Rounding::padded;
}

std::string rounding_name(Rounding rounding) {
  return rounding == Rounding::padded ? "padded" : "outward";
}

Assignment assign(const LaunchConfig& config, const std::string& path, bool is_main) {
  const std::string name = path.substr(path.rfind('/') + 1);
  for (const Compartment& compartment : config.compartments)
    for (const ModuleRule& rule : compartment.modules)
      if (rule.match == "main" ? is_main : fnmatch(rule.match.c_str(), name.c_str(), 0) == 0)
        return {&compartment, &rule};
  return {};
}

}  // namespace keyhole
