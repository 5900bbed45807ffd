// The judge of histories: on histories made by hand, and on long ones.
#include "model/linearizability.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>

#include "model/spec.h"
#include "tests/model/drawn_histories.h"
#include "tests/model/witness.h"

namespace model {
namespace {

TEST(Linearizability, TheWitnessLeadsToTheAnswersOfTheHistory) {
  for (uint64_t seed = 0; seed < 1'000; ++seed) {
    Dice dice(seed);
    Litmus litmus = DrawProgram(dice, 2, 3);
    if (seed % 4 == 1) Append(DrawProgram(dice, 2, 2).program, &litmus.program);
    if (seed % 4 > 1) Braid(dice, DrawProgram(dice, 2, 2).program, &litmus.program);
    const History history = DrawHistory(dice, litmus);
    const Explanation explanation = Explain(litmus, history);
    ASSERT_EQ(explanation.verdict, Verdict::kExplained) << "seed " << seed;
    ASSERT_TRUE(IsWitness(litmus, history, explanation.steps)) << "seed " << seed;
  }
}

Litmus Parsed(std::string_view text) {
  auto parsed = ParseLitmus(text);
  if (const auto* error = std::get_if<LitmusError>(&parsed)) ADD_FAILURE() << error->message;
  return std::get<Litmus>(std::move(parsed));
}

HistoryEvent Invoke(ThreadIndex thread, uint32_t call) {
  return {HistoryEvent::Kind::kInvoke, thread, call, 0, {}};
}
HistoryEvent Return(ThreadIndex thread, uint32_t call, core::Status status,
                    std::string bytes = "") {
  HistoryEvent event{HistoryEvent::Kind::kReturn, thread, call, 0, {}};
  event.result.status = status;
  if (!bytes.empty()) {
    event.result.actual_bytes = static_cast<uint32_t>(core::kTxidBytes + bytes.size());
    event.result.bytes = std::move(bytes);
  }
  return event;
}

const char* const kWriteAndRead = R"(Zircon write-and-read
{ process p; channel a : p.a0 <-> p.a1; }
thread p.w { zx_channel_write(a0, "x"); }
thread p.r { zx_channel_read(a1); })";

TEST(Linearizability, AReadThatOverlapsAWriteMayMissIt) {
  const Litmus litmus = Parsed(kWriteAndRead);
  const History history = {{Invoke(0, 0), Invoke(1, 0), Return(0, 0, core::Status::kOk),
                            Return(1, 0, core::Status::kShouldWait)},
                           std::nullopt};
  EXPECT_EQ(Explain(litmus, history).verdict, Verdict::kExplained);
}

TEST(Linearizability, AReadThatBeginsAfterAWriteMayNot) {
  const Litmus litmus = Parsed(kWriteAndRead);
  const History history = {{Invoke(0, 0), Return(0, 0, core::Status::kOk), Invoke(1, 0),
                            Return(1, 0, core::Status::kShouldWait)},
                           std::nullopt};
  const Explanation explanation = Explain(litmus, history);
  EXPECT_EQ(explanation.verdict, Verdict::kNotExplained);
  EXPECT_EQ(explanation.explained_events, 3u);  // The answer of the read is what nothing explains.
}

// A call that never returned may have taken effect, or not.
TEST(Linearizability, APendingWriteMayBeSeen) {
  const Litmus litmus = Parsed(kWriteAndRead);
  for (const HistoryEvent& answer :
       {Return(1, 0, core::Status::kOk, "x"), Return(1, 0, core::Status::kShouldWait)}) {
    const History history = {{Invoke(0, 0), Invoke(1, 0), answer}, std::nullopt};
    EXPECT_EQ(Explain(litmus, history).verdict, Verdict::kExplained);
  }
  const History before = {{Invoke(1, 0), Return(1, 0, core::Status::kOk, "x"), Invoke(0, 0)},
                          std::nullopt};
  EXPECT_EQ(Explain(litmus, before).verdict, Verdict::kNotExplained);
}

// What is no system call stands in the history all the same.
TEST(Linearizability, NotesAndChosenBlocksAreExplained) {
  const Litmus litmus = Parsed(R"(Zircon T
{ process p; channel a : p.a0 <-> p.a1; }
thread p.t {
  choose { note "one"; } or { zx_channel_write(a0, "x"); }
  zx_channel_read(a1);
})");
  for (const uint32_t block : {0u, 1u}) {
    HistoryEvent chosen = Return(0, 0, core::Status::kOk);
    chosen.block = block;
    const HistoryEvent read =
        block == 0 ? Return(0, 3, core::Status::kShouldWait) : Return(0, 3, core::Status::kOk, "x");
    const History history = {{Invoke(0, 0), chosen, Invoke(0, block + 1),
                              Return(0, block + 1, core::Status::kOk), Invoke(0, 3), read},
                             std::nullopt};
    EXPECT_EQ(Explain(litmus, history).verdict, Verdict::kExplained) << "block " << block;
  }
}

TEST(Linearizability, WithoutABudgetTheVerdictIsUnknown) {
  const Litmus litmus = Parsed(kWriteAndRead);
  const History history = {{Invoke(0, 0), Invoke(1, 0), Return(1, 0, core::Status::kShouldWait)},
                           std::nullopt};
  EXPECT_EQ(Explain(litmus, history, {.max_states = 0}).verdict, Verdict::kUnknown);
}

// WT-12: while x looks at a0 and then at f0, y can't close b0, although nothing else in the program
// has to do with b: x saw the message that z takes first, and not the signal that z clears last.
TEST(Linearizability, AWaitForManyLocksTheTableForAllPartsOfTheProgram) {
  const Litmus litmus = Parsed(R"(Zircon T
{ process p; channel a : p.a0 <-> p.a1; channel b : p.b0 <-> p.b1; event f : p.f0;
  a0.queue = ["m"]; }
thread p.x { zx_object_wait_many([a0: READABLE, f0: SIGNALED]); }
thread p.y { zx_handle_close(b0); }
thread p.z {
  zx_object_signal(f0, 0, SIGNALED);
  zx_channel_read(a0);
  zx_object_signal(f0, SIGNALED, 0);
})");
  HistoryEvent waited = Return(0, 0, core::Status::kOk);
  waited.result.pending = {core::kSignalReadable | core::kSignalWritable, core::kSignalNone};
  const core::Status ok = core::Status::kOk;
  const History with_lock = {
      {Invoke(2, 0), Return(2, 0, ok), Invoke(0, 0), Invoke(2, 1), Return(2, 1, ok, "m"),
       Invoke(1, 0), Return(1, 0, ok), Invoke(2, 2), Return(2, 2, ok), waited},
      std::nullopt};
  const Explanation explanation = Explain(litmus, with_lock);
  EXPECT_EQ(explanation.verdict, Verdict::kNotExplained);
  EXPECT_EQ(explanation.explained_events, 9u);
  History overlapping = with_lock;  // So that y may come after.
  std::rotate(overlapping.events.begin() + 6, overlapping.events.begin() + 7,
              overlapping.events.end());
  EXPECT_EQ(Explain(litmus, overlapping).verdict, Verdict::kExplained);
}

// 1,000 calls of four threads.
TEST(Linearizability, ALongHistoryIsJudged) {
  Dice dice(7);
  Litmus litmus = DrawProgram(dice, 4, 1);
  for (ThreadProgram& thread : litmus.program.threads) {
    thread.calls.clear();
    thread.variables.clear();
    for (uint32_t i = 0; i < 250; ++i) {
      Call call;
      call.kind = dice.Below(2) == 0 ? CallKind::kChannelWrite : CallKind::kChannelRead;
      call.handle = NamedHandle{dice.Below(2)};
      if (call.kind == CallKind::kChannelWrite) {
        call.bytes = {thread.name + "/" + std::to_string(i)};
      }
      call.result = i;
      thread.variables.push_back({"r" + std::to_string(i), call.kind});
      thread.calls.push_back(std::move(call));
    }
  }
  History history = DrawHistory(dice, litmus);
  ASSERT_EQ(history.events.size(), 2'000u);
  EXPECT_EQ(Explain(litmus, history).verdict, Verdict::kExplained);
  // The first message that was read, as another: no order brings it.
  const auto first = std::ranges::find_if(
      history.events, [](const HistoryEvent& event) { return !event.result.bytes.empty(); });
  first->result.bytes = "never written";
  history.end.reset();
  EXPECT_EQ(Explain(litmus, history).verdict, Verdict::kNotExplained);
}

// One wrong answer among pairs of threads that share nothing: four pairs take hardly more states
// than one, not their fourth power.
TEST(Linearizability, PartsThatShareNothingAreJudgedOneByOne) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    Dice dice(seed);
    Litmus litmus = DrawProgram(dice, 2, 6);
    for (int i = 1; i < 4; ++i) Append(DrawProgram(dice, 2, 6).program, &litmus.program);
    History history = DrawHistory(dice, litmus);
    for (auto event = history.events.rbegin(); event != history.events.rend(); ++event) {
      if (event->kind != HistoryEvent::Kind::kReturn) continue;
      event->result.txid = 12'345;  // Of no message.
      break;
    }
    const Explanation explanation = Explain(litmus, history, {.max_states = 1'000});
    ASSERT_EQ(explanation.verdict, Verdict::kNotExplained) << "seed " << seed;
  }
}

// Four threads with nearly always four calls in progress. Without local steps, and without what
// messages tell about their order, one in ten took more than 50,000 states.
TEST(Linearizability, AHistoryOfManyOverlappingCallsTakesFewStates) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Dice dice(seed);
    const Litmus litmus = DrawBusyProgram(dice, 4, 50);
    const History history = DrawHistory(dice, litmus);
    const Explanation explanation = Explain(litmus, history, {.max_states = 2'000});
    ASSERT_EQ(explanation.verdict, Verdict::kExplained) << "seed " << seed;
  }
}

}  // namespace
}  // namespace model
