// The region map against a page array, and regimes by hand.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <optional>
#include <random>
#include <vector>

#include "keys/backend.h"
#include "keys/compare.h"
#include "keys/regime.h"

using namespace keyhole;

namespace {
constexpr size_t kPages = 64;
PageRange pages(size_t from, size_t to) { return {{from * kPage}, {to * kPage}}; }
}  // namespace

TEST_CASE("property: the region map is a page array") {
  std::mt19937 random(671);
  for (int round = 0; round < 300; round++) {
    RegionMap map;
    std::vector<std::optional<Region>> naive(kPages);
    for (int step = 0; step < 60; step++) {
      const size_t from = random() % kPages, to = from + 1 + random() % (kPages - from);
      const Region region{.prot = {static_cast<uint8_t>(random() % 8)},
                          .key = {static_cast<uint8_t>(random() % 3)}};
      switch (random() % 3) {
        case 0:
          map.set(pages(from, to), region);
          for (size_t i = from; i < to; i++) naive[i] = region;
          break;
        case 1:
          map.erase(pages(from, to));
          for (size_t i = from; i < to; i++) naive[i].reset();
          break;
        default:
          map.update(pages(from, to), [&](Region& r) { r.key = region.key; });
          for (size_t i = from; i < to; i++)
            if (naive[i]) naive[i]->key = region.key;
      }
    }
    size_t runs = 0;
    uint16_t keys = 1;
    for (size_t i = 0; i < kPages; i++) {
      if (naive[i]) keys = static_cast<uint16_t>(keys | 1u << naive[i]->key.v);
      const auto found = map.find({i * kPage});
      REQUIRE(found.has_value() == naive[i].has_value());
      if (found) REQUIRE(found->second == *naive[i]);
      if (naive[i] && (i == 0 || naive[i - 1] != naive[i])) runs++;
    }
    REQUIRE(map.size() == runs);  // equal neighbours are one
    REQUIRE(map.keys() == keys);
  }
}

TEST_CASE("a regime takes away what the rights deny and nothing else") {
  const RegimeRules emulated{KeysMode::emulated, false};
  const Regime one{Pkru::only({1}), 1};
  CHECK(real_prot({.prot = kProtRW, .key = {1}}, one, emulated) == kProtRW);
  CHECK(real_prot({.prot = kProtRW, .key = {0}}, one, emulated) == kProtRW);
  CHECK(real_prot({.prot = kProtRW, .key = {2}}, one, emulated).v == 0);
  CHECK(real_prot({.prot = {5}, .key = {2}}, one, emulated).v ==
        5);                          // executable is readable without PKU
  const Regime read_only{{0x8}, 0};  // key 1: writes denied
  CHECK(real_prot({.prot = kProtRW, .key = {1}}, read_only, emulated).v == 1);
  CHECK(real_prot({.prot = kProtRW, .key = {2}}, one, {KeysMode::hardware, false}) == kProtRW);
}

TEST_CASE("a virtual gate closes other compartments' code only") {
  const RegimeRules gates{KeysMode::emulated, true};
  const Region code{.prot = {5}, .gate = 2};
  CHECK(real_prot(code, {Pkru::only({1}), 1}, gates).v == 1);
  CHECK(real_prot(code, {Pkru::only({2}), 2}, gates).v == 5);
  CHECK(real_prot({.prot = {5}}, {Pkru::only({1}), 1}, gates).v == 5);
}

TEST_CASE("steps between regimes join neighbours and name only what changes") {
  const RegimeRules rules{KeysMode::emulated, false};
  RegionMap map;
  map.set(pages(0, 2), {.prot = kProtRW, .key = {1}});
  map.set(pages(2, 4), {.prot = kProtRW, .key = {1}, .tagged = true});
  map.set(pages(4, 6), {.prot = kProtRW});
  map.set(pages(6, 8), {.prot = {1}, .key = {1}});
  const auto steps = steps_between(map, RegionMap::everything(), {{Pkru::only({1}), 1}, rules},
                                   {{Pkru::only({2}), 2}, rules});
  REQUIRE(steps.size() == 2);
  CHECK(steps[0].range == pages(0, 4));
  CHECK(steps[0].prot.v == 0);
  CHECK(steps[1].range == pages(6, 8));
}

