// Executions per second of searches on the core, beside the same calls without a scheduler; what
// it costs to judge them by the model, and to explain a long history.
//
//   build/release/tools/bench/heddle_bench
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "model/linearizability.h"
#include "model/litmus.h"
#include "props/check.h"
#include "props/world.h"
#include "sim/engine/explorer.h"
#include "sim/strategies/dpor.h"
#include "sim/strategies/random_walk.h"
#include "sim/strategies/sleep_sets.h"
#include "tools/bench/syscalls_on_threads.h"

namespace {

model::Litmus Parsed(const std::string& text, const char* name) {
  auto parsed = model::ParseLitmus(text);
  if (const auto* error = std::get_if<model::LitmusError>(&parsed)) {
    fmt::print(stderr, "{}", model::FormatLitmusError(*error, name));
    std::exit(1);
  }
  return std::get<model::Litmus>(std::move(parsed));
}

model::Litmus LoadTransfer() {
  std::ifstream in(HEDDLE_SOURCE_DIR "/props/litmus/xfer+wr.litmus");
  std::ostringstream text;
  text << in.rdbuf();
  return Parsed(text.str(), "xfer+wr.litmus");
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
  Search(state, [] { return sim::Dpor(); });
}
BENCHMARK(CompleteSearchOfTransfer);

void SleepSetSearchOfTransfer(benchmark::State& state) {
  Search(state, [] { return sim::SleepSets(); });
}
BENCHMARK(SleepSetSearchOfTransfer);

void RandomWalkOfTransfer(benchmark::State& state) {
  Search(state, [] { return sim::RandomWalk(/*seed=*/1, /*executions=*/1000); });
}
BENCHMARK(RandomWalkOfTransfer);

// The same calls once, by a scheduler that stays with a thread for as long as it can run: what a
// search pays for its choices is the difference.
class NeverSwitches final : public sim::Strategy {
 public:
  bool BeginExecution() override { return true; }
  sim::ThreadId PickThread(const sim::SchedulePoint& point) override {
    return point.enabled.Has(point.last) ? point.last : point.enabled.First();
  }
  uint32_t PickValue(const sim::ValuePoint&) override { return 0; }
  void EndExecution(const sim::Execution&) override {}
};

void TransferWithoutSwitches(benchmark::State& state) {
  const model::Litmus litmus = LoadTransfer();
  props::World world(litmus);
  NeverSwitches strategy;
  sim::Runtime runtime;
  sim::Execution execution;
  for (auto _ : state) runtime.Execute(world, strategy, execution);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(TransferWithoutSwitches);

// The whole of `heddle explore`: the model's outcomes, the search, the claims; with and without
// comparing each distinct history with the model.
void CheckOfTransfer(benchmark::State& state, bool compare_with_model) {
  const model::Litmus litmus = LoadTransfer();
  props::CheckOptions options;
  options.compare_with_model = compare_with_model;
  int64_t executions = 0;
  for (auto _ : state) {
    const props::CheckReport report = props::Check(litmus, options);
    if (!report.findings.empty()) state.SkipWithError("something was found");
    executions += static_cast<int64_t>(report.executions + report.cut_short);
  }
  state.SetItemsProcessed(executions);
}
BENCHMARK_CAPTURE(CheckOfTransfer, JudgedByTheModel, true);
BENCHMARK_CAPTURE(CheckOfTransfer, JudgedByItsClaimsOnly, false);

// Four threads, 250 calls each: two write to one endpoint, two read from the other.
model::Litmus ThousandCalls() {
  std::string text = "Zircon THOUSAND\n{ process p; channel a : p.a0 <-> p.a1; }\n";
  for (const char* writer : {"w", "x"}) {
    text += fmt::format("thread p.{} {{\n", writer);
    for (int i = 0; i < 250; ++i)
      text += fmt::format("  zx_channel_write(a0, \"{}{}\");\n", writer, i);
    text += "}\n";
  }
  for (const char* reader : {"r", "s"}) {
    text += fmt::format("thread p.{} {{ repeat 250 {{ zx_channel_read(a1); }} }}\n", reader);
  }
  return Parsed(text, "thousand calls");
}

void ExplainOfAThousandCalls(benchmark::State& state) {
  const model::Litmus litmus = ThousandCalls();
  props::World world(litmus);
  sim::RandomWalk strategy(/*seed=*/1, /*executions=*/1);
  strategy.BeginExecution();
  sim::Execution execution;
  sim::Runtime().Execute(world, strategy, execution);
  const model::History history = world.HistoryOf(execution);
  uint64_t states = 0;
  for (auto _ : state) {
    const model::Explanation explanation = model::Explain(litmus, history);
    if (explanation.verdict != model::Verdict::kExplained) state.SkipWithError("not explained");
    states = explanation.states;
  }
  state.counters["states"] = static_cast<double>(states);
}
BENCHMARK(ExplainOfAThousandCalls)->Unit(benchmark::kMillisecond);

// Two threads that write their names to each of so many channels, twice; then both read from the
// last. Nothing else connects the channels, unless one more thread could close them all. It never
// begins.
model::Litmus SeparateChannels(uint32_t channels, bool connected) {
  std::string text = "Zircon SEPARATE\n{ process p;";
  std::string ends;
  for (uint32_t i = 0; i < channels; ++i) {
    text += fmt::format(" channel c{0} : p.c{0}a <-> p.c{0}b;", i);
    ends += fmt::format("{}c{}a", i == 0 ? "" : ", ", i);
  }
  text += " }\n";
  for (const char* thread : {"t", "u"}) {
    text += fmt::format("thread p.{} {{\n", thread);
    for (uint32_t i = 0; i < channels; ++i) {
      const std::string write = fmt::format("  zx_channel_write(c{}a, \"{}\");\n", i, thread);
      text += write + write;
    }
    text += fmt::format("  zx_channel_read(c{}b);\n}}\n", channels - 1);
  }
  if (connected) text += fmt::format("thread p.idle {{ zx_handle_close_many([{}]); }}\n", ends);
  return Parsed(text, "separate channels");
}

// Call by call the two overlap, so that each pair of writes may have taken effect in either order;
// the last answer is what nobody wrote. The judge must try everything: the sum of the channels'
// orders, or their product.
void RefusalOfSeparateChannels(benchmark::State& state) {
  const auto channels = static_cast<uint32_t>(state.range(0));
  const model::Litmus litmus = SeparateChannels(channels, state.range(1) != 0);
  using Kind = model::HistoryEvent::Kind;
  model::History history;
  for (uint32_t call = 0; call < 2 * channels + 1; ++call) {
    for (const Kind kind : {Kind::kInvoke, Kind::kReturn}) {
      for (model::ThreadIndex thread : {0u, 1u})
        history.events.push_back({kind, thread, call, 0, {}});
    }
  }
  history.events.back().result.bytes = "nobody's";
  uint64_t states = 0;
  for (auto _ : state) {
    const model::Explanation explanation = model::Explain(litmus, history);
    if (explanation.verdict != model::Verdict::kNotExplained) state.SkipWithError("explained");
    states = explanation.states;
  }
  state.counters["states"] = static_cast<double>(states);
}
BENCHMARK(RefusalOfSeparateChannels)
    ->ArgNames({"channels", "connected"})
    ->ArgsProduct({{1, 2, 4, 6}, {0, 1}})
    ->Unit(benchmark::kMillisecond);

void TransferOnThreadsWithoutScheduling(benchmark::State& state) {
  for (auto _ : state) {
    if (!bench::RunTransferOnThreads()) state.SkipWithError("a call failed");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(TransferOnThreadsWithoutScheduling);

}  // namespace

BENCHMARK_MAIN();
