// The judge of histories against one that tries every order, on drawn histories: such as the model
// allows, and spoilt ones. Round n always draws the same, and a failure is made smaller.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/linearizability.h"
#include "model/partition.h"
#include "model/spec.h"
#include "tests/model/drawn_histories.h"
#include "tests/model/smallest.h"

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
    for (ThreadIndex i = 0; i < StepperCount(program_); ++i) {
      if (!MayStep(state, i)) continue;
      for (const Transition& transition : Steps(program_, state, i)) {
        if (From(transition.next, position)) return true;
      }
    }
    return false;
  }

  bool MayStep(const State& state, ThreadIndex i) const {
    if (i == WorkerOf(program_)) return true;
    return places_[i].in_call && !Answer(state, i, places_[i].call);
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
    for (ThreadIndex i = 0; i < StepperCount(program_); ++i) {
      const bool in_call = i == WorkerOf(program_) || places_[i].in_call;
      if (in_call && !Steps(program_, state, i).empty()) return false;
    }
    return Observe(program_, state) == *history_.end;
  }

  const Program& program_;
  const History& history_;
  std::vector<Place> places_;  // By thread.
  bool explained_ = false;
};

// What decides everything that is drawn; zeros after their end.
struct Numbers {
  std::vector<uint32_t> program;
  std::vector<uint32_t> walk;
  std::vector<uint32_t> spoilt;
};

rc::Gen<Numbers> DrawnNumbers() {
  const auto numbers =
      rc::gen::container<std::vector<uint32_t>>(rc::gen::inRange<uint32_t>(0, 420));
  return rc::gen::build<Numbers>(rc::gen::set(&Numbers::program, numbers),
                                 rc::gen::set(&Numbers::walk, numbers),
                                 rc::gen::set(&Numbers::spoilt, numbers));
}

struct Drawn {
  Litmus litmus;
  History history;
  bool is_spoilt = false;
};

Drawn Draw(const Numbers& numbers) {
  Drawn drawn;
  Dice dice(numbers.program);
  const bool three = dice.Below(4) == 1;
  drawn.litmus = DrawProgram(dice, three ? 3 : 2, three ? 1 : 2);
  drawn.litmus.generation = kGenerations[kGenerations.size() - 1 - dice.Below(4)];
  Dice walk(numbers.walk);
  const bool whole = walk.Below(4) != 1;
  drawn.history = whole ? DrawHistory(walk, drawn.litmus) : DrawBeginning(walk, drawn.litmus);
  Dice spoilt(numbers.spoilt);
  drawn.is_spoilt = spoilt.Below(4) != 0;
  if (drawn.is_spoilt) drawn.history = Spoil(spoilt, std::move(drawn.history));
  return drawn;
}

std::string InWords(const Drawn& drawn) {
  std::string words = PrintLitmus(drawn.litmus);
  for (const HistoryEvent& event : drawn.history.events) {
    const bool begins = event.kind == HistoryEvent::Kind::kInvoke;
    words += drawn.litmus.program.threads[event.thread].name + (begins ? " calls " : " ends ") +
             std::to_string(event.call);
    if (!begins) words += ": " + std::string(StatusName(event.result.status)) + " ";
    words += event.result.bytes + "\n";
  }
  return words + (drawn.history.end ? "to the end" : "and so on");
}

bool IsExplained(const Drawn& drawn) {
  return Explain(drawn.litmus, drawn.history).verdict == Verdict::kExplained;
}
bool SomeOrderExplains(const Drawn& drawn) {
  return EveryOrder(drawn.litmus, drawn.history).explained();
}

// How many of the events some order explains, found by trying.
size_t CountExplained(Drawn drawn) {
  drawn.history.end.reset();
  while (!SomeOrderExplains(drawn)) drawn.history.events.pop_back();
  return drawn.history.events.size();
}

