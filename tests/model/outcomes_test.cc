// The reference model under all interleavings: small races with their exact sets of outcomes.
//
// Map: transfer of an endpoint; write, read and close against each other; the search itself. Every
// program is also explored without any reduction, see exact_outcomes.h. Races of waits and of
// nested closes are in spec_wait_test.cc and spec_close_test.cc.
#include "model/outcomes.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/model/exact_outcomes.h"

namespace model {
namespace {

// --- Transfer ---

// O11, O12, T-4, N-3.
TEST(Outcomes, WriteRacingWithTransferIsBeforeTheHeirOrNotAtAll) {
  const AllowedOutcomes allowed = ExpectExactly(R"(
    {
      process client, server, heir;
      channel a : client.a0 <-> server.a1;
      channel p : client.p0 <-> heir.p1;
    }
    thread client.w {
      st = zx_channel_write(a0, "old");
    }
    thread client.m {
      st = zx_channel_write(p0, "take", handles: [a0]);
    }
    thread heir.h {
           zx_object_wait_one(p1, READABLE, deadline: never);
      r  = zx_channel_read(p1);
      st = zx_channel_write(r.handles[0], "new");
    }
    locations [ w:st; h:st; a1.queue; ]
    outcomes exact {
      w:st=ZX_OK;             h:st=ZX_OK; a1.queue=["old", "new"];
      w:st=ZX_ERR_BAD_HANDLE; h:st=ZX_OK; a1.queue=["new"];
    })");
  EXPECT_EQ(allowed.blocked_sets.size(), 1u);
  EXPECT_TRUE(allowed.blocked_sets.contains(0));
}

// T-4: the owner changes when the endpoint is received. Here nobody receives it, so a write that
// had looked it up still lands after the endpoint was sent: m has sent it, and finds no message.
TEST(Outcomes, WriteUnderWayStillLandsWhileItsEndpointIsInTransit) {
  ExpectExactly(R"(
    { process client; channel a : client.a0 <-> client.a1; channel p : client.p0 <-> client.p1; }
    thread client.w { st = zx_channel_write(a0, "late"); }
    thread client.m {
      s = zx_channel_write(p0, "take", handles: [a0]);
      r = zx_channel_read(a1);
    }
    locations [ w:st; m:r; a1.queue; a0.owner; ]
    outcomes exact {
      w:st=ZX_OK; m:r=ZX_OK; a1.queue=[]; a0.owner=transit;
      w:st=ZX_OK; m:r=ZX_ERR_SHOULD_WAIT; a1.queue=["late"]; a0.owner=transit;
      w:st=ZX_ERR_BAD_HANDLE; m:r=ZX_ERR_SHOULD_WAIT; a1.queue=[]; a0.owner=transit;
    })");
}

// T-5: once the heir has the endpoint, nothing of the old owner arrives. Message "mark" comes from
// the heir; a write that came later than its receipt would stand behind it.
TEST(Outcomes, WriteUnderWayDoesNotLandAfterAnotherProcessReceivedTheEndpoint) {
  ExpectExactly(R"(
    { process client, heir; channel a : client.a0 <-> heir.a1; channel p : client.p0 <-> heir.p1; }
    thread client.w { st = zx_channel_write(a0, "old"); }
    thread client.m { s = zx_channel_write(p0, "take", handles: [a0]); }
    thread heir.h {
      zx_object_wait_one(p1, READABLE, deadline: never);
      t = zx_channel_read(p1);
      r = zx_channel_read(a1);
    }
    locations [ w:st; h:r; a1.queue; a0.owner; ]
    outcomes exact {
      w:st=ZX_OK; h:r=ZX_OK; a1.queue=[]; a0.owner=heir;
      w:st=ZX_ERR_BAD_HANDLE; h:r=ZX_ERR_SHOULD_WAIT; a1.queue=[]; a0.owner=heir;
    })");
}

// W-11: the owner is tested before the peer. When the peer closes the heir has long had the
// endpoint, so the old owner's write never answers PEER_CLOSED.
TEST(Outcomes, LostOwnershipBeatsClosedPeer) {
  ExpectExactly(R"(
    { process client, heir; channel a : client.a0 <-> heir.a1; channel p : client.p0 <-> heir.p1; }
    thread client.w { st = zx_channel_write(a0, "old"); }
    thread client.m { s = zx_channel_write(p0, "take", handles: [a0]); }
    thread heir.h {
      zx_object_wait_one(p1, READABLE, deadline: never);
      t = zx_channel_read(p1);
      k = zx_handle_close(a1);
    }
    locations [ w:st; a0.owner; a0.signals; ]
    outcomes exact {
      w:st=ZX_OK; a0.owner=heir; a0.signals=PEER_CLOSED;
      w:st=ZX_ERR_BAD_HANDLE; a0.owner=heir; a0.signals=PEER_CLOSED;
    })");
}

// T-5: the same process received it: it is the owner still, and the write may land after that.
TEST(Outcomes, WriteUnderWayLandsAfterItsOwnProcessReceivedTheEndpoint) {
  ExpectExactly(R"(
    { process client; channel a : client.a0 <-> client.a1; channel p : client.p0 <-> client.p1; }
    thread client.w { st = zx_channel_write(a0, "late"); }
    thread client.m {
      s = zx_channel_write(p0, "take", handles: [a0]);
      t = zx_channel_read(p1);
      r = zx_channel_read(a1);
    }
    locations [ w:st; m:r; a1.queue; ]
    outcomes exact {
      w:st=ZX_OK; m:r=ZX_OK; a1.queue=[];
      w:st=ZX_OK; m:r=ZX_ERR_SHOULD_WAIT; a1.queue=["late"];
      w:st=ZX_ERR_BAD_HANDLE; m:r=ZX_ERR_SHOULD_WAIT; a1.queue=[];
    })");
}

// P-3: the owner test compares processes. A write under way while its endpoint went to the heir,
// who wrote, and came back may land behind the heir's message.
TEST(Outcomes, WriteUnderWayMayLandAfterItsEndpointWentAwayAndCameBack) {
  ExpectExactly(R"(
    {
      process client, heir;
      channel a : client.a0 <-> client.a1;
      channel p : client.p0 <-> heir.p1;
      channel q : heir.q0 <-> client.q1;
    }
    thread client.w { st = zx_channel_write(a0, "old"); }
    thread client.m {
      s = zx_channel_write(p0, "take", handles: [a0]);
      zx_object_wait_one(q1, READABLE, deadline: never);
      t = zx_channel_read(q1);
    }
    thread heir.h {
      zx_object_wait_one(p1, READABLE, deadline: never);
      r = zx_channel_read(p1);
      n = zx_channel_write(r.handles[0], "new");
      b = zx_channel_write(q0, "back", handles: [r.handles[0]]);
    }
    locations [ w:st; a1.queue; a0.owner; ]
    outcomes exact {
      w:st=ZX_OK; a1.queue=["old", "new"]; a0.owner=client;
      w:st=ZX_OK; a1.queue=["new", "old"]; a0.owner=client;
      w:st=ZX_ERR_BAD_HANDLE; a1.queue=["new"]; a0.owner=client;
    })");
}

// O13, N-8: the same for a read.
TEST(Outcomes, ReadRacingWithTransferTakesTheMessageBeforeTheHeirOrNotAtAll) {
  ExpectExactly(R"(
    {
      process client, server, heir;
      channel a : client.a0 <-> server.a1;
      channel p : client.p0 <-> heir.p1;
      a0.queue = ["1", "2"];
    }
    thread client.r { m = zx_channel_read(a0); }
    thread client.s { st = zx_channel_write(p0, "take", handles: [a0]); }
    thread heir.h {
      zx_object_wait_one(p1, READABLE, deadline: never);
      t = zx_channel_read(p1);
      m = zx_channel_read(t.handles[0]);
    }
    locations [ r:m; r:m.bytes; h:m; h:m.bytes; a0.queue; ]
    outcomes exact {
      r:m=ZX_OK; r:m.bytes="1"; h:m=ZX_OK; h:m.bytes="2"; a0.queue=[];
      r:m=ZX_ERR_BAD_HANDLE; r:m.bytes=""; h:m=ZX_OK; h:m.bytes="1"; a0.queue=["2"];
    })");
}

// N-8: empty, it is SHOULD_WAIT before the receipt and BAD_HANDLE after.
TEST(Outcomes, ReadOfAnEmptyQueueRacingWithTransfer) {
  ExpectExactly(R"(
    { process client, heir; channel a : client.a0 <-> heir.a1; channel p : client.p0 <-> heir.p1; }
    thread client.r { m = zx_channel_read(a0); }
    thread client.s { st = zx_channel_write(p0, "take", handles: [a0]); }
    thread heir.h {
      zx_object_wait_one(p1, READABLE, deadline: never);
      t = zx_channel_read(p1);
    }
    locations [ r:m; ]
    outcomes exact {
      r:m=ZX_ERR_SHOULD_WAIT;
      r:m=ZX_ERR_BAD_HANDLE;
    })");
}

// --- Write, read and close ---

// N-1, W-14, W-3: the sent handle is consumed in every case.
TEST(Outcomes, WriteRacingWithCloseOfItsHandle) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; channel d : p.x <-> p.y; }
    thread p.w { st = zx_channel_write(a, "m", handles: [x]); k = zx_handle_close(x); }
    thread p.c { st = zx_handle_close(a); }
    locations [ w:st; w:k; c:st; b.queue; y.signals; b.signals; ]
    outcomes exact {
      w:st=ZX_OK; w:k=ZX_ERR_BAD_HANDLE; c:st=ZX_OK; b.queue=["m"]; y.signals=WRITABLE; \
        b.signals=READABLE | PEER_CLOSED;
      w:st=ZX_ERR_BAD_HANDLE; w:k=ZX_ERR_BAD_HANDLE; c:st=ZX_OK; b.queue=[]; \
        y.signals=PEER_CLOSED; b.signals=PEER_CLOSED;
      w:st=ZX_ERR_PEER_CLOSED; w:k=ZX_ERR_BAD_HANDLE; c:st=ZX_OK; b.queue=[]; \
        y.signals=PEER_CLOSED; b.signals=PEER_CLOSED;
    })");
}

