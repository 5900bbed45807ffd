// Counters: of references, and of what a program may ask the number of.
//
// An increment of references is made by somebody who has, or is protected by, a reference; it
// therefore cannot change who drops the last one, commutes with everything, and is no schedule
// point. Two decrements conflict: their order decides who is last.
#pragma once

#include <cstdint>

#include "sim/engine/runtime.h"

namespace sim {

class RefCount {
 public:
  /// Starts at one unless told otherwise: the creator's reference.
  explicit RefCount(const char* role, uint32_t initial = 1) : role_(role), count_(initial) {
    if (Runtime* runtime = Runtime::Current()) id_ = runtime->NewObject();
  }
  RefCount(const RefCount&) = delete;
  RefCount& operator=(const RefCount&) = delete;

  void Increment() { ++count_; }

  /// True if this was the last reference.
  [[nodiscard]] bool Decrement() {
    Runtime* runtime = Runtime::Current();
    if (runtime != nullptr && runtime->in_thread()) {
      Operation operation;
      operation.kind = OpKind::kRefRelease;
      operation.object = id_;
      operation.role = role_;
      operation.footprint = Footprint::Writes(id_);
      runtime->Announce(operation);
    }
    if (count_ == 0 && runtime != nullptr) {
      runtime->FailWith(FailureKind::kMisuse, "a reference was dropped that nobody held");
    }
    return --count_ == 0;
  }

  /// For checks and messages; no schedule point, so nothing may be decided by it.
  uint32_t value() const { return count_; }

 private:
  ObjectId id_;
  const char* role_;
  uint32_t count_;
};

/// A counter of which the program may ask how much it counts. Starts at zero.
///
/// Such a question conflicts with every change, so increments are schedule points here, and may
/// stand in no leaf section; among themselves they still commute. An increment from nothing, which
/// only code that is wrong makes, is told apart by conflicting with decrements. The first of all is
/// no point: nobody else knows the object yet.
class VisibleCount {
 public:
  explicit VisibleCount(const char* role) : role_(role) {
    if (Runtime* runtime = Runtime::Current()) id_ = runtime->NewObject();
  }
  VisibleCount(const VisibleCount&) = delete;
  VisibleCount& operator=(const VisibleCount&) = delete;

  void Increment() {
    if (counted_) {
      Footprint footprint = Footprint::Reads(id_, kAmount);
      footprint.Add({id_, kWhoIsLast, /*write=*/false});
      Announce(OpKind::kAtomicUpdate, footprint);
    }
    counted_ = true;
    ++count_;
  }

  /// True if it counts nothing any more.
  [[nodiscard]] bool Decrement() {
    Footprint footprint = Footprint::Writes(id_, kWhoIsLast);
    footprint.Add({id_, kAmount, /*write=*/false});
    Announce(OpKind::kRefRelease, footprint);
    Runtime* runtime = Runtime::Current();
    if (count_ == 0 && runtime != nullptr) {
      runtime->FailWith(FailureKind::kMisuse, "something was uncounted that was not counted");
    }
    return --count_ == 0;
  }

  uint32_t Load() const {
    // As if it wrote: it conflicts with what only "reads" the amount. Two questions need not, but
    // that costs executions and nothing else.
    Announce(OpKind::kAtomicLoad, Footprint::Writes(id_, kAmount));
    return count_;
  }

  /// For checks and messages; no schedule point, so nothing may be decided by it.
  uint32_t peek() const { return count_; }

 private:
  static constexpr uint32_t kWhoIsLast = 1;
  static constexpr uint32_t kAmount = 2;

  void Announce(OpKind kind, const Footprint& footprint) const {
    Runtime* runtime = Runtime::InThread();
    if (runtime == nullptr) return;
    Operation operation;
    operation.kind = kind;
    operation.object = id_;
    operation.role = role_;
    operation.footprint = footprint;
    runtime->Announce(operation);
  }

  ObjectId id_;
  const char* role_;
  uint32_t count_ = 0;
  bool counted_ = false;  // Anything, ever.
};

}  // namespace sim
