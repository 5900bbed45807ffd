// Classic small programs, each with a bug that only some schedules show. After the C programs of
// SCTBench (Thomson, Donaldson and Betts, "Concurrency testing using controlled schedulers: an
// empirical study", TOPC 2016); every access to a shared variable is a schedule point.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "sim/engine/runtime.h"

namespace sim::examples {

/// Setters change a and then b; checkers must not see the one without the other.
std::unique_ptr<Scenario> Reorder(uint32_t setters, uint32_t checkers);
/// Two sections that belong together: a reader in between sees half of the change.
std::unique_ptr<Scenario> Twostage(uint32_t writers, uint32_t readers);
/// The third thread must not be the last.
std::unique_ptr<Scenario> Lazy01();
/// Two locks, taken in two orders.
std::unique_ptr<Scenario> Deadlock01();
/// A check of a balance that is wrong once both bookings are there.
std::unique_ptr<Scenario> Account();
/// A stack whose reader believes that what was pushed once is there for ever.
std::unique_ptr<Scenario> Stack();
/// One thread takes the right lock, `others` the wrong one.
std::unique_ptr<Scenario> WrongLock(uint32_t others);
/// A driver that works on after it was stopped.
std::unique_ptr<Scenario> BluetoothDriver();

struct Example {
  const char* name;
  std::unique_ptr<Scenario> (*make)();
};
/// All of them, under the names and in the sizes of the benchmark.
std::span<const Example> AllExamples();
/// In sizes for which the engine must be built for many threads.
std::span<const Example> ExamplesOfManyThreads();

}  // namespace sim::examples
