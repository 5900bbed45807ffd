// Channels in messages in channels: destruction reaches every level and needs no deep stack.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "tests/core/core_fixture.h"

namespace core {
namespace {

// Puts the chain's head into the queue of a new channel, whose ends are the new head and `*outlet`,
// the end that a message was written to it through.
HandleValue Wrap(User& user, HandleValue head, HandleValue* outlet) {
  const Ends ends = user.CreateChannel();
  EXPECT_EQ(user.Write(ends.b, "", {head}), Status::kOk);
  *outlet = ends.b;
  return ends.a;
}

// A chain of `levels` channels, each in the queue of the next; of all the other ends only the
// innermost channel's stays open.
struct Chain {
  HandleValue head = kInvalidHandle;
  HandleValue inner = kInvalidHandle;
};
Chain MakeChain(User& user, int levels) {
  const Ends innermost = user.CreateChannel();
  Chain chain = {innermost.a, innermost.b};
  for (int level = 1; level < levels; ++level) {
    HandleValue outlet;
    chain.head = Wrap(user, chain.head, &outlet);
    EXPECT_EQ(user.Close(outlet), Status::kOk);
  }
  return chain;
}

constexpr int kVeryDeep = 100'000;

// O6, D-5: on a stack of 256 KiB, where a frame per level would not fit.
TEST(Nesting, OneCloseDestroysAHundredThousandLevels) {
  for (const AbiProfile* profile : kGenerations) {
    Chain chain;
    RunAlone([&](User& user) { chain = MakeChain(user, kVeryDeep); },
             [&](User& user) {
               EXPECT_EQ(user.CountHandles(), 2u);
               EXPECT_EQ(user.Close(chain.head), Status::kOk);
               EXPECT_EQ(user.SignalsOf(chain.inner), kSignalPeerClosed);
               EXPECT_EQ(user.CountHandles(), 1u);
             },
             *profile);
  }
}

// O6, D-5: the same when a write fails, a message is dropped, or the process ends.
TEST(Nesting, AWriteThatFailsDestroysAHundredThousandLevels) {
  Chain chain;
  RunAlone([&](User& user) { chain = MakeChain(user, kVeryDeep); },
           [&](User& user) {
             EXPECT_EQ(user.Write(kInvalidHandle, "", {chain.head}), Status::kBadHandle);
             EXPECT_EQ(user.SignalsOf(chain.inner), kSignalPeerClosed);
           });
}

TEST(Nesting, ADiscardingReadDestroysAHundredThousandLevels) {
  Chain chain;
  RunAlone([&](User& user) { chain = MakeChain(user, kVeryDeep); },
           [&](User& user) {
             EXPECT_EQ(user.Read(chain.head, {.options = kReadMayDiscard, .num_handles = 0}).status,
                       Status::kBufferTooSmall);
             EXPECT_EQ(user.SignalsOf(chain.inner), kSignalPeerClosed);
             EXPECT_EQ(user.Read(chain.head).status, Status::kPeerClosed);
           });
}

TEST(Nesting, TheEndOfTheProcessDestroysAHundredThousandLevels) {
  RunAlone([](User& user) { MakeChain(user, kVeryDeep); }, [](User&) {});
}

// D-6, X-17: a worker closes one level after the other, and the end of the kernel what no worker
// got to.
TEST(Nesting, AWorkerClosesAHundredThousandLevels) {
  for (const bool reap : {true, false}) {
    Chain chain;
    const auto prepare = [&](User& user) {
      user.kernel().set_reaper_worker({[](void*) {}, nullptr});
      chain = MakeChain(user, kVeryDeep);
    };
    const auto body = [&](User& user) {
      EXPECT_EQ(user.Close(chain.head), Status::kOk);
      EXPECT_EQ(user.SignalsOf(chain.inner), kSignalWritable);
      if (!reap) return;
      user.kernel().ReapHandles();
      EXPECT_EQ(user.SignalsOf(chain.inner), kSignalPeerClosed);
    };
    RunAlone(prepare, body, kMagenta2017);
  }
}

// D-5: along a path the outer PEER_CLOSED comes before the inner one.
TEST(Nesting, TheOuterChannelClosesBeforeTheInner) {
  RunAlone([](User& user) {
    constexpr int kLevels = 5;
    Watcher::Log log;
    std::vector<std::unique_ptr<Watcher>> watchers;
    const auto watch = [&](HandleValue handle, const std::string& name) {
      watchers.push_back(std::make_unique<Watcher>(user, handle, kSignalPeerClosed, name, &log));
    };
    const Ends innermost = user.CreateChannel();
    watch(innermost.b, "0");
    HandleValue head = innermost.a;
    for (int level = 1; level < kLevels; ++level) {
      HandleValue outlet;
      head = Wrap(user, head, &outlet);
      watch(outlet, std::to_string(level));
    }
    EXPECT_EQ(user.Close(head), Status::kOk);
    EXPECT_EQ(log, (Watcher::Log{"4", "3", "2", "1", "0"}));
    watchers.clear();
  });
}

// D-5, P-2: two endpoints in one message, each with another in its queue. In a queue that is
// destroyed both close before what they held, and the second is freed first; a message that is
// dropped is no part of something that is being freed, so each goes with all that it holds.
TEST(Nesting, SiblingsCloseInTheOrderOfWhatDestroysThem) {
  for (const bool dropped : {false, true}) {
    RunAlone([dropped](User& user) {
      Watcher::Log log;
      const Ends outer = user.CreateChannel();
      const std::array<Ends, 2> siblings = {user.CreateChannel(), user.CreateChannel()};
      const std::array<Ends, 2> inner = {user.CreateChannel(), user.CreateChannel()};
      const Watcher one(user, siblings[0].b, kSignalPeerClosed, "one", &log);
      const Watcher two(user, siblings[1].b, kSignalPeerClosed, "two", &log);
      const Watcher in_one(user, inner[0].b, kSignalPeerClosed, "in one", &log);
      const Watcher in_two(user, inner[1].b, kSignalPeerClosed, "in two", &log);
      for (size_t i = 0; i < 2; ++i) {
        EXPECT_EQ(user.Write(siblings[i].b, "", {inner[i].a}), Status::kOk);
      }
      EXPECT_EQ(user.Write(outer.a, "", {siblings[0].a, siblings[1].a}), Status::kOk);
      if (dropped) {
        EXPECT_EQ(user.Read(outer.b, {.options = kReadMayDiscard, .num_handles = 0}).status,
                  Status::kBufferTooSmall);
        EXPECT_EQ(log, (Watcher::Log{"one", "in one", "two", "in two"}));
      } else {
        EXPECT_EQ(user.Close(outer.b), Status::kOk);
        EXPECT_EQ(log, (Watcher::Log{"one", "two", "in two", "in one"}));
      }
    });
  }
}

// O6: a message of 64 ends, each of whose queues holds a message of 64 ends.
TEST(Nesting, WideMessagesAreDestroyedWhole) {
  RunAlone([](User& user) {
    const Ends outer = user.CreateChannel();
    std::vector<HandleValue> outlets;
    std::vector<HandleValue> heads;
    for (uint32_t i = 0; i < kMaxMessageHandles; ++i) {
      const Ends middle = user.CreateChannel();
      std::vector<HandleValue> leaves;
      for (uint32_t j = 0; j < kMaxMessageHandles; ++j) {
        const Ends leaf = user.CreateChannel();
        leaves.push_back(leaf.a);
        outlets.push_back(leaf.b);
      }
      EXPECT_EQ(user.Write(middle.b, "", leaves), Status::kOk);
      heads.push_back(middle.a);
      outlets.push_back(middle.b);
    }
    EXPECT_EQ(user.Write(outer.a, "", heads), Status::kOk);
    EXPECT_EQ(user.Close(outer.b), Status::kOk);
    for (HandleValue outlet : outlets) {
      ASSERT_EQ(user.SignalsOf(outlet), kSignalPeerClosed);
    }
  });
}

// H4: nothing is lost on the way down either.
TEST(Nesting, ReadsUnwrapALevelAtATime) {
  RunAlone([](User& user) {
    constexpr int kLevels = 100;
    const Chain chain = MakeChain(user, kLevels);
    HandleValue head = chain.head;
    for (int level = 1; level < kLevels; ++level) {
      const ReadResult read = user.Read(head);
      ASSERT_EQ(read.actual_handles, 1u);
      EXPECT_EQ(user.Close(head), Status::kOk);
      head = read.handles[0];
    }
    EXPECT_EQ(user.Write(chain.inner, "core"), Status::kOk);
    EXPECT_EQ(user.Read(head).bytes, "core");
  });
}

}  // namespace
}  // namespace core
