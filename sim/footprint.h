// What an operation touches, and which two operations commute.
//
// Two operations of different threads are dependent when their footprints conflict: they share an
// object and a key, and at least one of them writes. A footprint is known before its operation runs
// and does not depend on what the operation finds: an operation that looks, and therefore does
// nothing, still read. A footprint may be too wide, which costs executions; one that is too narrow
// loses behaviours without a word.
#pragma once

#include <array>
#include <cassert>
#include <cstdint>

#include "sim/ids.h"

namespace sim {

/// Conflicts with every key of its object.
inline constexpr uint32_t kWholeObject = 0;

struct Access {
  ObjectId object;
  uint32_t key = kWholeObject;  // A part of the object, e.g. one entry of a table.
  bool write = false;
  constexpr bool operator==(const Access&) const = default;
};

constexpr bool Conflict(const Access& a, const Access& b) {
  return (a.write || b.write) && a.object == b.object &&
         (a.key == b.key || a.key == kWholeObject || b.key == kWholeObject);
}

class Footprint {
 public:
  static constexpr uint32_t kCapacity = 6;

  constexpr Footprint() = default;
  static constexpr Footprint Reads(ObjectId object, uint32_t key = kWholeObject) {
    Footprint footprint;
    footprint.Add({object, key, /*write=*/false});
    return footprint;
  }
  static constexpr Footprint Writes(ObjectId object, uint32_t key = kWholeObject) {
    Footprint footprint;
    footprint.Add({object, key, /*write=*/true});
    return footprint;
  }

  constexpr void Add(const Access& access) {
    for (uint32_t i = 0; i < size_; ++i) {
      if (accesses_[i] == access) return;
    }
    if (size_ == kCapacity) {
      overflow_ = true;  // Too much to tell: conflicts with everything, which is never wrong.
      return;
    }
    accesses_[size_++] = access;
  }

  constexpr bool ConflictsWith(const Footprint& other) const {
    if (overflow_ || other.overflow_) return true;
    for (uint32_t i = 0; i < size_; ++i) {
      for (uint32_t j = 0; j < other.size_; ++j) {
        if (Conflict(accesses_[i], other.accesses_[j])) return true;
      }
    }
    return false;
  }

  constexpr uint32_t size() const { return size_; }
  constexpr const Access& operator[](uint32_t i) const { return accesses_[i]; }
  constexpr bool conflicts_with_all() const { return overflow_; }

 private:
  std::array<Access, kCapacity> accesses_;
  uint8_t size_ = 0;
  bool overflow_ = false;
};

}  // namespace sim
