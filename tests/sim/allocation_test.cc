// A search takes nothing from the heap per event: executions cost the same however many there were.
// This file replaces the global operator new of the test program.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <optional>

#include "sim/api/atomic.h"
#include "sim/api/cond_var.h"
#include "sim/api/flag.h"
#include "sim/api/mutex.h"
#include "sim/api/thread.h"
#include "sim/engine/runtime.h"
#include "sim/engine/sanitizer.h"
#include "sim/strategies/dpor.h"
#include "sim/strategies/portfolio.h"
#include "sim/strategies/sleep_sets.h"

#ifndef HEDDLE_ASAN  // It replaces the operators itself.

namespace {
constinit uint64_t g_allocations = 0;
}  // namespace

void* operator new(size_t bytes) {
  ++g_allocations;
  if (void* memory = std::malloc(bytes)) return memory;
  throw std::bad_alloc();
}
// Where one of a pair is inlined and the other is not, gcc takes them for mismatched.
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, size_t) noexcept {
  std::free(memory);
}

namespace sim {
namespace {

struct Shared {
  Mutex mutex{"lock"};
  SharedMutex table{"table"};
  Atomic<int> word{0, "word"};
  Flag event{"event"};
  CondVar changed{"changed"};
};
struct Child {
  Shared* objects = nullptr;

  void operator()() const { objects->changed.NotifyAll(); }
};
struct Worker {
  Shared* objects = nullptr;
  size_t self = 0;
  Child child{};

  void operator()() {
    for (int i = 0; i < 2; ++i) {
      objects->mutex.Acquire();
      objects->word.FetchAdd(1, MemoryOrder::kSequential);
      objects->mutex.Release();
      objects->table.AcquireShared();
      objects->table.ReleaseShared();
      Runtime* runtime = Runtime::Current();
      runtime->Free(runtime->arena().Allocate(24, "block"));
    }
    if (self == 0) {
      child.objects = objects;
      const Thread spawned = Thread::Spawn("child", child);
      objects->mutex.Acquire();
      objects->changed.WaitFor(objects->mutex, 3);
      objects->mutex.Release();
      spawned.Join();
      objects->event.Wait(kAtAnyMoment);
      objects->event.Wait(5);
    } else {
      objects->event.Signal();
    }
  }
};

// Four threads with locks, a word and waits; its objects are made in place.
class Busy final : public Scenario {
 public:
  void Start(Runtime& runtime) override {
    objects_.emplace();
    for (size_t i = 0; i < kThreads; ++i) {
      bodies_[i] = {&*objects_, i, {}};
      runtime.Spawn("thread", bodies_[i]);
    }
  }
  bool AllowsBlocked() const override { return true; }

 private:
  static constexpr size_t kThreads = 4;
  std::optional<Shared> objects_;
  std::array<Worker, kThreads> bodies_;
};

uint64_t AllocationsOf(Strategy& strategy, uint32_t executions) {
  Busy scenario;
  Runtime runtime;
  Execution execution;
  uint64_t before = 0;
  for (uint32_t i = 0; i < 2 * executions; ++i) {
    if (i == executions) before = g_allocations;  // The first half warms up.
    EXPECT_TRUE(strategy.BeginExecution());
    runtime.Execute(scenario, strategy, execution);
    strategy.EndExecution(execution);
  }
  EXPECT_GT(execution.events.size(), 10u);
  return g_allocations - before;
}

TEST(Allocation, TheCounterCounts) {
  const uint64_t before = g_allocations;
  ::operator delete(::operator new(1));
  EXPECT_EQ(g_allocations - before, 1u);
}

TEST(Allocation, ASleepSetSearchTakesNothingFromTheHeapOnceWarm) {
  SleepSets strategy;
  EXPECT_EQ(AllocationsOf(strategy, 1000), 0u);
}

TEST(Allocation, ASourceSetSearchTakesNothingFromTheHeapOnceWarm) {
  Dpor strategy;
  EXPECT_EQ(AllocationsOf(strategy, 10'000), 0u);
}

TEST(Allocation, SamplingTakesNothingFromTheHeapOnceWarm) {
  Sampling strategy(std::make_unique<Portfolio>(), {1, 2000});
  EXPECT_EQ(AllocationsOf(strategy, 1000), 0u);
}

}  // namespace
}  // namespace sim

#endif  // HEDDLE_ASAN
