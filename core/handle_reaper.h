// Handles of destroyed messages that close later. X-17, D-6.
//
// In the first generation a message that is destroyed does not close its handles: it leaves them to
// a worker. So what comes of them, such as PEER_CLOSED at the other end of a channel in a message,
// may be seen only after the call that destroyed the message has returned.
#pragma once

#include <boost/intrusive/list.hpp>
#include <span>

#include "core/handle.h"
#include "core/locks.h"

namespace core {
inline namespace CORE_PLATFORM {

class HandleReaper {
 public:
  /// The host's; `wake` is called on any thread, with no lock held, when there is something to do.
  struct Worker {
    void (*wake)(void* context) = nullptr;
    void* context = nullptr;
  };

  HandleReaper() : lock_("reaper") {}
  /// Empty by then: see Kernel.
  ~HandleReaper();
  HandleReaper(const HandleReaper&) = delete;
  HandleReaper& operator=(const HandleReaper&) = delete;

  /// While no other thread uses this.
  void set_worker(Worker worker) { worker_ = worker; }
  bool has_worker() const { return worker_.wake != nullptr; }

  /// Takes over what is not null, in this order.
  void Add(std::span<HandleOwner> handles) EXCLUDES(lock_);

  /// Closes what is there, the oldest first, and what is added meanwhile, one after the other: if
  /// another thread is at it, leaves everything to that one. For the worker, and for the end of the
  /// kernel.
  void CloseAll() EXCLUDES(lock_);

 private:
  // Null if nothing is there, or, for one who begins, if another is at work.
  HandleOwner TakeOldest(bool begins) EXCLUDES(lock_);

  Worker worker_;
  platform::Mutex lock_;                                      // No other lock is taken under it.
  boost::intrusive::list<Handle> handles_ GUARDED_BY(lock_);  // Front is the oldest.
  bool is_closing_ GUARDED_BY(lock_) = false;                 // Somebody is at work.
};

}  // namespace CORE_PLATFORM
}  // namespace core
