// Executions per second of searches on the core, beside the same calls without a scheduler.
//
//   build/release/tools/bench/heddle_bench
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "model/litmus.h"
#include "props/world.h"
#include "sim/explorer.h"
#include "sim/strategies/random_walk.h"
#include "sim/strategies/sleep_sets.h"
#include "tools/bench/syscalls_on_threads.h"

namespace {

model::Litmus LoadTransfer() {
  std::ifstream in(HEDDLE_SOURCE_DIR "/props/litmus/xfer+wr.litmus");
  std::ostringstream text;
  text << in.rdbuf();
  auto parsed = model::ParseLitmus(text.str());
  if (const auto* error = std::get_if<model::LitmusError>(&parsed)) {
    fmt::print(stderr, "{}", model::FormatLitmusError(*error, "xfer+wr.litmus"));
    std::exit(1);
  }
  return std::get<model::Litmus>(std::move(parsed));
}

// Every execution counts, the ones that end early as repetitions too: they run the core as well.
template <typename MakeStrategy>
void Search(benchmark::State& state, MakeStrategy make_strategy) {
  const model::Litmus litmus = LoadTransfer();
  props::World world(litmus);
  sim::ExploreOptions options;
  options.determinism_every = 0;
  int64_t executions = 0;
  for (auto _ : state) {
    auto strategy = make_strategy();
    const sim::Exploration result =
        sim::Explore(world, strategy, options, [](const sim::Execution&) { return true; });
    executions += static_cast<int64_t>(result.executions + result.stopped);
  }
  state.SetItemsProcessed(executions);
}

void CompleteSearchOfTransfer(benchmark::State& state) {
  Search(state, [] { return sim::SleepSets(); });
}
BENCHMARK(CompleteSearchOfTransfer);

void RandomWalkOfTransfer(benchmark::State& state) {
  Search(state, [] { return sim::RandomWalk(/*seed=*/1, /*executions=*/1000); });
}
BENCHMARK(RandomWalkOfTransfer);

void TransferOnThreadsWithoutScheduling(benchmark::State& state) {
  for (auto _ : state) {
    if (!bench::RunTransferOnThreads()) state.SkipWithError("a call failed");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(TransferOnThreadsWithoutScheduling);

}  // namespace

BENCHMARK_MAIN();
