// How long, and with which seed.
#pragma once

#include <chrono>
#include <cstdint>

namespace core {

struct StressOptions {
  // Of the round after round of random calls; the other tests have their own, short time.
  std::chrono::duration<double> duration{2.0};
  uint32_t seed = 0;
};

/// As the command line and the environment say; see main.cc.
const StressOptions& GetStressOptions();

}  // namespace core
