// Counters: of references, and of what a program may ask the number of.
//
// An increment of references is made by somebody who has, or is protected by, a reference; it
// therefore cannot change who drops the last one, and commutes with everything but that. Inside a
// leaf section it belongs to the section's event. One that finds nothing left is a use of something
// that is gone.
#pragma once

#include <cstdint>

#include "sim/api/primitive.h"
#include "sim/object/counter.h"

namespace sim {

class Counter : public Primitive {
 protected:
  Counter(const char* role, uint32_t initial) : Primitive(role, initial) {}

  /// A step of its own, or part of the leaf section around it.
  void Add();
  /// Whether it was the last. `if_none` is what is wrong if there is nothing to drop.
  bool Drop(const char* if_none);
  uint32_t Look() const;

  void RefineDrops(Runtime& runtime);
};

class RefCount : public Counter {
 public:
  /// Starts at one unless told otherwise: the creator's reference.
  explicit RefCount(const char* role, uint32_t initial = 1) : Counter(role, initial) {}

  void Increment();
  /// True if this was the last reference.
  [[nodiscard]] bool Decrement() { return Drop("a reference was dropped that nobody held"); }

  /// For checks and messages; no schedule point, so nothing may be decided by it.
  uint32_t value() const { return Look(); }
};

/// A counter of which the program may ask how much it counts. Starts at zero. Such a question
/// conflicts with every change. The first increment of all is no point: nobody else knows the
/// object yet.
class VisibleCount : public Counter {
 public:
  explicit VisibleCount(const char* role) : Counter(role, 0) {}

  void Increment();
  /// True if it counts nothing any more.
  [[nodiscard]] bool Decrement() { return Drop("something was uncounted that was not counted"); }
  uint32_t Load() const;

  /// For checks and messages; no schedule point, so nothing may be decided by it.
  uint32_t peek() const { return Look(); }

 private:
  bool counted_ = false;  // Anything, ever.
};

}  // namespace sim