// N-2, W-15: written or not, the message and its handle are gone in the end.
TEST(Outcomes, WriteRacingWithCloseOfThePeer) {
  ExpectExactly(R"(
    { process p, q; channel c : p.a <-> q.b; channel d : p.x <-> p.y; }
    thread p.w { st = zx_channel_write(a, "m", handles: [x]); }
    thread q.c { st = zx_handle_close(b); }
    locations [ w:st; c:st; a.signals; x.owner; y.signals; ]
    outcomes exact {
      w:st=ZX_OK; c:st=ZX_OK; a.signals=PEER_CLOSED; x.owner=gone; y.signals=PEER_CLOSED;
      w:st=ZX_ERR_PEER_CLOSED; c:st=ZX_OK; a.signals=PEER_CLOSED; x.owner=gone; \
        y.signals=PEER_CLOSED;
    })");
}

// N-4: one of them gets the handle.
TEST(Outcomes, SendAndCloseOfOneHandleExcludeEachOther) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; channel d : p.x <-> p.y; }
    thread p.w { st = zx_channel_write(a, "m", handles: [x]); }
    thread p.k { st = zx_handle_close(x); }
    locations [ w:st; k:st; b.queue; y.signals; ]
    outcomes exact {
      w:st=ZX_OK; k:st=ZX_ERR_BAD_HANDLE; b.queue=["m"]; y.signals=WRITABLE;
      w:st=ZX_ERR_BAD_HANDLE; k:st=ZX_OK; b.queue=[]; y.signals=PEER_CLOSED;
    })");
}

