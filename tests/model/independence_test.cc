// The reduction of the search: on small random programs it finds what visiting all states finds.
#include "model/independence.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/model/exact_outcomes.h"

namespace model {
namespace {

/// Programs of two or three threads over two channels and an event, drawn from a seed. All threads
/// name the same few handles, so that almost every pair of calls races.
class Draw {
 public:
  explicit Draw(uint64_t seed) : state_(seed * 2654435769u + 1) {}

  Litmus Make() {
    Litmus litmus;
    program_ = &litmus.program;
    program_->processes = {"p", "q"};
    AddChannel("a");
    AddChannel("b");
    AddEvent();
    if (Below(2) == 0) program_->queues.push_back({Below(4), {"first"}});
    const uint32_t threads = 2 + Below(2);
    for (uint32_t i = 0; i < threads; ++i) AddThread(threads == 2 ? 4 : 3);
    AddLocations(&litmus);
    return litmus;
  }

 private:
  uint32_t Below(uint32_t limit) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<uint32_t>(state_ >> 33) % limit;
  }

  void AddHandle(DeclaredObject* object, const std::string& name, core::Rights rights) {
    object->handles.push_back(static_cast<EndpointIndex>(program_->handles.size()));
    const ProcessIndex process = Below(10) == 0 ? 1 : 0;
    program_->handles.push_back({name, process, static_cast<ObjectIndex>(program_->objects.size()),
                                 static_cast<uint32_t>(object->handles.size() - 1), rights});
  }
  void AddChannel(const std::string& name) {
    DeclaredObject channel{name, core::ObjectType::kChannel, {}};
    AddHandle(&channel, name + "0", core::kRightsChannelDefault);
    AddHandle(&channel, name + "1", core::kRightsChannelDefault);
    program_->objects.push_back(channel);
  }
  void AddEvent() {
    DeclaredObject event{"e", core::ObjectType::kEvent, {}};
    AddHandle(&event, "e0", core::kRightsEventDefault);
    program_->objects.push_back(event);
  }

  void AddThread(uint32_t calls) {
    ThreadProgram thread;
    thread.name = "t" + std::to_string(program_->threads.size());
    thread.process = Below(10) == 0 ? 1 : 0;
    for (uint32_t i = 0; i < calls; ++i) {
      Call call = DrawCall(thread);
      call.result = i;
      thread.variables.push_back({"r" + std::to_string(i), call.kind});
      thread.calls.push_back(std::move(call));
    }
    program_->threads.push_back(std::move(thread));
  }

  HandleArgument DrawHandle(const ThreadProgram& thread) {
    if (!thread.variables.empty() && Below(3) == 0) {
      return ResultHandle{Below(static_cast<uint32_t>(thread.variables.size())), 0};
    }
    return NamedHandle{Below(5)};
  }

  Call DrawCall(const ThreadProgram& thread) {
    constexpr CallKind kKinds[] = {CallKind::kChannelWrite,  CallKind::kChannelWrite,
                                   CallKind::kChannelRead,   CallKind::kChannelRead,
                                   CallKind::kHandleClose,   CallKind::kHandleClose,
                                   CallKind::kObjectWaitOne, CallKind::kChannelCreate};
    Call call;
    call.kind = kKinds[Below(8)];
    call.handle = DrawHandle(thread);
    switch (call.kind) {
      case CallKind::kChannelWrite:
        call.bytes = {std::to_string(program_->threads.size()) + std::to_string(Below(2))};
        for (uint32_t count = Below(3); count > 0; --count) {
          call.handles.push_back(DrawHandle(thread));
        }
        break;
      case CallKind::kChannelRead:
        if (Below(4) == 0) call.max_handles = 0;
        if (Below(2) == 0) call.options = core::kReadMayDiscard;
        break;
      case CallKind::kObjectWaitOne: {
        constexpr core::Signals kWanted[] = {core::kSignalReadable, core::kSignalPeerClosed};
        constexpr Deadline kDeadlines[] = {{Deadline::Kind::kNever, 0},
                                           {Deadline::Kind::kMay, 0},
                                           {Deadline::Kind::kAt, 5},
                                           {Deadline::Kind::kAt, 7}};
        call.signals = kWanted[Below(2)];
        call.deadline = kDeadlines[Below(4)];
        break;
      }
      case CallKind::kChannelCreate:
      case CallKind::kEventCreate:
        call.handle = RawHandle{};
        break;
      case CallKind::kHandleClose:
        break;
    }
    return call;
  }

