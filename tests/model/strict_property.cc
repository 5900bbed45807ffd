#include "tests/model/strict_property.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/detail/Configuration.h>
#include <rapidcheck/detail/TestListenerAdapter.h>
#include <rapidcheck/detail/TestMetadata.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <utility>
#include <vector>

#include "model/names.h"

namespace model {

namespace {

constexpr uint64_t kSeed = 0x68656464;
constexpr std::array<std::string_view, 8> kKeys = {
    "seed",     "max_success",      "max_size",          "max_discard_ratio",
    "noshrink", "verbose_progress", "verbose_shrinking", "reproduce"};

// Words between spaces, except in quotes.
std::vector<std::string> SplitParams(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0 ? c == quote : (c == '"' || c == '\'')) {
      quote = quote == 0 ? c : 0;
    } else if (quote == 0 && c == ' ') {
      if (!word.empty()) words.push_back(std::exchange(word, ""));
    } else {
      word += c;
    }
  }
  if (!word.empty()) words.push_back(word);
  return words;
}

// RapidCheck's own report of progress goes to the log that nobody reads.
class Quiet : public rc::detail::TestListenerAdapter {};

std::string HowToReproduce(const std::string& name, const rc::detail::FailureResult& failure) {
  rc::detail::Configuration configuration;
  configuration.reproduce.emplace(name, failure.reproduce);
  return "reproduce with: RC_PARAMS='" + rc::detail::configToMinimalString(configuration) + "'";
}

std::string Describe(const StrictProperty& property, const rc::detail::FailureResult& failure) {
  std::ostringstream text;
  text << "broken after " << failure.numSuccess << " successes: " << failure.description << "\n";
  for (const auto& [type, value] : failure.counterExample) text << value << "\n";
  text << HowToReproduce(property.name, failure) << "\n" << property.hint;
  return text.str();
}

// Tells at the end if RC_PARAMS asked for a property that no test has.
class NoticesNothingRan : public testing::Environment {
 public:
  void TearDown() override {
    if (skipped_ != 0 && ran_ == 0) {
      std::cerr << "warning: RC_PARAMS reproduces a property that none of these tests has\n";
    }
  }
  static inline int ran_ = 0;
  static inline int skipped_ = 0;
};

[[maybe_unused]] testing::Environment* const g_notices =
    testing::AddGlobalTestEnvironment(new NoticesNothingRan());

}  // namespace

std::optional<std::string> MistakeIn(std::string_view rc_params) {
  for (const std::string& word : SplitParams(rc_params)) {
    const std::string_view key = std::string_view(word).substr(0, word.find('='));
    if (std::find(kKeys.begin(), kKeys.end(), key) == kKeys.end()) {
      return "RC_PARAMS has an unknown key '" + std::string(key) + "'" + DidYouMean(key, kKeys);
    }
  }
  try {
    rc::detail::configFromString(std::string(rc_params));
  } catch (const std::exception& error) {
    return "RC_PARAMS cannot be read: " + std::string(error.what());
  }
  return std::nullopt;
}

RunResult RunStrictly(const StrictProperty& property, const std::string& rc_params) {
  if (std::optional<std::string> mistake = MistakeIn(rc_params)) {
    return {RunEnd::kRefused, *std::move(mistake)};
  }
  rc::detail::Configuration configuration;
  configuration.testParams.seed = kSeed;
  configuration.testParams.maxSuccess = property.count;
  configuration.testParams.maxSize = property.max_size;
  configuration = rc::detail::configFromString(rc_params, configuration);
  const auto& reproduce = configuration.reproduce;
  if (!reproduce.empty() && reproduce.count(property.name) == 0) {
    return {RunEnd::kSkipped, "RC_PARAMS reproduces another property"};
  }
  Quiet listener;
  rc::detail::TestMetadata metadata;
  metadata.id = property.name;
  metadata.description = property.name;
  const rc::detail::TestResult result = rc::detail::checkTestable(
      property.body, metadata, configuration.testParams, listener, reproduce);
  rc::detail::FailureResult failure;
  if (result.match(failure)) return {RunEnd::kBroken, Describe(property, failure)};
  rc::detail::SuccessResult success;
  const bool holds = result.match(success);
  if (holds && success.distribution.empty()) return {};
  std::ostringstream text;
  rc::detail::printResultMessage(result, text);
  return {holds ? RunEnd::kHolds : RunEnd::kBroken, text.str()};
}

void CheckStrictly(const StrictProperty& property) {
  const char* params = std::getenv("RC_PARAMS");
  const RunResult result = RunStrictly(property, params == nullptr ? "" : params);
  if (result.end == RunEnd::kSkipped) {
    ++NoticesNothingRan::skipped_;
    GTEST_SKIP() << result.message;
  }
  ++NoticesNothingRan::ran_;
  if (result.end != RunEnd::kHolds) FAIL() << result.message;
  if (!result.message.empty()) std::cout << property.name << ": " << result.message;
}

}  // namespace model
