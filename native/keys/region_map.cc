#include "keys/region_map.h"

#include <algorithm>

namespace keyhole {

void RegionMap::cut(RemoteAddr at) {
  auto it = map_.upper_bound(at);
  if (it == map_.begin()) return;
  --it;
  if (it->first == at || it->second.first <= at) return;
  map_.emplace(at, it->second);
  pieces_[it->second.second.key.v]++;
  it->second.first = at;
}

void RegionMap::join(PageRange around) {
  auto it = map_.lower_bound(around.start);
  if (it != map_.begin()) --it;
  while (it != map_.end() && it->first <= around.end) {
    auto next = std::next(it);
    if (next != map_.end() && it->second.first == next->first &&
        it->second.second == next->second.second) {
      it->second.first = next->second.first;
      pieces_[next->second.second.key.v]--;
      map_.erase(next);
    } else {
      it = next;
    }
  }
}

void RegionMap::erase(PageRange range) {
  if (range.empty()) return;
  cut(range.start);
  cut(range.end);
  const auto first = map_.lower_bound(range.start), last = map_.lower_bound(range.end);
  for (auto it = first; it != last; ++it) pieces_[it->second.second.key.v]--;
  map_.erase(first, last);
  generation_++;
}

void RegionMap::set(PageRange range, const Region& region) {
  if (range.empty()) return;
  erase(range);
  map_.emplace(range.start, std::pair{range.end, region});
  pieces_[region.key.v]++;
  join(range);
}

std::optional<std::pair<PageRange, Region>> RegionMap::find(RemoteAddr at) const {
  auto it = map_.upper_bound(at);
  if (it == map_.begin()) return {};
  --it;
  if (it->second.first <= at) return {};
  return std::pair{PageRange{it->first, it->second.first}, it->second.second};
}

uint16_t RegionMap::keys() const {
  uint16_t keys = 1;
  for (uint8_t k = 1; k < kKeyCount; k++)
    if (pieces_[k] != 0) keys = static_cast<uint16_t>(keys | 1u << k);
  return keys;
}

bool RegionMap::covers(PageRange range) const {
  RemoteAddr at = range.start;
  each(range, [&](PageRange piece, const Region&) {
    if (piece.start == at) at = piece.end;
  });
  return at >= range.end;
}

bool RegionMap::may_have_grown(RemoteAddr at) const {
  const auto above = map_.upper_bound(at);
  return above != map_.end() && above->second.second.grows && !find(at);
}

bool RegionMap::grows_with_key() const {
  return std::any_of(map_.begin(), map_.end(), [](const auto& entry) {
    return entry.second.second.grows && entry.second.second.key.v != 0;
  });
}

}  // namespace keyhole
