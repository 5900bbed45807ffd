// Memory that runs out once, at the k-th allocation for every k, in a session that makes every
// system call: each call does what it says or answers NO_MEMORY, having consumed exactly what it
// says; whatever failed, the others go on, and nothing is left at the end.
#include <gtest/gtest.h>

#include <array>

#include "tests/core/call_ops.h"
#include "tests/core/handle_ops.h"
#include "tests/core/message_ops.h"
#include "tests/core/race.h"
#include "tests/core/wait_calls.h"

namespace core {
namespace {

sim::ExecutionLimits MemoryRunsOutOnce() {
  sim::ExecutionLimits limits;
  limits.faults[static_cast<size_t>(sim::FaultKind::kAllocation)] = 1;
  return limits;
}

// The calls of one thread, of which at most one fails for want of memory.
class Session {
 public:
  Session(User& user, Notes& note) : user_(user), note_(note) {}

  void Run() {
    Ends ends;
    if (!Fine("channel_create",
              ChannelCreate(user_.thread(), 0, UserPtr(&ends.a), UserPtr(&ends.b)))) {
      EXPECT_EQ(user_.CountHandles(), 0u);
      return;
    }
    Write(ends);
    WriteEtcAndReadEtc(ends);
    Call(ends);
    CallEtc(ends);
    Handles(ends);
    Objects();
    Ports(ends);
    EXPECT_EQ(user_.CountHandles(), 2u);
    const std::array both = {ends.a, ends.b};
    EXPECT_EQ(HandleCloseMany(user_.thread(), UserPtr(both.data()), 2), Status::kOk);
  }

 private:
  // Notes the call that has failed; true if it has not.
  bool Fine(std::string_view name, Status status, Status fine = Status::kOk) {
    if (status != Status::kNoMemory) {
      EXPECT_EQ(status, fine) << name;
      return true;
    }
    note_(name);
    return false;
  }

  HandleValue Event() {
    HandleValue event = kInvalidHandle;
    if (!Fine("event_create", EventCreate(user_.thread(), 0, UserPtr(&event)))) {
      EXPECT_EQ(event, kInvalidHandle);
    }
    return event;
  }

  void Write(const Ends& ends) {
    const HandleValue event = Event();
    if (event == kInvalidHandle) return;
    const bool sent = Fine("channel_write", user_.Write(ends.a, "m", {event}));
    EXPECT_FALSE(user_.Has(event));
    if (!sent) {
      EXPECT_EQ(user_.Read(ends.b).status, Status::kShouldWait);
      return;
    }
    const ReadResult read = user_.Read(ends.b);
    EXPECT_EQ(read.bytes, "m");
    EXPECT_EQ(user_.Close(read.handles[0]), Status::kOk);
  }

  void WriteEtcAndReadEtc(const Ends& ends) {
    const HandleValue event = Event();
    if (event == kInvalidHandle) return;
    std::array entries = {DuplicateOf(event), Move(event, kRightWait)};
    const bool sent = Fine("channel_write_etc", WriteEtc(user_, ends.a, "m", entries));
    EXPECT_FALSE(user_.Has(event));
    const ReadEtcResult read = ReadEtc(user_, ends.b);
    EXPECT_EQ(read.status, sent ? Status::kOk : Status::kShouldWait);
    for (uint32_t i = 0; sent && i < read.actual_handles; ++i) {
      EXPECT_EQ(user_.Close(read.handles[i].handle), Status::kOk);
    }
  }

  void Call(const Ends& ends) {
    const HandleValue event = Event();
    if (event == kInvalidHandle) return;
    CallMemory call("1234", {event});
    const Status begun = call.Begin(user_, ends.a);
    EXPECT_FALSE(user_.Has(event));
    if (!Fine("channel_call", begun, Status::kInternalIntrRetry)) {
      EXPECT_EQ(user_.Read(ends.b).status, Status::kShouldWait);
      EXPECT_EQ(call.Finish(user_), Status::kBadState);
      return;
    }
    const ReadResult request = user_.Read(ends.b);
    const std::string reply = WithTxid(TxidOf(request.bytes), "!");
    const bool replied = Fine("channel_write", user_.Write(ends.b, reply, {request.handles[0]}));
    EXPECT_EQ(call.Finish(user_), replied ? Status::kOk : Status::kTimedOut);
    if (!replied) return;
    EXPECT_EQ(user_.Close(call.received_handles[0]), Status::kOk);
  }