  static void AddLocations(Litmus* litmus) {
    using Field = Location::Field;
    const auto add = [&](Field field) -> Location& {
      Location& location = litmus->locations.emplace_back();
      location.field = field;
      return location;
    };
    for (ThreadIndex i = 0; i < litmus->program.threads.size(); ++i) {
      for (VariableIndex k = 0; k < litmus->program.threads[i].variables.size(); ++k) {
        for (Field field : {Field::kStatus, Field::kBytes, Field::kObserved}) {
          Location& location = add(field);
          location.thread = i;
          location.variable = k;
        }
      }
    }
    for (EndpointIndex i = 0; i < 4; ++i) {
      for (Field field : {Field::kQueue, Field::kSignals, Field::kOwner}) add(field).handle = i;
    }
  }

  uint64_t state_;
  Program* program_ = nullptr;
};

TEST(Independence, SearchFindsWhatVisitingAllStatesFinds) {
  uint64_t states = 0;
  uint64_t outcomes = 0;
  for (uint64_t seed = 1; seed <= 400; ++seed) {
    const Litmus litmus = Draw(seed).Make();
    const AllowedOutcomes allowed = EnumerateOutcomes(litmus);
    ExpectSearchIsRight(litmus, allowed);
    states += allowed.states;
    outcomes += allowed.outcomes.size();
    if (HasFailure()) {
      ADD_FAILURE() << "seed " << seed << "\n" << PrintLitmus(litmus);
      return;
    }
  }
  // The programs are not trivial: several ends each, and far more states than ends.
  EXPECT_GT(outcomes, 3u * 400);
  EXPECT_GT(states, 4 * outcomes);
}

// The change of owner is a step of its own while the old owner's write is under way: o knows that
// the endpoint was taken out of the message, then finds no "old", and still it comes.
TEST(Independence, ChangeOfOwnerIsNotLocalWhileAnOldOwnersCallIsUnderWay) {
  const Litmus litmus = ParseOrFail(R"(
    { process client, heir; channel a : client.a0 <-> heir.a1; channel p : client.p0 <-> heir.p1; }
    thread client.w { st = zx_channel_write(a0, "old"); }
    thread client.m { s = zx_channel_write(p0, "take", handles: [a0]); }
    thread heir.h { t = zx_channel_read(p1); }
    thread heir.o {
      zx_object_wait_one(p1, READABLE, deadline: never);
      taken = zx_channel_read(p1, max_handles: 0);
      before = zx_channel_read(a1);
    }
    locations [ w:st; o:taken; o:before; a1.queue; a0.owner; ])");
  ExpectSearchIsRight(litmus, EnumerateOutcomes(litmus));
}

// The steps of threads that share nothing are not interleaved at all.
TEST(Independence, ThreadsWithHandlesOfTheirOwnAreLocalUpToWhatTheirPeersSee) {
  const AllowedOutcomes allowed = EnumerateOutcomes(ParseOrFail(R"(
    { process p; channel c : p.a <-> p.b; channel d : p.x <-> p.y; event e : p.h; event f : p.i; }
    thread p.t { n = zx_channel_create(); k = zx_handle_close(h); s = zx_channel_write(b, ""); }
    thread p.u { n = zx_event_create(); k = zx_handle_close(i); s = zx_channel_write(y, ""); }
    locations [ t:s; u:s; ])"));
  EXPECT_EQ(allowed.outcomes.size(), 1u);
  EXPECT_EQ(allowed.states, 4u);  // Each of the two writes is done or not.
}

}  // namespace
}  // namespace model
