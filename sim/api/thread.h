// Threads that a scenario or one of its threads spawns, and waits for.
#pragma once

#include "sim/engine/runtime.h"
#include "sim/object/ids.h"

namespace sim {

/// Names a thread; a value. The thread runs whether or not anybody keeps its name or joins it.
class Thread {
 public:
  Thread() = default;

  /// `name` is static text. `body` must outlive the execution: an object of the scenario, or of the
  /// set-up. One step of the spawner, in which the child also runs to its own first operation.
  template <typename Body>
  [[nodiscard]] static Thread Spawn(const char* name, Body& body) {
    return SpawnEntry(name, Runtime::EntryOf<Body>(), &body);
  }

  /// Waits for the end of the thread. May be called by several threads, and more than once.
  void Join() const;

  ThreadId id() const { return id_; }

 private:
  Thread(const char* name, ThreadId id) : name_(name), id_(id) {}
  static Thread SpawnEntry(const char* name, Runtime::Entry entry, void* argument);

  const char* name_ = "";
  ThreadId id_ = kNoThread;
};

/// For loops that look at words and try locks until they find what they want: waits until something
/// that the thread has looked at since its last pause is no longer as it was. The caller promises
/// that until then the loop would only look again; it is a deadlock if nothing is ever changed.
/// After anything but looks it does nothing.
void Pause();

}  // namespace sim
