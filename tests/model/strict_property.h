// Runs a property with RapidCheck, as part of a GoogleTest test, without what others fell into: a
// misspelt RC_PARAMS key is refused; a property that is not the one to be reproduced shows as
// skipped; and the failure itself says how to reproduce it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace model {

/// What is wrong with RC_PARAMS, and what would be right; nothing if it can be used.
std::optional<std::string> MistakeIn(std::string_view rc_params);

struct StrictProperty {
  std::string name;
  int count = 100;  // How often it is tried.
  int max_size = 100;
  std::function<void()> body;  // Draws with RapidCheck; says RC_FAIL if something is wrong.
  std::string hint;            // The last lines of a failure, each with its end.
};

enum class RunEnd : uint8_t { kHolds, kBroken, kSkipped, kRefused };
struct RunResult {
  RunEnd end = RunEnd::kHolds;
  std::string message;  // If it holds: the distribution, where something was tagged.
};

/// With the fixed seed of all properties, unless RC_PARAMS says another; `rc_params` may be empty.
RunResult RunStrictly(const StrictProperty& property, const std::string& rc_params);

/// As the body of a test, with the RC_PARAMS of the environment: fails it, or skips it, as the
/// result says.
void CheckStrictly(const StrictProperty& property);

}  // namespace model
