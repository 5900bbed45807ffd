// The words of trace lines.
#include "traces/trace.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace traces {
namespace {

const std::vector<std::string>& LabelNames() {
  static const std::vector<std::string> names = {"w", "m", "heir"};
  return names;
}

sim::ThreadSet Set(std::initializer_list<sim::ThreadId> threads) {
  sim::ThreadSet set;
  for (sim::ThreadId thread : threads) set.Add(thread);
  return set;
}

TEST(Trace, AThreadIsCalledAsInTheProgramAndItsTimerAfterIt) {
  EXPECT_EQ(ThreadLabel(0, LabelNames()), "w");
  EXPECT_EQ(ThreadLabel(2, LabelNames()), "heir");
  EXPECT_EQ(ThreadLabel(sim::TimerOf(2), LabelNames()), "heir:timer");
  EXPECT_EQ(ThreadLabel(sim::kNoThread, LabelNames()), "main");
}

TEST(Trace, EnabledThreadsAreListedByNumberWhateverTheOrderOfTheirArrival) {
  EXPECT_EQ(EnabledLabel(Set({}), LabelNames()), "");
  EXPECT_EQ(EnabledLabel(Set({2, 0, sim::TimerOf(1), 1}), LabelNames()), "w,m,heir,m:timer");
}

TEST(Trace, AnOperationNamesVerbRoleObjectAndPart) {
  EXPECT_EQ(OperationLabel(sim::OpKind::kAcquireShared, "handle table", {sim::kNoThread, 3}, 7,
                           LabelNames()),
            "acquire-shared handle-table main.3/0x7");
  EXPECT_EQ(
      OperationLabel(sim::OpKind::kFlagSignal, "wake-up", {2, 0}, sim::kWholeObject, LabelNames()),
      "signal wake-up heir.0");
  EXPECT_EQ(OperationLabel(sim::OpKind::kClockRead, "clock", {sim::kNoThread, 0xFFFFFFFF},
                           sim::kWholeObject, LabelNames()),
            std::string(sim::OpName(sim::OpKind::kClockRead)) + " clock");
}

TEST(Trace, AnEventSaysWhoDidWhatWhoElseCouldAndTheHash) {
  sim::Event step;
  step.thread = sim::TimerOf(1);
  step.kind = sim::OpKind::kTimerFire;
  step.object = {1, 4};
  step.role = "wake-up";
  step.enabled = Set({0, sim::TimerOf(1)});
  step.hash = 0xABC;
  const TraceEvent expected = {"m:timer",
                               std::string(sim::OpName(sim::OpKind::kTimerFire)) + " wake-up m.4",
                               "w,m:timer", 0xABC};
  EXPECT_EQ(EventOf(step, LabelNames()), expected);
}

TEST(Trace, EventsAreFoundBetweenOtherLinesInOrder) {
  Trace trace;
  trace.lines = {TraceNote{TraceNote::Kind::kRemark, "", "", "x"}, TraceEvent{"w", "a", "w", 1},
                 TraceValue{"w", 0, 2}, TraceEvent{"m", "b", "m", 2}};
  const std::vector<const TraceEvent*> events = EventsOf(trace);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0]->thread, "w");
  EXPECT_EQ(events[1]->thread, "m");
}

TEST(Trace, DiffersInEveryPartOfALine) {
  const TraceEvent event{"w", "a", "w", 1};
  EXPECT_NE(event, (TraceEvent{"x", "a", "w", 1}));
  EXPECT_NE(event, (TraceEvent{"w", "x", "w", 1}));
  EXPECT_NE(event, (TraceEvent{"w", "a", "x", 1}));
  EXPECT_NE(event, (TraceEvent{"w", "a", "w", 2}));
}

}  // namespace
}  // namespace traces
