// How large a complete search would be, from random descents into it.
//
// Knuth, "Estimating the efficiency of backtrack programs" (Mathematics of Computation 29, 1975):
// a descent picks one branch at every fork, and what it meets counts as often as there were
// branches; the mean over many descents is unbiased. Differs: a fork is not one node but all parts
// that the tree is cut into some way down, and parts that are small are searched. With a fork at
// every node the error is often larger than the mean: most branches lead to nothing but
// repetitions.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/engine/explorer.h"
#include "sim/engine/random.h"
#include "sim/engine/runtime.h"
#include "sim/strategies/dpor.h"

namespace sim {

class SizeEstimator {
 public:
  /// `scenario` must outlive the estimator.
  SizeEstimator(Scenario& scenario, const ExecutionLimits& limits, uint64_t seed)
      : scenario_(scenario), limits_(limits), random_(seed) {}

  /// One more descent. The first may find out that all there is was seen; then is_exact().
  void Descend();

  bool is_exact() const { return is_exact_; }
  uint64_t descents() const { return descents_; }
  /// Of the number of classes: the complete executions of a search.
  double mean() const { return mean_; }
  /// Of the mean; meaningless before the second descent.
  double StandardError() const;
  /// That the descents ran, complete or not.
  uint64_t executions() const { return executions_; }

 private:
  /// Parts of the search below some prefix, and the classes that were found besides.
  struct Fork {
    double complete = 0;
    std::vector<Dpor::Path> parts;
    std::vector<double> guesses;  // By part: the root of its size.
    double sum = 0;               // Of the guesses.
  };

  Exploration Run(Dpor& search, uint64_t max_executions);
  Fork Divide(const Dpor::Path& prefix);
  size_t Pick(const Fork& fork);
  /// The classes of the part, if so many executions are enough for it; else at least a guess.
  std::optional<double> SearchWhole(const Dpor::Path& prefix, uint64_t max_executions,
                                    double* guess);

  Scenario& scenario_;
  ExecutionLimits limits_;
  Random random_;
  Fork root_;
  uint64_t executions_ = 0;
  bool is_exact_ = false;
  uint64_t descents_ = 0;
  double mean_ = 0;
  double squares_ = 0;  // The sum of the squared distances from the mean.
};

}  // namespace sim
