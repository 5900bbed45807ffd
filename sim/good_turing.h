// When to stop sampling: I. J. Good, "The population frequencies of species", Biometrika 1953. The
// chance that the next execution shows an outcome never seen before is about the number of outcomes
// seen exactly once over the number of executions.
#pragma once

#include <cstdint>
#include <unordered_map>

namespace sim {

class GoodTuring {
 public:
  /// `outcome` names what an execution showed: the signature of its trace, a hash of its results.
  void Add(uint64_t outcome) {
    ++executions_;
    const uint64_t times = ++times_[outcome];
    if (times == 1) ++singletons_;
    if (times == 2) --singletons_;
  }

  uint64_t executions() const { return executions_; }
  uint64_t outcomes() const { return times_.size(); }
  double ChanceOfNew() const {
    if (executions_ == 0) return 1;
    return static_cast<double>(singletons_) / static_cast<double>(executions_);
  }

 private:
  std::unordered_map<uint64_t, uint64_t> times_;  // Looked up only.
  uint64_t executions_ = 0;
  uint64_t singletons_ = 0;
};

}  // namespace sim
