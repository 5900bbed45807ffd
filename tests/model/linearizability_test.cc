// The judge of histories, against one that tries every order, and on histories made by hand.
#include "model/linearizability.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>

#include "model/spec.h"
#include "tests/model/drawn_histories.h"

namespace model {
namespace {

// Every order of steps and events, one after the other: no memory, no shortcuts.
class EveryOrder {
 public:
  EveryOrder(const Litmus& litmus, const History& history)
      : program_(litmus.program), history_(history) {
    places_.resize(program_.threads.size());
    explained_ = From(InitialState(program_, litmus.generation), 0);
  }
  bool explained() const { return explained_; }

 private:
  struct Place {
    bool in_call = false;
    uint32_t call = 0;
  };

  bool From(const State& state, size_t position) {
    if (position == history_.events.size() && IsFine(state)) return true;
    if (position < history_.events.size()) {
      if (TakeEvent(state, position)) return true;
      // To begin later can't be better.
      if (history_.events[position].kind == HistoryEvent::Kind::kInvoke) return false;
    }
    for (ThreadIndex i = 0; i < places_.size(); ++i) {
      if (!places_[i].in_call || Answer(state, i, places_[i].call)) continue;
      for (const Transition& transition : Steps(program_, state, i)) {
        if (From(transition.next, position)) return true;
      }
    }
    return false;
  }

  bool TakeEvent(const State& state, size_t position) {
    const HistoryEvent& event = history_.events[position];
    Place& place = places_[event.thread];
    const Place before = place;
    if (event.kind == HistoryEvent::Kind::kInvoke) {
      place = {true, event.call};
    } else {
      const std::optional<CallResult> answer = Answer(state, event.thread, event.call);
      if (!answer || *answer != event.result) return false;
      place.in_call = false;
    }
    if (From(state, position + 1)) return true;
    place = before;
    return false;
  }

  std::optional<CallResult> Answer(const State& state, ThreadIndex thread, uint32_t call) const {
    return state.threads[thread].variables[*program_.threads[thread].calls[call].result].result;
  }

  // The end of the execution, if the history goes so far: nobody can go on, as it was.
  bool IsFine(const State& state) const {
    if (!history_.end) return true;
    for (ThreadIndex i = 0; i < places_.size(); ++i) {
      if (places_[i].in_call && !Steps(program_, state, i).empty()) return false;
    }
    return Observe(program_, state) == *history_.end;
  }

  const Program& program_;
  const History& history_;
  std::vector<Place> places_;  // By thread.
  bool explained_ = false;
};

// Real time is respected, and nothing else: on 10,000 histories both judges agree, and the drawn
// ones reach both verdicts often.
TEST(Linearizability, AgreesWithTryingEveryOrder) {
  uint32_t explained = 0;
  uint32_t refused = 0;
  for (uint64_t seed = 0; seed < 10'000; ++seed) {
    Dice dice(seed);
    const bool three = dice.Below(4) == 0;
    const Litmus litmus = DrawProgram(dice, three ? 3 : 2, three ? 1 : 2);
    History history = dice.Below(4) == 0 ? DrawBeginning(dice, litmus) : DrawHistory(dice, litmus);
    if (dice.Below(3) != 0) history = Spoil(dice, std::move(history));
    const Explanation explanation = Explain(litmus, history);
    ASSERT_NE(explanation.verdict, Verdict::kUnknown);
    const bool expected = EveryOrder(litmus, history).explained();
    ASSERT_EQ(explanation.verdict == Verdict::kExplained, expected) << "seed " << seed;
    ++(expected ? explained : refused);
  }
  EXPECT_GT(explained, 2'000u);
  EXPECT_GT(refused, 2'000u);
}

// The witness is an order: taken step by step, it answers what the history says.
TEST(Linearizability, TheWitnessLeadsToTheAnswersOfTheHistory) {
  for (uint64_t seed = 0; seed < 500; ++seed) {
    Dice dice(seed);
    const Litmus litmus = DrawProgram(dice, 2, 3);
    const History history = DrawHistory(dice, litmus);
    const Explanation explanation = Explain(litmus, history);
    ASSERT_EQ(explanation.verdict, Verdict::kExplained) << "seed " << seed;
    State state = InitialState(litmus.program, litmus.generation);
    for (ThreadIndex thread : explanation.steps) {
      ASSERT_TRUE(TakeStep(litmus.program, &state, thread));
    }
    for (const HistoryEvent& event : history.events) {
      if (event.kind != HistoryEvent::Kind::kReturn) continue;
      const Call& call = litmus.program.threads[event.thread].calls[event.call];
      ASSERT_EQ(state.threads[event.thread].variables[*call.result].result, event.result);
    }
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

}  // namespace
}  // namespace model
