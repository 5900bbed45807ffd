// The same violation made small: with the fewest preemptions, and of a smaller program.
#pragma once

#include <cstdint>
#include <functional>
#include <set>

#include "model/litmus.h"
#include "props/findings.h"

namespace props {

struct Minimized {
  Finding finding;
  uint64_t executions = 0;  // What the search cost.
  /// No schedule of the program with fewer preemptions shows the violation. False: the budget ended
  /// the search, and the finding is the best so far.
  bool is_minimum = true;
};

/// Takes the faults and choices out of the schedule that it can do without, and what happened
/// besides; puts the rest into the order with the fewest preemptions; then searches for `finding`
/// with 0, 1, 2, ... of them, each bound exhaustively, until it is found or that number is reached.
/// `finding` must have a schedule. Deterministic: the same minimum for every schedule of the same
/// violation, if the budget lasts.
Minimized Minimize(const model::Litmus& litmus, const model::AllowedOutcomes* allowed,
                   const Finding& finding, uint32_t max_steps, uint64_t max_executions);

struct ShrinkOptions {
  uint32_t max_steps = 20'000;
  /// What it may cost to find the failure in one smaller program, and
  uint64_t executions_per_program = 1000;
  /// to search for the best schedule of the smallest.
  uint64_t max_executions = 100'000;
  /// A broken core may crash the process in a program that nobody has run before. Called with the
  /// hash of each before it is searched; those that are avoided are not.
  std::function<void(uint64_t)> about_to_search = [](uint64_t) {};
  std::set<uint64_t> avoided;
};

struct MinimizedFailure {
  model::Litmus litmus;
  Finding finding;  // As anybody finds it who checks the program against its model.
  uint64_t executions = 0;
  bool is_minimum = true;  // Of the schedule: see Minimized.
};

/// Program and schedule together: the failure in the smallest program that a walk over
/// SmallerPrograms comes to without more preemptions than the program as it is needs. What breaks a
/// claim or blocks against the model still does so, and a claim that the model keeps it keeps
/// still, as it is still without leaks if it was. Which answer or end of a program contradicts the
/// model may change with the program.
MinimizedFailure MinimizeFailure(const model::Litmus& litmus, const Finding& finding,
                                 const ShrinkOptions& options);

}  // namespace props
