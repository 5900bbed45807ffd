// What is claimed of every program, by name, and the trial of one program.
//
// Most properties are views of one exploration: whatever is wrong with an execution has a class,
// and each class belongs to one property. The others compare explorations with each other.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/litmus.h"
#include "props/findings.h"
#include "props/reached.h"

namespace props {

struct Property {
  std::string_view name;
  std::string_view sentence;
  std::string_view clauses;               // And items of the reference that it is about.
  std::vector<std::string_view> classes;  // Of findings that break it.
};

/// In the order in which they are told.
std::span<const Property> Properties();
/// Null if there is none of that name.
const Property* PropertyNamed(std::string_view name);
/// The one that such a finding about the program breaks.
const Property& PropertyOf(const model::Litmus& litmus, const Finding& finding);

struct TrialOptions {
  std::set<std::string_view> properties;  // That count; empty: all.
  uint64_t seed = 0;                      // Of the executions that are drawn.
  uint64_t max_executions = 250;          // Of a complete search; if that is too few, samples.
  uint64_t samples = 150;
  uint64_t max_states = 20'000;  // Of the model, for all outcomes and for each history.
  uint32_t max_steps = 5'000;
  bool compares = true;  // Also tries the properties that compare explorations.

  bool Counts(std::string_view property) const {
    return properties.empty() || properties.contains(property);
  }
};

struct Trial {
  // That was tried: leaks are allowed where the model has them. Under the next generation, if that
  // is where something broke.
  model::Litmus litmus;
  std::optional<Finding> finding;  // The first of a property that counts.
  uint64_t executions = 0;
  // What the limits left open:
  bool sampled = false;            // Not every interleaving was run.
  bool outcomes_unknown = false;   // The model has too many states to list all outcomes.
  uint64_t unknown_histories = 0;  // That took too many states to judge.
};

/// Tries all properties that count on one program. Deterministic. `reached` may be null.
Trial Try(const model::Litmus& litmus, const TrialOptions& options, Reached* reached);

}  // namespace props
