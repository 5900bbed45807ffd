// Goes the way of an earlier execution, as far as the program lets it.
//
// A replay stops where the program offers something else. A guide is for programs that have changed
// a little, or for events in another order: what it asks for and cannot have yet waits, what it
// asks for in vain is forgotten, and where it says nothing the thread that runs goes on.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "sim/engine/strategy.h"

namespace sim {

/// How far a thread is in its part of the program: a number that never falls during an execution.
using PlaceOf = std::function<uint32_t(ThreadId)>;

struct Guide {
  /// An event of `thread` (or a timer), which is then at `place`.
  struct Step {
    ThreadId thread = kNoThread;
    uint32_t place = 0;
    bool operator==(const Step&) const = default;
  };
  /// What `thread` is answered when it asks for a value the n-th time at `place`.
  struct Value {
    ThreadId thread = kNoThread;
    uint32_t place = 0;
    uint32_t number = 0;
    uint32_t value = 0;
    bool operator==(const Value&) const = default;
  };
  std::vector<Step> steps;
  std::vector<Value> values;  // Those that are not 0.
  bool operator==(const Guide&) const = default;
};

/// The events `order` of `execution`, in this order. The place of a thread is how many events it
/// has had.
Guide GuideOf(const Execution& execution, const std::vector<EventIndex>& order);

/// Counts the values that threads ask for at their places.
class ValueCounter {
 public:
  uint32_t Next(ThreadId thread, uint32_t place) {
    Asked& asked = asked_[thread];
    if (asked.place != place) asked = {place, 0};
    return asked.count++;
  }

 private:
  struct Asked {
    uint32_t place = 0;
    uint32_t count = 0;
  };
  std::array<Asked, kMaxThreads> asked_{};
};

/// One execution. Without `place_of`, the place of a thread is how many events it has had.
class Guided final : public Strategy {
 public:
  /// `guide` must outlive the strategy.
  explicit Guided(const Guide& guide, PlaceOf place_of = nullptr)
      : guide_(guide), place_of_(std::move(place_of)), used_(guide.steps.size()) {}

  bool BeginExecution() override { return !std::exchange(started_, true); }
  ThreadId PickThread(const SchedulePoint& point) override;
  uint32_t PickValue(const ValuePoint& point) override;
  void EndExecution(const Execution&) override {}

  /// Every event so far was the one that the guide had next.
  bool followed() const { return followed_; }

 private:
  uint32_t PlaceOfThread(ThreadId thread) const;
  ThreadId Follow(const SchedulePoint& point);

  const Guide& guide_;
  const PlaceOf place_of_;
  std::vector<bool> used_;  // By step: it has happened, or never will.
  size_t first_ = 0;        // All before it are used.
  std::array<uint32_t, 2 * kMaxThreads> events_{};
  ValueCounter asked_;
  bool started_ = false;
  bool followed_ = true;
};

/// Wraps a strategy, and keeps what one execution did as a guide.
class Guiding final : public Strategy {
 public:
  /// `inner` must outlive the strategy.
  Guiding(Strategy& inner, PlaceOf place_of) : inner_(inner), place_of_(std::move(place_of)) {}

  bool BeginExecution() override;
  ThreadId PickThread(const SchedulePoint& point) override;
  uint32_t PickValue(const ValuePoint& point) override;
  void EndExecution(const Execution& execution) override { inner_.EndExecution(execution); }

  const Guide& guide() const { return guide_; }

 private:
  Strategy& inner_;
  const PlaceOf place_of_;
  Guide guide_;
  ValueCounter asked_;
};

}  // namespace sim
