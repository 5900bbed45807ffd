// How large a complete search would be, from executions that are drawn at random.
//
// Knuth, "Estimating the efficiency of backtrack programs" (Mathematics of Computation 29, 1975):
// an execution that is drawn with a chance of p stands for 1 / p of them, and the mean of what many
// stand for is how many there are, whatever the chances. Differs: a search runs one execution of
// each class, and which one it is cannot be told without the search. So each execution of a class
// counts for a share of it: f / p, where f is the chance that somebody who knows the class, that is
// what happens before what, and draws from it as we draw from the program would have drawn this
// very order. The shares of a class sum to one. No draw leads to nothing, as descents into the tree
// of a search do that end in a repetition; and where nothing conflicts f is p, so that there is no
// error.
//
// The better the draws fit, the smaller the error. They are by turns uniform and in proportion to
// what threads have left (see urw.h), and p and f are the chances under both together.
#pragma once

#include <cstdint>
#include <map>

#include "sim/engine/random.h"
#include "sim/engine/runtime.h"
#include "sim/strategies/class_share.h"
#include "sim/strategies/profile.h"

namespace sim {

class SizeEstimator {
 public:
  /// `scenario` must outlive the estimator.
  SizeEstimator(Scenario& scenario, const ExecutionLimits& limits, uint64_t seed);

  /// One more execution is drawn. Before the first, a short search may find out that it sees all
  /// there is; then is_exact(). It counts for nothing, and so do all before, if it shows threads
  /// fight for an object where nobody knew.
  void Draw();

  bool is_exact() const { return is_exact_; }
  uint64_t draws() const { return draws_; }
  /// Of the number of classes: the complete executions of a search.
  double mean() const { return mean_; }
  /// Of the mean; meaningless before the second draw.
  double StandardError() const;
  /// Whether mean and error can be believed. What few draws stand for can be most of the whole, and
  /// until one of those comes, mean and error are both too small. So it takes many draws, of which
  /// none has a large share of the sum, and which account for what the short search saw: as many
  /// classes, or more, in which each thread has so many events; or an exact count.
  bool is_sound() const;
  /// Classes that were seen for sure.
  uint64_t at_least() const { return at_least_; }

 private:
  struct Seen {
    uint64_t in_search = 0;  // Classes.
    double in_draws = 0;     // What these stand for.
  };

  void Prepare();
  /// The share of the classes of the short search that the draws do not account for.
  double Missing() const;
  /// Runs an execution that does not follow the plan, and learns from it.
  void Profile(uint32_t index);
  /// From the last execution. True if a wrong plan was followed: what was drawn counts no more.
  bool Learn();
  void Count(double share);

  Scenario& scenario_;
  Runtime runtime_;
  Execution execution_;
  ExecutionLimits limits_;
  Random random_;
  DrawPlan plan_;
  ClassShare share_;
  bool prepared_ = false;
  bool is_exact_ = false;
  uint64_t at_least_ = 0;
  uint64_t draws_ = 0;
  double mean_ = 0;
  double squares_ = 0;  // The sum of the squared distances from the mean.
  double largest_ = 0;
  std::map<uint64_t, Seen> seen_;  // By the numbers of events of all threads.
};

}  // namespace sim
