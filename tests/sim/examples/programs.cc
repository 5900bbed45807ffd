#include "tests/sim/examples/programs.h"

#include <array>

namespace sim::examples {

namespace {

constexpr std::array<Example, 14> kExamples = {{
    {"reorder_3", [] { return Reorder(2, 1); }},
    {"reorder_4", [] { return Reorder(3, 1); }},
    {"reorder_5", [] { return Reorder(4, 1); }},
    {"reorder_10", [] { return Reorder(9, 1); }},
    {"reorder_20", [] { return Reorder(10, 10); }},
    {"twostage", [] { return Twostage(1, 1); }},
    {"twostage_20", [] { return Twostage(19, 1); }},
    {"lazy01", Lazy01},
    {"deadlock01", Deadlock01},
    {"account", Account},
    {"stack", Stack},
    {"wronglock_3", [] { return WrongLock(3); }},
    {"wronglock", [] { return WrongLock(7); }},
    {"bluetooth_driver", BluetoothDriver},
}};

constexpr std::array<Example, 4> kExamplesOfManyThreads = {{
    {"reorder_50", [] { return Reorder(49, 1); }},
    {"reorder_100", [] { return Reorder(99, 1); }},
    {"twostage_50", [] { return Twostage(49, 1); }},
    {"twostage_100", [] { return Twostage(99, 1); }},
}};

}  // namespace

std::span<const Example> AllExamples() {
  return kExamples;
}

std::span<const Example> ExamplesOfManyThreads() {
  return kExamplesOfManyThreads;
}

}  // namespace sim::examples
