#include "sim/engine/failure.h"

namespace sim {

std::string_view FailureName(FailureKind kind) {
  switch (kind) {
    case FailureKind::kAssertion:
      return "assertion";
    case FailureKind::kInvariant:
      return "invariant";
    case FailureKind::kDeadlock:
      return "deadlock";
    case FailureKind::kStepLimit:
      return "step limit";
    case FailureKind::kStackLimit:
      return "stack limit";
    case FailureKind::kLockOrder:
      return "lock order";
    case FailureKind::kLeak:
      return "leak";
    case FailureKind::kMisuse:
      return "misuse of the engine";
    case FailureKind::kClaim:
      return "claim";
    case FailureKind::kCrash:
      return "crash";
    case FailureKind::kMemory:
      return "memory error";
  }
  return "?";
}

}  // namespace sim
