// The order of messages, read off payloads alone.
#include "props/order.h"

#include <gtest/gtest.h>

#include <string>

#include "props/world.h"
#include "sim/engine/replay.h"
#include "tests/props/programs.h"

namespace props {
namespace {

model::Litmus TwoWritesAndTwoReads() {
  return Parsed(R"(Zircon T
{ process p, q; channel a : p.a0 <-> q.a1; }
thread p.w { x = zx_channel_write(a0, "first"); y = zx_channel_write(a0, "second"); }
thread q.r { m = zx_channel_read(a1); n = zx_channel_read(a1); }
)");
}

model::HistoryEvent Begins(model::ThreadIndex thread, uint32_t call) {
  model::HistoryEvent event;
  event.thread = thread;
  event.call = call;
  return event;
}

model::HistoryEvent Ends(model::ThreadIndex thread, uint32_t call, const std::string& bytes = "") {
  model::HistoryEvent event = Begins(thread, call);
  event.kind = model::HistoryEvent::Kind::kReturn;
  event.result.bytes = bytes;
  return event;
}

model::History Reads(const std::string& first, const std::string& second) {
  model::History history;
  history.events = {Begins(0, 0), Ends(0, 0),        Begins(0, 1), Ends(0, 1),
                    Begins(1, 0), Ends(1, 0, first), Begins(1, 1), Ends(1, 1, second)};
  return history;
}

// O2, O4
TEST(ArrivalOrder, WhatOneThreadWroteMayNotBeReadTheOtherWayRound) {
  const model::Litmus litmus = TwoWritesAndTwoReads();
  const ArrivalOrder order(litmus);
  EXPECT_FALSE(order.Find(Reads("first", "second")));
  const std::optional<Disorder> disorder = order.Find(Reads("second", "first"));
  ASSERT_TRUE(disorder);
  EXPECT_FALSE(disorder->of_owners);
  EXPECT_EQ(disorder->message,
            "\"second\" came before \"first\", which the same thread wrote earlier");
}

// Nor do those within a message of the start, which have none.
TEST(ArrivalOrder, AMessageThatNestsOthersLetsTheEmptyPayloadSayNothing) {
  model::Litmus litmus = TwoWritesAndTwoReads();
  litmus.program.threads[0].calls[1].bytes = {std::string()};
  EXPECT_TRUE(ArrivalOrder(litmus).Find(Reads("", "first")));
  litmus.program.queues = {{0, {{"deep", 1}}}};
  EXPECT_FALSE(ArrivalOrder(litmus).Find(Reads("", "first")));
}

// It shows no bytes, as if the message were another one that has none.
TEST(ArrivalOrder, AReadThatIsNotToldTheSizeSaysNothing) {
  model::Litmus litmus = TwoWritesAndTwoReads();
  litmus.program.threads[0].calls[0].bytes = {std::string()};
  EXPECT_TRUE(ArrivalOrder(litmus).Find(Reads("second", "")));
  litmus.program.threads[1].calls[1].buffers.actual_bytes = model::Memory::kNull;
  EXPECT_FALSE(ArrivalOrder(litmus).Find(Reads("second", "")));
}

TEST(ArrivalOrder, ReadsThatOverlapSayNothing) {
  model::Litmus litmus = TwoWritesAndTwoReads();
  litmus.program.threads.push_back(litmus.program.threads[1]);
  model::History history;
  history.events = {Begins(1, 0), Begins(2, 0), Ends(1, 0, "second"), Ends(2, 0, "first")};
  EXPECT_FALSE(ArrivalOrder(litmus).Find(history));
}

TEST(ArrivalOrder, WhatIsQueuedAtTheEndComesAfterWhatWasRead) {
  const model::Litmus litmus = TwoWritesAndTwoReads();
  model::History history;
  history.events = {Begins(1, 0), Ends(1, 0, "second")};
  history.end.emplace();
  history.end->endpoints.resize(2);
  history.end->endpoints[1].queue = {"first"};
  EXPECT_TRUE(ArrivalOrder(litmus).Find(history));
  history.end->endpoints[1].queue = {"third"};
  EXPECT_FALSE(ArrivalOrder(litmus).Find(history));
}

// O11, O12
TEST(ArrivalOrder, TheOldOwnerMayNotComeAfterTheNewOne) {
  const model::Litmus litmus = FromCatalogue("xfer+wr.litmus");
  const ArrivalOrder order(litmus);
  ASSERT_TRUE(order.has_claims());
  model::History history;
  history.events = {Begins(1, 0), Ends(1, 0),   Begins(2, 0),
                    Ends(2, 0),   Begins(2, 1), Ends(2, 1, "take")};
  history.end.emplace();
  history.end->endpoints.resize(4);
  history.end->endpoints[1].queue = {"old", "new"};
  EXPECT_FALSE(order.Find(history));
  history.end->endpoints[1].queue = {"new", "old"};
  const std::optional<Disorder> disorder = order.Find(history);
  ASSERT_TRUE(disorder);
  EXPECT_TRUE(disorder->of_owners);
}

TEST(ArrivalOrder, PayloadsThatAreNotUniqueSayNothing) {
  const model::Litmus litmus = Parsed(R"(Zircon T
{ process p; channel a : p.a0 <-> p.a1; a1.queue = ["first"]; }
thread p.w { x = zx_channel_write(a0, "first"); y = zx_channel_write(a0, "second"); }
)");
  EXPECT_FALSE(ArrivalOrder(litmus).has_claims());
}

}  // namespace
}  // namespace props
