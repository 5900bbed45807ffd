// Random executions whose chance is known, and how much of its class each of them is; see
// estimate.h.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/engine/random.h"
#include "sim/engine/strategy.h"
#include "sim/order/happens_before.h"
#include "sim/strategies/profile.h"
#include "sim/strategies/thread_weights.h"

namespace sim {

/// What threads may still fight for, as far as executions have shown.
class Contention {
 public:
  /// True if it was not known.
  bool Learn(const Execution& execution);
  /// The most events of each thread that others fight with.
  const ThreadCounts& events() const { return events_; }

  /// What of that is still to come, in one execution.
  class Rest {
   public:
    explicit Rest(const Contention& all) : all_(all), done_(all.known_.size()) {}

    void Observe(const Event& event);
    bool IsQuiet(ObjectId object) const;
    /// Some of those who are enabled, such that nothing that the others do before one of these
    /// moves conflicts with what it then does: so every class has an order in which one of them is
    /// next. As few as possible. `spawner` tells where threads that are not there yet come from.
    ThreadSet Persistent(const SchedulePoint& point,
                         const std::array<ThreadId, kMaxThreads>& spawner) const;

   private:
    std::optional<ThreadSet> Closure(const SchedulePoint& point, ThreadId first,
                                     const std::array<ThreadId, kMaxThreads>& spawner) const;

    const Contention& all_;
    std::vector<ThreadCounts> done_;  // By object.
    ThreadCounts done_in_all_{};
  };

 private:
  static constexpr size_t kUnknown = SIZE_MAX;
  struct Known {
    ObjectId object;
    ThreadCounts most{};  // Events on it.
    // By thread: who has fought with its events on this object, on this object or elsewhere.
    std::array<ThreadSet, 2 * kMaxThreads> here;
    std::array<ThreadSet, 2 * kMaxThreads> elsewhere;
    bool quiet = true;
  };
  size_t IndexOf(ObjectId object) const;
  bool FightsElsewhere(size_t thread) const;

  std::vector<Known> known_;
  ThreadCounts most_in_all_{};
  ThreadCounts events_{};
  HappensBefore order_;             // Scratch space.
  std::vector<EventIndex> direct_;  // The same.
};

/// What is known of a program before it is drawn from.
struct DrawPlan {
  Profile profile;
  Contention contention;
  uint32_t values = 0;  // The most choices among values.
};

/// Draws one execution. At every point it is decided who of a persistent set comes next, uniformly
/// or in proportion to what threads have left. Values are drawn uniformly or as if one in the whole
/// execution were not the default, as it is with a fault.
class WeighedWalk final : public Strategy {
 public:
  /// `plan` must outlive the walk.
  WeighedWalk(const DrawPlan& plan, Random random);

  /// Among whom each event was drawn.
  const std::vector<ThreadSet>& candidates() const { return candidates_; }

  bool BeginExecution() override { return true; }
  ThreadId PickThread(const SchedulePoint& point) override;
  uint32_t PickValue(const ValuePoint& point) override;
  void EndExecution(const Execution&) override {}

 private:
  const DrawPlan& plan_;
  Random random_;
  bool by_weight_;
  bool rare_values_;
  Contention::Rest rest_;
  ThreadWeights weights_;
  uint32_t values_left_;
  std::vector<ThreadSet> candidates_;
};

/// Of an execution that a WeighedWalk with the same plan drew.
class ClassShare {
 public:
  /// The logarithm of f / p.
  double LogOf(const Execution& execution, const DrawPlan& plan,
               const std::vector<ThreadSet>& candidates);

 private:
  void Order(const Execution& execution);
  bool MayComeNext(ThreadId thread) const;
  /// Advances the chain of `thread` by the event that it takes.
  void Take(ThreadId thread) { ++done_[OwnerOf(thread)]; }

  HappensBefore order_;
  std::array<uint32_t, kMaxThreads> done_{};  // Events of each chain.
};

}  // namespace sim
