// Which threads of a program have nothing to do with each other.
#include "model/partition.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace model {
namespace {

using Parts = std::vector<uint32_t>;

// Two channels, an event, a thread at each of the two; what they do is given, and so is the head.
Litmus TwoThreads(const std::string& x, const std::string& y, const std::string& head = "") {
  const std::string text = "Zircon T\n" + head + R"(
{ process p; channel a : p.a0 <-> p.a1; channel b : p.b0 <-> p.b1; event e : p.e0; }
thread p.x { )" + x + " }\nthread p.y { " +
                           y + " }\n";
  auto parsed = ParseLitmus(text);
  if (const auto* error = std::get_if<LitmusError>(&parsed)) {
    ADD_FAILURE() << FormatLitmusError(*error, "text");
    return {};
  }
  return std::get<Litmus>(std::move(parsed));
}

Parts PartsOf(const Litmus& litmus) {
  return PartitionOf(litmus).part_of_thread;
}

TEST(Partition, ThreadsAtDifferentChannelsAreTwoPartsOfOneProcess) {
  const Partition partition = PartitionOf(
      TwoThreads("zx_channel_write(a0, \"1\"); zx_channel_read(a1);", "zx_channel_read(b1);"));
  EXPECT_EQ(partition.count, 2u);
  EXPECT_EQ(partition.part_of_thread, (Parts{0, 1}));
  EXPECT_EQ(partition.part_of_handle, (Parts{0, 0, 1, 1, 0}));  // Nobody names e0.
}

TEST(Partition, WhoNamesTheOtherEndOrTheSameObjectBelongsToIt) {
  EXPECT_EQ(PartsOf(TwoThreads("zx_channel_write(a0, \"1\");", "zx_channel_read(a1);")),
            (Parts{0, 0}));
  for (const std::string y :
       {"zx_channel_write(b0, \"2\", handles: [e0]);",
        "zx_channel_write_etc(b0, \"2\", dispositions: [move e0]);",
        "zx_object_wait_many([b0: READABLE, e0: SIGNALED], deadline: may);",
        "zx_handle_close_many([b0, e0]);",
        "o = zx_port_create(); zx_object_wait_async(e0, o.handles[0], signals: SIGNALED);"}) {
    const std::string x = "zx_channel_read(a0); zx_object_signal(e0, 0, SIGNALED);";
    EXPECT_EQ(PartsOf(TwoThreads(x, y)), (Parts{0, 0})) << y;
    EXPECT_EQ(PartsOf(TwoThreads("zx_channel_read(a0);", y)), (Parts{0, 1})) << y;
  }
}

TEST(Partition, DeadlinesOnTheClockJoinAndOthersDoNot) {
  const auto waits = [](const std::string& end, const std::string& deadline) {
    return "zx_object_wait_one(" + end + ", READABLE, deadline: " + deadline + ");";
  };
  EXPECT_EQ(PartsOf(TwoThreads(waits("a0", "@5ms"), waits("b0", "@7ms"))), (Parts{0, 0}));
  EXPECT_EQ(PartsOf(TwoThreads(waits("a0", "@5ms"), waits("b0", "may"))), (Parts{0, 1}));
  EXPECT_EQ(PartsOf(TwoThreads(waits("a0", "now"), waits("b0", "now"))), (Parts{0, 1}));
}

TEST(Partition, WhatIsSharedByAllMakesOnePart) {
  const std::string x = "zx_channel_read(a0);";
  const std::string y = "zx_channel_read(b0);";
  EXPECT_EQ(PartsOf(TwoThreads(x, y, "Faults = \"nomem=1\"")), (Parts{0, 0}));
  EXPECT_EQ(PartsOf(TwoThreads(x, y, "Abi = \"magenta-2017\"")), (Parts{0, 0}));
  EXPECT_EQ(PartsOf(TwoThreads(x, y, "Abi = \"zircon-2018-10\"")), (Parts{0, 1}));
  EXPECT_EQ(PartsOf(TwoThreads(x, y + " zx_thread_suspend(x);")), (Parts{0, 0}));
}

}  // namespace
}  // namespace model
