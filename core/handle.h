// A handle: a reference to an object, with rights, in exactly one place.
//
// The places are one process's table, one message, or the hands of a system call in progress.
#pragma once

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/unordered_set.hpp>
#include <memory>
#include <utility>

#include "core/abi.h"
#include "core/dispatcher.h"

namespace core {
inline namespace CORE_PLATFORM {

class HandleTable;

class Handle : public Allocated,
               public boost::intrusive::unordered_set_base_hook<>,
               public boost::intrusive::list_base_hook<> {
 public:
  Handle(RefPtr<Dispatcher> object, Rights rights);
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  Dispatcher& object() const { return *object_; }
  Rights rights() const { return rights_; }
  bool Permits(Rights rights) const { return (rights_ & rights) == rights; }
  /// What a handle made from this one permits: kInvalidArgs unless `wanted` is kRightSameRights or
  /// a part of this handle's rights.
  [[nodiscard]] Status Reduce(Rights wanted, Rights* rights) const {
    *rights = wanted == kRightSameRights ? rights_ : wanted;
    return Permits(*rights) ? Status::kOk : Status::kInvalidArgs;
  }
  /// Its name in its table; changes when it is received by a table.
  HandleValue value() const { return value_; }
  /// The table that it is in; null in a message and in a system call's hands.
  const HandleTable* table() const { return table_; }

 private:
  friend class HandleTable;
  friend struct HandleCloser;
  ~Handle();

  RefPtr<Dispatcher> object_;
  const Rights rights_;
  HandleValue value_ = kInvalidHandle;
  const HandleTable* table_ = nullptr;
};

/// Closes a handle, in this order: the waits through it are cancelled; the count of the object's
/// handles drops, and at zero its public life ends; the reference is dropped. D-1.
struct HandleCloser {
  void operator()(Handle* handle) const;
};

/// A handle in somebody's hands: closed unless it is given on. No lock may be held where one dies.
using HandleOwner = std::unique_ptr<Handle, HandleCloser>;

/// A new handle to `object`, in the caller's hands; null when memory cannot be had.
HandleOwner MakeHandle(RefPtr<Dispatcher> object, Rights rights);

/// Memory for a handle that is to be made where nothing may fail any more.
class HandleMemory {
 public:
  HandleMemory() = default;
  HandleMemory(HandleMemory&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  HandleMemory& operator=(HandleMemory other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~HandleMemory();

  /// False when memory cannot be had.
  [[nodiscard]] bool Allocate();
  bool is_allocated() const { return block_ != nullptr; }
  /// As the function, in the memory that was allocated, which is used up.
  HandleOwner MakeHandle(RefPtr<Dispatcher> object, Rights rights);

 private:
  void* block_ = nullptr;
};

}  // namespace CORE_PLATFORM
}  // namespace core
