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

}  // namespace sim
