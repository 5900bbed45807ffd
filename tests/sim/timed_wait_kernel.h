// The timed-wait kernel: the smallest machine in which threads wait with deadlines for a level.
//
// A signal is a bit with a list of observers. A wait is one operation that looks at the bit and
// joins the observers, and one that leaves them and looks at the bit again, since it may have been
// cleared in between; so the answer is who ended the wait, and the bit. Nothing here looks at the
// clock: a deadline that has passed when the wait begins is left to the timer.
#pragma once

#include <array>

#include "sim/object/ids.h"
#include "sim/object/operation.h"

namespace sim {

enum class WaitEnd : char { kAtOnce = 'o', kSignaled = 's', kTimedOut = 't' };

struct WaitAnswer {
  WaitEnd end = WaitEnd::kAtOnce;
  bool bit = false;
};

/// For threads only.
class LevelSignal {
 public:
  explicit LevelSignal(const char* role);
  LevelSignal(const LevelSignal&) = delete;
  LevelSignal& operator=(const LevelSignal&) = delete;

  /// `deadline` may be kForever or a virtual time.
  WaitAnswer Wait(Time deadline);
  /// Wakes every observer whose timer has not fired.
  void Set();
  void Clear();

  /// The parts of the object: the bit with the list of observers, and the word of each observer,
  /// in which the first of signal and timer leaves its mark.
  static constexpr uint32_t kLevel = 1;
  static constexpr uint32_t WordOf(ThreadId observer) { return uint32_t{2} + observer; }

 private:
  Operation OperationOf(OpKind kind) const;

  ObjectId id_;
  const char* role_;
  bool bit_ = false;
  std::array<WaitState*, kMaxThreads> observers_{};  // By thread; on their stacks.
};

}  // namespace sim