TEST_CASE("two rights values are one regime when no page has the keys they differ in") {
  const RegimeRules rules{KeysMode::emulated, false};
  CHECK(same_protections({Pkru::only({1}), 0}, {Pkru::only({2}), 0}, 0b1, rules));
  CHECK_FALSE(same_protections({Pkru::only({1}), 0}, {Pkru::only({2}), 0}, 0b11, rules));
  CHECK_FALSE(same_protections({kInitPkru, 1}, {kInitPkru, 2}, 0b1, {KeysMode::emulated, true}));
}

TEST_CASE("hardware keys are the kernel's, emulated ones are regimes") {
  const auto hardware = make_backend(KeysMode::hardware);
  const auto emulated = make_backend(KeysMode::emulated);
  CHECK(hardware->tag(pages(1, 2), kProtRW, {3}).size() == 1);
  CHECK(hardware->tag(pages(1, 2), kProtRW, {3})[0].args[3] == 3);
  CHECK(emulated->tag(pages(1, 2), kProtRW, {3}).empty());
  CHECK(emulated->rights({1}, Pkru{7}) == Pkru{7});
  CHECK_FALSE(emulated->rights({1}, {}).has_value());
}

TEST_CASE(
    "the map against the kernel's list: what is unknown, gone, another file's, or protected "
    "or tagged otherwise") {
  const std::vector<std::string> names{"", "/lib/a.so"};
  RegionMap map;
  map.set(pages(1, 5), {.prot = kProtRW, .key = {2}});
  map.set(pages(6, 8), {.prot = {5}, .name = 1});
  const Enforced in_force{{}, {KeysMode::hardware, false}};
  const auto kinds = [&](const std::vector<Mapping>& kernel) {
    std::vector<std::pair<Difference::Kind, PageRange>> out;
    for (const Difference& d : differences(map, names, in_force, kernel))
      out.push_back({d.kind, d.range});
    return out;
  };
  using enum Difference::Kind;
  using Kinds = decltype(kinds({}));
  const Mapping data{.range = pages(1, 5), .prot = kProtRW, .name = {}, .key = Key{2}};
  const Mapping code{
      .range = pages(6, 8), .prot = {5}, .name = "/lib/a.so (deleted)", .key = Key{0}};
  CHECK(kinds({data, code}).empty());
  CHECK(kinds({data}) == Kinds{{gone, pages(6, 8)}});
  Mapping wrong_key = data, without_key = data, wrong_both = data, other_file = code, wider = code;
  wrong_key.key = Key{3};
  CHECK(kinds({wrong_key, code}) == Kinds{{key, pages(1, 5)}});
  const auto told = differences(map, names, in_force, {wrong_key, code});
  CHECK(told[0].text == "the kernel has key 3 where the map says key 2");
  without_key.key.reset();
  CHECK(kinds({without_key, code}).empty());
  wrong_both.key = Key{0};
  wrong_both.prot = {1};
  CHECK(kinds({wrong_both, code}) == Kinds{{prot, pages(1, 5)}, {key, pages(1, 5)}});
  other_file.name = "/lib/b.so";
  CHECK(kinds({data, other_file}) == Kinds{{name, pages(6, 8)}});
  wider.range = pages(5, 9);
  CHECK(kinds({data, wider}) == Kinds{{unknown, pages(5, 6)}, {unknown, pages(8, 9)}});
  // One mapping of the kernel's whose first half alone has the key that the map says.
  map.update(pages(3, 5), [](Region& region) { region.key = {4}; });
  CHECK(kinds({data, code}) == Kinds{{key, pages(3, 5)}});
}
