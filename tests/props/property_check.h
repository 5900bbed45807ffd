// Runs a property over drawn programs, as part of a GoogleTest test. The program that is being
// tried is on disk before the core is entered, so that an abort leaves it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "model/litmus.h"
#include "props/generators.h"
#include "tests/model/strict_property.h"

namespace props {

using model::MistakeIn;
using model::RunEnd;
using model::RunResult;

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

RunResult RunProperty(const PropertyRun& run, const std::string& rc_params);

/// The file that holds the program being tried.
std::string ProgramFile(std::string_view property);

/// As the body of a test: fails it, or skips it, as the result says.
void CheckProperty(const PropertyRun& run);

}  // namespace props
