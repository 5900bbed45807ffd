// What an operation touches, and which two operations commute.
//
// Two operations of different threads are dependent when their footprints conflict: they share an
// object and a key, and do not both read it or both add to it. A footprint is known before its
// operation runs and does not depend on what the operation finds: an operation that looks, and
// therefore does nothing, still read. A footprint may be too wide, which costs executions; one that
// is too narrow loses behaviours without a word.
#pragma once

#include <array>
#include <cstdint>

#include "sim/object/ids.h"

namespace sim {

/// Conflicts with every key of its object.
inline constexpr uint32_t kWholeObject = 0;

/// Additions commute with each other and with nothing else: what they leave does not depend on
/// their order, but whoever reads in between sees it.
enum class AccessMode : uint8_t { kRead = 1, kAdd = 2, kWrite = 3 };

/// One part of one object in a word: comparing footprints is the innermost loop of every reduction.
/// An object's creator keeps 8 bits, its index 24 and a key 30; should two ever coincide, they
/// conflict, which is never wrong.
class Access {
 public:
  constexpr Access() = default;  // Of none: without a value.
  constexpr Access(ObjectId object, uint32_t key, AccessMode mode)
      : bits_((uint64_t{object.creator} << 56) | ((uint64_t{object.index} & 0xFFFFFF) << 32) |
              (uint64_t{key} << 2 & 0xFFFFFFFC) | static_cast<uint64_t>(mode)) {}

  constexpr bool ConflictsWith(Access other) const {
    // Only of two reads, or of two additions, the modes together are not all bits.
    if (((bits_ ^ other.bits_) >> 32) != 0 || ((bits_ | other.bits_) & 3) != 3) return false;
    return key() == other.key() || key() == kWholeObject || other.key() == kWholeObject;
  }
  /// What bits() of another one gave.
  explicit constexpr Access(uint64_t bits) : bits_(bits) {}
  constexpr uint64_t bits() const { return bits_; }
  constexpr bool operator==(const Access&) const = default;

  /// The object, as far as the bits go.
  constexpr uint32_t object() const { return static_cast<uint32_t>(bits_ >> 32); }
  constexpr uint32_t key() const { return static_cast<uint32_t>(bits_) >> 2; }
  constexpr AccessMode mode() const { return static_cast<AccessMode>(bits_ & 3); }
  /// Object and key in one number.
  constexpr uint64_t place() const { return bits_ >> 2; }
  /// The same place, with what both do: to read and to add is to write.
  constexpr void Widen(Access other) { bits_ |= other.bits_ & 3; }

 private:
  uint64_t bits_;
};

class Footprint {
 public:
  static constexpr uint32_t kCapacity = 24;

  // Footprints are copied at every event: only what is in use, which is one access nearly always.
  constexpr Footprint() {}
  constexpr Footprint(const Footprint& other) { *this = other; }
  constexpr Footprint& operator=(const Footprint& other) {
    size_ = other.size_;
    overflow_ = other.overflow_;
    for (uint32_t i = 0; i < size_; ++i) accesses_[i] = other.accesses_[i];
    return *this;
  }

  static constexpr Footprint Of(Access access) {
    Footprint footprint;
    footprint.Add(access);
    return footprint;
  }
  static constexpr Footprint Reads(ObjectId object, uint32_t key = kWholeObject) {
    return Of({object, key, AccessMode::kRead});
  }
  static constexpr Footprint Adds(ObjectId object, uint32_t key = kWholeObject) {
    return Of({object, key, AccessMode::kAdd});
  }
  static constexpr Footprint Writes(ObjectId object, uint32_t key = kWholeObject) {
    return Of({object, key, AccessMode::kWrite});
  }

  constexpr void Add(Access access) {
    for (uint32_t i = 0; i < size_; ++i) {
      if (accesses_[i].place() != access.place()) continue;
      accesses_[i].Widen(access);
      return;
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

  constexpr const Access* begin() const { return accesses_.data(); }
  constexpr const Access* end() const { return accesses_.data() + size_; }
  constexpr bool is_everything() const { return overflow_; }

 private:
  std::array<Access, kCapacity> accesses_;  // As many as size_ says; the rest is never read.
  uint8_t size_ = 0;
  bool overflow_ = false;
};

}  // namespace sim
