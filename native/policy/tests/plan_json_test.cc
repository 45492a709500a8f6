// The JSON face of plan_tls: answers, and errors that name their field.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "policy/plan_json.h"

using nlohmann::json;

namespace {

json input() {
  return json::parse(R"({"arch": "x86_64", "start": "0x10000", "memsz": 20480, "key": 1,
    "tp": "0x14040", "slot": "0x12000", "startup": true,
    "policy": {"name": "split", "tag": true, "carveOuts": ["slot", "tcb"], "maxCarveOuts": 2,
               "startupTcb": true}})");
}

json ask(const json& object) { return json::parse(keyhole::plan_tls_json(object.dump())); }

/// The error for the input with one field replaced.
std::string error_with(const std::string& pointer, const json& value) {
  json object = input();
  object[json::json_pointer(pointer)] = value;
  return ask(object).value("error", "no error");
}

std::string error_without(const std::string& field) {
  json object = input();
  object.erase(field);
  return ask(object).value("error", "no error");
}

}  // namespace

TEST_CASE("plan_tls_json answers with the ops in order") {
  CHECK(keyhole::plan_tls_json(input().dump()) ==
        R"({"ops":[{"start":"0x10000","end":"0x12000","key":1,"rule":"R4"},)"
        R"({"start":"0x12000","end":"0x13000","key":0,"rule":"R5"},)"
        R"({"start":"0x13000","end":"0x14000","key":1,"rule":"R4"},)"
        R"({"start":"0x14000","end":"0x15000","key":0,"rule":"R6"}]})");
}

TEST_CASE("plan_tls_json takes numbers as numbers, in 0x… and in decimal") {
  json expected = ask(input());
  json object = input();
  object["start"] = 0x10000;
  object["memsz"] = "20480";
  object["tp"] = "81984";
  object["slot"] = 0x12000;
  CHECK(ask(object) == expected);
}

TEST_CASE("plan_tls_json: policy fields have the contract's defaults") {
  json object = input();
  object["policy"] = {{"name", "bare"}};
  CHECK(ask(object)["ops"].size() == 1);
  object["policy"]["tag"] = false;
  CHECK(ask(object) == json{{"ops", json::array()}});
}

TEST_CASE("plan_tls_json: null slot, rounding, architecture") {
  json object = input();
  object["slot"] = nullptr;
  object["memsz"] = 0x4100;
  CHECK(ask(object)["ops"].size() == 1);
  object["rounding"] = "padded";
  CHECK(ask(object)["ops"].size() == 1);
  object["rounding"] = "outward";
  CHECK(ask(object)["ops"].size() == 2);
  object["arch"] = "aarch64";
  CHECK(ask(object)["ops"][0]["rule"] == "A2");
}

TEST_CASE("plan_tls_json: the optional facts resolve their carve-outs") {
  json object = input();
  object["policy"]["carveOuts"] = {"dtv", "rseq", "pthread", "symbol:libc.so.6:errno"};
  object["policy"]["maxCarveOuts"] = 9;
  CHECK(ask(object)["error"] ==
        "carve-out dtv cannot be resolved: the thread's DTV is not known (dtv)");
  object["dtv"] = "0x10010";
  object["rseq"] = {{"start", "0x11060"}, {"end", "0x11080"}};
  object["descriptor"] = {{"start", "0x12040"}, {"end", "0x12940"}};
  object["symbols"] = {{"libc.so.6:errno", "0x13000"}};
  json ops = ask(object)["ops"];
  REQUIRE(ops.size() == 5);
  CHECK(ops[3]["rule"] == "symbol");
}

TEST_CASE("plan_tls_json: an error of the plan ends with its rule") {
  CHECK(error_with("/memsz", 5) == "TLS segment of the module is not padded (R2)");
  CHECK(error_with("/module", "libx.so") == "no error");
  CHECK(error_with("/slot", 0x12008) == "the stack-pointer slot 0x12008 is not page-aligned (R3)");
  CHECK(error_with("/key", 2).ends_with("(R5)"));
  CHECK(error_with("/policy/maxCarveOuts", 1).ends_with("(R7)"));
}

