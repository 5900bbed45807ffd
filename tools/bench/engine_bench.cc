// Executions per second of the engine alone, with no channel in sight, beside what a fiber costs.
//
//   build/release/tools/bench/heddle_engine_bench
//   build/release/tools/bench/heddle_engine_wide_bench    for up to 128 threads
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "sim/api/atomic.h"
#include "sim/api/mutex.h"
#include "sim/engine/explorer.h"
#include "sim/engine/fiber.h"
#include "sim/strategies/dpor.h"
#include "sim/strategies/random_walk.h"

namespace {

constexpr sim::MemoryOrder kSequential = sim::MemoryOrder::kSequential;

// The same body for every thread, over objects that are made in place for each execution.
template <typename Objects>
class Uniform final : public sim::Scenario {
 public:
  Uniform(size_t threads, void (*body)(Objects&, size_t)) : bodies_(threads) {
    for (size_t i = 0; i < threads; ++i) bodies_[i] = {this, body, i};
  }
  void Start(sim::Runtime& runtime) override {
    objects_.emplace();
    for (Body& body : bodies_) runtime.Spawn("t", body);
  }

 private:
  struct Body {
    Uniform* scenario;
    void (*function)(Objects&, size_t);
    size_t index;
    void operator()() const { function(*scenario->objects_, index); }
  };
  std::vector<Body> bodies_;
  std::optional<Objects> objects_;
};

struct Locked {
  sim::Mutex mutex{"mutex"};
  int value = 0;
};
void Increment(Locked& locked, size_t) {
  locked.mutex.Acquire();
  ++locked.value;
  locked.mutex.Release();
}

struct Word {
  sim::Atomic<int> word{0, "word"};
};
void FirstWritesOthersRead(Word& word, size_t index) {
  if (index == 0) {
    word.word.Store(1, kSequential);
  } else {
    benchmark::DoNotOptimize(word.word.Load(kSequential));
  }
}

template <typename Objects, typename MakeStrategy>
void Search(benchmark::State& state, size_t threads, void (*body)(Objects&, size_t),
            uint64_t classes, MakeStrategy make_strategy) {
  Uniform<Objects> scenario(threads, body);
  sim::ExploreOptions options;
  options.determinism_every = 0;
  uint64_t executions = 0;
  for (auto _ : state) {
    auto strategy = make_strategy();
    const sim::Exploration result =
        sim::Explore(scenario, strategy, options, [](const sim::Execution&) { return true; });
    if (result.executions != classes) state.SkipWithError("another number of executions");
    executions += result.executions + result.stopped;
  }
  state.SetItemsProcessed(static_cast<int64_t>(executions));
}

// 8! classes, and no execution that is cut short.
void OneLockOfEightThreads(benchmark::State& state) {
  Search(state, 8, Increment, 40'320, [] { return sim::Dpor(); });
}
BENCHMARK(OneLockOfEightThreads)->Unit(benchmark::kMillisecond);

// 2^16 classes of 17! interleavings.
void SixteenReadersOfOneWriter(benchmark::State& state) {
  Search(state, 17, FirstWritesOthersRead, 65'536, [] { return sim::Dpor(); });
}
BENCHMARK(SixteenReadersOfOneWriter)->Unit(benchmark::kMillisecond);

void RandomWalkOfThreeIncrements(benchmark::State& state) {
  Search(state, 3, Increment, 100'000, [] { return sim::RandomWalk(/*seed=*/1, 100'000); });
}
BENCHMARK(RandomWalkOfThreeIncrements)->Unit(benchmark::kMillisecond);

struct FourLocks {
  std::array<sim::Mutex, 4> mutexes{sim::Mutex("a"), sim::Mutex("b"), sim::Mutex("c"),
                                    sim::Mutex("d")};
};

// The beginning of a search of long executions, all of whose events are new to it: one section of
// a lock each, in conflict with those of all other threads.
void AnEventOfALongExecution(benchmark::State& state) {
  const auto threads = static_cast<uint32_t>(state.range(0));
  const auto events = static_cast<uint32_t>(state.range(1));
  if (threads > sim::kMaxThreads) return state.SkipWithError("too many threads for this engine");
  static uint32_t sections = 0;
  sections = events / threads;
  Uniform<FourLocks> scenario(threads, [](FourLocks& locks, size_t index) {
    for (uint32_t i = 0; i < sections; ++i) {
      sim::Mutex& mutex = locks.mutexes[(index + i) % locks.mutexes.size()];
      mutex.Acquire();
      mutex.Release();
    }
  });
  sim::ExploreOptions options;
  options.determinism_every = 0;
  options.limits.max_steps = events + 1;
  options.max_executions = 2;
  uint64_t seen = 0;
  for (auto _ : state) {
    sim::Dpor strategy;
    sim::Explore(scenario, strategy, options, [&](const sim::Execution& execution) {
      seen += execution.events.size();
      return true;
    });
  }
  using Counter = benchmark::Counter;
  state.counters["time/event"] =
      Counter(static_cast<double>(seen), Counter::kIsRate | Counter::kInvert);
}
BENCHMARK(AnEventOfALongExecution)
    ->ArgNames({"threads", "events"})
    ->Args({4, 1'000})
    ->Args({4, 10'000})
    ->Args({4, 40'000})
    ->Args({16, 10'000})
    ->Args({64, 10'000})
    ->Args({1, 1'000'000})
    ->Unit(benchmark::kMillisecond);

// Ten million executions of a search that has more; `growth` is what they added to the memory of
// the process, `peak` the most it ever had.
void TenMillionExecutions(benchmark::State& state) {
  const auto peak_mib = [] {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
  };
  Uniform<Locked> scenario(3, [](Locked& locked, size_t thread) {
    for (int i = 0; i < 6; ++i) Increment(locked, thread);
  });
  for (auto _ : state) {
    sim::Dpor strategy;
    sim::ExploreOptions options;
    options.determinism_every = 0;
    options.max_executions = 10'000'000;
    uint64_t executions = 0;
    double before = 0;
    sim::Explore(scenario, strategy, options, [&](const sim::Execution&) {
      if (++executions == 1000) before = peak_mib();
      return true;
    });
    state.counters["growth MiB"] = peak_mib() - before;
    state.counters["peak MiB"] = peak_mib();
  }
  state.SetItemsProcessed(state.iterations() * 10'000'000);
}
BENCHMARK(TenMillionExecutions)->Unit(benchmark::kMillisecond)->Iterations(1);

// What the engine is made of.
struct PingPong {
  sim::Fiber main;
  sim::Fiber fiber;
};

void FiberSwitchThereAndBack(benchmark::State& state) {
  sim::FiberStack stack(size_t{64} << 10);
  PingPong pair;
  pair.fiber.Start(
      stack,
      [](void* argument) {
        auto* both = static_cast<PingPong*>(argument);
        for (;;) both->main.SwitchFrom(both->fiber);
      },
      &pair);
  for (auto _ : state) pair.fiber.SwitchFrom(pair.main);
  state.SetItemsProcessed(2 * state.iterations());
}
BENCHMARK(FiberSwitchThereAndBack);

void FiberFromStartToEnd(benchmark::State& state) {
  sim::FiberStack stack(size_t{64} << 10);
  PingPong pair;
  for (auto _ : state) {
    pair.fiber.Start(
        stack,
        [](void* argument) {
          auto* both = static_cast<PingPong*>(argument);
          both->main.SwitchFrom(both->fiber);
        },
        &pair);
    pair.fiber.SwitchFrom(pair.main);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(FiberFromStartToEnd);

}  // namespace

BENCHMARK_MAIN();
