#include "policy/tests/strip.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace keyhole::testing {

namespace {

constexpr uint64_t kBase = 0x100000;
constexpr uint64_t kColumn = 0x400;
constexpr size_t kNameWidth = 16;
constexpr char kKeyLetters[] = "SABCDEFGHJKLMNPR";  // core/contract/ids.ts

std::string trim(const std::string& text) {
  size_t first = text.find_first_not_of(' ');
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

[[noreturn]] void cannot_read(const std::string& line) {
  throw std::runtime_error("cannot read the line: " + line);
}

/// From the first mark to behind the last one.
PageRange marked(const std::string& cells) {
  size_t first = cells.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  size_t last = cells.find_last_not_of(' ');
  return {RemoteAddr{kBase + first * kColumn}, RemoteAddr{kBase + (last + 1) * kColumn}};
}

Prot prot_of(const std::string& letters) {
  uint8_t bits = 0;
  for (size_t i = 0; i < 3 && i < letters.size(); ++i) bits |= letters[i] != '-' ? 1 << i : 0;
  return Prot{bits};
}

void take_row(Strip& strip, const std::string& name, const std::string& cells) {
  PageRange range = marked(cells);
  if (name.empty()) {
    strip.page_count = cells.size() * kColumn / kPage;
  } else if (name == "block") {
    strip.tls.start = range.start;
    strip.tls.memsz = range.size();
  } else if (name == "slot") {
    strip.tls.slot = range.start;
  } else if (name == "tp") {
    strip.tls.tp = range.start;
  } else if (name == "dtv") {
    strip.tls.dtv = range.start;
  } else if (name == "rseq") {
    strip.tls.rseq = range;
  } else if (name == "pthread") {
    strip.tls.descriptor = range;
  } else if (name.starts_with("symbol:")) {
    strip.tls.symbols.emplace_back(name.substr(7), range.start);
  } else if (name.starts_with("load ")) {
    strip.segments = true;
    strip.module.loads.push_back({range.start, range.size(), prot_of(name.substr(5))});
  } else if (name == "relro") {
    strip.module.relro = range;
  } else if (name == "shared") {
    strip.module.shared_start = range.start;
    strip.module.shared_stop = range.end;
  } else {
    cannot_read(name);
  }
}

void take_setting(Strip& strip, const std::string& word, const std::string& value) {
  if (word == "arch") {
    strip.tls.arch = value == "aarch64" ? Arch::aarch64 : Arch::x86_64;
  } else if (word == "key") {
    strip.tls.key = strip.module.key = Key{static_cast<uint8_t>(std::stoi(value))};
  } else if (word == "when") {
    strip.tls.startup = value == "startup";
  } else if (word == "rounding") {
    strip.rounding = value == "outward" ? Rounding::outward : Rounding::padded;
  } else if (word == "bound") {
    strip.policy.max_carve_outs = std::stoi(value);
  } else if (word == "carve-outs") {
    std::istringstream rules(value);
    for (std::string rule; rules >> rule && rule != "none";) {
      auto parsed = parse_carve_out(rule);
      if (!parsed) cannot_read(rule);
      strip.policy.carve_outs.push_back(*parsed);
    }
  } else {
    cannot_read(word);
  }
}

std::string draw(const Strip& strip, const std::vector<TagOp>& ops,
                 const std::vector<LeftShared>& left) {
  std::string text(kNameWidth, ' ');
  for (size_t i = 0; i < strip.page_count; ++i) {
    RemoteAddr page{kBase + i * kPage};
    char letter = '.';
    for (const TagOp& op : ops) {
      if (op.range.contains(page)) letter = kKeyLetters[op.key.v];
    }
    for (const LeftShared& s : left) {
      if (s.range.contains(page)) letter = 's';
    }
    text += "|" + std::string(kPage / kColumn, letter);
  }
  text += "|\n";
  for (const TagOp& op : ops) {
    text += hex(op.range.start) + "-" + hex(op.range.end) + " key " + std::to_string(op.key.v) +
            " " + rule_name(op.rule) + "\n";
  }
  for (const LeftShared& s : left) {
    text += hex(s.range.start) + "-" + hex(s.range.end) + " left shared S2 " + s.what + "\n";
  }
  return text;
}

std::string draw_error(const PlanError& error) {
  return "error " + error.rule + ": " + error.text + "\n";
}

}  // namespace

Strip read_strip(const std::string& text) {
  Strip strip;
  strip.tls.module = strip.module.module = "m.so";
  strip.policy.name = "drawn";
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#') continue;
    size_t bar = line.find('|');
    if (bar != std::string::npos) {
      std::string cells = line.substr(bar);
      std::erase(cells, '|');
      take_row(strip, trim(line.substr(0, bar)), cells);
      continue;
    }
    size_t colon = line.find(':');
    if (colon == std::string::npos) cannot_read(line);
    take_setting(strip, line.substr(0, colon), trim(line.substr(colon + 1)));
  }
  return strip;
}

std::string draw_plan(const Strip& strip) {
  if (strip.segments) {
    auto plan = plan_segments(strip.module);
    return plan ? draw(strip, plan->ops, plan->shared) : draw_error(plan.error());
  }
  auto plan = plan_tls(strip.tls, strip.policy, strip.rounding);
  return plan ? draw(strip, *plan, {}) : draw_error(plan.error());
}

}  // namespace keyhole::testing