TEST_CASE("plan_tls_json: an error of the input names the field and what is allowed") {
  CHECK(error_with("/arch", "mips") == "arch: must be x86_64 or aarch64");
  CHECK(error_with("/start", "twelve") ==
        "start: must be a whole number, or a string in 0x… or decimal");
  for (const json& bad : {json("0x"), json(""), json("-1"), json(-1), json(1.5), json("0x1g"),
                          json("1 "), json("99999999999999999999"), json(nullptr), json::array()}) {
    CHECK(error_with("/memsz", bad).starts_with("memsz: must be a whole number"));
  }
  CHECK(error_with("/key", 0) == "key: must be a whole number from 1 to 15");
  CHECK(error_with("/key", 16) == "key: must be a whole number from 1 to 15");
  CHECK(error_with("/key", "1") == "key: must be a whole number from 1 to 15");
  CHECK(error_with("/startup", 1) == "startup: must be true or false");
  CHECK(error_with("/rounding", "up") == "rounding: must be padded or outward");
  CHECK(error_with("/policy", "split") == "policy: must be a JSON object");
  CHECK(error_with("/policy/name", "") == "policy.name: must be a name");
  CHECK(error_with("/policy/tag", "yes") == "policy.tag: must be true or false");
  CHECK(error_with("/policy/maxCarveOuts", 129) ==
        "policy.maxCarveOuts: must be a whole number from 0 to 128");
  CHECK(error_with("/policy/carveOuts", "slot").starts_with("policy.carveOuts: must be a list of"));
  CHECK(error_with("/policy/carveOuts/0", "below-tcb:0").ends_with("got \"below-tcb:0\""));
  CHECK(error_with("/policy/colour", 1).starts_with("policy.colour: is not a field; allowed are "));
  CHECK(error_with("/colour", 1).starts_with("colour: is not a field; allowed are arch, "));
  CHECK(error_with("/rseq", json{{"start", 5}}).starts_with("rseq.end: is missing"));
  CHECK(error_with("/rseq", json{{"start", 5}, {"end", 4}}).starts_with("rseq: must be a range"));
  CHECK(error_with("/symbols", json{{"a:b", "x"}}).starts_with("symbols: must be an object"));
  for (const char* field : {"arch", "start", "memsz", "key", "tp", "slot", "startup", "policy"}) {
    CHECK(error_without(field).starts_with(std::string(field) + ": is missing; must be "));
  }
}

TEST_CASE("plan_tls_json answers any line") {
  for (const char* line : {"", "{", "null", "[]", "3", "\"\xff\"", "{\"arch\":\"\xff\xfe\"}",
                           "{\"arch\":{\"arch\":{}}}"}) {
    json answer = json::parse(keyhole::plan_tls_json(line));
    CHECK(answer.contains("error"));
  }
  CHECK(json::parse(keyhole::plan_tls_json("[]"))["error"] == "the input: must be a JSON object");
  std::string deep(100000, '[');
  CHECK(json::parse(keyhole::plan_tls_json(deep)).contains("error"));
}

TEST_CASE("a carve-out nested a million deep is an error, not the end of the stack") {
  const std::string before = R"({"arch":"x86_64","start":1,"memsz":1,"key":1,"tp":1,"slot":null,)"
                             R"("startup":true,"policy":{"name":"x","carveOuts":[)";
  const size_t depth = 1'000'000;
  const std::string line = before + std::string(depth, '[') + std::string(depth, ']') + "]}}";
  const std::string error = json::parse(keyhole::plan_tls_json(line)).value("error", "");
  CHECK(error.find("policy.carveOuts") != std::string::npos);
  CHECK(error.find("got array") != std::string::npos);
}
