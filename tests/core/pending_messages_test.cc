// What is told about queues that grow too long.
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "tests/core/call_ops.h"
#include "tests/core/handle_ops.h"

namespace core {
namespace {

constexpr uint32_t kWarning = 1750;
constexpr uint32_t kLimit = 3500;
using Level = PendingMessages::Level;

// What was reported about which queue, and whose write it was.
struct Report {
  const Thread* writer;
  Level level;
  Koid endpoint;
  uint32_t count;
  bool operator==(const Report&) const = default;
};
using Reports = std::vector<Report>;

// `user`'s kernel reports to `reports` from now on.
void Listen(User& user, Reports* reports) {
  const auto note = [](void* context, Thread& writer, const PendingMessages& pending) {
    static_cast<Reports*>(context)->push_back(
        {&writer, pending.level, pending.endpoint, pending.count});
  };
  user.kernel().set_pending_message_policy({note, reports});
}

void WriteMany(User& user, HandleValue channel, uint32_t count) {
  for (uint32_t i = 0; i < count; ++i) ASSERT_EQ(user.Write(channel, ""), Status::kOk);
}

// C-5, C-6, L-1, X-21: exactly when the count reaches the one, and whenever it exceeds the other;
// every write succeeds.
TEST(PendingMessages, AreReportedAtHalfTheLimitAndBeyondTheLimit) {
  RunAlone([](User& user) {
    Reports reports;
    Listen(user, &reports);
    const Ends ends = user.CreateChannel();
    const Koid endpoint = user.Channel(ends.b).koid();
    WriteMany(user, ends.a, kWarning - 1);
    EXPECT_TRUE(reports.empty());
    WriteMany(user, ends.a, 1);
    EXPECT_EQ(reports, (Reports{{&user.thread(), Level::kWarning, endpoint, kWarning}}));
    WriteMany(user, ends.a, kLimit - kWarning);
    EXPECT_EQ(reports.size(), 1u);
    WriteMany(user, ends.a, 2);
    ASSERT_EQ(reports.size(), 3u);
    EXPECT_EQ(reports[1], (Report{&user.thread(), Level::kTooMany, endpoint, kLimit + 1}));
    EXPECT_EQ(reports[2], (Report{&user.thread(), Level::kTooMany, endpoint, kLimit + 2}));
  });
}

// L-2: each endpoint counts what is in its queue now, in messages.
TEST(PendingMessages, AreCountedPerEndpointAndNotCountedOnceRead) {
  RunAlone([](User& user) {
    Reports reports;
    Listen(user, &reports);
    const Ends ends = user.CreateChannel();
    WriteMany(user, ends.a, kWarning - 1);
    WriteMany(user, ends.b, kWarning - 1);
    EXPECT_EQ(user.Read(ends.b).status, Status::kOk);
    WriteMany(user, ends.a, 1);
    EXPECT_TRUE(reports.empty());
    WriteMany(user, ends.a, 1);
    EXPECT_EQ(reports.size(), 1u);
  });
}

// L-1: a call's request counts; its reply, which is never queued, does not.
TEST(PendingMessages, OfACallAreTheRequestsAndNotTheReplies) {
  RunAlone([](User& user) {
    Reports reports;
    Listen(user, &reports);
    const Ends ends = user.CreateChannel();
    WriteMany(user, ends.b, kLimit);
    reports.clear();
    CallMemory call("1234");
    EXPECT_EQ(call.Begin(user, ends.a), Status::kInternalIntrRetry);
    EXPECT_EQ(Answer(user, ends.b, "!"), Status::kOk);
    EXPECT_EQ(call.Finish(user), Status::kOk);
    EXPECT_TRUE(reports.empty());
    WriteMany(user, ends.a, kLimit);
    reports.clear();
    EXPECT_EQ(call.Run(user, ends.a), Status::kTimedOut);
    ASSERT_EQ(reports.size(), 1u);
    EXPECT_EQ(reports[0].level, Level::kTooMany);
    EXPECT_EQ(reports[0].count, kLimit + 1);
  });
}

// L-1: what is done about it is the host's business, on the writing thread, with no lock held.
TEST(PendingMessages, TheHostMayKillTheWriter) {
  RunAlone([](User& user) {
    User writer(user.kernel());
    const auto kill = [](void*, Thread& thread, const PendingMessages& pending) {
      if (pending.level != Level::kTooMany) return;
      thread.process().kernel().KillProcess(thread.process(), -1028);
    };
    user.kernel().set_pending_message_policy({kill, nullptr});
    const Ends ends = writer.CreateChannel();
    WriteMany(writer, ends.a, kLimit);
    EXPECT_FALSE(writer.thread().IsKilled());
    WriteMany(writer, ends.a, 1);
    EXPECT_TRUE(writer.thread().IsKilled());
    EXPECT_EQ(user.kernel().ExitCode(writer.process()), -1028);
  });
}

// L-2, L-4, X-21
TEST(PendingMessages, AreUnlimitedInTheOlderGenerations) {
  for (const AbiProfile* profile : {&kMagenta2017, &kZircon2018_04, &kZircon2018_10}) {
    RunAlone(*profile, [](User& user) {
      Reports reports;
      Listen(user, &reports);
      WriteMany(user, user.CreateChannel().a, kLimit + 1);
      EXPECT_TRUE(reports.empty());
    });
  }
}

}  // namespace
}  // namespace core
