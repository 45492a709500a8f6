#include "engine/frames.h"

#include "elf/demangle.h"

namespace keyhole {
using nlohmann::json;
namespace {

template <typename T>
json or_null(const std::optional<T>& value) {
  return value ? json(*value) : json(nullptr);
}

json place_json(Symbolizer& symbolizer, RemoteAddr at, RemoteAddr inside) {
  const SymbolInfo symbol = symbolizer.lookup(inside);
  const auto source = symbolizer.source(inside);
  const std::string behind = "+" + hex(symbol.offset + (at - inside));
  json place{
      {"address", hex(at)},
      {"module", or_null(symbol.module)},
      {"symbol", symbol.symbol ? json(*symbol.symbol + behind) : json(nullptr)},
      {"source", source ? json{{"file", source->file}, {"line", source->line}} : json(nullptr)}};
  if (const auto written = demangled(symbol.symbol.value_or("")))
    place["written"] = *written + behind;
  return place;
}

}  // namespace

const json& Places::at(RemoteAddr at, RemoteAddr inside) {
  const auto [place, is_new] = known_.try_emplace({at.v, inside.v});
  if (is_new) place->second = place_json(*space_.symbolizer, at, inside);
  return place->second;
}

json Places::backtrace(const Regs& regs, size_t most) {
  json frames = json::array();
  for (const Frame& frame : space_.symbolizer->backtrace({regs, space_.memory}, most)) {
    // A caller's address is that after its call, which may be another function or line already.
    const uint64_t back = frame.by == FoundBy::registers ? 0 : 1;
    json place = at(frame.at, {frame.at.v - back});
    place["by"] = kFoundByNames[static_cast<int>(frame.by)];
    frames.push_back(std::move(place));
  }
  return frames;
}

}  // namespace keyhole
