// What each search of each program of the catalogue costs, as a table in Markdown:
//
//   build/release/tools/bench/heddle_search_table [SECONDS] > tools/bench/SEARCHES.md
//
// SECONDS (60 unless given) is how long brute force may try.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "model/litmus.h"
#include "props/world.h"
#include "sim/engine/explorer.h"
#include "sim/strategies/brute_force.h"
#include "sim/strategies/dpor.h"
#include "sim/strategies/sleep_sets.h"

namespace {

using Seconds = std::chrono::duration<double>;

struct Cost {
  uint64_t executions = 0;
  uint64_t cut_short = 0;
  double seconds = 0;
  bool complete = false;
};

Cost CostOf(const model::Litmus& litmus, sim::Strategy&& strategy, double budget_seconds) {
  props::World world(litmus);
  sim::ExploreOptions options;
  options.limits = props::LimitsOf(litmus, /*max_steps=*/20'000);
  options.determinism_every = 0;
  const auto start = std::chrono::steady_clock::now();
  const auto elapsed = [&] { return Seconds(std::chrono::steady_clock::now() - start).count(); };
  uint64_t seen = 0;
  const sim::Exploration result = sim::Explore(
      world, strategy, options,
      [&](const sim::Execution&) { return ++seen % 1024 != 0 || elapsed() < budget_seconds; });
  return {result.executions, result.stopped, elapsed(), result.end == sim::ExploreEnd::kExhausted};
}

void PrintRow(const std::filesystem::path& file, double budget_seconds) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  const auto parsed = model::ParseLitmus(text.str());
  const auto* litmus = std::get_if<model::Litmus>(&parsed);
  if (litmus == nullptr) {
    fmt::print(stderr, "{}: cannot be parsed; see heddle explore\n", file.string());
    std::exit(1);
  }
  const Cost source_sets = CostOf(*litmus, sim::Dpor(), /*budget_seconds=*/1e9);
  const Cost sleep_sets = CostOf(*litmus, sim::SleepSets(), /*budget_seconds=*/1e9);
  const Cost brute = CostOf(*litmus, sim::BruteForce(), budget_seconds);
  fmt::print("| {} | {}{} | {} | {} | {:.1f} | {} | {:.1f} |\n", file.stem().string(),
             brute.complete ? "" : "> ", brute.executions, source_sets.executions,
             source_sets.cut_short, source_sets.seconds * 1e3, sleep_sets.cut_short,
             sleep_sets.seconds * 1e3);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const double budget_seconds = argc > 1 ? std::atof(argv[1]) : 60;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(HEDDLE_SOURCE_DIR "/props/litmus")) {
    if (entry.path().extension() == ".litmus") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  fmt::print(
      "# Searches of the catalogue\n\n"
      "Made by `heddle_search_table`. Every class is run to its end once by either reduction; "
      "*cut\n"
      "short* are the executions besides that were recognised as repetitions before their end.\n\n"
      "| program | interleavings | classes | source sets: cut short | ms | sleep sets: cut short | "
      "ms |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n");
  for (const auto& file : files) PrintRow(file, budget_seconds);
  return 0;
}