// N-4, W-3: the loser's other handle is consumed all the same.
TEST(Outcomes, OneOfTwoSendersOfAHandleLosesItsOtherHandlesToo) {
  ExpectExactly(R"(
    {
      process p;
      channel c : p.a <-> p.b;
      event e : p.h;
      channel d1 : p.x1 <-> p.y1;
      channel d2 : p.x2 <-> p.y2;
    }
    thread p.t1 { st = zx_channel_write(a, "1", handles: [x1, h]); }
    thread p.t2 { st = zx_channel_write(a, "2", handles: [h, x2]); }
    locations [ t1:st; t2:st; b.queue; y1.signals; y2.signals; ]
    outcomes exact {
      t1:st=ZX_OK; t2:st=ZX_ERR_BAD_HANDLE; b.queue=["1"]; y1.signals=WRITABLE; \
        y2.signals=PEER_CLOSED;
      t1:st=ZX_ERR_BAD_HANDLE; t2:st=ZX_OK; b.queue=["2"]; y1.signals=PEER_CLOSED; \
        y2.signals=WRITABLE;
    })");
}

// W-8: between leaving the table and entering the queue a handle is nowhere to be seen. It cannot
// be closed any more, and the message is not there yet.
TEST(Outcomes, SentHandleIsInvisibleBeforeItsMessageIs) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; event e : p.h; }
    thread p.w { st = zx_channel_write(a, "m", handles: [h]); }
    thread p.o { k = zx_object_wait_one(h, SIGNALED, deadline: now); r = zx_channel_read(b); }
    locations [ w:st; o:k; o:r; ]
    outcomes exact {
      w:st=ZX_OK; o:k=ZX_ERR_TIMED_OUT; o:r=ZX_ERR_SHOULD_WAIT;
      w:st=ZX_OK; o:k=ZX_ERR_TIMED_OUT; o:r=ZX_OK;
      w:st=ZX_OK; o:k=ZX_ERR_BAD_HANDLE; o:r=ZX_ERR_SHOULD_WAIT;
      w:st=ZX_OK; o:k=ZX_ERR_BAD_HANDLE; o:r=ZX_OK;
    })");
}

