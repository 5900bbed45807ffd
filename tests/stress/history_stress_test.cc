// Random programs on real threads: the reference model explains every history they leave.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/kernel.h"
#include "model/linearizability.h"
#include "model/litmus.h"
#include "props/caller.h"
#include "props/setting.h"
#include "tests/model/drawn_histories.h"

namespace props {
namespace {

constexpr uint32_t kThreads = 4;
constexpr uint32_t kCallsPerThread = 50;
constexpr uint32_t kRuns = 1'000;
constexpr uint64_t kMostStates = 50'000;  // Of 10,000 histories none needed more than 574.

struct Stamped {
  uint64_t at = 0;
  model::HistoryEvent event;
};

// Each thread writes into a record of its own: a common one would put the calls in a row.
class Recorder final : public CallerHost {
 public:
  Recorder(std::atomic<uint64_t>& clock, uint64_t seed) : clock_(clock), dice_(seed) {}

  void OnInvoke(model::ThreadIndex thread, uint32_t call) override {
    for (uint32_t i = dice_.Below(4); i > 0; --i) std::this_thread::yield();
    events_.push_back(
        {clock_.fetch_add(1), {model::HistoryEvent::Kind::kInvoke, thread, call, 0, {}}});
  }
  void OnReturn(model::ThreadIndex thread, uint32_t call, const model::CallResult& result,
                uint32_t block) override {
    events_.push_back(
        {clock_.fetch_add(1), {model::HistoryEvent::Kind::kReturn, thread, call, block, result}});
  }
  uint32_t Choose(uint32_t) override { return 0; }
  core::Status Control(const model::Call&) override { return core::Status::kNotSupported; }
  bool MayGoOn(model::ThreadIndex) override { return true; }

  const std::vector<Stamped>& events() const { return events_; }

 private:
  std::atomic<uint64_t>& clock_;
  model::Dice dice_;
  std::vector<Stamped> events_;
};

model::History RunOnThreads(const model::Litmus& litmus, uint64_t seed) {
  core::Kernel kernel(ProfileOf(litmus.generation));
  Setting setting(litmus.program, litmus.generation);
  setting.Make(kernel);
  std::atomic<uint64_t> clock = 0;
  std::atomic<uint32_t> ready = 0;
  const core::Time soon = platform::Now() + 2'000'000;
  std::vector<std::unique_ptr<Recorder>> recorders;
  std::vector<std::unique_ptr<Caller>> callers;
  for (model::ThreadIndex i = 0; i < kThreads; ++i) {
    recorders.push_back(std::make_unique<Recorder>(clock, seed * kThreads + i));
    callers.push_back(std::make_unique<Caller>(litmus.program, i, setting, *recorders[i], soon));
    callers[i]->Reset(*kernel.CreateThread(setting.process(litmus.program.threads[i].process)));
  }
  std::vector<std::thread> threads;
  for (auto& caller : callers) {
    threads.emplace_back([&ready, &caller] {
      for (++ready; ready < kThreads;) std::this_thread::yield();
      (*caller)();
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::vector<Stamped> all;
  for (const auto& recorder : recorders) {
    all.insert(all.end(), recorder->events().begin(), recorder->events().end());
  }
  std::ranges::sort(all, {}, &Stamped::at);
  model::History history;
  for (Stamped& stamped : all) history.events.push_back(std::move(stamped.event));
  return history;
}

// How often a call began while another was in progress.
uint32_t CountOverlaps(const model::History& history) {
  uint32_t overlaps = 0;
  uint32_t in_progress = 0;
  for (const model::HistoryEvent& event : history.events) {
    const bool begins = event.kind == model::HistoryEvent::Kind::kInvoke;
    if (begins && in_progress != 0) ++overlaps;
    in_progress += begins ? 1 : UINT32_MAX;
  }
  return overlaps;
}

// O2, O3, H1, C6, C7, S1, N-1 to N-11: 4 threads x 50 calls, 1,000 times.
TEST(HistoryStress, TheModelExplainsWhatRealThreadsSaw) {
  uint64_t overlaps = 0;
  for (uint64_t seed = 0; seed < kRuns; ++seed) {
    model::Dice dice(seed);
    const model::Litmus litmus = model::DrawBusyProgram(dice, kThreads, kCallsPerThread);
    const model::History history = RunOnThreads(litmus, seed);
    ASSERT_EQ(history.events.size(), 2 * kThreads * kCallsPerThread);
    overlaps += CountOverlaps(history);
    const model::Explanation explanation =
        model::Explain(litmus, history, {.max_states = kMostStates});
    ASSERT_NE(explanation.verdict, model::Verdict::kNotExplained)
        << "seed " << seed << ", event " << explanation.explained_events;
    ASSERT_EQ(explanation.verdict, model::Verdict::kExplained) << "seed " << seed;
  }
  EXPECT_GT(overlaps, kRuns);  // Otherwise the threads ran one after the other.
}

}  // namespace
}  // namespace props
