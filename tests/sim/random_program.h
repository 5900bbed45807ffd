// Small random programs over every primitive of the engine, for comparing searches with each other.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/engine/random.h"
#include "sim/engine/sanitizer.h"
#include "sim/object/operation.h"
#include "tests/sim/lambda_scenario.h"

namespace sim {

/// One operation of a thread, or a short section of them.
struct ProgramOp {
  enum class Kind : uint8_t {
    kLock,         // Takes a mutex, unless this thread holds it, and changes what it protects.
    kUnlock,       // Releases it, if held.
    kTry,          // Tries to take it; releases it again if that worked.
    kStore,        // Stores `value` in a word.
    kLoad,         // Notes the word.
    kLoadAndSkip,  // Notes the word, and skips the next operation if it is odd.
    kAdd,          // Adds `value` to a word and notes what was there.
    kSignal,       // Sets an event.
    kWait,         // Waits for the event of this thread until `deadline`; notes the answer.
    kReadClock,    // Notes the time.
    kChoose,       // Notes a value below `value`.
    kUnref,        // Drops a reference; notes whether it was the last.
    kWriteKey,     // A leaf section of the table that changes one key.
    kReadKey,      // A leaf section that notes one key.
    kWriteTable,   // A section of the whole table, with an addition to a word inside.
    kReadTable,    // The same, shared.
    kCount,        // Counts one more.
    kUncount,      // Counts one less; notes whether nothing is left.
    kAsk,          // Notes how many there are.
    kCondWait,     // Takes the mutex and waits with it until `deadline`; notes the answer.
    kNotifyOne,    // Wakes one of those who wait with the mutex,
    kNotifyAll,    // or all of them; in a section of the mutex if `value` is odd.
    kExchange,     // Stores `value` in a word and notes what was there.
    kReplace,      // Stores `value` + 1 in a word if it is `value` - 1; notes what was there.
    kAwait,        // Waits until a word is `value` - 1, and notes that it was.
    kSpawn,        // Starts thread `object`.
    kJoin,         // Waits for the end of thread `object`, if it was started.
    kDemand,       // Fails unless a word is even; `value` names the demand.
    kMisuse,       // Releases a mutex, whether it is held or not.
    kRef,          // Takes a reference, whether or not any is left.
    kRefInLeaf,    // The same inside a leaf section of the table.
    kDestroy,      // Destroys the spare word, also where somebody else has.
    kUseSpare,     // Notes the spare word, whether or not it is there.
    // Waits that are bounded until `deadline`; each notes whether it had what it waited for. The
    // sections add 1 to a word.
    kTakeTried,    // A section of the lock that may be tried, whoever has it until then;
    kTryTried,     // if nobody has it.
    kShareTried,   // The same, shared,
    kTryShare,     // and if nobody has it for himself.
    kNest,         // A section of the recursive lock in another one.
    kGive,         // Gives one to the semaphore.
    kTake,         // Takes one.
    kTryTake,      // Takes one if there is one.
    kArrive,       // Waits at the barrier, for two to come. Notes nothing.
    kOnce,         // Adds 1 to a word, unless that was done once; notes whether it did.
    kOpen,         // Opens the gate,
    kShut,         // shuts it,
    kPass,         // waits until it is open,
    kPassAndShut,  // or shuts it as well, in the same step.
    kSpin,         // Looks at a word until it is `value` - 1, and pauses in between; notes it.
  };
  Kind kind = Kind::kLoad;
  uint8_t object = 0;
  uint8_t value = 0;
  Time deadline = kForever;
};

struct RandomProgram {
  static constexpr uint32_t kReferences = 3;  // That there are at first.

  std::vector<std::vector<ProgramOp>> threads;
  bool visible_releases = false;
  bool leaks_locks = false;  // Threads end without releasing what they hold.
  uint32_t spawned = 0;      // Bit t: thread t is started by another one, not by the set-up.
  bool wakes_any = false;    // A notification may wake any waiter, not only the first.
  uint32_t idle_wakes = 0;   // So many waits with a mutex may end for nothing.

  bool Uses(ProgramOp::Kind kind) const;
  /// "t0: lock 0, signal 1; t1: ...": for messages of tests.
  std::string Print() const;
};

/// How many programs a test draws: `usual`, unless HEDDLE_RANDOM_PROGRAMS says otherwise, for a
/// longer run. Under the address sanitizer a fifth of that.
uint32_t ProgramsToDraw(uint32_t usual = 1000);
/// Programs with more interleavings are not drawn by tests that run them all.
#ifdef HEDDLE_ASAN
inline constexpr uint64_t kMaxInterleavings = 500;
#else
inline constexpr uint64_t kMaxInterleavings = 1500;
#endif

/// Two or three threads of one to five operations.
RandomProgram DrawProgram(Random& random, bool visible_releases);

/// The same with operations that may fail the execution.
RandomProgram DrawFailingProgram(Random& random, bool visible_releases);

/// Two or three threads of one to four operations, most of them waits that are bounded.
RandomProgram DrawWaitingProgram(Random& random);

/// Two or three threads of two to five operations: waits of two sorts, and what shows how late it
/// is and who came first.
RandomProgram DrawMixedProgram(Random& random);

/// Builds the objects of `program`, which must outlive what is made.
LambdaScenario::Factory FactoryOf(const RandomProgram& program);

}  // namespace sim
