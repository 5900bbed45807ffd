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

namespace tools {

enum class Command : uint8_t { kExplore, kModel, kReplay, kMinimize, kShow };

struct Options {
  Command command = Command::kExplore;
  std::vector<std::string>
      inputs;  // Litmus files; for replay, minimize and show at most one trace.
  props::Search search = props::Search::kSourceSets;
  std::optional<model::Generation> generation;  // None: each file's own.
  bool all_generations = false;
  uint64_t seed = 0;
  uint64_t runs = 10'000;       // Executions of a random search.
  uint64_t max_executions = 0;  // Of a complete one; 0 is no limit.
  uint32_t max_steps = 20'000;
  std::optional<std::chrono::nanoseconds> budget;
  bool keep_going = false;
  bool quiet = false;
  std::string expect = "holds";  // Or "violated", "violated:ID".
  std::string output_dir = ".heddle";
  std::optional<std::string> schedule;  // Replay of a litmus file by hand.
};

/// The options, or the exit code if there is nothing to do: help was printed, or a mistake, with
/// what would be right.
std::variant<Options, int> ParseCommandLine(int argc, const char* const* argv);

}  // namespace tools
