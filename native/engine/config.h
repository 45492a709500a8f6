// What the engine is told to run: the JSON of EngineLaunch (core/contract/launch.ts), already
// complete and checked.
#pragma once
#include <string>
#include <vector>

#include "keys/regime.h"
#include "policy/policy.h"

namespace keyhole {

struct ModuleRule {
  std::string match;  ///< fnmatch(3) pattern of the file name, or `main`
  bool own_code = true;
  bool tag_segments = true, tag_tls = true;
};

struct Compartment {
  Key key;
  std::string name;
  std::vector<ModuleRule> modules;
};

enum class KeysChoice : uint8_t { automatic, hardware, emulated };
enum class OnFault : uint8_t { deliver, stop, step_over };
enum class TracerMode : uint8_t { off, record, enforce };

struct LaunchConfig {
  std::string program, cwd, helper;
  std::vector<std::string> args, env;
  KeysChoice keys = KeysChoice::automatic;
  bool virtual_gates = false;
  std::vector<Compartment> compartments;
  Policy policy;
  Rounding rounding = Rounding::padded;
  OnFault on_fault = OnFault::deliver;
  TracerMode tracer = TracerMode::off;
  bool rseq_off = false;
  bool inherit_stdin = false;
  std::vector<std::string> pause_on;
  bool verify = false;  ///< debug mode: hold the region map to the kernel's at every stop
  Tid attach{};         ///< attach to this process instead of starting a program
};

/// Throws std::runtime_error naming the field.
LaunchConfig parse_config(const std::string& json);
/// The JSON of EngineAttach (core/contract/launch.ts).
LaunchConfig parse_attach(const std::string& json);
/// A policy object as in core/contract/policies.ts.
Policy parse_policy(const std::string& json);
std::string rounding_name(Rounding rounding);
Rounding parse_rounding(const std::string& name);

/// The rule that a module falls under, and its compartment; null when it falls under none.
struct Assignment {
  const Compartment* compartment = nullptr;
  const ModuleRule* rule = nullptr;
};
Assignment assign(const LaunchConfig& config, const std::string& path, bool is_main);

}  // namespace keyhole
