// A counter of references.
//
// An increment is made by somebody who has, or is protected by, a reference; it therefore cannot
// change who drops the last one, commutes with everything, and is no schedule point. Two decrements
// conflict: their order decides who is last.
#pragma once

#include <cstdint>

#include "sim/runtime.h"

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

}  // namespace sim
