// heddle estimate: how large a complete search would be, and how long it would take.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "props/bounds.h"
#include "props/checker.h"
#include "props/generations.h"
#include "tools/commands.h"
#include "tools/exit_codes.h"
#include "tools/file_explorer.h"
#include "tools/files.h"
#include "tools/measure.h"

namespace tools {

namespace {

using Clock = std::chrono::steady_clock;

// Complete executions per second of a search, repetitions and judging included.
double MeasureSpeed(const model::Litmus& litmus, uint32_t max_steps,
                    std::chrono::nanoseconds budget) {
  const Clock::time_point start = Clock::now();
  props::CheckOptions check;
  check.max_steps = max_steps;
  check.keep_going = true;
  check.progress = [&](const props::Progress&) {
    return Clock::now() - start < budget ? props::Interruption::kNone
                                         : props::Interruption::kBudget;
  };
  const model::AllowedOutcomes allowed = model::EnumerateOutcomes(litmus);
  props::Checker checker(litmus, check, &allowed);
  const Clock::time_point begin = Clock::now();
  const auto strategy = props::MakeStrategy(litmus, check);
  const uint64_t executions = checker.Run(*strategy).executions;
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  return static_cast<double>(executions) / std::max(seconds, 1e-9);
}

std::string Duration(double seconds) {
  constexpr double kMinute = 60;
  constexpr double kHour = 60 * kMinute;
  constexpr double kDay = 24 * kHour;
  if (seconds < 0.1) return "less than 0.1 s";
  if (seconds < 2 * kMinute) return fmt::format("about {:.1f} s", seconds);
  if (seconds < 2 * kHour) return fmt::format("about {:.0f} min", seconds / kMinute);
  if (seconds < 2 * kDay) return fmt::format("about {:.0f} h", seconds / kHour);
  return fmt::format("about {} days", Rounded(seconds / kDay));
}

int EstimateProgram(const Options& options, const model::Litmus& litmus) {
  fmt::print("Test {}   ({})   hash {:016x}\n", litmus.program.name, litmus.architecture,
             model::LitmusHash(litmus));
  if (props::IsBounded(litmus, props::Search::kSourceSets)) {
    fmt::print("Unknown\n  the size of a search within {} cannot be told\n",
               props::BoundsText(litmus, props::Search::kSourceSets));
    return kExitUnknown;
  }
  const auto budget = options.budget.value_or(std::chrono::seconds(2));
  const Size size = Measurement(litmus, options.max_steps, options.seed).Spend(budget);
  const double speed = MeasureSpeed(litmus, options.max_steps, budget / 2);
  if (size.error == 0) {
    fmt::print("Classes  {} (counted)\n", Grouped(static_cast<uint64_t>(size.executions)));
  } else {
    fmt::print("Classes  ~{} ±{} (standard error)\n", Rounded(size.executions),
               Rounded(size.error));
  }
  fmt::print("Speed    {} per second\nTime     {} in one process\n", Rounded(speed),
             Duration(size.executions / std::max(speed, 1.0)));
  return kExitHolds;
}

}  // namespace

int Estimate(const Options& options) {
  int code = kExitHolds;
  for (const std::string& file : options.inputs) {
    Loaded<model::Litmus> loaded = LoadLitmus(file);
    if (const int* failure = std::get_if<int>(&loaded)) {
      code = Worse(code, *failure);
      continue;
    }
    const model::Litmus litmus = AsAsked(options, std::get<model::Litmus>(loaded));
    const auto chosen =
        options.all_generations
            ? std::vector<model::Generation>(std::begin(model::kGenerations),
                                             std::end(model::kGenerations))
            : std::vector<model::Generation>{options.generation.value_or(litmus.generation)};
    for (const model::Generation generation : chosen) {
      code = Worse(code, EstimateProgram(options, props::UnderGeneration(litmus, generation)));
    }
  }
  return code;
}

}  // namespace tools