// What is told of a refused history: where the first answer is that nothing explains.
TEST(HistoryProperty, TheExplainedBeginningIsTheLongest) {
  const rc::Gen<Numbers> numbers = DrawnNumbers();
  uint32_t refused = 0;
  for (uint64_t round = 0; round < 3'000; ++round) {
    const Drawn drawn = Draw(numbers(rc::Random(round), /*size=*/60).value());
    const Explanation explanation = Explain(drawn.litmus, drawn.history);
    if (explanation.verdict != Verdict::kNotExplained) continue;
    ++refused;
    ASSERT_EQ(explanation.explained_events, CountExplained(drawn)) << "round " << round << "\n"
                                                                   << InWords(drawn);
  }
  EXPECT_GT(refused, 500u);
}

// O4: real time is respected, and nothing else. The drawn histories reach both verdicts often.
TEST(HistoryProperty, TheVerdictIsThatOfTryingEveryOrder) {
  const rc::Gen<Numbers> numbers = DrawnNumbers();
  uint32_t explained = 0;
  uint32_t refused = 0;
  for (uint64_t round = 0; round < 10'000; ++round) {
    const auto shrinkable = numbers(rc::Random(round), /*size=*/60);
    const Drawn drawn = Draw(shrinkable.value());
    const bool expected = SomeOrderExplains(drawn);
    ASSERT_TRUE(expected || drawn.is_spoilt) << "round " << round << "\n" << InWords(drawn);
    ++(expected ? explained : refused);
    if (IsExplained(drawn) == expected) continue;
    const Numbers smallest = Smallest(shrinkable, [](const Numbers& each) {
      return IsExplained(Draw(each)) != SomeOrderExplains(Draw(each));
    });
    FAIL() << "in round " << round << ", made smaller, "
           << (SomeOrderExplains(Draw(smallest)) ? "explained" : "not explained")
           << " by trying every order:\n"
           << InWords(Draw(smallest));
  }
  EXPECT_GT(explained, 2'000u);
  EXPECT_GT(refused, 2'000u);
}

// The same program and history with one more thread that could name everything but never begins, so
// that there is one part.
Drawn Connected(Drawn drawn) {
  Call call;
  call.kind = CallKind::kHandleCloseMany;
  for (EndpointIndex i = 0; i < drawn.litmus.program.handles.size(); ++i) {
    call.handles.push_back(NamedHandle{i});
  }
  call.result = 0;
  ThreadProgram& thread = drawn.litmus.program.threads.emplace_back();
  thread.name = "idle";
  thread.variables.push_back({"r", call.kind});
  thread.calls.push_back(std::move(call));
  if (drawn.history.end) {
    drawn.history.end->results.push_back({std::nullopt});
    drawn.history.end->blocked.push_back(true);
  }
  return drawn;
}

TEST(HistoryProperty, TheVerdictOnPartsIsThatOnTheWhole) {
  const rc::Gen<Numbers> numbers = DrawnNumbers();
  uint32_t refused = 0;
  for (uint64_t round = 0; round < 2'000; ++round) {
    const Numbers drawn_numbers = numbers(rc::Random(round), /*size=*/100).value();
    Drawn drawn;
    Dice dice(drawn_numbers.program);
    drawn.litmus = DrawProgram(dice, 2, 2);
    Append(DrawProgram(dice, 2, 2).program, &drawn.litmus.program);
    Dice walk(drawn_numbers.walk);
    const bool whole = walk.Below(4) != 1;
    drawn.history = whole ? DrawHistory(walk, drawn.litmus) : DrawBeginning(walk, drawn.litmus);
    Dice spoilt(drawn_numbers.spoilt);
    drawn.history = Spoil(spoilt, std::move(drawn.history));
    const Drawn connected = Connected(drawn);
    ASSERT_GE(PartitionOf(drawn.litmus).count, 2u);
    ASSERT_EQ(PartitionOf(connected.litmus).count, 1u);
    const Explanation parts = Explain(drawn.litmus, drawn.history);
    const Explanation one = Explain(connected.litmus, connected.history);
    ASSERT_EQ(parts.verdict, one.verdict) << "round " << round << "\n" << InWords(drawn);
    if (parts.verdict == Verdict::kNotExplained) {
      ++refused;
      ASSERT_EQ(parts.explained_events, one.explained_events) << "round " << round;
    }
  }
  EXPECT_GT(refused, 300u);
  EXPECT_LT(refused, 1'700u);
}

}  // namespace
}  // namespace model
