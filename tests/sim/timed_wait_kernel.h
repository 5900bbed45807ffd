// The timed-wait kernel: the smallest machine in which threads wait with deadlines for a level.
//
// A signal is a bit with a list of observers. A wait is one operation that looks at the bit and
// joins the observers, and one that leaves them and looks at the bit again, since it may have been
// cleared in between; so the answer is who ended the wait, and the bit. Nothing here looks at the
// clock: a deadline that has passed when the wait begins is left to the timer.
#pragma once

#include "sim/api/primitive.h"
#include "sim/object/queue.h"

namespace sim {

enum class WaitEnd : char { kAtOnce = 'o', kSignaled = 's', kTimedOut = 't' };

struct WaitAnswer {
  WaitEnd end = WaitEnd::kAtOnce;
  bool bit = false;
};

/// For threads only.
class LevelSignal : public Primitive {
 public:
  explicit LevelSignal(const char* role) : Primitive(role) {}

  /// `deadline` may be kForever or a virtual time.
  WaitAnswer Wait(Time deadline);
  /// Wakes every observer whose timer has not fired.
  void Set();
  void Clear();

 private:
  // The parts of the object: the bit with the list of observers, and the word of each observer, in
  // which the first of signal and timer leaves its mark.
  static constexpr uint32_t kLevel = QueueRules::kOrder;

  bool bit_ = false;
  ThreadSet observers_;
};

}  // namespace sim
