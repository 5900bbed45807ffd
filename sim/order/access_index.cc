#include "sim/order/access_index.h"

namespace sim {

uint32_t AccessIndex::PlaceOf(Access access) {
  const uint32_t creator = access.object() >> 24;
  const bool is_special = (access.object() & 0xFFFFFF) >= kSpecial;
  std::vector<Object>& table = is_special ? specials_[creator] : objects_[creator];
  const uint32_t index = IndexIn(access);
  if (index >= table.size()) table.resize(is_special ? kSpecials : index + 1);
  Object& object = table[index];
  const auto make = [this] {
    places_.emplace_back();
    return static_cast<uint32_t>(places_.size() - 1);
  };
  if (!object.is_known) {
    object.is_known = true;
    object.whole = make();
  }
  if (access.key() == kWholeObject) return object.whole;
  for (const Part& part : object.parts) {
    if (part.key == access.key()) return part.place;
  }
  object.parts.push_back({access.key(), make()});
  return object.parts.back().place;
}

int32_t& AccessIndex::Field(Place& place, ThreadId chain, AccessMode mode) {
  if (mode == AccessMode::kWrite) return place.write;
  for (Latest& latest : place.latest) {
    if (latest.chain == chain) return mode == AccessMode::kRead ? latest.read : latest.add;
  }
  place.latest.push_back({chain, kNone, kNone});
  return mode == AccessMode::kRead ? place.latest.back().read : place.latest.back().add;
}

void AccessIndex::Push(EventIndex event, ThreadId thread, const Footprint& footprint) {
  const ThreadId chain = OwnerOf(thread);
  if (footprint.is_everything()) {
    of_all_.emplace_back(event, last_of_all_);
    last_of_all_ = static_cast<int32_t>(event);
  }
  for (const Access& access : footprint) {
    const uint32_t index = PlaceOf(access);
    Place& place = places_[index];
    int32_t& field = Field(place, chain, access.mode());
    entries_.push_back({event, index, place.entry, field, chain, access.mode()});
    place.entry = static_cast<int32_t>(entries_.size() - 1);
    field = static_cast<int32_t>(event);
  }
}

void AccessIndex::Truncate(size_t events) {
  while (!entries_.empty() && entries_.back().event >= events) {
    const Entry& entry = entries_.back();
    Place& place = places_[entry.place];
    Field(place, entry.chain, entry.mode) = entry.replaced;
    place.entry = entry.previous;
    entries_.pop_back();
  }
  while (!of_all_.empty() && of_all_.back().first >= events) {
    last_of_all_ = of_all_.back().second;
    of_all_.pop_back();
  }
}

}  // namespace sim
