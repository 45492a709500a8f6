// The strong types of the engine. Bottom layer: standard library only.
#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace keyhole {

inline constexpr uint64_t kPage = 4096;
inline constexpr int kKeyCount = 16;

// clang-tidy 14 takes the comparisons of a defaulted <=> for null pointers.
// NOLINTBEGIN(modernize-use-nullptr)

/// An address in the tracee; never dereferenced here.
struct RemoteAddr {
  uint64_t v = 0;
  constexpr auto operator<=>(const RemoteAddr&) const = default;
  constexpr RemoteAddr operator+(uint64_t n) const { return {v + n}; }
  constexpr RemoteAddr operator-(uint64_t n) const { return {v - n}; }
  constexpr uint64_t operator-(RemoteAddr o) const { return v - o.v; }
  constexpr RemoteAddr floor() const { return {v & ~(kPage - 1)}; }
  constexpr RemoteAddr ceil() const { return {(v + kPage - 1) & ~(kPage - 1)}; }
  constexpr bool page_aligned() const { return (v & (kPage - 1)) == 0; }
  constexpr explicit operator bool() const { return v != 0; }
};

/// What the tracee runs on. The AArch64 planner is the unchanged behaviour of IA2 (rules A1 to A3).
enum class Arch : uint8_t { x86_64, aarch64 };

/// Half-open range of addresses; page-aligned at both ends wherever it names pages.
struct PageRange {
  RemoteAddr start, end;
  constexpr auto operator<=>(const PageRange&) const = default;
  constexpr bool empty() const { return end <= start; }
  constexpr uint64_t size() const { return empty() ? 0 : end - start; }
  constexpr bool contains(RemoteAddr a) const { return start <= a && a < end; }
  constexpr bool overlaps(PageRange o) const { return start < o.end && o.start < end; }
  /// The pages that hold at least one byte of the range.
  constexpr PageRange outward() const {
    return empty() ? PageRange{start.floor(), start.floor()} : PageRange{start.floor(), end.ceil()};
  }
};

/// A protection key, 0 to 15; 0 is shared.
struct Key {
  uint8_t v = 0;
  constexpr auto operator<=>(const Key&) const = default;
};

/// Kernel thread id.
struct Tid {
  int v = 0;
  constexpr auto operator<=>(const Tid&) const = default;
};

/// Page protection bits, the same values as PROT_READ, PROT_WRITE, PROT_EXEC.
struct Prot {
  uint8_t v = 0;
  constexpr auto operator<=>(const Prot&) const = default;
  constexpr bool r() const { return v & 1; }
  constexpr bool w() const { return v & 2; }
  constexpr bool x() const { return v & 4; }
};
inline constexpr Prot kProtRW{3};

/// A rights value: two bits a key, bit 0 denies access, bit 1 denies writes (Intel SDM vol.
/// 3, 4.6.2).
struct Pkru {
  uint32_t v = 0;
  constexpr auto operator<=>(const Pkru&) const = default;
  constexpr bool may_read(Key k) const { return !(v >> (2 * k.v) & 1); }
  constexpr bool may_write(Key k) const { return !(v >> (2 * k.v) & 3); }
  /// Rights with keys 0 and `k` open and all others closed.
  static constexpr Pkru only(Key k) { return {~((3u << (2 * k.v)) | 3u)}; }
  /// The rights with one key wholly opened or closed.
  constexpr Pkru with(Key k, bool open) const {
    uint32_t bits = 3u << (2 * k.v);
    return {open ? v & ~bits : v | bits};
  }
};
/// What a new process starts with: key 0 open, the others closed for access (Linux init_pkru).
inline constexpr Pkru kInitPkru{0x55555554};

// NOLINTEND(modernize-use-nullptr)

/// Why a page got its key; the order is the wire format (core/contract/events.ts).
enum class Rule : uint8_t {
  none,
  R4,
  R5,
  R6,
  R10,
  A2,
  S1,
  S2,
  dtv,
  below_tcb,
  rseq,
  pthread,
  symbol,
  T1,
  T2,
  T3,
  T4,
  T5,
  T6,
  undo,
  manual,
};

/// One step of a plan: the pages and the key they are to get.
struct TagOp {
  PageRange range;
  Key key;
  Rule rule = Rule::none;
  bool operator==(const TagOp&) const = default;
};

/// The program's compartments as a planner sees rights: `k` when only keys 0 and k are open
/// (policy, T6).
std::optional<Key> compartment_of(Pkru rights);
/// `R4`, `below-tcb`, …: the name on the wire.
std::string rule_name(Rule rule);
/// The rule that has this name on the wire, if any has.
std::optional<Rule> rule_from_name(std::string_view name);
/// How many rules the wire knows; `Rule` values run from 0 to this, exclusive.
inline constexpr int kRuleCount = static_cast<int>(Rule::manual) + 1;
/// A rights value in words: "keys 0 and 1 open", "keys 0 and 1 open, key 3 read-only".
std::string rights_words(Pkru rights);
/// `0x…`, the one way an address is written.
std::string hex(uint64_t value);
inline std::string hex(RemoteAddr addr) { return hex(addr.v); }

}  // namespace keyhole
