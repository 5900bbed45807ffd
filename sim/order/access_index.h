// Who touched what last: finds the events that a footprint conflicts with, without a look at the
// others.
//
// Every part of an object that some event touched is a place. Of a place it is known which event
// wrote it last, and which event of each thread has read it, or added to it, since; whatever else
// conflicts with an access to it has one of these after it. All accesses of a place are also a
// list, latest first, for who needs the ones before. The index is a stack, as the events are.
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "sim/object/footprint.h"
#include "sim/object/ids.h"

namespace sim {

class AccessIndex {
 public:
  static constexpr int32_t kNone = -1;

  /// The footprint of the next event, which is one of `thread`.
  void Push(EventIndex event, ThreadId thread, const Footprint& footprint);
  /// Takes back all that belongs to events from `events` on.
  void Truncate(size_t events);

  /// Calls `visit` with events in conflict with the footprint: at least with every one that does
  /// not happen before another of them.
  template <typename Visit>
  void ForEachLatest(const Footprint& footprint, Visit visit) const {
    if (last_of_all_ != kNone) visit(static_cast<EventIndex>(last_of_all_));
    if (footprint.is_everything()) return VisitAll(visit);
    for (const Access& access : footprint) {
      const Object* object = Find(access);
      if (object == nullptr) continue;
      VisitLatest(object->whole, access.mode(), visit);
      for (const Part& part : object->parts) {
        if (access.key() != kWholeObject && part.key != access.key()) continue;
        VisitLatest(part.place, access.mode(), visit);
      }
    }
  }

  /// Calls `visit` with every event before `end` in conflict with the footprint, latest first
  /// within a place, until it says that the rest of the place is of no interest: `visit(event,
  /// is_write)`.
  template <typename Visit>
  void ForEachBefore(const Footprint& footprint, EventIndex end, Visit visit) const {
    for (size_t i = of_all_.size(); i-- > 0;) {
      if (of_all_[i].first < end && !visit(of_all_[i].first, true)) break;
    }
    if (footprint.is_everything()) {
      for (uint32_t place = 0; place < places_.size(); ++place) {
        VisitBefore(place, AccessMode::kWrite, end, visit);
      }
      return;
    }
    for (const Access& access : footprint) {
      const Object* object = Find(access);
      if (object == nullptr) continue;
      VisitBefore(object->whole, access.mode(), end, visit);
      for (const Part& part : object->parts) {
        if (access.key() != kWholeObject && part.key != access.key()) continue;
        VisitBefore(part.place, access.mode(), end, visit);
      }
    }
  }

 private:
  struct Latest {
    ThreadId chain;
    int32_t read;
    int32_t add;
  };
  struct Place {
    int32_t write = kNone;  // The last.
    int32_t entry = kNone;  // The latest of all.
    std::vector<Latest>
        latest;  // By chain, in the order in which they came; may be before `write`.
  };
  struct Part {
    uint32_t key;
    uint32_t place;
  };
  struct Object {
    bool is_known = false;
    uint32_t whole = 0;
    std::vector<Part> parts;
  };
  /// One access of one event, and what it replaced.
  struct Entry {
    EventIndex event;
    uint32_t place;
    int32_t previous;  // Entry of the same place.
    int32_t replaced;
    ThreadId chain;
    AccessMode mode;
  };

  // The last few indexes of a creator are those of objects that nobody made.
  static constexpr uint32_t kSpecial = 0xFFFFF0;
  static constexpr uint32_t kSpecials = 16;

  const std::vector<Object>& Table(Access access) const {
    const uint32_t creator = access.object() >> 24;
    const uint32_t index = access.object() & 0xFFFFFF;
    return index >= kSpecial ? specials_[creator] : objects_[creator];
  }
  static uint32_t IndexIn(Access access) {
    const uint32_t index = access.object() & 0xFFFFFF;
    return index >= kSpecial ? index - kSpecial : index;
  }
  const Object* Find(Access access) const {
    const std::vector<Object>& table = Table(access);
    const uint32_t index = IndexIn(access);
    return index < table.size() && table[index].is_known ? &table[index] : nullptr;
  }
  uint32_t PlaceOf(Access access);
  int32_t& Field(Place& place, ThreadId chain, AccessMode mode);

  template <typename Visit>
  void VisitLatest(uint32_t index, AccessMode mode, Visit& visit) const {
    const Place& place = places_[index];
    if (place.write != kNone) visit(static_cast<EventIndex>(place.write));
    for (const Latest& latest : place.latest) {
      if (mode != AccessMode::kRead && latest.read > place.write) {
        visit(static_cast<EventIndex>(latest.read));
      }
      if (mode != AccessMode::kAdd && latest.add > place.write) {
        visit(static_cast<EventIndex>(latest.add));
      }
    }
  }
  template <typename Visit>
  void VisitBefore(uint32_t index, AccessMode mode, EventIndex end, Visit& visit) const {
    for (int32_t i = places_[index].entry; i != kNone;) {
      const Entry& entry = entries_[static_cast<size_t>(i)];
      i = entry.previous;
      const bool is_write = entry.mode == AccessMode::kWrite;
      if (entry.event >= end || (!is_write && entry.mode == mode)) continue;
      if (!visit(entry.event, is_write)) return;
    }
  }
  template <typename Visit>
  void VisitAll(Visit& visit) const {
    for (const Place& place : places_) {
      if (place.write != kNone) visit(static_cast<EventIndex>(place.write));
      for (const Latest& latest : place.latest) {
        if (latest.read > place.write) visit(static_cast<EventIndex>(latest.read));
        if (latest.add > place.write) visit(static_cast<EventIndex>(latest.add));
      }
    }
  }

  std::array<std::vector<Object>, 256> objects_;   // By creator, then by index.
  std::array<std::vector<Object>, 256> specials_;  // The same from kSpecial on.
  std::vector<Place> places_;
  std::vector<Entry> entries_;
  int32_t last_of_all_ = kNone;  // An event that touches more than its footprint can hold.
  std::vector<std::pair<EventIndex, int32_t>> of_all_;  // Those, and what each replaced.
};

}  // namespace sim
