// What locations and propositions mean at the end of an execution.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "model/litmus.h"

namespace model {
namespace {

using core::Status;

constexpr std::string_view kText = R"(Zircon T
{
  process client, server;
  channel a : client.a0 <-> server.a1;
  eventpair x : client.x0 <-> server.x1;
}

thread client.w {
  st  = zx_channel_write(a0, "x");
  m   = zx_channel_read(a0);
  wt  = zx_object_wait_one(a0, READABLE, deadline: never);
  end = zx_handle_close(a0);
  we  = zx_channel_write_etc(a0, "x", dispositions: [move 3, move 7]);
  wm  = zx_object_wait_many([a0: READABLE, x0: SIGNALED]);
  bad = zx_object_wait_many([a0: READABLE, x0: SIGNALED]);
  re  = zx_channel_read_etc(a0);
  ca  = zx_channel_call(a0, "x");
  gi  = zx_object_get_info(a0, HANDLE_BASIC);
  pw  = zx_port_wait(3);
}

locations [ w:m.bytes; w:end; a1.queue; a0.owner; ]
)";

// An end in which thread w read a message and then blocked, and a0 is in transit.
Observation BlockedEnd() {
  Observation observation;
  CallResult read;
  read.bytes = "hello";
  read.txid = 0x80000001;
  read.actual_bytes = 9;
  read.actual_handles = 2;
  CallResult write;
  write.status = Status::kPeerClosed;
  CallResult write_etc;
  write_etc.results = {Status::kOk, Status::kBadHandle};
  CallResult wait_many;
  wait_many.pending = {core::kSignalReadable, core::kSignalNone};
  CallResult bad_wait;
  bad_wait.status = Status::kBadHandle;
  CallResult read_etc;
  read_etc.infos = {{.type = core::ObjectType::kChannel, .rights = core::kRightRead},
                    {.type = core::ObjectType::kEvent, .rights = core::kRightNone}};
  CallResult call;
  call.status = Status::kCallFailed;
  call.read_status = Status::kPeerClosed;
  CallResult info;
  info.info = {.type = core::ObjectType::kChannel, .rights = core::kRightRead | core::kRightWrite};
  info.info_count = 2;
  CallResult packet;
  packet.key = 0x100000000;
  packet.from_user = true;
  packet.trigger = core::kSignalReadable;
  packet.observed = core::kSignalReadable | core::kSignalWritable;
  packet.count = 1;
  observation.results = {{write, read, std::nullopt, std::nullopt, write_etc, wait_many, bad_wait,
                          read_etc, call, info, packet}};
  observation.endpoints.resize(4);
  observation.endpoints[3].place = EndpointObservation::Place::kTable;
  observation.endpoints[3].signals = core::kSignalSignaled;
  observation.endpoints[0].place = EndpointObservation::Place::kTransit;
  observation.endpoints[1].place = EndpointObservation::Place::kTable;
  observation.endpoints[1].owner = 1;
  observation.endpoints[1].queue = {"old", "new"};
  observation.endpoints[1].signals = core::kSignalReadable | core::kSignalWritable;
  observation.blocked = {true};
  return observation;
}

bool HoldsAtBlockedEnd(const std::string& proposition) {
  auto result = ParseLitmus(std::string(kText) + "exists (" + proposition + ")\n");
  if (const LitmusError* error = std::get_if<LitmusError>(&result)) {
    ADD_FAILURE() << FormatLitmusError(*error, "text");
    return false;
  }
  const Litmus& litmus = std::get<Litmus>(result);
  return Holds(litmus.conditions.at(0).proposition, litmus.program, BlockedEnd());
}

void ExpectHolds(const std::string& proposition) {
  EXPECT_TRUE(HoldsAtBlockedEnd(proposition)) << proposition;
}

// `proposition` is false, and not merely because everything is.
void ExpectFails(const std::string& proposition) {
  EXPECT_FALSE(HoldsAtBlockedEnd(proposition)) << proposition;
  EXPECT_TRUE(HoldsAtBlockedEnd("~(" + proposition + ")")) << proposition;
}

TEST(Conditions, FieldsOfResultsAreObserved) {
  ExpectHolds("w:st = ZX_ERR_PEER_CLOSED");
  ExpectFails("w:st = ZX_OK");
  ExpectHolds("w:m = ZX_OK /\\ w:m.status = ZX_OK");
  ExpectHolds("w:m.bytes = \"hello\"");
  ExpectFails("w:m.bytes = \"hell\"");
  ExpectHolds("w:m.txid = 0x80000001");
  ExpectHolds("w:m.actual_bytes = 9 /\\ w:m.actual_handles = 2");
}

TEST(Conditions, ListedFieldsAreObservedByTheirIndex) {
  ExpectHolds("w:we.results[0] = ZX_OK /\\ w:we.results[1] = ZX_ERR_BAD_HANDLE");
  ExpectFails("w:we.results[1] = w:we.results[0]");
  ExpectHolds("w:wm.pending[0] = READABLE /\\ w:wm.pending[1] = 0");
  ExpectHolds("w:re.type[0] = CHANNEL /\\ w:re.type[1] = EVENT");
  ExpectFails("w:re.type[1] = CHANNEL");
  ExpectHolds("w:re.rights[0] = READ /\\ w:re.rights[1] = NONE");
}

TEST(Conditions, WhatACallDidNotWriteIsNone) {
  ExpectHolds("w:bad = ZX_ERR_BAD_HANDLE /\\ w:bad.pending[0] = none");
  ExpectFails("w:bad.pending[0] = 0");
  ExpectFails("w:bad.pending[0] = w:bad.pending[1]");
  ExpectHolds("w:re.type[2] = none");
}

TEST(Conditions, TheOtherFieldsOfResultsAreObserved) {
  ExpectHolds("w:ca = ZX_ERR_CALL_FAILED /\\ w:ca.read_status = ZX_ERR_PEER_CLOSED");
  ExpectHolds("w:gi.type = CHANNEL /\\ w:gi.rights = READ | WRITE /\\ w:gi.handle_count = 2");
  ExpectFails("w:gi.rights = READ");
  ExpectHolds("w:pw.key = 0x100000000 /\\ w:pw.from_user = 1 /\\ w:pw.count = 1");
  ExpectHolds("w:pw.trigger = READABLE /\\ w:pw.observed = READABLE | WRITABLE");
  ExpectFails("w:pw.observed = w:pw.trigger");
  ExpectHolds("x1.signals = SIGNALED /\\ x0.signals = 0");
}

TEST(Conditions, StatesOfEndpointsAreObserved) {
  ExpectHolds("a1.queue = [\"old\", \"new\"]");
  ExpectFails("a1.queue = [\"new\", \"old\"]");
  ExpectFails("a1.queue = [\"old\"]");
  ExpectHolds("a0.queue = []");
  ExpectHolds("a1.signals = READABLE | WRITABLE");
  ExpectFails("a1.signals = READABLE");
  ExpectHolds("a0.owner = transit");
  ExpectHolds("a1.owner = server");
  ExpectFails("a1.owner = gone");
}

TEST(Conditions, AnEndpointThatIsNowhereIsGone) {
  auto result = ParseLitmus(std::string(kText) + "exists (a0.owner = gone)\n");
  const Litmus& litmus = std::get<Litmus>(result);
  Observation observation = BlockedEnd();
  EXPECT_FALSE(Holds(litmus.conditions.at(0).proposition, litmus.program, observation));
  observation.endpoints[0].place = EndpointObservation::Place::kGone;
  EXPECT_TRUE(Holds(litmus.conditions.at(0).proposition, litmus.program, observation));
}

TEST(Conditions, MembershipLooksForAWholePayload) {
  ExpectHolds("\"old\" in a1.queue /\\ \"new\" in a1.queue");
  ExpectFails("\"ol\" in a1.queue");
  ExpectFails("\"old\" in a0.queue");
  ExpectFails("w:m.bytes in a1.queue");
}

TEST(Conditions, BytesThatWereReceivedCanBeLookedForInAQueue) {
  auto result = ParseLitmus(std::string(kText) + "exists (w:m.bytes in a1.queue)\n");
  const Litmus& litmus = std::get<Litmus>(result);
  Observation observation = BlockedEnd();
  EXPECT_FALSE(Holds(litmus.conditions.at(0).proposition, litmus.program, observation));
  observation.endpoints[1].queue.push_back("hello");
  EXPECT_TRUE(Holds(litmus.conditions.at(0).proposition, litmus.program, observation));
  observation.results[0][1] = std::nullopt;
  EXPECT_FALSE(Holds(litmus.conditions.at(0).proposition, litmus.program, observation));
}

TEST(Conditions, NumbersAreOrdered) {
  ExpectHolds("w:m.actual_bytes > 8 /\\ w:m.actual_bytes >= 9");
  ExpectHolds("w:m.actual_bytes < 10 /\\ w:m.actual_bytes <= 9");
  ExpectFails("w:m.actual_bytes > 9");
  ExpectFails("w:m.actual_bytes < 9");
  ExpectFails("w:m.actual_bytes >= 10");
  ExpectFails("w:m.actual_bytes <= 8");
  ExpectHolds("w:m.txid > w:m.actual_bytes");
}

TEST(Conditions, AnUnansweredCallEqualsNothing) {
  ExpectFails("w:end = ZX_OK");
  ExpectHolds("w:end != ZX_OK");
  ExpectFails("w:end = w:wt");  // Not even another one.
  ExpectHolds("w:end != w:wt");
  ExpectFails("w:wt.observed = 0");
}

TEST(Conditions, NoneAsksWhetherACallWasAnswered) {
  ExpectHolds("w:end = none");
  ExpectFails("w:end != none");
  ExpectFails("w:st = none");
  ExpectHolds("w:st != none");
}

TEST(Conditions, AnUnansweredNumberIsNeitherLessNorGreater) {
  auto result = ParseLitmus(std::string(kText) + "exists (w:m.txid < 5 \\/ w:m.txid >= 5)\n");
  const Litmus& litmus = std::get<Litmus>(result);
  Observation observation = BlockedEnd();
  EXPECT_TRUE(Holds(litmus.conditions.at(0).proposition, litmus.program, observation));
  observation.results[0][1] = std::nullopt;
  EXPECT_FALSE(Holds(litmus.conditions.at(0).proposition, litmus.program, observation));
}

TEST(Conditions, BlockedTellsWhoWaitsForEver) {
  ExpectHolds("blocked(w)");
  ExpectFails("~blocked(w)");
}

TEST(Conditions, AndBindsCloserThanOr) {
  ExpectHolds("blocked(w) \\/ blocked(w) /\\ w:st = ZX_OK");
  ExpectFails("(blocked(w) \\/ blocked(w)) /\\ w:st = ZX_OK");
}

TEST(Conditions, NotBindsCloserThanAnd) {
  ExpectFails("~blocked(w) /\\ w:st = ZX_OK");
  ExpectHolds("~(blocked(w) /\\ w:st = ZX_OK)");
}

TEST(Conditions, AnOutcomeIsTheValuesOfTheLocationsInTheirOrder) {
  auto result = ParseLitmus(kText);
  const Litmus& litmus = std::get<Litmus>(result);
  const Outcome outcome = OutcomeOf(litmus, BlockedEnd());
  EXPECT_EQ(outcome, (Outcome{std::string("hello"), Value(), std::vector<std::string>{"old", "new"},
                              Owner{"transit"}}));
  EXPECT_EQ(PrintOutcome(litmus, outcome),
            "w:m.bytes=\"hello\"; w:end=none; a1.queue=[\"old\", \"new\"]; a0.owner=transit;");
}

}  // namespace
}  // namespace model
