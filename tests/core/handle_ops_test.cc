// Closing many handles, duplicating and replacing one; what each generation does differently.
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "tests/core/handle_ops.h"

namespace core {
namespace {

bool IsClosed(User& user, HandleValue survivor) {
  return (user.SignalsOf(survivor) & kSignalPeerClosed) != 0;
}

Status CloseMany(User& user, const std::vector<HandleValue>& handles) {
  return HandleCloseMany(user.thread(), UserPtr(handles.data()), handles.size());
}

// --- handle_close_many ---

// HO-2, K2
TEST(HandleCloseMany, ClosesEveryEntryAndSkipsZeros) {
  RunAlone([](User& user) {
    const Ends one = user.CreateChannel();
    const Ends two = user.CreateChannel();
    EXPECT_EQ(CloseMany(user, {one.a, kInvalidHandle, two.b, kInvalidHandle}), Status::kOk);
    EXPECT_TRUE(IsClosed(user, one.b));
    EXPECT_TRUE(IsClosed(user, two.a));
    EXPECT_EQ(user.CountHandles(), 2u);
    EXPECT_EQ(CloseMany(user, {kInvalidHandle}), Status::kOk);
  });
}

// HO-2
TEST(HandleCloseMany, TellsOfABadEntryAndClosesTheRest) {
  RunAlone([](User& user) {
    const HandleValue one = user.CreateEvent();
    const HandleValue two = user.CreateEvent();
    EXPECT_EQ(CloseMany(user, {one, 0x3, two}), Status::kBadHandle);
    EXPECT_EQ(user.CountHandles(), 0u);
  });
}

// HO-2: the second of two equal entries finds nothing.
TEST(HandleCloseMany, TellsOfARepeatedEntryAndClosesTheRest) {
  RunAlone([](User& user) {
    const HandleValue one = user.CreateEvent();
    const HandleValue two = user.CreateEvent();
    EXPECT_EQ(CloseMany(user, {one, one, two}), Status::kBadHandle);
    EXPECT_EQ(user.CountHandles(), 0u);
  });
}

// HO-2: more than 64 are closed in several steps; whichever of them has the bad entry, it is told.
TEST(HandleCloseMany, TellsOfABadEntryHoweverManyFollow) {
  RunAlone([](User& user) {
    for (const size_t bad : {size_t{0}, size_t{63}, size_t{64}, size_t{199}}) {
      std::vector<HandleValue> handles;
      for (size_t i = 0; i < 200; ++i) handles.push_back(i == bad ? 0x3 : user.CreateEvent());
      EXPECT_EQ(CloseMany(user, handles), Status::kBadHandle) << bad;
      EXPECT_EQ(user.CountHandles(), 0u);
    }
  });
}

// HO-2
TEST(HandleCloseMany, ClosesInTheOrderOfTheArray) {
  RunAlone([](User& user) {
    Watcher::Log log;
    const Ends one = user.CreateChannel();
    const Ends two = user.CreateChannel();
    const Watcher first(user, one.b, kSignalPeerClosed, "one", &log);
    const Watcher second(user, two.b, kSignalPeerClosed, "two", &log);
    EXPECT_EQ(CloseMany(user, {two.a, one.a}), Status::kOk);
    EXPECT_EQ(log, (Watcher::Log{"two", "one"}));
  });
}

// HO-2
TEST(HandleCloseMany, NeedsAnArrayOnlyForEntries) {
  RunAlone([](User& user) {
    user.CreateEvent();
    EXPECT_EQ(HandleCloseMany(user.thread(), nullptr, 0), Status::kOk);
    EXPECT_EQ(HandleCloseMany(user.thread(), nullptr, 1), Status::kInvalidArgs);
    EXPECT_EQ(user.CountHandles(), 1u);
  });
}

//
TEST(HandleCloseMany, CameWithZircon201810) {
  for (const AbiProfile* profile : kGenerations) {
    RunAlone(*profile, [profile](User& user) {
      const bool is_there = profile->name == "zircon-2018-10" || profile->name == "current";
      const HandleValue event = user.CreateEvent();
      EXPECT_EQ(CloseMany(user, {event}), is_there ? Status::kOk : Status::kBadSyscall)
          << profile->name;
      EXPECT_EQ(user.Has(event), !is_there) << profile->name;
    });
  }
}

// --- handle_check_valid ---

TEST(HandleCheckValid, TellsWhetherThereIsSuchAHandle) {
  RunAlone([](User& user) {
    User other(user.kernel());
    const HandleValue event = user.CreateEvent();
    EXPECT_EQ(HandleCheckValid(user.thread(), event), Status::kOk);
    EXPECT_EQ(HandleCheckValid(other.thread(), event), Status::kBadHandle);
    EXPECT_EQ(HandleCheckValid(user.thread(), kInvalidHandle), Status::kBadHandle);
    EXPECT_EQ(user.Close(event), Status::kOk);
    EXPECT_EQ(HandleCheckValid(user.thread(), event), Status::kBadHandle);
  });
}

// --- handle_duplicate ---

// K3, O9, C-24: in every generation, whatever rights are asked for.
TEST(HandleDuplicate, IsRefusedForAnEndpoint) {
  for (const AbiProfile* profile : kGenerations) {
    RunAlone(*profile, [](User& user) {
      const Ends ends = user.CreateChannel();
      for (const Rights rights : {kRightSameRights, kRightNone, kRightRead, kRightDuplicate}) {
        const MadeHandle made = Duplicate(user, ends.a, rights);
        EXPECT_EQ(made.status, Status::kAccessDenied);
        EXPECT_EQ(made.value, kUntouched);
      }
      EXPECT_EQ(user.CountHandles(), 2u);
    });
  }
}

// HO-3
TEST(HandleDuplicate, GivesAnotherHandleToTheSameObject) {
  RunAlone([](User& user) {
    const HandleValue event = user.CreateEvent();
    const MadeHandle made = Duplicate(user, event);
    ASSERT_EQ(made.status, Status::kOk);
    EXPECT_NE(made.value, event);
    EXPECT_EQ(BasicInfo(user, made.value).koid, BasicInfo(user, event).koid);
    EXPECT_EQ(user.RightsOf(made.value), user.RightsOf(event));
    EXPECT_EQ(user.Close(event), Status::kOk);
    EXPECT_EQ(ObjectSignal(user.thread(), made.value, 0, kSignalSignaled), Status::kOk);
    EXPECT_EQ(user.SignalsOf(made.value), kSignalSignaled);
  });
}

// HO-3
TEST(HandleDuplicate, MayDropRightsButNotAddThem) {
  RunAlone([](User& user) {
    const HandleValue event = user.CreateEvent();
    for (const Rights rights : {kRightNone, kRightWait, kRightDuplicate | kRightTransfer}) {
      const MadeHandle made = Duplicate(user, event, rights);
      ASSERT_EQ(made.status, Status::kOk);
      EXPECT_EQ(user.RightsOf(made.value), rights);
    }
    for (const Rights rights :
         {kRightRead, kRightsEventDefault | kRightWrite, kRightSameRights | kRightWait}) {
      EXPECT_EQ(Duplicate(user, event, rights).status, Status::kInvalidArgs);
    }
    EXPECT_EQ(user.CountHandles(), 4u);
  });
}

// HO-3
TEST(HandleDuplicate, TellsBadBeforeDeniedBeforeWrongRights) {
  RunAlone([](User& user) {
    const HandleValue event = user.Restrict(user.CreateEvent(), kRightWait);
    EXPECT_EQ(Duplicate(user, 0x3, kRightRead).status, Status::kBadHandle);
    EXPECT_EQ(Duplicate(user, kInvalidHandle).status, Status::kBadHandle);
    EXPECT_EQ(Duplicate(user, event, kRightRead).status, Status::kAccessDenied);
  });
}

// HO-3, HO-6
TEST(HandleDuplicate, LeavesNothingWhenItFails) {
  RunAlone([](User& user) {
    const HandleValue event = user.CreateEvent();
    EXPECT_EQ(HandleDuplicate(user.thread(), event, kRightSameRights, nullptr),
              Status::kInvalidArgs);
    EXPECT_EQ(user.Reference(event)->PeekHandleCount(), 1u);
    UseUpValues(user);
    EXPECT_EQ(Duplicate(user, event).status, Status::kNoMemory);
    EXPECT_EQ(user.Reference(event)->PeekHandleCount(), 1u);
    EXPECT_EQ(user.CountHandles(), 1u);
  });
}

// WT-30: waits belong to handles.
TEST(HandleDuplicate, SharesTheObjectButNotTheWaits) {
  RunAlone([](User& user) {
    Watcher::Log log;
    const HandleValue event = user.CreateEvent();
    const MadeHandle made = Duplicate(user, event);
    const Watcher one(user, event, kSignalSignaled, "one", &log);
    const Watcher two(user, made.value, kSignalSignaled, "two", &log);
    EXPECT_EQ(user.Close(event), Status::kOk);
    EXPECT_EQ(log, Watcher::Log{"one cancelled"});
    EXPECT_EQ(ObjectSignal(user.thread(), made.value, 0, kSignalSignaled), Status::kOk);
    EXPECT_EQ(log, (Watcher::Log{"one cancelled", "two"}));
  });
}

// --- handle_replace ---

// K4, HO-4
TEST(HandleReplace, GivesTheEndpointANewNameAndTakesTheOld) {
  for (const AbiProfile* profile : kGenerations) {
    RunAlone(*profile, [](User& user) {
      const Ends ends = user.CreateChannel();
      const Koid koid = BasicInfo(user, ends.a).koid;
      const Rights rights = user.RightsOf(ends.a);
      const MadeHandle made = Replace(user, ends.a);
      ASSERT_EQ(made.status, Status::kOk);
      EXPECT_NE(made.value, ends.a);
      EXPECT_FALSE(user.Has(ends.a));
      EXPECT_EQ(user.Write(ends.a, "old"), Status::kBadHandle);
      EXPECT_EQ(BasicInfo(user, made.value).koid, koid);
      EXPECT_EQ(user.RightsOf(made.value), rights);
      EXPECT_EQ(user.Write(made.value, "new"), Status::kOk);
      EXPECT_EQ(user.Read(ends.b).bytes, "new");
      EXPECT_EQ(user.CountHandles(), 2u);
    });
  }
}

// K4
TEST(HandleReplace, MayDropRights) {
  ForEachGeneration([](User& user) {
    const Ends ends = user.CreateChannel();
    const MadeHandle made = Replace(user, ends.a, kRightRead | kRightTransfer);
    EXPECT_EQ(user.RightsOf(made.value), kRightRead | kRightTransfer);
    EXPECT_EQ(user.Write(made.value, "m"), Status::kAccessDenied);
    EXPECT_EQ(user.Read(made.value).status, Status::kShouldWait);
  });
}

// HO-4: not even DUPLICATE or TRANSFER.
TEST(HandleReplace, NeedsNoRight) {
  RunAlone([](User& user) {
    const MadeHandle none = Replace(user, user.CreateChannel().a, kRightNone);
    ASSERT_EQ(none.status, Status::kOk);
    EXPECT_EQ(Replace(user, none.value, kRightNone).status, Status::kOk);
  });
}

// HO-5: nothing of the endpoint changes, but for the name.
TEST(HandleReplace, LeavesTheEndpointAlone) {
  RunAlone([](User& user) {
    Watcher::Log log;
    const Ends ends = user.CreateChannel();
    EXPECT_EQ(user.Write(ends.b, "unread"), Status::kOk);
    ChannelDispatcher& channel = user.Channel(ends.a);
    const Watcher peer(user, ends.b, kSignalPeerClosed, "peer", &log);
    const MadeHandle made = Replace(user, ends.a);
    EXPECT_EQ(log, Watcher::Log{});
    EXPECT_EQ(channel.PeekOwner(), user.process().koid());
    EXPECT_EQ(channel.PeekHandleCount(), 1u);
    EXPECT_EQ(user.SignalsOf(made.value), kSignalReadable | kSignalWritable);
    EXPECT_EQ(user.Read(made.value).bytes, "unread");
  });
}

// HO-5, WT-32
TEST(HandleReplace, EndsTheWaitsThroughTheOldHandleAlone) {
  RunAlone([](User& user) {
    Watcher::Log log;
    const HandleValue event = user.CreateEvent();
    const HandleValue copy = Duplicate(user, event).value;
    const Watcher one(user, event, kSignalSignaled, "one", &log);
    const Watcher two(user, copy, kSignalSignaled, "two", &log);
    EXPECT_EQ(Replace(user, event).status, Status::kOk);
    EXPECT_EQ(log, Watcher::Log{"one cancelled"});
  });
}

// HO-4
TEST(HandleReplace, OfNothingIsABadHandle) {
  for (const AbiProfile* profile : kGenerations) {
    RunAlone(*profile, [](User& user) {
      EXPECT_EQ(Replace(user, kInvalidHandle).status, Status::kBadHandle);
      EXPECT_EQ(Replace(user, 0x3, kRightExecute).status, Status::kBadHandle);
    });
  }
}

// --- A replacement that fails, in each generation ---

using Answers = std::vector<std::string>;

// What `replace` does to an endpoint in every generation: the status, and what became of it.
Answers InEveryGeneration(const std::function<Status(User&, HandleValue)>& replace) {
  Answers outcomes;
  for (const AbiProfile* profile : kGenerations) {
    RunAlone(*profile, [&](User& user) {
      const Ends ends = user.CreateChannel();
      const Status status = replace(user, ends.a);
      const bool kept = user.Has(ends.a);
      EXPECT_EQ(IsClosed(user, ends.b), !kept) << profile->name;
      EXPECT_EQ(user.CountHandles(), kept ? 2u : 1u) << profile->name;
      outcomes.push_back(std::string(StatusText(status)) + (kept ? " kept" : " closed"));
    });
  }
  return outcomes;
}

// X-10, K4, HO-4
TEST(HandleReplace, WithMoreRightsKeepsTheHandleUntil201804AndClosesItAfterwards) {
  const Answers outcomes = InEveryGeneration([](User& user, HandleValue handle) {
    return Replace(user, handle, kRightRead | kRightExecute).status;
  });
  EXPECT_EQ(outcomes, (Answers{"kInvalidArgs kept", "kInvalidArgs kept", "kInvalidArgs closed",
                               "kInvalidArgs closed"}));
}

// X-10, HO-4
TEST(HandleReplace, WithNowhereToTellTheValueKeepsTheHandleUntil201804AndClosesItAfterwards) {
  const Answers outcomes = InEveryGeneration([](User& user, HandleValue handle) {
    return HandleReplace(user.thread(), handle, kRightSameRights, nullptr);
  });
  EXPECT_EQ(outcomes, (Answers{"kInvalidArgs kept", "kInvalidArgs kept", "kInvalidArgs closed",
                               "kInvalidArgs closed"}));
}

// X-10, HO-4, HO-6: today's kernel keeps the handle if it runs out of memory.
TEST(HandleReplace, WithoutMemoryClosesTheHandleIn201810Alone) {
  const Answers outcomes = InEveryGeneration([](User& user, HandleValue handle) {
    UseUpValues(user);
    const MadeHandle made = Replace(user, handle);
    EXPECT_EQ(made.value, kUntouched);
    return made.status;
  });
  EXPECT_EQ(outcomes,
            (Answers{"kNoMemory kept", "kNoMemory kept", "kNoMemory closed", "kNoMemory kept"}));
}

// --- Rights in each generation ---

//
TEST(Rights, OfAFreshEndpointDependOnTheGeneration) {
  std::vector<Rights> rights;
  for (const AbiProfile* profile : kGenerations) {
    RunAlone(*profile, [&rights](User& user) {
      const Ends ends = user.CreateChannel();
      rights.push_back(BasicInfo(user, ends.a).rights);
      EXPECT_EQ(BasicInfo(user, ends.b).rights, rights.back());
    });
  }
  EXPECT_EQ(rights, (std::vector<Rights>{0x300E, 0xF0CE, 0xF0CE, 0xF00E}));
}

// a wait needs READ at first, and a right of its own later.
TEST(Rights, ToWaitAreReadAtFirstAndWaitAfterwards) {
  for (const AbiProfile* profile : kGenerations) {
    RunAlone(*profile, [profile](User& user) {
      const bool by_read = profile->name == "magenta-2017";
      const Ends ends = user.CreateChannel();
      const HandleValue reader = Replace(user, ends.a, kRightRead).value;
      const HandleValue other = user.MakeAnother(ends.b, kRightWait);
      EXPECT_EQ(user.Wait(reader, kSignalWritable).status,
                by_read ? Status::kOk : Status::kAccessDenied)
          << profile->name;
      EXPECT_EQ(user.Wait(other, kSignalWritable).status,
                by_read ? Status::kAccessDenied : Status::kOk)
          << profile->name;
    });
  }
}

}  // namespace
}  // namespace core
