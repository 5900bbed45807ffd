#include "sim/engine/random.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace sim {
namespace {

// Values of the reference implementation; traces in the corpus are only as stable as these.
TEST(Random, NextIsSplitmix64) {
  Random zero(0);
  EXPECT_EQ(zero.Next(), 0xE220A8397B1DCDAFu);
  EXPECT_EQ(zero.Next(), 0x6E789E6AA1B965F4u);
  EXPECT_EQ(zero.Next(), 0x06C45D188009454Fu);
  Random other(1234567);
  EXPECT_EQ(other.Next(), 6457827717110365317u);
  EXPECT_EQ(other.Next(), 3203168211198807973u);
}

TEST(Random, MixKeepsItsValues) {
  EXPECT_EQ(Mix(0, 0), 0x0397AB29740681D9u);
  EXPECT_EQ(Mix(1, 2), 0x6871C08CBE75136Cu);
  EXPECT_EQ(Mix(2, 1), 0x57E7B069FFF1380Au);
}

TEST(Random, MixOfNeighboursGivesDifferentWords) {
  std::set<uint64_t> words;
  for (uint64_t a = 0; a < 100; ++a) {
    for (uint64_t b = 0; b < 100; ++b) words.insert(Mix(a, b));
  }
  EXPECT_EQ(words.size(), 10'000u);
}

TEST(Random, BelowOneDrawsNothing) {
  Random random(1);
  EXPECT_EQ(random.Below(1), 0u);
  EXPECT_EQ(random.Next(), Random(1).Next());
}

TEST(Random, BelowIsUniform) {
  // Chi-square against the 99.9 % quantile for bound - 1 degrees of freedom.
  struct Case {
    uint32_t bound;
    double quantile;
  };
  for (const Case& c : {Case{2, 10.83}, Case{3, 13.82}, Case{7, 22.46}, Case{16, 37.70}}) {
    Random random(c.bound);
    constexpr uint32_t kDraws = 160'000;
    std::array<uint32_t, 16> counts{};
    for (uint32_t i = 0; i < kDraws; ++i) {
      const uint32_t value = random.Below(c.bound);
      ASSERT_LT(value, c.bound);
      ++counts[value];
    }
    const double expected = double{kDraws} / c.bound;
    double chi_square = 0;
    for (uint32_t i = 0; i < c.bound; ++i) {
      const double off = counts[i] - expected;
      chi_square += off * off / expected;
    }
    EXPECT_LT(chi_square, c.quantile) << "below " << c.bound;
  }
}

TEST(Random, BelowALargeBoundFavoursNoHalf) {
  // Without redrawing, a bound of three quarters of the range would favour every third result.
  constexpr uint32_t kBound = 0xC0000000u;
  Random random(9);
  std::array<uint32_t, 3> counts{};
  for (uint32_t i = 0; i < 90'000; ++i) ++counts[random.Below(kBound) % 3];
  for (uint32_t count : counts) EXPECT_NEAR(count, 30'000, 700);
}

}  // namespace
}  // namespace sim
