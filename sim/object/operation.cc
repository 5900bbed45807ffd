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
    case OpKind::kEventSignal:
      return "signal";
    case OpKind::kEventInterrupt:
      return "interrupt";
    case OpKind::kEventEnter:
      return "enter-wait";
    case OpKind::kEventWait:
      return "wait";
    case OpKind::kTimerFire:
      return "fire";
    case OpKind::kCondEnter:
      return "release-and-wait";
    case OpKind::kCondWait:
      return "wait";
    case OpKind::kNotifyOne:
      return "notify-one";
    case OpKind::kNotifyAll:
      return "notify-all";
    case OpKind::kAtomicAwait:
      return "await";
    case OpKind::kRefRelease:
      return "unref";
    case OpKind::kAtomicLoad:
      return "load";
    case OpKind::kAtomicStore:
      return "store";
    case OpKind::kAtomicUpdate:
      return "update";
    case OpKind::kClockRead:
      return "read-clock";
    case OpKind::kChoice:
      return "choose";
    case OpKind::kSpawn:
      return "spawn";
    case OpKind::kJoin:
      return "join";
  }
  return "?";
}

}  // namespace sim