// N-5, R-14: the close of the handle itself never shows as PEER_CLOSED.
TEST(Outcomes, ReadOfAnEmptyQueueRacingWithCloseOfItsHandle) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; }
    thread p.r { m = zx_channel_read(a); }
    thread p.k { st = zx_handle_close(a); }
    locations [ r:m; k:st; ]
    outcomes exact {
      r:m=ZX_ERR_SHOULD_WAIT; k:st=ZX_OK;
      r:m=ZX_ERR_BAD_HANDLE; k:st=ZX_OK;
    })");
}

// N-5, D-3: a read under way still gets the message of an endpoint whose handle has been closed.
TEST(Outcomes, ReadRacingWithCloseOfItsHandleMayStillGetTheMessage) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; a.queue = ["m"]; }
    thread p.r { m = zx_channel_read(a); }
    thread p.k { st = zx_handle_close(a); w = zx_object_wait_one(b, PEER_CLOSED, deadline: now); }
    locations [ r:m; r:m.bytes; k:w; ]
    outcomes exact {
      r:m=ZX_OK; r:m.bytes="m"; k:w=ZX_OK;
      r:m=ZX_ERR_BAD_HANDLE; r:m.bytes=""; k:w=ZX_OK;
    })");
}

// N-5: when the peer closes too, PEER_CLOSED can be the answer, but only if the peer was first.
TEST(Outcomes, ReadAnswersPeerClosedOnlyAfterThePeerClosed) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; }
    thread p.r { m = zx_channel_read(a); }
    thread p.k { k1 = zx_handle_close(a); k2 = zx_handle_close(b); }
    locations [ r:m; k:k1; k:k2; ]
    outcomes exact {
      r:m=ZX_ERR_SHOULD_WAIT; k:k1=ZX_OK; k:k2=ZX_OK;
      r:m=ZX_ERR_BAD_HANDLE; k:k1=ZX_OK; k:k2=ZX_OK;
    })");
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; }
    thread p.r { m = zx_channel_read(a); }
    thread p.k { k2 = zx_handle_close(b); k1 = zx_handle_close(a); }
    locations [ r:m; k:k1; k:k2; ]
    outcomes exact {
      r:m=ZX_ERR_SHOULD_WAIT; k:k1=ZX_OK; k:k2=ZX_OK;
      r:m=ZX_ERR_PEER_CLOSED; k:k1=ZX_OK; k:k2=ZX_OK;
      r:m=ZX_ERR_BAD_HANDLE; k:k1=ZX_OK; k:k2=ZX_OK;
    })");
}