  void CallEtc(const Ends& ends) {
    const std::array<std::byte, 4> request = {};
    const ChannelCallEtcArgs args = {request.data(), nullptr, nullptr, nullptr, 4, 0, 0, 0};
    if (Fine("channel_call_etc",
             ChannelCallEtc(user_.thread(), ends.a, 0, kLongAgo, UserPtr(&args), nullptr, nullptr),
             Status::kTimedOut)) {
      EXPECT_EQ(user_.Read(ends.b).status, Status::kOk);
    }
  }

  void Handles(const Ends& ends) {
    const HandleValue event = Event();
    if (event == kInvalidHandle) return;
    const MadeHandle duplicate = Duplicate(user_, event);
    if (Fine("handle_duplicate", duplicate.status)) {
      EXPECT_EQ(user_.Close(duplicate.value), Status::kOk);
    }
    const MadeHandle replacement = Replace(user_, event);
    const bool replaced = Fine("handle_replace", replacement.status);
    EXPECT_EQ(user_.Has(event), !replaced);  // HO-4: without memory it stays, today.
    const HandleValue last = replaced ? replacement.value : event;
    EXPECT_EQ(HandleCheckValid(user_.thread(), last), Status::kOk);
    EXPECT_EQ(GetInfo<InfoHandleBasic>(user_, ends.a, kInfoHandleBasic).status, Status::kOk);
    EXPECT_EQ(user_.Close(last), Status::kOk);
  }

  void Objects() {
    Ends pair;
    if (!Fine("eventpair_create",
              EventPairCreate(user_.thread(), 0, UserPtr(&pair.a), UserPtr(&pair.b)))) {
      return;
    }
    EXPECT_EQ(ObjectSignal(user_.thread(), pair.a, 0, kSignalSignaled), Status::kOk);
    EXPECT_EQ(ObjectSignalPeer(user_.thread(), pair.a, 0, kSignalSignaled), Status::kOk);
    EXPECT_EQ(user_.Wait(pair.b, kSignalSignaled).status, Status::kOk);
    const WaitManyAnswer wait =
        WaitFor(user_, {{pair.a, kSignalSignaled, 0}, {pair.b, kSignalSignaled, 0}});
    static_cast<void>(Fine("object_wait_many", wait.status));
    EXPECT_EQ(user_.Close(pair.a), Status::kOk);
    EXPECT_EQ(user_.Close(pair.b), Status::kOk);
  }

  void Ports(const Ends& ends) {
    HandleValue port = kInvalidHandle;
    if (!Fine("port_create", PortCreate(user_.thread(), 0, UserPtr(&port)))) return;
    const bool begun =
        Fine("object_wait_async", WaitAsync(user_, ends.a, port, 7, kSignalReadable));
    EXPECT_EQ(PortCancel(user_.thread(), port, ends.a, 7), begun ? Status::kOk : Status::kNotFound);
    const PortPacket packet = {};
    const bool queued = Fine("port_queue", PortQueue(user_.thread(), port, UserPtr(&packet)));
    EXPECT_EQ(NextPacket(user_, port).status, queued ? Status::kOk : Status::kTimedOut);
    EXPECT_EQ(user_.Close(port), Status::kOk);
  }

  User& user_;
  Notes& note_;
};

// C18, W14, H3, H9, CR-2, HO-3, HO-4: every call that can fail for want of memory is seen to, and
// the first outcome is that of the session in which nothing failed.
TEST(Allocation, EveryCallAnswersNoMemoryOrSucceedsAndLeavesNothing) {
  const Outcomes outcomes = ExploreAll(
      [](Race& race) {
        User& user = race.NewUser();
        race.Spawn([&user](Notes& note) { Session(user, note).Run(); });
      },
      MemoryRunsOutOnce());
  EXPECT_EQ(outcomes,
            (Outcomes{"", "channel_create", "event_create", "channel_write", "channel_write_etc",
                      "channel_call", "channel_call_etc", "handle_duplicate", "handle_replace",
                      "eventpair_create", "object_wait_many", "port_create", "object_wait_async",
                      "port_queue"}));
}

}  // namespace
}  // namespace core
