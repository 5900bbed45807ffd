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

// The beginning of the search itself, repetitions and judging included.
struct Beginning {
  uint64_t executions = 0;  // Complete ones.
  double seconds = 0;
  bool is_all = false;
};

Beginning RunBeginning(const model::Litmus& litmus, uint32_t max_steps,
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
  const props::CheckReport report = checker.Run(*strategy);
  return {report.executions, std::chrono::duration<double>(Clock::now() - begin).count(),
          report.end == props::CheckEnd::kComplete};
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

std::string Time(const Beginning& begin, const Size& size, double speed) {
  if (begin.is_all) return Duration(begin.seconds) + " in one process";
  if (begin.executions == 0) return "unknown: no execution came to its end";
  return Duration(size.executions / speed) + " in one process";
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
  const Beginning begin = RunBeginning(litmus, options.max_steps, budget / 2);
  Size size{.source = Size::Source::kCounted, .executions = static_cast<double>(begin.executions)};
  if (!begin.is_all) size = Measurement(litmus, options.max_steps, options.seed).Spend(budget);
  const double speed = static_cast<double>(begin.executions) / std::max(begin.seconds, 1e-9);
  const uint64_t at_least = std::max(begin.executions, size.at_least);
  const bool impossible = size.executions + 2 * size.error < static_cast<double>(at_least);
  if (size.source == Size::Source::kUnknown || impossible) {
    fmt::print("Classes  unknown, at least {}: what was drawn differs too much\n",
               Grouped(at_least));
    fmt::print(
        "Speed    {} per second\nTime     unknown; more can be told with more time: --budget\n",
        Rounded(speed));
    return kExitUnknown;
  }
  if (size.source == Size::Source::kCounted) {
    fmt::print("Classes  {} (counted)\n", Grouped(static_cast<uint64_t>(size.executions)));
  } else {
    fmt::print("Classes  ~{} ±{} (standard error)\n", Rounded(size.executions),
               Rounded(size.error));
  }
  fmt::print("Speed    {} per second\nTime     {}\n", Rounded(speed), Time(begin, size, speed));
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
