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

// Two processes with two channels between them, and an event that travels.
class Draw {
 public:
  explicit Draw(uint64_t seed) : dice_(seed) {}

  model::Litmus Make() {
    model::Litmus litmus;
    model::Program& program = litmus.program;
    program.processes = {"p", "q"};
    program.objects = {{"a", core::ObjectType::kChannel, {0, 1}},
                       {"b", core::ObjectType::kChannel, {2, 3}},
                       {"e", core::ObjectType::kEvent, {4}}};
    program.handles = {{"a0", 0, 0, 0, {}},
                       {"a1", 1, 0, 1, {}},
                       {"b0", 0, 1, 0, {}},
                       {"b1", 1, 1, 1, {}},
                       {"e0", 0, 2, 0, {}}};
    for (uint32_t i = 0; i < kThreads; ++i) {
      model::ThreadProgram& thread = program.threads.emplace_back();
      thread.name = "t" + std::to_string(i);
      thread.process = i % 2;
      for (uint32_t j = 0; j < kCallsPerThread; ++j) AddCall(&thread, j);
    }
    return litmus;
  }

 private:
  // An end of a channel that the thread's process holds at the start.
  model::HandleArgument End(const model::ThreadProgram& thread) {
    return model::NamedHandle{2 * dice_.Below(2) + thread.process};
  }

  void AddCall(model::ThreadProgram* thread, uint32_t number) {
    model::Call call;
    call.handle = End(*thread);
    call.deadline.kind = model::Deadline::Kind::kMay;
    call.bytes = {thread->name + "/" + std::to_string(number)};
    // One of the last calls closes an end, now and then.
    const bool late = number + 5 > kCallsPerThread;
    switch (dice_.Below(late ? 9 : 8)) {
      case 0:
      case 1:
        call.kind = model::CallKind::kChannelWrite;
        break;
      case 2:
        call.kind = model::CallKind::kChannelWrite;
        AnswerTheLastRead(*thread, &call);
        break;
      case 3:
      case 4:
        call.kind = model::CallKind::kChannelRead;
        break;
      case 5:
        call.kind = model::CallKind::kChannelCall;
        break;
      case 6:
        call.kind = model::CallKind::kObjectWaitOne;
        call.signals = core::kSignalReadable | core::kSignalPeerClosed;
        break;
      case 7:
        call.kind = model::CallKind::kChannelWrite;
        call.handles = {model::NamedHandle{4}};
        break;
      default:
        call.kind = model::CallKind::kHandleClose;
        break;
    }
    call.result = number;
    thread->variables.push_back({"r" + std::to_string(number), call.kind});
    thread->calls.push_back(std::move(call));
  }

  static void AnswerTheLastRead(const model::ThreadProgram& thread, model::Call* call) {
    for (auto i = static_cast<uint32_t>(thread.calls.size()); i > 0; --i) {
      if (thread.calls[i - 1].kind != model::CallKind::kChannelRead) continue;
      call->handle = thread.calls[i - 1].handle;
      call->txid = model::ResultField{i - 1};
      return;
    }
  }

  model::Dice dice_;
};

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
  uint32_t unknown = 0;
  for (uint64_t seed = 0; seed < kRuns; ++seed) {
    const model::Litmus litmus = Draw(seed).Make();
    const model::History history = RunOnThreads(litmus, seed);
    ASSERT_EQ(history.events.size(), 2 * kThreads * kCallsPerThread);
    overlaps += CountOverlaps(history);
    const model::Explanation explanation = model::Explain(litmus, history, {.max_states = 50'000});
    ASSERT_NE(explanation.verdict, model::Verdict::kNotExplained)
        << "seed " << seed << ", event " << explanation.explained_events;
    if (explanation.verdict == model::Verdict::kUnknown) ++unknown;
  }
  // Where very many calls overlap, the search can be too long.
  EXPECT_LE(unknown, kRuns / 20);
  EXPECT_GT(overlaps, kRuns);  // Otherwise the threads ran one after the other.
}

}  // namespace
}  // namespace props
