#include "sim/strategies/profile.h"

#include <algorithm>

namespace sim {

namespace {

bool Writes(const Event& step, ObjectId object) {
  return step.footprint.ConflictsWith(Footprint::Reads(object));
}

Profile::Object& ObjectIn(std::vector<Profile::Object>& objects, ObjectId id) {
  const auto object = std::find_if(objects.begin(), objects.end(),
                                   [id](const Profile::Object& known) { return known.id == id; });
  return object != objects.end() ? *object : objects.emplace_back(Profile::Object{id});
}

// In order of their spawns, or the other way round; timers come last.
ThreadId FirstIn(ThreadSet enabled, bool backwards) {
  ThreadId first = kNoThread;
  for (ThreadId thread : enabled) {
    if (first != kNoThread && (!backwards || IsTimer(thread))) break;
    first = thread;
  }
  return first;
}

void KeepMost(ThreadCounts& most, const ThreadCounts& counts) {
  for (size_t i = 0; i < most.size(); ++i) most[i] = std::max(most[i], counts[i]);
}

}  // namespace

bool Profile::Object::is_shared() const {
  return written && std::count(events.begin(), events.end(), 0u) + 2 <= std::ssize(events);
}

void Profile::Add(const Execution& execution) {
  Profile one;
  for (const Event& step : execution.events) {
    if (step.enabled.size() > 1) ++one.contested_points;
    ++one.events[step.thread];
    if (step.child != kNoThread) spawner[step.child] = step.thread;
    Object& object = ObjectIn(one.objects, step.object);
    ++object.events[step.thread];
    object.written = object.written || Writes(step, step.object);
  }
  contested_points = std::max(contested_points, one.contested_points);
  KeepMost(events, one.events);
  for (const Object& object : one.objects) {
    Object& known = ObjectIn(objects, object.id);
    KeepMost(known.events, object.events);
    known.written = known.written || object.written;
  }
  shared.clear();
  for (size_t i = 0; i < objects.size(); ++i) {
    if (objects[i].is_shared()) shared.push_back(static_cast<uint32_t>(i));
  }
}

void ProfileWalk::Begin(uint32_t index, Random random) {
  index_ = index;
  random_ = random;
  passed_over_ = ThreadSet();
  in_a_row_ = 0;
}

ThreadId ProfileWalk::Pick(const SchedulePoint& point) {
  if (index_ >= kInOrder) return point.enabled.Nth(random_.Below(point.enabled.size()));
  if (in_a_row_ >= kMaxInARow) passed_over_.Add(point.last);
  if (point.enabled.Without(passed_over_).empty()) passed_over_ = ThreadSet();
  const ThreadId picked = FirstIn(point.enabled.Without(passed_over_), /*backwards=*/index_ == 1);
  in_a_row_ = picked == point.last ? in_a_row_ + 1 : 1;
  return picked;
}

}  // namespace sim
