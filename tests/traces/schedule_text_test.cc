// Schedules on one line: what is written is read as it was; mistakes are told in words.
#include "traces/schedule_text.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "sim/engine/random.h"

namespace traces {
namespace {

const std::vector<std::string>& Names() {
  static const std::vector<std::string> names = {"w", "m", "heir"};
  return names;
}

sim::Decision Thread(sim::ThreadId thread) {
  return {false, thread, 0};
}
sim::Decision Value(sim::ThreadId thread, uint32_t value) {
  return {true, thread, value};
}

sim::Schedule ParsedSchedule(std::string_view text) {
  auto result = ParseSchedule(text, Names());
  if (const auto* error = std::get_if<std::string>(&result)) {
    ADD_FAILURE() << text << ": " << *error;
    return {};
  }
  return std::get<sim::Schedule>(std::move(result));
}

std::string Mistake(std::string_view text) {
  const auto result = ParseSchedule(text, Names());
  const auto* error = std::get_if<std::string>(&result);
  return error != nullptr ? *error : "none";
}

TEST(ScheduleText, HasAWordForEveryKindOfDecisionAndCountsRepetitions) {
  const sim::Schedule schedule = {
      Thread(0), Thread(1), Thread(1),   Thread(sim::TimerOf(2)), Value(2, 1), Value(2, 1),
      Thread(2), Thread(0), Value(0, 0), Value(0, 4294967295)};
  const std::string text = "w m*2 heir:timer heir=1*2 heir w w=0 w=4294967295";
  EXPECT_EQ(PrintSchedule(schedule, Names()), text);
  EXPECT_EQ(ParsedSchedule(text), schedule);
}

TEST(ScheduleText, IsEmptyWhereNothingWasToBeDecided) {
  EXPECT_EQ(PrintSchedule({}, Names()), "");
  EXPECT_TRUE(ParsedSchedule("").empty());
  EXPECT_TRUE(ParsedSchedule("   ").empty());
}

TEST(ScheduleText, SpacesAndRepetitionsMayBeWrittenInOtherWays) {
  EXPECT_EQ(ParsedSchedule("  w   w w*1 m "), ParsedSchedule("w*3 m"));
}

TEST(ScheduleText, TheLongestThreadsNameIsMeantNotABeginningOfIt) {
  const std::vector<std::string> names = {"a", "ab", "a2"};
  const auto result = ParseSchedule("ab a a2", names);
  EXPECT_EQ(std::get<sim::Schedule>(result), (sim::Schedule{Thread(1), Thread(0), Thread(2)}));
}

TEST(ScheduleText, DrawnSchedulesAreReadAsTheyWereWritten) {
  sim::Random random(7);
  for (int round = 0; round < 2000; ++round) {
    sim::Schedule schedule;
    for (uint32_t i = random.Below(20); i > 0; --i) {
      const auto thread = static_cast<sim::ThreadId>(random.Below(3));
      const uint32_t kind = random.Below(4);
      const sim::Decision decision = kind == 0   ? Value(thread, random.Below(3))
                                     : kind == 1 ? Thread(sim::TimerOf(thread))
                                                 : Thread(thread);
      schedule.insert(schedule.end(), 1 + random.Below(3), decision);
    }
    ASSERT_EQ(ParsedSchedule(PrintSchedule(schedule, Names())), schedule) << round;
  }
}

TEST(ScheduleText, ALongRunOfOneThreadIsReadAsItWasWritten) {
  const sim::Schedule schedule(1'500'000, Thread(1));
  EXPECT_EQ(PrintSchedule(schedule, Names()), "m*1500000");
  EXPECT_EQ(ParsedSchedule("m*1500000").size(), schedule.size());
}

TEST(ScheduleText, AnUnknownThreadIsToldWithThoseThatAreKnown) {
  const std::string known = "' in the schedule; the program has w, m, heir";
  EXPECT_EQ(Mistake("w x m"), "unknown thread 'x" + known);
  EXPECT_EQ(Mistake("W"), "unknown thread 'W" + known);
  EXPECT_EQ(Mistake("x:timer"), "unknown thread 'x" + known);
  EXPECT_EQ(Mistake("x=1"), "unknown thread 'x" + known);
  EXPECT_EQ(Mistake("*2"), "unknown thread '" + known);
  EXPECT_EQ(Mistake(":timer"), "unknown thread '" + known);
  EXPECT_EQ(Mistake("w:alarm"), "unknown thread 'w:alarm" + known);
  EXPECT_EQ(Mistake("w:timer=1"), "unknown thread 'w:timer" + known);
  EXPECT_EQ(Mistake("w,m"), "unknown thread 'w,m" + known);
}

TEST(ScheduleText, ABadCountIsTold) {
  for (std::string_view word : {"w*", "w*0", "w*x", "w*-1", "w*2*2", "w*4294967296", "w*1.5"}) {
    EXPECT_EQ(Mistake(word),
              "'" + std::string(word) + "' in the schedule has no count from 1 after '*'");
  }
}

TEST(ScheduleText, ABadValueIsTold) {
  for (std::string_view word : {"w=", "w=x", "w=-1", "w=4294967296", "w=1=2", "w=1:timer"}) {
    EXPECT_EQ(Mistake(word), "'" + std::string(word) + "' in the schedule has no number after '='");
  }
}

TEST(ScheduleText, AFewBytesDoNotFillTheMemory) {
  const std::string message = "the schedule has more than 10000000 decisions";
  EXPECT_EQ(Mistake("w*4294967295"), message);
  EXPECT_EQ(Mistake("w*9999999 m*2"), message);
  EXPECT_EQ(ParsedSchedule("w*9999999 m").size(), 10'000'000u);
}

}  // namespace
}  // namespace traces
