// Verdicts of the engine on one execution.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sim {

enum class FailureKind : uint8_t {
  kAssertion,  // The code under test found itself wrong.
  kInvariant,  // The judge found its state wrong, at a moment at which no lock was held.
  kDeadlock,   // Nothing is enabled, and not all threads have ended.
  kStepLimit,
  kStackLimit,  // Calls were nested too deep.
  kLockOrder,   // Locks were taken in orders that can block each other.
  kLeak,        // Memory of the execution is still allocated after its tear-down.
  kMisuse,      // A primitive was used against its rules.
  kClaim,       // The program under test found a claim of its own false.
  kCrash,       // A bad address, a stack overflow, abort, an exception that nobody caught.
  kMemory,      // Something was used after its end, or freed or written to against the rules.
};

std::string_view FailureName(FailureKind kind);

struct Failure {
  FailureKind kind = FailureKind::kAssertion;
  std::string message;  // One line, no path of a machine, no address.
};

}  // namespace sim
