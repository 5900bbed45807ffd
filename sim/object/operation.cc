#include "sim/object/operation.h"

namespace sim {

std::string_view OpName(OpKind kind) {
  switch (kind) {
    case OpKind::kNone:
      return "nothing";
    case OpKind::kAcquire:
      return "acquire";
    case OpKind::kAcquireShared:
      return "acquire-shared";
    case OpKind::kRelease:
      return "release";
    case OpKind::kTryAcquire:
      return "try-acquire";
    case OpKind::kFlagSignal:
      return "signal";
    case OpKind::kFlagInterrupt:
      return "interrupt";
    case OpKind::kFlagEnter:
      return "enter-wait";
    case OpKind::kFlagWait:
      return "wait";
    case OpKind::kTimerFire:
      return "fire";
    case OpKind::kQueueEnter:
      return "release-and-wait";
    case OpKind::kQueueWait:
      return "wait";
    case OpKind::kNotifyOne:
      return "notify-one";
    case OpKind::kNotifyAll:
      return "notify-all";
    case OpKind::kWordAwait:
      return "await";
    case OpKind::kCountDrop:
      return "unref";
    case OpKind::kWordLoad:
      return "load";
    case OpKind::kWordStore:
      return "store";
    case OpKind::kWordUpdate:
      return "update";
    case OpKind::kClockRead:
      return "read-clock";
    case OpKind::kChoice:
      return "choose";
    case OpKind::kSpawn:
      return "spawn";
    case OpKind::kJoin:
      return "join";
    case OpKind::kCountAdd:
      return "ref";
    case OpKind::kCountLoad:
      return "ask";
    case OpKind::kReleaseShared:
      return "release-shared";
    case OpKind::kEnd:
    case OpKind::kWake:
    case OpKind::kArm:
    case OpKind::kDisarm:
    case OpKind::kJoinQueue:
    case OpKind::kDestroy:
      return "change";  // Nobody announces these.
    case OpKind::kTryAcquireShared:
      return "try-acquire-shared";
    case OpKind::kWordTake:
      return "take";
    case OpKind::kPause:
      return "pause";
  }
  return "?";
}

}  // namespace sim