// N-6, R-1: PEER_CLOSED only when nothing is left to read.
TEST(Outcomes, ReadRacingWithWriteAndCloseOfThePeer) {
  ExpectExactly(R"(
    { process p, q; channel c : p.a <-> q.b; }
    thread p.w { s = zx_channel_write(a, "m"); k = zx_handle_close(a); }
    thread q.r { m1 = zx_channel_read(b); m2 = zx_channel_read(b); }
    locations [ r:m1; r:m2; b.queue; ]
    outcomes exact {
      r:m1=ZX_ERR_SHOULD_WAIT; r:m2=ZX_ERR_SHOULD_WAIT; b.queue=["m"];
      r:m1=ZX_ERR_SHOULD_WAIT; r:m2=ZX_OK; b.queue=[];
      r:m1=ZX_OK; r:m2=ZX_ERR_SHOULD_WAIT; b.queue=[];
      r:m1=ZX_OK; r:m2=ZX_ERR_PEER_CLOSED; b.queue=[];
    })");
}

// N-7, O4: each message goes to one reader, and each reader sees them in order.
TEST(Outcomes, TwoReadersShareTheMessagesInOrder) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; b.queue = ["1", "2", "3"]; }
    thread p.r { m1 = zx_channel_read(b); m2 = zx_channel_read(b); }
    thread p.s { m1 = zx_channel_read(b); m2 = zx_channel_read(b); }
    locations [ r:m1.bytes; r:m2.bytes; s:m1.bytes; s:m2.bytes; ]
    outcomes exact {
      r:m1.bytes="1"; r:m2.bytes="2"; s:m1.bytes="3"; s:m2.bytes="";
      r:m1.bytes="1"; r:m2.bytes="3"; s:m1.bytes="2"; s:m2.bytes="";
      r:m1.bytes="1"; r:m2.bytes="";  s:m1.bytes="2"; s:m2.bytes="3";
      r:m1.bytes="2"; r:m2.bytes="3"; s:m1.bytes="1"; s:m2.bytes="";
      r:m1.bytes="2"; r:m2.bytes="";  s:m1.bytes="1"; s:m2.bytes="3";
      r:m1.bytes="3"; r:m2.bytes="";  s:m1.bytes="1"; s:m2.bytes="2";
    })");
}

// N-7: the size that a small buffer was told need not be that of the next message read.
TEST(Outcomes, SizesOfBufferTooSmallMayBeStale) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; b.queue = ["12345678", "1"]; }
    thread p.r { m1 = zx_channel_read(b, max_bytes: 6); m2 = zx_channel_read(b, max_bytes: 12); }
    thread p.s { m = zx_channel_read(b); }
    locations [ r:m1; r:m1.actual_bytes; r:m2; r:m2.actual_bytes; s:m.actual_bytes; ]
    outcomes exact {
      r:m1=ZX_ERR_BUFFER_TOO_SMALL; r:m1.actual_bytes=12; r:m2=ZX_OK; r:m2.actual_bytes=12; \
        s:m.actual_bytes=5;
      r:m1=ZX_ERR_BUFFER_TOO_SMALL; r:m1.actual_bytes=12; r:m2=ZX_OK; r:m2.actual_bytes=5; \
        s:m.actual_bytes=12;
      r:m1=ZX_OK; r:m1.actual_bytes=5; r:m2=ZX_ERR_SHOULD_WAIT; r:m2.actual_bytes=0; \
        s:m.actual_bytes=12;
    })");
}

// --- The search ---

TEST(Outcomes, BlockedThreadsAreReportedAsSets) {
  const Litmus litmus = ParseOrFail(R"(
    { process p; channel c : p.a <-> p.b; }
    thread p.o1 { w = zx_object_wait_one(b, READABLE, deadline: never); m = zx_channel_read(b); }
    thread p.o2 { w = zx_object_wait_one(b, READABLE, deadline: never); m = zx_channel_read(b); }
    thread p.s { s = zx_channel_write(a, "m"); }
    locations [ o1:m; o2:m; ])");
  const AllowedOutcomes allowed = EnumerateOutcomes(litmus);
  ExpectSearchIsRight(litmus, allowed);
  std::set<uint64_t> blocked;
  for (const auto& [set, order] : allowed.blocked_sets) blocked.insert(set);
  EXPECT_EQ(blocked, (std::set<uint64_t>{0b00, 0b01, 0b10}));
}

