// The command line as a value.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/generation.h"
#include "props/check.h"
#include "props/interference.h"
#include "tools/shard.h"

namespace tools {

enum class Command : uint8_t {
  kExplore,
  kFuzz,
  kMerge,
  kEstimate,
  kModel,
  kReplay,
  kMinimize,
  kShow,
  kCorpus,
  kList,
};

struct Options {
  Command command = Command::kExplore;
  std::vector<std::string> inputs;  // Litmus files and scenarios; for replay, minimize and show at
                                    // most one trace; for corpus what to do and with which trace.
  props::Search search = props::Search::kSourceSets;
  std::optional<model::Generation> generation;  // None: each file's own.
  bool all_generations = false;
  uint64_t seed = 0;
  uint64_t runs = 10'000;       // Executions of a random search.
  uint64_t max_executions = 0;  // Of a complete one; 0 is no limit.
  uint32_t max_steps = 20'000;
  std::optional<std::chrono::nanoseconds> budget;
  std::optional<uint32_t> preemptions;  // Instead of what each file says;
  std::optional<uint32_t> delays;       // not both.
  props::Interference interference;
  uint64_t first = 0;                   // Program of a run of drawn ones.
  std::vector<std::string> properties;  // That count; empty: all.
  bool keep_going = false;
  bool quiet = false;
  std::string expect = "holds";  // Or "violated", "violated:ID".
  std::string output_dir = ".heddle";
  std::string corpus = "traces/corpus";
  std::optional<std::string> schedule;  // Replay of a litmus file by hand.
  uint32_t jobs = 0;                    // Worker processes; 0: not said.
  std::optional<Shard> shard;
  std::string summary;  // Files; empty: none.
  std::string checkpoint;
  std::string resume;

  /// The search is cut into parts.
  bool in_parts() const {
    return jobs != 0 || shard || !summary.empty() || !checkpoint.empty() || !resume.empty();
  }
};

/// The options, or the exit code if there is nothing to do: help was printed, or a mistake, with
/// what would be right.
std::variant<Options, int> ParseCommandLine(int argc, const char* const* argv);

/// The program as the options want it: with more faults, within another bound.
model::Litmus AsAsked(const Options& options, const model::Litmus& litmus);

}  // namespace tools
