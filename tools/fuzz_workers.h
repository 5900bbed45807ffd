// Draws programs and tries them, in worker processes.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "props/properties.h"
#include "props/reached.h"
#include "tools/progress.h"

namespace tools {

struct FuzzSetup {
  uint64_t seed = 0;
  uint64_t first = 0;  // Program.
  uint64_t count = 0;  // Programs.
  uint32_t workers = 1;
  std::optional<std::chrono::nanoseconds> budget;
  bool quiet = false;
  props::TrialOptions trial;
};

/// What the programs added up to.
struct FuzzTally {
  uint64_t programs = 0;
  uint64_t executions = 0;
  uint64_t sampled = 0;           // Programs whose interleavings were not all run.
  uint64_t outcomes_unknown = 0;  // Programs with too many outcomes to list.
  uint64_t unknown = 0;           // Programs with a history that could not be judged.
  props::Reached reached;

  void Add(const props::Trial& trial);
};

struct FuzzResult {
  FuzzTally tally;
  props::Interruption interruption = props::Interruption::kNone;
  double seconds = 0;
  /// The first program that broke a property; the same for any number of workers.
  std::optional<uint64_t> failed;
  /// How a worker ended that neither was done nor crashed in an execution; empty if none did. Then
  /// not all programs were tried.
  std::string lost;
};

/// Program `index` of such a run, and what is tried on it.
model::Litmus ProgramOf(const FuzzSetup& setup, uint64_t index);
props::TrialOptions TrialOf(const FuzzSetup& setup, uint64_t index);

/// The first SIGINT or SIGTERM that this process gets, or a worker, ends the run: CatchInterrupts
/// comes before.
FuzzResult RunFuzz(const FuzzSetup& setup);

}  // namespace tools
