#include "sim/strategies/guided.h"

#include <algorithm>

namespace sim {

Guide GuideOf(const Execution& execution, const std::vector<EventIndex>& order) {
  Guide guide;
  std::array<uint32_t, 2 * kMaxThreads> events{};
  for (const EventIndex step : order) {
    const ThreadId thread = execution.events[step].thread;
    guide.steps.push_back({thread, events[thread]++});
  }
  events.fill(0);
  ValueCounter asked;
  EventIndex step = 0;
  for (const ValueChoice& choice : execution.values) {
    for (; step < choice.step; ++step) ++events[execution.events[step].thread];
    const uint32_t place = events[choice.thread];
    const uint32_t number = asked.Next(choice.thread, place);
    if (choice.value != 0) guide.values.push_back({choice.thread, place, number, choice.value});
  }
  return guide;
}

uint32_t Guided::PlaceOfThread(ThreadId thread) const {
  return place_of_ ? place_of_(OwnerOf(thread)) : events_[thread];
}

ThreadId Guided::PickThread(const SchedulePoint& point) {
  const ThreadId thread = Follow(point);
  ++events_[thread];
  return thread;
}

ThreadId Guided::Follow(const SchedulePoint& point) {
  for (size_t i = first_; i < guide_.steps.size(); ++i) {
    if (used_[i]) {
      if (i == first_) ++first_;
      continue;
    }
    const Guide::Step& step = guide_.steps[i];
    const uint32_t place = PlaceOfThread(step.thread);
    if (place > step.place) {
      used_[i] = true;
      followed_ = false;
      continue;
    }
    if (!point.enabled.Has(step.thread)) {
      followed_ = false;
      continue;
    }
    // A thread that has more to do in an earlier place than it had does that first.
    if (place == step.place) used_[i] = true;
    followed_ = followed_ && place == step.place;
    return step.thread;
  }
  followed_ = false;
  return point.enabled.Has(point.last) ? point.last : point.enabled.First();
}

uint32_t Guided::PickValue(const ValuePoint& point) {
  const uint32_t place = PlaceOfThread(point.thread);
  const uint32_t number = asked_.Next(point.thread, place);
  const auto found =
      std::find_if(guide_.values.begin(), guide_.values.end(), [&](const Guide::Value& value) {
        return value.thread == point.thread && value.place == place && value.number == number;
      });
  return found != guide_.values.end() && found->value < point.count ? found->value : 0;
}

bool Guiding::BeginExecution() {
  guide_ = {};
  asked_ = {};
  return inner_.BeginExecution();
}

ThreadId Guiding::PickThread(const SchedulePoint& point) {
  const ThreadId thread = inner_.PickThread(point);
  if (thread != kNoThread) guide_.steps.push_back({thread, place_of_(OwnerOf(thread))});
  return thread;
}

uint32_t Guiding::PickValue(const ValuePoint& point) {
  const uint32_t value = inner_.PickValue(point);
  const uint32_t place = place_of_(point.thread);
  const uint32_t number = asked_.Next(point.thread, place);
  if (value != 0) guide_.values.push_back({point.thread, place, number, value});
  return value;
}

}  // namespace sim
