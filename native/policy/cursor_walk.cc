#include "policy/cursor_walk.h"

#include <algorithm>

namespace keyhole {

std::vector<Piece> cursor_walk(PageRange whole, std::vector<Shared> shared) {
  std::stable_sort(shared.begin(), shared.end(),
                   [](const Shared& a, const Shared& b) { return a.range.start < b.range.start; });
  std::vector<Piece> pieces;
  RemoteAddr cursor = whole.start;
  for (const Shared& s : shared) {
    PageRange hole{std::max(s.range.start, cursor), std::min(s.range.end, whole.end)};
    if (hole.empty()) continue;
    if (cursor < hole.start) pieces.push_back({.range = {cursor, hole.start}});
    pieces.push_back({.range = hole, .shared = true, .rule = s.rule, .what = s.what});
    cursor = hole.end;
  }
  if (cursor < whole.end) pieces.push_back({.range = {cursor, whole.end}});
  return pieces;
}

}  // namespace keyhole