TEST(Outcomes, ProgramWithoutThreadsHasOneOutcome) {
  const Litmus litmus =
      ParseOrFail("{ process p; channel c : p.a <-> p.b; } locations [ a.queue; ]");
  const AllowedOutcomes allowed = EnumerateOutcomes(litmus);
  EXPECT_EQ(allowed.outcomes.size(), 1u);
  EXPECT_EQ(allowed.states, 1u);
  EXPECT_TRUE(allowed.complete);
}

TEST(Outcomes, SearchOverItsBudgetIsNotComplete) {
  const Litmus litmus = ParseOrFail(R"(
    { process p; channel c : p.a <-> p.b; }
    thread p.r { m = zx_channel_read(b); }
    thread p.s { m = zx_channel_read(b); }
    thread p.w { s = zx_channel_write(a, "m"); }
    locations [ r:m; s:m; ])");
  EXPECT_FALSE(EnumerateOutcomes(litmus, {.max_states = 2}).complete);
  EXPECT_TRUE(EnumerateOutcomes(litmus).complete);
}

// The table of outcomes, its examples and the count of states are the same in every run.
TEST(Outcomes, SearchIsRepeatable) {
  const Litmus litmus = ParseOrFail(R"(
    { process p; channel c : p.a <-> p.b; b.queue = ["1", "2"]; }
    thread p.r { m = zx_channel_read(b); k = zx_handle_close(b); }
    thread p.s { m = zx_channel_read(b); }
    thread p.w { s = zx_channel_write(a, "m"); }
    locations [ r:m; s:m; w:s; ])");
  const AllowedOutcomes first = EnumerateOutcomes(litmus);
  const AllowedOutcomes second = EnumerateOutcomes(litmus);
  EXPECT_EQ(first.outcomes, second.outcomes);
  EXPECT_EQ(first.blocked_sets, second.blocked_sets);
  EXPECT_EQ(first.states, second.states);
}

// H-10, D-9: nobody can close any more what lies in its own queue, or in each other's.
TEST(Outcomes, EndsThatKeepWhatNobodyCanReachAreNoted) {
  const auto may_leak = [](const char* calls) {
    const std::string text = fmt::format(R"(Zircon T
{{ process p; channel a : p.a0 <-> p.a1; channel b : p.b0 <-> p.b1; }}
thread p.t {{ {} }}
)",
                                         calls);
    return EnumerateOutcomes(std::get<Litmus>(ParseLitmus(text))).may_leak;
  };
  EXPECT_TRUE(may_leak(R"(zx_channel_write(a0, "", handles: [a1]);)"));
  EXPECT_TRUE(may_leak(R"(zx_channel_write(a0, "", handles: [b1]);
                          zx_channel_write(b0, "", handles: [a1]);)"));
  EXPECT_FALSE(may_leak(R"(zx_channel_write(a0, "", handles: [b1]);)"));
}

TEST(Outcomes, EveryEndIsShownWhole) {
  const Litmus litmus = std::get<Litmus>(ParseLitmus(R"(Zircon T
{ process p, q; channel a : p.a0 <-> q.a1; }
thread p.w { st = zx_channel_write(a0, "x"); }
thread q.r { m = zx_channel_read(a1); }
locations [ r:m; ]
)"));
  std::set<Outcome> seen;
  std::set<size_t> queued;  // What no location says.
  const AllowedOutcomes allowed =
      EnumerateOutcomes(litmus, {.at_end = [&](const Observation& observation) {
                          seen.insert(OutcomeOf(litmus, observation));
                          queued.insert(observation.endpoints[1].queue.size());
                        }});
  ASSERT_EQ(allowed.outcomes.size(), 2u);
  EXPECT_EQ(seen.size(), 2u);
  for (const Outcome& outcome : seen) EXPECT_TRUE(allowed.outcomes.contains(outcome));
  EXPECT_EQ(queued, (std::set<size_t>{0, 1}));
}

}  // namespace
}  // namespace model
