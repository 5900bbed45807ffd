// What a kernel holds, seen from outside.
#include "props/kernel_view.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "props/world.h"
#include "sim/strategies/random_walk.h"
#include "tests/props/programs.h"

namespace props {
namespace {

// Runs a program in one thread of process p, and looks at the kernel once it has ended.
class LookAtTheEnd final : public sim::Scenario {
 public:
  LookAtTheEnd(std::string_view calls, std::function<void(const KernelView&)> look)
      : litmus_(Parsed(fmt::format(R"(Zircon T
{{
  process p;
  channel a : p.a0 <-> p.a1;
  channel b : p.b0 <-> p.b1;
  event e : p.e0;
}}
thread p.t {{ {} }}
)",
                                   calls))),
        world_(litmus_),
        look_(std::move(look)) {
    sim::RandomWalk strategy(0, 1);
    strategy.BeginExecution();
    sim::Execution execution;
    sim::Runtime().Execute(*this, strategy, execution);
    EXPECT_FALSE(execution.failure.has_value());
    EXPECT_TRUE(looked_);
  }

  void Start(sim::Runtime& runtime) override { world_.Start(runtime); }
  bool ChecksAreLocal() const override { return true; }
  void AtBoundary(sim::Runtime& runtime) override { world_.AtBoundary(runtime); }
  void Finish(sim::Runtime& runtime) override {
    KernelView view;
    view.Take(world_.kernel());
    EXPECT_EQ(view.FindBrokenInvariant(/*is_all_seen=*/true), "");
    look_(view);
    looked_ = true;
    world_.Finish(runtime);
  }

 private:
  model::Litmus litmus_;
  World world_;
  std::function<void(const KernelView&)> look_;
  bool looked_ = false;
};

size_t InMessages(const KernelView& view) {
  size_t count = 0;
  for (const HandleView& handle : view.handles()) {
    EXPECT_NE(handle.process == nullptr, handle.queue == nullptr);
    if (handle.queue != nullptr) ++count;
  }
  return count;
}

TEST(KernelView, SeesEveryHandleInATable) {
  LookAtTheEnd("zx_object_wait_one(e0, SIGNALED, deadline: now);", [](const KernelView& view) {
    EXPECT_EQ(view.handles().size(), 5u);
    EXPECT_EQ(view.objects().size(), 5u);
    EXPECT_EQ(InMessages(view), 0u);
    for (const ObjectView& object : view.objects()) EXPECT_EQ(object.handles_seen, 1u);
  });
}

TEST(KernelView, SeesHandlesInMessagesHoweverDeepTheyAre) {  // O6
  LookAtTheEnd(
      "zx_channel_write(b0, \"x\", handles: [e0]);"
      "zx_channel_write(a0, \"y\", handles: [b1]);"
      "zx_channel_write(a0, \"z\", handles: [b0]);",
      [](const KernelView& view) {
        EXPECT_EQ(view.handles().size(), 5u);
        EXPECT_EQ(InMessages(view), 3u);
      });
}

TEST(KernelView, WhatWasClosedIsNotThereAndItsPeerIsAlone) {
  LookAtTheEnd("zx_handle_close(a0); zx_handle_close(e0);", [](const KernelView& view) {
    EXPECT_EQ(view.handles().size(), 3u);
    EXPECT_EQ(view.objects().size(), 3u);
    const ObjectView& survivor = view.objects()[0];
    ASSERT_NE(survivor.channel, nullptr);
    EXPECT_EQ(survivor.channel->PeekPeer(), nullptr);
    EXPECT_EQ(view.FindObject(survivor.object->koid()), &survivor);
    EXPECT_NE(view.FindHandleTo(survivor.object->koid()), nullptr);
    EXPECT_EQ(view.FindObject(survivor.channel->related_koid()), nullptr);
    EXPECT_EQ(view.FindHandleTo(survivor.channel->related_koid()), nullptr);
  });
}

TEST(KernelView, QueuesAreShownOldestFirstWithoutTransactionIds) {
  LookAtTheEnd(
      "zx_channel_write(a0, \"one\", txid: 5); zx_channel_write(a0, raw: \"abc\");"
      "zx_channel_write(a0, \"two\");",
      [](const KernelView& view) {
        std::vector<std::vector<std::string>> queues;
        for (const ObjectView& object : view.objects()) {
          if (object.channel != nullptr) queues.push_back(QueueOf(*object.channel));
        }
        EXPECT_EQ(queues.at(1), (std::vector<std::string>{"one", "", "two"}));
        EXPECT_TRUE(queues.at(0).empty());
      });
}

TEST(KernelView, APayloadIsWhatFollowsTheTransactionId) {
  const std::string message("\x01\x00\x00\x00xyz", 7);
  const auto bytes = std::as_bytes(std::span(message));
  EXPECT_EQ(PayloadOf(bytes), "xyz");
  EXPECT_EQ(PayloadOf(bytes.first(4)), "");
  EXPECT_EQ(PayloadOf(bytes.first(2)), "");
  EXPECT_EQ(PayloadOf({}), "");
}

}  // namespace
}  // namespace props
