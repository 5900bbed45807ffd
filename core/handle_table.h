// The handles of one process, by value.
#pragma once

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/unordered_set.hpp>
#include <span>

#include "core/abi.h"
#include "core/abi_profile.h"
#include "core/handle.h"
#include "core/locks.h"

namespace core {
inline namespace CORE_PLATFORM {

/// Lookups share the lock; sections about different values commute.
///
/// Lock order: a table, then a pair of endpoints (or an event), then a queue, or a port. No two
/// tables.
class HandleTable {
 public:
  HandleTable();
  /// Empty by then: see Process.
  ~HandleTable();
  HandleTable(const HandleTable&) = delete;
  HandleTable& operator=(const HandleTable&) = delete;

  /// Memory for the buckets; to be called once, before any other call. False when it cannot be had.
  [[nodiscard]] bool Init();

  /// Names the handle `value`, which names nothing now.
  void Add(HandleOwner handle, HandleValue value) EXCLUDES(lock_);

  /// Null if there is no such handle. The linearisation point of a close.
  [[nodiscard]] HandleOwner Remove(HandleValue value) EXCLUDES(lock_);

  /// Takes all of `values` out at once: no other thread sees some gone and others not. A value that
  /// is missing, or was taken out by an earlier entry, leaves null in its place.
  void RemoveAll(std::span<const HandleValue> values, std::span<HandleOwner> out) EXCLUDES(lock_);

  /// The whole table, for one caller alone: what it does with several handles is one step for
  /// everybody else, and what it finds has not been closed.
  ///
  /// While this lives no handle may be closed, and no last reference dropped.
  class Exclusive {
   public:
    explicit Exclusive(HandleTable& table) : guard_(table.lock_), table_(table) {}

    /// Null if there is no such handle (any more).
    const Handle* Find(HandleValue value) const NO_THREAD_SAFETY_ANALYSIS {
      return table_.FindLocked(value);
    }
    /// Takes out what Find found.
    [[nodiscard]] HandleOwner Take(HandleValue value) NO_THREAD_SAFETY_ANALYSIS {
      return table_.TakeValueLocked(value);
    }

   private:
    const WriterLock guard_;
    HandleTable& table_;
  };

  /// Takes all of `values` out to be sent over `channel`, or none: kBadHandle; kNotSupported for
  /// the channel itself and kAccessDenied without TRANSFER, in the order of `profile`; then its
  /// answer to a repeated value. W-2.
  [[nodiscard]] Status TakeAllOrNone(std::span<const HandleValue> values, const Dispatcher& channel,
                                     const AbiProfile& profile, std::span<HandleOwner> out)
      EXCLUDES(lock_);
  /// Names a handle by the value that it had in this table before it was taken out.
  void PutBack(HandleOwner handle) EXCLUDES(lock_);

  /// Before the first thread runs: the process may be killed, and then closes the latest first. A
  /// simulator need not try both orders of two additions unless it is told. D-8.
  void set_order_matters() { order_matters_ = true; }
  /// The handle most recently added; null when the table is empty.
  [[nodiscard]] HandleOwner RemoveNewest() EXCLUDES(lock_);

  /// A reference to the object, which stays good whatever happens to the handle. Checks in this
  /// order: kBadHandle, then kWrongType and kAccessDenied in the order of `profile` (H-7, X-9);
  /// kNone stands for any type.
  [[nodiscard]] Status Lookup(HandleValue value, ObjectType type, Rights rights,
                              const AbiProfile& profile, RefPtr<Dispatcher>* out) const
      EXCLUDES(lock_);

  /// The whole table, held still: while this lives, what is found is not closed and not sent. So a
  /// wait that begins meanwhile will be found by whoever does that later. WT-2, WT-12.
  ///
  /// The locks of objects may be taken, but no last reference may be dropped.
  class Still {
   public:
    Still(const HandleTable& table, const AbiProfile& profile)
        : guard_(table.lock_), table_(table), profile_(profile) {}

    /// Checks as Lookup.
    [[nodiscard]] Status Find(HandleValue value, ObjectType type, Rights rights,
                              const Handle** out) const NO_THREAD_SAFETY_ANALYSIS {
      return table_.FindLocked(value, type, rights, profile_, out);
    }
    /// Checks: kBadHandle, kAccessDenied without the right to wait, kNotSupported. WT-1.
    [[nodiscard]] Status FindWaitable(HandleValue value, const Handle** out) const {
      const Status found = Find(value, ObjectType::kNone, profile_.wait_right, out);
      if (found != Status::kOk) return found;
      return (*out)->object().is_waitable() ? Status::kOk : Status::kNotSupported;
    }

   private:
    const ReaderLock guard_;
    const HandleTable& table_;
    const AbiProfile& profile_;
  };

  // Handles made from handles.

  /// Whether there is such a handle.
  [[nodiscard]] bool Contains(HandleValue value) const EXCLUDES(lock_);

  /// What an object is, and what the handle permits: kBadHandle.
  [[nodiscard]] Status Describe(HandleValue value, RefPtr<Dispatcher>* out, Rights* rights) const
      EXCLUDES(lock_);

  /// Makes another handle to the object while the one named `value` is certain to be there, so that
  /// the object's last handle is not gone already: kBadHandle; kAccessDenied without DUPLICATE;
  /// kInvalidArgs as Reduce; kNoMemory. HO-3.
  [[nodiscard]] Status Duplicate(HandleValue value, Rights wanted, HandleOwner* out) const
      EXCLUDES(lock_);

  /// The rights that a replacement of `value` would have: kBadHandle, kInvalidArgs as Reduce.
  [[nodiscard]] Status RightsOfReplacement(HandleValue value, Rights wanted, Rights* rights) const
      EXCLUDES(lock_);

  /// Takes the handle named `value` out and adds one to the same object, named `replacement`, at
  /// once: nobody finds both or neither, and the object has a handle at every moment. Returns the
  /// old one; null, with nothing done, if somebody else has taken the one that RightsOfReplacement
  /// was about. HO-4, HO-5.
  [[nodiscard]] HandleOwner Replace(HandleValue value, HandleMemory memory, Rights rights,
                                    HandleValue replacement) EXCLUDES(lock_);

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
  Status FindLocked(HandleValue value, ObjectType type, Rights rights, const AbiProfile& profile,
                    const Handle** out) const REQUIRES_SHARED(lock_);
  void InsertLocked(HandleOwner handle) REQUIRES(lock_);
  HandleOwner TakeLocked(Handle& handle) REQUIRES(lock_);
  HandleOwner TakeValueLocked(HandleValue value) REQUIRES(lock_);
  void GrowLocked() REQUIRES(lock_);

  mutable platform::SharedMutex lock_;
  bool order_matters_ = false;
  ByValue::bucket_type only_bucket_;  // Until Init.
  ByValue::bucket_type* buckets_ GUARDED_BY(lock_) = nullptr;
  size_t bucket_count_ GUARDED_BY(lock_) = 0;
  ByValue by_value_ GUARDED_BY(lock_);
  ByAge by_age_ GUARDED_BY(lock_);  // Front is the oldest.
};

}  // namespace CORE_PLATFORM
}  // namespace core
