// The engine's picture of one address space: what the program asked for. What is in force follows
// from it and from the active regime (regime.h); it is never stored.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <optional>

#include "policy/types.h"

namespace keyhole {

/// What is true of every page of a range.
struct Region {
  Prot prot;                    ///< as the program sees it
  Key key;                      ///< 0 = shared
  uint8_t gate = 0;             ///< key of the compartment that alone may run this code; 0 = anyone
  bool tagged = false;          ///< ever by pkey_mprotect
  bool protected_once = false;  ///< ever by mprotect or pkey_mprotect
  bool stack = false;           ///< MAP_STACK or [stack] (T6)
  bool grows = false;           ///< downwards, by itself: MAP_GROWSDOWN or [stack]
  bool ours = false;            ///< the stub's pages: the same under every regime
  uint32_t name = 0;            ///< index into the space's names
  bool operator==(const Region&) const = default;
};

/// Ordered, disjoint ranges; equal neighbours are one.
class RegionMap {
 public:
  using Map = std::map<RemoteAddr, std::pair<RemoteAddr, Region>>;

  void set(PageRange range, const Region& region);
  void erase(PageRange range);
  /// The region at `at` and the range it stands for.
  std::optional<std::pair<PageRange, Region>> find(RemoteAddr at) const;

  /// Calls `change(Region&)` for every mapped piece of `range`, split at its edges.
  template <typename F>
  void update(PageRange range, F change) {
    cut(range.start);
    cut(range.end);
    for (auto it = map_.lower_bound(range.start); it != map_.end() && it->first < range.end; ++it) {
      Region& region = it->second.second;
      pieces_[region.key.v]--;
      change(region);
      pieces_[region.key.v]++;
    }
    join(range);
    generation_++;
  }

  /// Calls `see(PageRange, const Region&)` for every mapped piece of `range`, clipped to it.
  template <typename F>
  void each(PageRange range, F see) const {
    auto it = map_.upper_bound(range.start);
    if (it != map_.begin()) --it;
    for (; it != map_.end() && it->first < range.end; ++it) {
      const PageRange piece{std::max(it->first, range.start),
                            std::min(it->second.first, range.end)};
      if (!piece.empty()) see(piece, it->second.second);
    }
  }

  /// Grows with every change, so that what was derived from the map can be kept until then.
  uint64_t generation() const { return generation_; }
  size_t size() const { return map_.size(); }
  /// The keys that some page has, bit k for key k; key 0 always.
  uint16_t keys() const;
  bool covers(PageRange range) const;
  /// Whether `at` is free and what lies above it grows downwards: the kernel may have given it by
  /// now.
  bool may_have_grown(RemoteAddr at) const;
  /// Whether a page that grows has a key of its own.
  bool grows_with_key() const;
  static constexpr PageRange everything() { return {{0}, {~0ull}}; }

 private:
  void cut(RemoteAddr at);
  void join(PageRange around);
  Map map_;
  std::array<uint32_t, kKeyCount> pieces_{};  ///< entries of each key
  uint64_t generation_ = 0;
};

}  // namespace keyhole
