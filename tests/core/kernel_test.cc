// Kernels, processes, threads, and the names that they hand out.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "tests/core/core_fixture.h"

namespace core {
namespace {

// H-4
TEST(HandleValues, HaveTheLowBitsSetAndAreNeverZero) {
  RunAlone([](User& user) {
    User other(user.kernel());
    for (User* thread : {&user, &other}) {
      for (int i = 0; i < 100; ++i) {
        const HandleValue event = thread->CreateEvent();
        EXPECT_NE(event, kInvalidHandle);
        EXPECT_EQ(event & kHandleFixedBits, kHandleFixedBits);
      }
    }
  });
}

// H-4: neither after a close, nor in another process, nor after a transfer.
TEST(HandleValues, AreNeverUsedAgain) {
  RunAlone([](User& user) {
    User colleague(user.process());
    User other(user.kernel());
    const Ends ends = user.CreateChannel();
    std::set<HandleValue> seen = {ends.a, ends.b};
    const auto note = [&](HandleValue value) {
      EXPECT_TRUE(seen.insert(value).second) << value << " was used before";
    };
    for (int i = 0; i < 200; ++i) {
      for (User* thread : {&user, &colleague, &other}) {
        const HandleValue event = thread->CreateEvent();
        note(event);
        EXPECT_EQ(thread->Close(event), Status::kOk);
      }
      const HandleValue event = colleague.CreateEvent();
      note(event);
      EXPECT_EQ(colleague.Write(ends.a, "", {event}), Status::kOk);
      note(user.Read(ends.b).handles[0]);
    }
  });
}

// H-4, B-21: a value that is gone names nothing, whatever was made since.
TEST(HandleValues, AStaleOneNeverNamesAnything) {
  RunAlone([](User& user) {
    const HandleValue stale = user.CreateEvent();
    EXPECT_EQ(user.Close(stale), Status::kOk);
    for (int i = 0; i < 300; ++i) {
      user.CreateEvent();
      EXPECT_EQ(user.Wait(stale, kSignalNone).status, Status::kBadHandle);
    }
  });
}

// HO-6: a thread has so many values and no more; then nothing is made and nothing is left.
TEST(HandleValues, RunOutWithNoMemory) {
  RunAlone([](User& user) {
    std::vector<HandleValue> values(1u << 16);
    for (int i = 0; i < 15; ++i) ASSERT_TRUE(user.thread().NextHandleValues(1u << 16, &values[0]));
    ASSERT_TRUE(user.thread().NextHandleValues((1u << 16) - 2, &values[0]));
    const std::set<HandleValue> last = {values[0], values[(1u << 16) - 3]};
    EXPECT_EQ(last.size(), 2u);
    HandleValue first = kUntouched;
    HandleValue second = kUntouched;
    EXPECT_EQ(ChannelCreate(user.thread(), 0, UserPtr(&first), UserPtr(&second)),
              Status::kNoMemory);
    EXPECT_EQ(first, kUntouched);
    EXPECT_EQ(user.CountHandles(), 0u);
    EXPECT_EQ(EventCreate(user.thread(), 0, UserPtr(&first)), Status::kOk);  // The last one.
    EXPECT_EQ(EventCreate(user.thread(), 0, UserPtr(&second)), Status::kNoMemory);
    EXPECT_EQ(user.CountHandles(), 1u);
    User colleague(user.process());
    colleague.CreateEvent();
    EXPECT_EQ(user.CountHandles(), 2u);
  });
}

// H-1: koids tell objects and processes of one kernel apart.
TEST(Kernel, NumbersObjectsAndProcessesUniquely) {
  RunAlone([](User& user) {
    User colleague(user.process());
    User other(user.kernel());
    std::set<Koid> koids = {0, user.process().koid()};
    EXPECT_TRUE(koids.insert(other.process().koid()).second);
    for (int i = 0; i < 10; ++i) {
      for (User* thread : {&user, &colleague, &other}) {
        const Ends ends = thread->CreateChannel();
        for (HandleValue handle : {ends.a, ends.b, thread->CreateEvent()}) {
          EXPECT_TRUE(koids.insert(thread->Reference(handle)->koid()).second);
        }
      }
    }
  });
}

TEST(Kernel, ThreadsOfAProcessShareItsHandlesAndOthersDoNot) {
  RunAlone([](User& user) {
    User colleague(user.process());
    User other(user.kernel());
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(colleague.Write(ends.a, "1"), Status::kOk);
    EXPECT_EQ(other.Read(ends.b).status, Status::kBadHandle);
    EXPECT_EQ(other.Wait(ends.b, kSignalReadable).status, Status::kBadHandle);
    EXPECT_EQ(other.Close(ends.b), Status::kBadHandle);
    EXPECT_EQ(user.Read(ends.b).bytes, "1");
  });
}

TEST(Kernel, HasSoManyThreadsAndNoMore) {
  RunAlone([](User& user) {
    for (uint32_t made = 1; made < kMaxThreadNumber; ++made) {
      ASSERT_NE(user.kernel().CreateThread(user.process()), nullptr);
    }
    EXPECT_EQ(user.kernel().CreateThread(user.process()), nullptr);
    EXPECT_NE(user.kernel().CreateProcess(), nullptr);
  });
}

TEST(Kernel, ListsItsProcessesTheOldestFirst) {
  RunAlone([](User& user) {
    User other(user.kernel());
    std::vector<Koid> listed;
    user.kernel().PeekProcesses([&](const Process& process) { listed.push_back(process.koid()); });
    EXPECT_EQ(listed, (std::vector<Koid>{user.process().koid(), other.process().koid()}));
  });
}

// There is no global state.
TEST(Kernel, SeveralCanCoexist) {
  RunAlone([](User& user) {
    Kernel second_kernel;
    User stranger(second_kernel);
    const Ends ours = user.CreateChannel();
    const Ends theirs = stranger.CreateChannel();
    EXPECT_EQ(ours.a, theirs.a);
    EXPECT_EQ(user.process().koid(), stranger.process().koid());
    EXPECT_EQ(user.Write(ours.a, "ours"), Status::kOk);
    EXPECT_EQ(stranger.Read(theirs.b).status, Status::kShouldWait);
  });
}

// D-8
TEST(Kernel, EndsAProcessWithItsNewestHandleFirst) {
  RunAlone([](User& user) {
    Watcher::Log log;
    std::optional<Kernel> kernel(std::in_place);
    User observer(*kernel);  // The oldest process goes last.
    User dying(*kernel);
    std::vector<std::unique_ptr<Watcher>> watchers;
    for (const char* name : {"first", "second", "third"}) {
      const Ends ends = observer.CreateChannel();
      HandleValue value = kInvalidHandle;
      ASSERT_TRUE(dying.thread().NextHandleValues(1, &value));
      dying.process().handles().Add(observer.process().handles().Remove(ends.b), value);
      watchers.push_back(
          std::make_unique<Watcher>(observer, ends.a, kSignalPeerClosed, name, &log));
    }
    kernel.reset();
    EXPECT_EQ(log, (Watcher::Log{"third", "second", "first"}));
    watchers.clear();
    user.CreateEvent();
  });
}

// A process takes its handles with it, and what they alone kept.
TEST(Kernel, LeavesNothingBehind) {
  RunAlone([](User& user) {
    std::optional<Kernel> kernel(std::in_place);
    User one(*kernel);
    User two(*kernel);
    for (User* thread : {&one, &two}) {
      const Ends ends = thread->CreateChannel();
      EXPECT_EQ(thread->Write(ends.a, "unread", {thread->CreateEvent()}), Status::kOk);
      EXPECT_EQ(thread->Write(ends.a, "unread", {thread->CreateChannel().a}), Status::kOk);
    }
    kernel.reset();
    user.CreateEvent();
  });
}

}  // namespace
}  // namespace core
