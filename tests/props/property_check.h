// Runs a property over drawn programs with RapidCheck, as part of a GoogleTest test, without what
// others fell into: a misspelt RC_PARAMS key is refused; a property that is not the one to be
// reproduced shows as skipped; the failure itself says how to reproduce it; and the program that
// is being tried is on disk before the core is entered, so that an abort leaves it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "model/litmus.h"
#include "props/generators.h"

namespace props {

/// What is wrong with RC_PARAMS, and what would be right; nothing if it can be used.
std::optional<std::string> MistakeIn(std::string_view rc_params);

/// What broke the property; nothing if the program keeps it. Must not use EXPECT_ or ASSERT_, may
/// use RC_TAG and RC_CLASSIFY.
using KeptBy = std::function<std::optional<std::string>(const model::Litmus& litmus)>;

struct PropertyRun {
  std::string name;
  rc::Gen<model::Litmus> programs;
  int count = 100;  // Of programs.
  int max_size = 100;
  KeptBy kept_by;
};

enum class RunEnd : uint8_t { kHolds, kBroken, kSkipped, kRefused };
struct RunResult {
  RunEnd end = RunEnd::kHolds;
  std::string message;  // If it holds: the distribution, where programs were tagged.
};

/// With the fixed seed of all properties, unless RC_PARAMS says another; `rc_params` may be empty.
RunResult RunProperty(const PropertyRun& run, const std::string& rc_params);

/// The file that holds the program being tried.
std::string ProgramFile(std::string_view property);

/// As the body of a test: fails it, or skips it, as the result says.
void CheckProperty(const PropertyRun& run);

}  // namespace props
