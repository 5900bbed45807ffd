// The judge of histories against one that tries every order, on drawn histories: such as the model
// allows, and spoilt ones.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "model/linearizability.h"
#include "model/partition.h"
#include "model/spec.h"
#include "tests/model/drawn_histories.h"
#include "tests/model/strict_property.h"
#include "tests/model/witness.h"

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

// Two threads or three at one channel, threads of their own at another, or the same threads at two.
// Three threads are rare: of these, trying every order takes a hundred times as long.
Litmus DrawSmallProgram(Dice& dice) {
  const uint32_t kind = dice.Below(8);
  if (kind < 3) return DrawProgram(dice, 2, 2);
  if (kind == 3) return DrawProgram(dice, 3, 1);
  Litmus litmus = DrawProgram(dice, 2, 1);
  if (kind == 4) {
    Append(DrawProgram(dice, 1, 1).program, &litmus.program);
  } else {
    Braid(dice, DrawProgram(dice, 2, 1).program, &litmus.program);
  }
  return litmus;
}

void DrawHistoryOf(const Numbers& numbers, Drawn* drawn) {
  Dice walk(numbers.walk);
  const bool whole = walk.Below(4) != 1;
  drawn->history = whole ? DrawHistory(walk, drawn->litmus) : DrawBeginning(walk, drawn->litmus);
  Dice spoilt(numbers.spoilt);
  drawn->is_spoilt = spoilt.Below(4) != 0;
  if (drawn->is_spoilt) drawn->history = Spoil(spoilt, std::move(drawn->history));
}

Drawn Draw(const Numbers& numbers) {
  Drawn drawn;
  Dice dice(numbers.program);
  drawn.litmus = DrawSmallProgram(dice);
  drawn.litmus.generation = kGenerations[kGenerations.size() - 1 - dice.Below(4)];
  DrawHistoryOf(numbers, &drawn);
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

// How RapidCheck shows what it drew.
void showValue(const Numbers& numbers, std::ostream& out) {
  out << InWords(Draw(numbers));
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

// What was drawn must be of all kinds, each one in five at least; of a few nothing can be said.
class Tally {
 public:
  void Count(Verdict verdict, const Partition& partition) {
    ++drawn_;
    explained_ += verdict == Verdict::kExplained ? 1 : 0;
    refused_ += verdict == Verdict::kNotExplained ? 1 : 0;
    divided_ += partition.count > 1 ? 1 : 0;
  }
  void Check() const {
    if (drawn_ < 1'000) return;
    EXPECT_GT(5 * explained_, drawn_);
    EXPECT_GT(5 * refused_, drawn_);
    EXPECT_GT(5 * divided_, drawn_);
  }

 private:
  uint32_t drawn_ = 0;
  uint32_t explained_ = 0;
  uint32_t refused_ = 0;
  uint32_t divided_ = 0;
};

// O4: real time is respected, and nothing else. An order that explains does so when it is followed.
TEST(HistoryProperty, TheVerdictIsThatOfTryingEveryOrder) {
  Tally tally;
  const auto body = [&] {
    const Drawn drawn = Draw(*DrawnNumbers());
    const Explanation explanation = Explain(drawn.litmus, drawn.history);
    tally.Count(explanation.verdict, PartitionOf(drawn.litmus));
    const bool expected = SomeOrderExplains(drawn);
    if (!expected && !drawn.is_spoilt) RC_FAIL("a walk that trying every order refuses");
    RC_ASSERT(explanation.verdict == (expected ? Verdict::kExplained : Verdict::kNotExplained));
    RC_ASSERT(!expected || IsWitness(drawn.litmus, drawn.history, explanation.steps));
  };
  CheckStrictly({"history-verdict", 10'000, 100, body, ""});
  tally.Check();
}

// What is told of a refused history: where the first answer is that nothing explains.
TEST(HistoryProperty, TheExplainedBeginningIsTheLongest) {
  Tally tally;
  const auto body = [&] {
    const Drawn drawn = Draw(*DrawnNumbers());
    const Explanation explanation = Explain(drawn.litmus, drawn.history);
    tally.Count(explanation.verdict, PartitionOf(drawn.litmus));
    if (explanation.verdict != Verdict::kNotExplained) return;
    RC_ASSERT(explanation.explained_events == CountExplained(drawn));
  };
  CheckStrictly({"history-beginning", 3'000, 100, body, ""});
  tally.Check();
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

// Longer ones, of two to four parts, against the search that does not divide.
TEST(HistoryProperty, TheVerdictOnPartsIsThatOnTheWhole) {
  Tally tally;
  const auto body = [&] {
    const Numbers numbers = *DrawnNumbers();
    Drawn drawn;
    Dice dice(numbers.program);
    drawn.litmus = DrawProgram(dice, 2, 3);
    Braid(dice, DrawProgram(dice, 2, 2).program, &drawn.litmus.program);
    Append(DrawProgram(dice, 1 + dice.Below(2), 2).program, &drawn.litmus.program);
    DrawHistoryOf(numbers, &drawn);
    const Drawn connected = Connected(drawn);
    const Partition partition = PartitionOf(drawn.litmus);
    RC_ASSERT(partition.count > 1);
    RC_ASSERT(PartitionOf(connected.litmus).count == 1u);
    const Explanation parts = Explain(drawn.litmus, drawn.history);
    const Explanation one = Explain(connected.litmus, connected.history);
    tally.Count(one.verdict, partition);
    RC_ASSERT(parts.verdict == one.verdict);
    RC_ASSERT(parts.explained_events == one.explained_events);
    RC_ASSERT(one.verdict != Verdict::kExplained ||
              IsWitness(drawn.litmus, drawn.history, parts.steps));
  };
  CheckStrictly({"history-parts", 2'000, 100, body, ""});
  tally.Check();
}

}  // namespace
}  // namespace model
