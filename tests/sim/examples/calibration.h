// SURW against its published strength: executions until an example fails, for the same programs in
// a simulator like ours. A sampler that is subtly wrong still finds bugs, only later; this is what
// notices.
#pragma once

#include <cstdint>
#include <string>

#include <gtest/gtest.h>

namespace sim::examples {

struct Known {
  const char* example;
  double surw;  // Mean over 20 trials, so with a standard error of 22 % of itself.
  bool surw_beats_walk;
};

/// Of a test with that parameter.
std::string NameOf(const testing::TestParamInfo<Known>& test);

/// In so many trials of at most 10,000 executions, each of which must find something. The numbers
/// of a trial are geometric: 200 trials have a standard error of 7 % of the mean, and leave the
/// factor of two to the known number and to how the program was written down.
void ExpectBetweenHalfAndTwiceTheKnown(const Known& known, uint32_t trials);

/// Means of executions; a trial that finds nothing counts as the cap.
struct AgainstWalk {
  double surw;
  double walk;
};
AgainstWalk MeasureAgainstWalk(const Known& known, uint32_t trials, uint64_t cap);

}  // namespace sim::examples
