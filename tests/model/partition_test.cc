// Which calls of a program have nothing to do with each other.
#include "model/partition.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace model {
namespace {

using Parts = std::vector<std::vector<uint32_t>>;

Litmus Parsed(const std::string& text) {
  auto parsed = ParseLitmus(text);
  if (const auto* error = std::get_if<LitmusError>(&parsed)) {
    ADD_FAILURE() << FormatLitmusError(*error, "text");
    return {};
  }
  return std::get<Litmus>(std::move(parsed));
}

// Two processes, two channels, an event, a thread in each process; what they do is given, and so is
// the head.
Litmus TwoThreads(const std::string& x, const std::string& y, const std::string& head = "") {
  const std::string text = "Zircon T\n" + head + R"(
{ process p, q; channel a : p.a0 <-> q.a1; channel b : p.b0 <-> q.b1; event e : p.e0, q.e1; }
thread p.x { )" + x + " }\nthread q.y { " +
                           y + " }\n";
  return Parsed(text);
}

Parts PartsOf(const Litmus& litmus) {
  return PartitionOf(litmus).part_of_call;
}

TEST(Partition, CallsAtDifferentChannelsAreTwoParts) {
  const Partition partition = PartitionOf(
      TwoThreads("zx_channel_write(a0, \"1\"); zx_channel_read(a0);", "zx_channel_read(b1);"));
  EXPECT_EQ(partition.count, 2u);
  EXPECT_EQ(partition.part_of_call, (Parts{{0, 0}, {1}}));
  EXPECT_EQ(partition.part_of_handle, (std::vector<uint32_t>{0, 0, 1, 1, 0, 0}));  // No e.
}

TEST(Partition, CallsOfOneThreadMayBeOfSeveralParts) {
  EXPECT_EQ(PartsOf(TwoThreads("zx_channel_write(a0, \"1\"); zx_channel_read(b0);",
                               "zx_channel_read(b1); zx_channel_read(a1); zx_channel_read(b1);")),
            (Parts{{0, 1}, {1, 0, 1}}));
}

TEST(Partition, WhoNamesTheOtherEndOrTheSameObjectBelongsToIt) {
  EXPECT_EQ(PartsOf(TwoThreads("zx_channel_write(a0, \"1\");", "zx_channel_read(a1);")),
            (Parts{{0}, {0}}));
  for (const std::string y : {"zx_channel_write(b1, \"2\", handles: [e1]);",
                              "zx_channel_write_etc(b1, \"2\", dispositions: [move e1]);",
                              "zx_object_wait_many([b1: READABLE, e1: SIGNALED], deadline: may);",
                              "zx_handle_close_many([b1, e1]);"}) {
    const std::string x = "zx_channel_read(a0); zx_object_signal(e0, 0, SIGNALED);";
    EXPECT_EQ(PartsOf(TwoThreads(x, y)), (Parts{{0, 1}, {1}})) << y;
    const std::string both = "zx_object_signal(e0, 0, SIGNALED); zx_channel_read(b0);";
    EXPECT_EQ(PartsOf(TwoThreads(both, y)), (Parts{{0, 0}, {0}})) << y;
  }
}

// What is received goes on where it was sent: its receiver names the answer.
TEST(Partition, ACallBelongsToThoseWhoseAnswersItUses) {
  for (const std::string use :
       {"zx_channel_write(b1, m.bytes);", "zx_channel_write(b1, \"2\", txid: m.txid);",
        "zx_channel_write(b1, \"2\", handles: [m.handles[0]]);"}) {
    EXPECT_EQ(PartsOf(TwoThreads("zx_channel_read(b0); zx_channel_read(a0);",
                                 "m = zx_channel_read(a1); zx_handle_check_valid(e1); " + use)),
              (Parts{{0, 0}, {0, 1, 0}}))
        << use;
  }
  // A wait of a port keeps the table of its process locked, which everybody there can notice.
  EXPECT_EQ(PartsOf(TwoThreads("zx_channel_read(b0); zx_channel_read(a0);",
                               "m = zx_channel_read(a1); zx_handle_check_valid(e1); "
                               "zx_object_wait_async(b1, m.handles[0], signals: READABLE);")),
            (Parts{{0, 0}, {0, 0, 0}}));
  EXPECT_EQ(PartsOf(TwoThreads("n = zx_channel_create(); zx_channel_read(n.handles[1]);", "")),
            (Parts{{0, 0}, {}}));
}

TEST(Partition, AThreadThatChoosesIsOfOnePart) {
  EXPECT_EQ(PartsOf(TwoThreads("zx_channel_read(b0); "
                               "choose { zx_channel_read(a0); } or { zx_channel_read(b0); }",
                               "zx_channel_read(b1); note \"n\"; zx_channel_read(a1);")),
            (Parts{{0, 0, 0, 0}, {0, 0, 0}}));
  EXPECT_EQ(PartsOf(TwoThreads("note \"n\"; zx_channel_read(a0); zx_channel_read(b0);", "")),
            (Parts{{0, 0, 1}, {}}));
}

TEST(Partition, DeadlinesDoNotJoin) {
  const auto waits = [](const std::string& end, const std::string& deadline) {
    return "zx_object_wait_one(" + end + ", READABLE, deadline: " + deadline + ");";
  };
  EXPECT_EQ(PartsOf(TwoThreads(waits("a0", "@5ms"), waits("b1", "@7ms"))), (Parts{{0}, {1}}));
  EXPECT_EQ(PartsOf(TwoThreads(waits("a0", "now"), waits("b1", "now"))), (Parts{{0}, {1}}));
}

// WT-12
TEST(Partition, WhoeverWaitsForManyLocksTheTableOfItsProcess) {
  const std::string many = "zx_object_wait_many([a0: READABLE, e0: SIGNALED]); ";
  const std::string one = "zx_object_wait_many([a0: READABLE]); ";
  EXPECT_EQ(PartsOf(TwoThreads(many + "zx_handle_close(b0);", "zx_channel_read(a1);")),
            (Parts{{0, 0}, {0}}));
  EXPECT_EQ(PartsOf(TwoThreads(one + "zx_handle_close(b0);", "zx_channel_read(a1);")),
            (Parts{{0, 1}, {0}}));
  EXPECT_EQ(PartsOf(TwoThreads(many, "zx_channel_read(b1);")), (Parts{{0}, {1}}));
  // It has as many items as its caller says; those that are not written down come after the first.
  const std::string claimed = "zx_object_wait_many([a0: READABLE], count: 2); ";
  EXPECT_EQ(PartsOf(TwoThreads(claimed + "zx_handle_close(b0);", "zx_channel_read(a1);")),
            (Parts{{0, 0}, {0}}));
}

TEST(Partition, WhatIsSharedByAllMakesOnePart) {
  const std::string x = "zx_channel_read(a0);";
  const std::string y = "zx_channel_read(b1);";
  EXPECT_EQ(PartsOf(TwoThreads(x, y, "Faults = \"nomem=1\"")), (Parts{{0}, {0}}));
  EXPECT_EQ(PartsOf(TwoThreads(x, y, "Abi = \"magenta-2017\"")), (Parts{{0}, {0}}));
  EXPECT_EQ(PartsOf(TwoThreads(x, y, "Abi = \"zircon-2018-10\"")), (Parts{{0}, {1}}));
  EXPECT_EQ(PartsOf(TwoThreads(x, y + " zx_thread_suspend(x);")), (Parts{{0}, {0, 0}}));
  EXPECT_EQ(PartsOf(TwoThreads(x, y + " zx_thread_resume(x);")), (Parts{{0}, {0, 0}}));
}

// Judged as a program of its own, it must be one.
TEST(Partition, APartHasItsOwnThreadsObjectsAndEvents) {
  const Litmus litmus =
      TwoThreads("zx_channel_read(a0);", "zx_channel_read(a1); r = zx_channel_write(b1, \"1\");");
  const Partition partition = PartitionOf(litmus);
  HistoryEvent read{HistoryEvent::Kind::kInvoke, 0, 0, 0, {}};
  HistoryEvent write{HistoryEvent::Kind::kInvoke, 1, 1, 0, {}};
  History history = {{read, write}, std::nullopt};
  history.end.emplace();
  history.end->results = {{}, {CallResult{}}};
  history.end->blocked = {false, true};
  history.end->endpoints.resize(6);
  history.end->endpoints[3].queue = {"mine"};
  const PartOfHistory part = TakePart(litmus, history, partition, 1);
  Litmus alone = Parsed(
      "Zircon T\n{ process p, q; channel b : p.b0 <-> q.b1; }\n"
      "thread q.y { r = zx_channel_write(b1, \"1\"); }\n");
  alone.program.name.clear();
  EXPECT_TRUE(part.litmus.program == alone.program);
  write.thread = 0;
  write.call = 0;
  EXPECT_EQ(part.history.events, std::vector<HistoryEvent>{write});
  EXPECT_EQ(part.threads, std::vector<ThreadIndex>{1});
  EXPECT_EQ(part.places, (std::vector<size_t>{1, 2}));
  ASSERT_TRUE(part.history.end);
  EXPECT_EQ(part.history.end->results.size(), 1u);
  EXPECT_EQ(part.history.end->blocked, std::vector<bool>{true});
  ASSERT_EQ(part.history.end->endpoints.size(), 2u);
  EXPECT_EQ(part.history.end->endpoints[1].queue, std::vector<std::string>{"mine"});
}

// By call of the first thread.
std::vector<bool> BusinessOf(const Litmus& litmus) {
  std::vector<bool> nobodys;
  for (uint32_t i = 0; i < litmus.program.threads[0].calls.size(); ++i) {
    nobodys.push_back(IsNobodysBusiness(litmus.program, 0, i));
  }
  return nobodys;
}

TEST(Partition, ACallThatMakesAnObjectOrNamesNoHandleIsNobodysBusiness) {
  const std::string calls =
      "zx_port_create(); zx_channel_read(handle: 0x3); zx_channel_read(a0); note \"x\"; "
      "zx_channel_write(handle: 0x0, \"\", handles: [e0]);";
  EXPECT_EQ(BusinessOf(TwoThreads(calls, "zx_channel_read(b1);")),
            (std::vector<bool>{true, true, false, true, false}));
}

TEST(Partition, WhatAKillOrALockedTableCanComeBeforeIsSomebodysBusiness) {
  const std::string calls = "zx_port_create(); zx_channel_read(handle: 0x3);";
  EXPECT_EQ(BusinessOf(TwoThreads(calls, "zx_thread_kill(x);")), (std::vector<bool>{false, false}));
  const Litmus locked = Parsed("Zircon T\n{ process p; event e : p.e0; }\nthread p.x { " + calls +
                               " }\nthread p.y { zx_object_wait_many([e0: SIGNALED, e0: "
                               "SIGNALED], deadline: now); }\n");
  EXPECT_EQ(BusinessOf(locked), (std::vector<bool>{false, false}));
}

}  // namespace
}  // namespace model
