// The stress program: stress_test [--minutes N] [--seed N] [options of GoogleTest]
//
// Random calls go on for N minutes; else for HEDDLE_STRESS_SECONDS, which is for ctest; else for
// two seconds. Without --seed each run draws another one, and prints it. The same seed makes the
// same draws, but real threads do not take the same turns.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <random>
#include <string_view>

#include "tests/stress/stress_options.h"

namespace core {
namespace {

StressOptions options;

constexpr int kExitUsage = 64;
constexpr double kSecondsPerMinute = 60;

template <typename Number>
std::optional<Number> Parse(std::string_view text) {
  Number number = {};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_all = error == std::errc() && end == text.data() + text.size();
  return is_all && number >= Number{} ? std::optional(number) : std::nullopt;
}

bool ReadOption(std::string_view name, std::string_view value) {
  if (name == "--minutes") {
    const auto minutes = Parse<double>(value);
    if (!minutes) return false;
    options.duration = std::chrono::duration<double>(*minutes * kSecondsPerMinute);
    return true;
  }
  const auto seed = Parse<uint32_t>(value);
  if (name != "--seed" || !seed) return false;
  options.seed = *seed;
  return true;
}

bool ReadOptions(int argc, char** argv) {
  options.seed = std::random_device()();
  if (const char* text = std::getenv("HEDDLE_STRESS_SECONDS")) {
    const auto seconds = Parse<double>(text);
    if (!seconds) return false;
    options.duration = std::chrono::duration<double>(*seconds);
  }
  for (int i = 1; i < argc; i += 2) {
    if (i + 1 == argc || !ReadOption(argv[i], argv[i + 1])) return false;
  }
  return true;
}

}  // namespace

const StressOptions& GetStressOptions() {
  return options;
}

}  // namespace core

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);  // Takes its own options away.
  if (!core::ReadOptions(argc, argv)) {
    fmt::print(stderr, "usage: {} [--minutes N] [--seed N] [options of GoogleTest]\n", argv[0]);
    return core::kExitUsage;
  }
  return RUN_ALL_TESTS();
}
