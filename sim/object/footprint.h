// What an operation touches, and which two operations commute.
//
// Two operations of different threads are dependent when their footprints conflict: they share an
// object and a key, and at least one of them writes. A footprint is known before its operation runs
// and does not depend on what the operation finds: an operation that looks, and therefore does
// nothing, still read. A footprint may be too wide, which costs executions; one that is too narrow
// loses behaviours without a word.
#pragma once

#include <array>
#include <cstdint>

#include "sim/object/ids.h"

namespace sim {

/// Conflicts with every key of its object.
inline constexpr uint32_t kWholeObject = 0;

/// One part of one object, read or written, in a word: comparing footprints is the innermost loop
/// of every reduction. An object's creator keeps 8 bits, its index 24 and a key 31; should two ever
/// coincide, they conflict, which is never wrong.
class Access {
 public:
  constexpr Access() = default;  // Of none: without a value.
  constexpr Access(ObjectId object, uint32_t key, bool write)
      : bits_((uint64_t{object.creator} << 56) | ((uint64_t{object.index} & 0xFFFFFF) << 32) |
              (uint64_t{key} << 1 & 0xFFFFFFFE) | (write ? 1 : 0)) {}

  constexpr bool ConflictsWith(Access other) const {
    if (((bits_ ^ other.bits_) >> 32) != 0 || ((bits_ | other.bits_) & 1) == 0) return false;
    const uint32_t key = static_cast<uint32_t>(bits_) >> 1;
    const uint32_t other_key = static_cast<uint32_t>(other.bits_) >> 1;
    return key == other_key || key == kWholeObject || other_key == kWholeObject;
  }
  constexpr bool operator==(const Access&) const = default;

 private:
  uint64_t bits_;
};

class Footprint {
 public:
  static constexpr uint32_t kCapacity = 6;

  // Footprints are copied at every event: only what is in use, which is one access nearly always.
  constexpr Footprint() {}
  constexpr Footprint(const Footprint& other) { *this = other; }
  constexpr Footprint& operator=(const Footprint& other) {
    size_ = other.size_;
    overflow_ = other.overflow_;
    for (uint32_t i = 0; i < size_; ++i) accesses_[i] = other.accesses_[i];
    return *this;
  }

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

  constexpr void Add(Access access) {
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
        if (accesses_[i].ConflictsWith(other.accesses_[j])) return true;
      }
    }
    return false;
  }

 private:
  std::array<Access, kCapacity> accesses_;  // As many as size_ says; the rest is never read.
  uint8_t size_ = 0;
  bool overflow_ = false;
};

}  // namespace sim
