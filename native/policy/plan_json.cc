#include "policy/plan_json.h"

#include "policy/json_fields.h"
#include "policy/plan_tls.h"

namespace keyhole {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;  // answers keep the order of their fields

/// Only a text is shown as it is: writing out what is nested costs stack by its depth.
std::string but_got(const std::string& allowed, const json& rule) {
  return allowed + "; got " + (rule.is_string() ? rule.dump() : rule.type_name());
}

/// Fields and defaults of policySchema in core/contract/policies.ts.
Policy read_policy(const json& value) {
  JsonFields fields(value, "policy.");
  Policy policy;
  policy.name = fields.take_text("name", "a name");
  if (fields.present("tag")) policy.tag = fields.take_bool("tag");
  if (fields.present("startupTcb")) policy.startup_tcb = fields.take_bool("startupTcb");
  if (fields.present("maxCarveOuts")) {
    policy.max_carve_outs = fields.take_int("maxCarveOuts", 0, 128);
  }
  if (fields.present("carveOuts")) {
    std::string allowed = "a list of " + std::string(kCarveOutForms);
    const json& rules = fields.take("carveOuts", allowed);
    if (!rules.is_array()) fields.fail("carveOuts", allowed);
    for (const json& rule : rules) {
      auto parsed = rule.is_string() ? parse_carve_out(rule.get_ref<const std::string&>())
                                     : std::optional<CarveOutRule>{};
      if (!parsed) fields.fail("carveOuts", but_got(allowed, rule));
      policy.carve_outs.push_back(*parsed);
    }
  }
  fields.finish();
  return policy;
}

void read_symbols(JsonFields& fields, TlsInput& input) {
  const std::string allowed = "an object of \"MODULE:NAME\": address";
  const json& symbols = fields.take("symbols", allowed);
  if (!symbols.is_object()) fields.fail("symbols", allowed);
  for (const auto& [name, value] : symbols.items()) {
    auto addr = u64_of(value);
    if (!addr) fields.fail("symbols", allowed);
    input.symbols.emplace_back(name, RemoteAddr{*addr});
  }
}

TlsInput read_input(JsonFields& fields) {
  TlsInput input;
  bool arm = fields.take_choice("arch", {"x86_64", "aarch64"}) == "aarch64";
  input.arch = arm ? Arch::aarch64 : Arch::x86_64;
  input.module = fields.present("module") ? fields.take_text("module", "a name") : "the module";
  input.start = RemoteAddr{fields.take_u64("start")};
  input.memsz = fields.take_u64("memsz");
  input.key = Key{static_cast<uint8_t>(fields.take_int("key", 1, kKeyCount - 1))};
  input.tp = RemoteAddr{fields.take_u64("tp")};
  fields.take("slot", "an address or null");
  if (fields.present("slot")) input.slot = RemoteAddr{fields.take_u64("slot")};
  input.startup = fields.take_bool("startup");
  if (fields.present("dtv")) input.dtv = RemoteAddr{fields.take_u64("dtv")};
  if (fields.present("rseq")) input.rseq = fields.take_range("rseq");
  if (fields.present("descriptor")) input.descriptor = fields.take_range("descriptor");
  if (fields.present("symbols")) read_symbols(fields, input);
  return input;
}

ordered_json answer(const std::string& line) {
  json object = json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (object.is_discarded()) return {{"error", "the input: is not valid JSON"}};
  JsonFields fields(object, "");
  TlsInput input = read_input(fields);
  Policy policy = read_policy(fields.take("policy", "a policy object"));
  Rounding rounding = Rounding::padded;
  if (fields.present("rounding") &&
      fields.take_choice("rounding", {"padded", "outward"}) == "outward") {
    rounding = Rounding::outward;
  }
  fields.finish();

  auto plan = plan_tls(input, policy, rounding);
  if (!plan) return {{"error", plan.error().text + " (" + plan.error().rule + ")"}};
  ordered_json ops = ordered_json::array();
  for (const TagOp& op : *plan) {
    ops.push_back({{"start", hex(op.range.start)},
                   {"end", hex(op.range.end)},
                   {"key", op.key.v},
                   {"rule", rule_name(op.rule)}});
  }
  return {{"ops", std::move(ops)}};
}

std::string one_line(const ordered_json& value) {
  // Bytes of the input that are not UTF-8 come back in an error as U+FFFD.
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

std::string plan_tls_json(const std::string& line) {
  try {
    return one_line(answer(line));
  } catch (const FieldError& error) {
    return one_line({{"error", error.text}});
  } catch (const std::exception& error) {
    return one_line({{"error", std::string("the input: ") + error.what()}});
  }
}

}  // namespace keyhole
