// The handles of one process, by value.
#pragma once

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/unordered_set.hpp>
#include <span>

#include "core/abi.h"
#include "core/handle.h"
#include "core/locks.h"

namespace core {
inline namespace CORE_PLATFORM {

/// Lookups share the lock; sections about different values commute.
///
/// Lock order: a table, then a pair of endpoints (or an event), then a queue. No two tables.
class HandleTable {
 public:
  HandleTable();
  /// Empty by then: see Process.
  ~HandleTable();
  HandleTable(const HandleTable&) = delete;
  HandleTable& operator=(const HandleTable&) = delete;

  /// Memory for the buckets; to be called once, before any other call. False when it cannot be had.
  [[nodiscard]] bool Init();

  /// Names the handle `value`, which was never used before.
  void Add(HandleOwner handle, HandleValue value) EXCLUDES(lock_);

  /// Null if there is no such handle. The linearisation point of a close.
  [[nodiscard]] HandleOwner Remove(HandleValue value) EXCLUDES(lock_);

  /// Takes all of `values` out at once: no other thread sees some gone and others not. A value that
  /// is missing, or was taken out by an earlier entry, leaves null in its place.
  void RemoveAll(std::span<const HandleValue> values, std::span<HandleOwner> out) EXCLUDES(lock_);

  /// The handle most recently added; null when the table is empty.
  [[nodiscard]] HandleOwner RemoveNewest() EXCLUDES(lock_);

  /// A reference to the object, which stays good whatever happens to the handle. Checks in this
  /// order: kBadHandle, kWrongType, kAccessDenied; kNone stands for any type.
  [[nodiscard]] Status Lookup(HandleValue value, ObjectType type, Rights rights,
                              RefPtr<Dispatcher>* out) const EXCLUDES(lock_);

  /// Looks `value` up and lists `observer` at its object, in one step with respect to everybody who
  /// closes or sends the handle: either the wait fails, or they will find it. WT-2.
  [[nodiscard]] Status Observe(HandleValue value, SignalObserver& observer, Signals wanted,
                               RefPtr<Dispatcher>* out) const EXCLUDES(lock_);

  /// Calls `visit(handle)` for each, oldest first. For checks only: takes no lock, and is true only
  /// while nothing else runs.
  template <typename Visitor>
  void PeekEach(Visitor visit) const NO_THREAD_SAFETY_ANALYSIS {
    for (const Handle& handle : by_age_) visit(handle);
  }

 private:
  struct ValueOf {
    using type = HandleValue;
    HandleValue operator()(const Handle& handle) const { return handle.value(); }
  };
  struct HashValue {
    size_t operator()(HandleValue value) const {
      return static_cast<size_t>((value >> 2) * 0x9E3779B97F4A7C15u >> 32);
    }
  };
  using ByValue = boost::intrusive::unordered_set<Handle, boost::intrusive::key_of_value<ValueOf>,
                                                  boost::intrusive::hash<HashValue>,
                                                  boost::intrusive::power_2_buckets<true>>;
  using ByAge = boost::intrusive::list<Handle>;

  const Handle* FindLocked(HandleValue value) const REQUIRES_SHARED(lock_);
  HandleOwner TakeLocked(Handle& handle) REQUIRES(lock_);
  HandleOwner TakeValueLocked(HandleValue value) REQUIRES(lock_);
  void GrowLocked() REQUIRES(lock_);

  mutable platform::SharedMutex lock_;
  ByValue::bucket_type only_bucket_;  // Until Init.
  ByValue::bucket_type* buckets_ GUARDED_BY(lock_) = nullptr;
  size_t bucket_count_ GUARDED_BY(lock_) = 0;
  ByValue by_value_ GUARDED_BY(lock_);
  ByAge by_age_ GUARDED_BY(lock_);  // Front is the oldest.
};

}  // namespace CORE_PLATFORM
}  // namespace core
