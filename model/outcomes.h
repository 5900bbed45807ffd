// Every outcome of a program that the reference model allows.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "model/litmus.h"
#include "model/observation.h"

namespace model {

/// One step of an example order: who steps, and which way of several the step goes.
struct Choice {
  ThreadIndex thread = 0;
  uint32_t choice = 0;
  bool operator==(const Choice&) const = default;
};

struct OutcomeOptions {
  uint64_t max_states = 2'000'000;  // More distinct states than this: the answer is not complete.
  /// Sees every end that is found: more of it than its outcome says.
  std::function<void(const Observation&)> at_end = [](const Observation&) {};
};

struct AllowedOutcomes {
  /// Every outcome of the litmus file's locations, with one order of steps that leads to it.
  std::map<Outcome, std::vector<Choice>> outcomes;
  /// The blocked threads of every end that has some: a bit per thread; 0 when all finished.
  std::map<uint64_t, std::vector<Choice>> blocked_sets;
  /// Some end holds objects that nobody can reach or close any more: endpoints inside their own
  /// queues, or in each other's.
  bool may_leak = false;
  uint64_t states = 0;   // Distinct states visited.
  bool complete = true;  // False: the budget ended the search; the set may miss outcomes.
};

/// Searches all interleavings of the model's atomic steps under the file's generation and faults,
/// each distinct state once.
AllowedOutcomes EnumerateOutcomes(const Litmus& litmus, const OutcomeOptions& options = {});

}  // namespace model
