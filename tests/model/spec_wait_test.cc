// The reference model: waits, what ends them, and deadlines.
//
// Map: one thread; races; deadlines.
#include "model/spec.h"

#include <gtest/gtest.h>

#include "tests/model/exact_outcomes.h"

namespace model {
namespace {

// --- Wait ---

// WT-1: the handle, then the right WAIT. Any object can be waited on.
TEST(SpecWait, WaitChecksHandleThenRight) {
  ExpectExactly(R"(
    { process p; channel c : p.a [-WAIT] <-> p.b; }
    thread p.t {
      zero  = zx_object_wait_one(handle: 0, WRITABLE, deadline: now);
      bogus = zx_object_wait_one(handle: 0x3, WRITABLE, deadline: now);
      right = zx_object_wait_one(a, WRITABLE, deadline: now);
    }
    locations [ t:zero; t:bogus; t:right; t:right.observed; ]
    outcomes exact {
      t:zero=ZX_ERR_BAD_HANDLE; t:bogus=ZX_ERR_BAD_HANDLE; t:right=ZX_ERR_ACCESS_DENIED; \
        t:right.observed=0;
    })");
}

// WT-3, WT-5: any one of the wanted signals is enough, and all active ones are observed.
TEST(SpecWait, WaitForAnActiveSignalAnswersAtOnceWithAllActiveSignals) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; a.queue = ["x"]; }
    thread p.t {
      w1 = zx_object_wait_one(a, READABLE | PEER_CLOSED, deadline: never);
      w2 = zx_object_wait_one(a, WRITABLE, deadline: @0ns);
    }
    locations [ t:w1; t:w1.observed; t:w2; t:w2.observed; ]
    outcomes exact {
      t:w1=ZX_OK; t:w1.observed=READABLE | WRITABLE; t:w2=ZX_OK; t:w2.observed=READABLE | WRITABLE;
    })");
}

// WT-3, WT-4, WT-5.
TEST(SpecWait, WaitThatTimesOutTellsTheSignalsAtItsEnd) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; }
    thread p.t {
      poll = zx_object_wait_one(a, READABLE, deadline: now);
      empty = zx_object_wait_one(a, 0, deadline: now);
      some = zx_object_wait_one(a, READABLE, deadline: may);
      at   = zx_object_wait_one(a, READABLE, deadline: @15ms);
    }
    locations [ t:poll; t:poll.observed; t:empty; t:empty.observed; t:some; t:at; ]
    outcomes exact {
      t:poll=ZX_ERR_TIMED_OUT; t:poll.observed=WRITABLE; t:empty=ZX_ERR_TIMED_OUT; \
        t:empty.observed=WRITABLE; t:some=ZX_ERR_TIMED_OUT; t:at=ZX_ERR_TIMED_OUT;
    })");
}

// A wait that nothing can end leaves its thread blocked, and its call unanswered.
TEST(SpecWait, WaitThatNothingCanEndBlocksItsThread) {
  const Litmus litmus = ParseOrFail(R"(
    { process p; channel c : p.a <-> p.b; }
    thread p.t { w = zx_object_wait_one(a, READABLE, deadline: never); k = zx_handle_close(a); })");
  State state = InitialState(litmus.program);
  while (TakeStep(litmus.program, &state, 0)) {
  }
  EXPECT_TRUE(Steps(litmus.program, state, 0).empty());
  EXPECT_FALSE(IsFinished(litmus.program, state, 0));
  const Observation observation = Observe(litmus.program, state);
  EXPECT_EQ(observation.blocked, std::vector<bool>{true});
  EXPECT_FALSE(observation.results[0][0].has_value());
  EXPECT_FALSE(observation.results[0][1].has_value());
}

// --- Waits ---

// N-14, WT-2, WT-5: a wait without deadline ends with the handle, one way or the other.
TEST(SpecWait, WaitRacingWithCloseOfItsHandle) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; }
    thread p.o { w = zx_object_wait_one(a, READABLE, deadline: never); }
    thread p.k { st = zx_handle_close(a); }
    locations [ o:w; o:w.observed; ]
    outcomes exact {
      o:w=ZX_ERR_CANCELED; o:w.observed=WRITABLE | HANDLE_CLOSED;
      o:w=ZX_ERR_BAD_HANDLE; o:w.observed=0;
    })");
}

// N-14, WT-7, WT-8: all four ends. A match counts although the handle closes before the waiter has
// run; a cancel counts although the deadline was first.
TEST(SpecWait, WaitRacingWithCloseWriteAndDeadline) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; }
    thread p.o { w = zx_object_wait_one(a, READABLE, deadline: may); }
    thread p.k { s = zx_channel_write(b, "m"); k = zx_handle_close(a); }
    locations [ o:w; o:w.observed; ]
    outcomes exact {
      o:w=ZX_OK; o:w.observed=READABLE | WRITABLE;
      o:w=ZX_ERR_TIMED_OUT; o:w.observed=WRITABLE;
      o:w=ZX_ERR_TIMED_OUT; o:w.observed=READABLE | WRITABLE;
      o:w=ZX_ERR_BAD_HANDLE; o:w.observed=0;
    })");
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; }
    thread p.o { w = zx_object_wait_one(a, READABLE, deadline: may); }
    thread p.k { k = zx_handle_close(a); }
    locations [ o:w; o:w.observed; ]
    outcomes exact {
      o:w=ZX_ERR_TIMED_OUT; o:w.observed=WRITABLE;
      o:w=ZX_ERR_CANCELED; o:w.observed=WRITABLE | HANDLE_CLOSED;
      o:w=ZX_ERR_BAD_HANDLE; o:w.observed=0;
    })");
}

// N-15, WT-31: sending the handle does not end the wait; it can be satisfied in transit.
TEST(SpecWait, WaitGoesOnWhileItsHandleIsInTransit) {
  const AllowedOutcomes allowed = ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; channel d : p.x <-> p.y; }
    thread p.o { w = zx_object_wait_one(x, READABLE, deadline: never); }
    thread p.s {
      s = zx_channel_write(a, "carrier", handles: [x]);
      m = zx_channel_write(y, "m");
    }
    locations [ o:w; o:w.observed; x.owner; ]
    outcomes exact {
      o:w=ZX_OK; o:w.observed=READABLE | WRITABLE; x.owner=transit;
      o:w=ZX_ERR_BAD_HANDLE; o:w.observed=0; x.owner=transit;
    })");
  EXPECT_EQ(allowed.blocked_sets.size(), 1u);
}

// N-15, T-6: the receipt ends it, in the same process too.
TEST(SpecWait, ReceiptOfAHandleCancelsWaitsThroughIt) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; event e : p.h; }
    thread p.o { w = zx_object_wait_one(h, SIGNALED, deadline: never); }
    thread p.s {
      s = zx_channel_write(a, "carrier", handles: [h]);
      r = zx_channel_read(b);
    }
    locations [ o:w; o:w.observed; ]
    outcomes exact {
      o:w=ZX_ERR_CANCELED; o:w.observed=HANDLE_CLOSED;
      o:w=ZX_ERR_BAD_HANDLE; o:w.observed=0;
    })");
}

// N-15, WT-31: so does its destruction in transit.
TEST(SpecWait, DestructionOfAMessageCancelsWaitsThroughItsHandles) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; event e : p.h; }
    thread p.o { w = zx_object_wait_one(h, SIGNALED, deadline: never); }
    thread p.s {
      s = zx_channel_write(a, "carrier", handles: [h]);
      k = zx_handle_close(b);
    }
    locations [ o:w; o:w.observed; ]
    outcomes exact {
      o:w=ZX_ERR_CANCELED; o:w.observed=HANDLE_CLOSED;
      o:w=ZX_ERR_BAD_HANDLE; o:w.observed=0;
    })");
}

// WT-30: the wait through the other handle goes on, for ever.
TEST(SpecWait, CloseOfOneHandleLeavesWaitsThroughAnotherAlone) {
  const AllowedOutcomes allowed = ExpectExactly(R"(
    { process p; event e : p.h1, p.h2; }
    thread p.o1 { w = zx_object_wait_one(h1, SIGNALED, deadline: never); }
    thread p.o2 { w = zx_object_wait_one(h2, SIGNALED, deadline: may); }
    thread p.k { k = zx_handle_close(h1); }
    locations [ o1:w; o2:w; ]
    outcomes exact {
      o1:w=ZX_ERR_CANCELED; o2:w=ZX_ERR_TIMED_OUT;
      o1:w=ZX_ERR_BAD_HANDLE; o2:w=ZX_ERR_TIMED_OUT;
    })");
  EXPECT_TRUE(allowed.blocked_sets.contains(0));
  EXPECT_EQ(allowed.blocked_sets.size(), 1u);
}

// S-9, N-16: a waiter may be woken for a message that another reader took.
TEST(SpecWait, WaiterMayWakeForAMessageThatSomebodyElseTook) {
  const AllowedOutcomes allowed = ExpectExactly(R"(
    { process p, q; channel c : p.a <-> q.b; }
    thread p.s { s = zx_channel_write(a, "m"); }
    thread q.o {
      w = zx_object_wait_one(b, READABLE, deadline: may);
      m = zx_channel_read(b);
    }
    thread q.r { m = zx_channel_read(b); }
    locations [ o:w; o:w.observed; o:m; r:m; ]
    outcomes exact {
      o:w=ZX_OK; o:w.observed=READABLE | WRITABLE; o:m=ZX_OK; r:m=ZX_ERR_SHOULD_WAIT;
      o:w=ZX_OK; o:w.observed=READABLE | WRITABLE; o:m=ZX_ERR_SHOULD_WAIT; r:m=ZX_OK;
      o:w=ZX_ERR_TIMED_OUT; o:w.observed=WRITABLE; o:m=ZX_OK; r:m=ZX_ERR_SHOULD_WAIT;
      o:w=ZX_ERR_TIMED_OUT; o:w.observed=WRITABLE; o:m=ZX_ERR_SHOULD_WAIT; r:m=ZX_OK;
      o:w=ZX_ERR_TIMED_OUT; o:w.observed=WRITABLE; o:m=ZX_ERR_SHOULD_WAIT; r:m=ZX_ERR_SHOULD_WAIT;
      o:w=ZX_ERR_TIMED_OUT; o:w.observed=READABLE | WRITABLE; o:m=ZX_OK; r:m=ZX_ERR_SHOULD_WAIT;
      o:w=ZX_ERR_TIMED_OUT; o:w.observed=READABLE | WRITABLE; o:m=ZX_ERR_SHOULD_WAIT; r:m=ZX_OK;
    })");
  EXPECT_EQ(allowed.blocked_sets.size(), 1u);
}

// N-16: one that registers when the queue is empty again sleeps.
TEST(SpecWait, WaiterThatEmptiedTheQueueItselfIsNotWokenAgain) {
  const AllowedOutcomes allowed = ExpectExactly(R"(
    { process p, q; channel c : p.a <-> q.b; }
    thread p.s { s = zx_channel_write(a, "m"); }
    thread q.o {
      w1 = zx_object_wait_one(b, READABLE, deadline: never);
      m  = zx_channel_read(b);
      w2 = zx_object_wait_one(b, READABLE, deadline: now);
    }
    locations [ o:w1; o:m; o:w2; o:w2.observed; ]
    outcomes exact {
      o:w1=ZX_OK; o:m=ZX_OK; o:w2=ZX_ERR_TIMED_OUT; o:w2.observed=WRITABLE;
    })");
  EXPECT_EQ(allowed.blocked_sets.size(), 1u);
}

// S-5, WT-5: what a wait for PEER_CLOSED observes is the state of that instant.
TEST(SpecWait, WaitForPeerClosedObservesWhatElseIsActive) {
  ExpectExactly(R"(
    { process p, q; channel c : p.a <-> q.b; }
    thread p.s { s = zx_channel_write(a, "m"); k = zx_handle_close(a); }
    thread q.o { w = zx_object_wait_one(b, PEER_CLOSED, deadline: never); }
    thread q.r { m = zx_channel_read(b); }
    locations [ o:w; o:w.observed; r:m; b.signals; ]
    outcomes exact {
      o:w=ZX_OK; o:w.observed=PEER_CLOSED; r:m=ZX_OK; b.signals=PEER_CLOSED;
      o:w=ZX_OK; o:w.observed=READABLE | PEER_CLOSED; r:m=ZX_OK; b.signals=PEER_CLOSED;
      o:w=ZX_OK; o:w.observed=READABLE | PEER_CLOSED; r:m=ZX_ERR_SHOULD_WAIT; \
        b.signals=READABLE | PEER_CLOSED;
    })");
}

// --- Deadlines ---

// A thread that has begun to wait may take its time before it sleeps: meanwhile a later deadline
// of another passes, and what that one does then may be what ends the wait.
TEST(SpecWait, EarlyDeadlineHoldsNoLaterOneBack) {
  ExpectExactly(R"(
    { process p; channel c : p.c0 <-> p.c1; event e : p.e0, p.e1; event f : p.f0; }
    thread p.early { w = zx_object_wait_one(e0, SIGNALED, deadline: @5ms); }
    thread p.late {
      zx_channel_write(c0, "", handles: [e0]);
      zx_object_wait_one(f0, SIGNALED, deadline: @7ms);
      zx_object_signal(e1, 0, SIGNALED);
    }
    locations [ early:w; ]
    outcomes exact {
      early:w=ZX_OK;
      early:w=ZX_ERR_BAD_HANDLE;
      early:w=ZX_ERR_TIMED_OUT;
    })");
}

// Two polls and a message: each poll answers for its own instant.
TEST(SpecWait, PollSeesTheMessageOrNot) {
  ExpectExactly(R"(
    { process p, q; channel c : p.a <-> q.b; }
    thread p.s { s = zx_channel_write(a, "m"); }
    thread q.o {
      w1 = zx_object_wait_one(b, READABLE, deadline: now);
      w2 = zx_object_wait_one(b, READABLE, deadline: now);
    }
    locations [ o:w1; o:w2; o:w2.observed; ]
    outcomes exact {
      o:w1=ZX_OK; o:w2=ZX_OK; o:w2.observed=READABLE | WRITABLE;
      o:w1=ZX_ERR_TIMED_OUT; o:w2=ZX_OK; o:w2.observed=READABLE | WRITABLE;
      o:w1=ZX_ERR_TIMED_OUT; o:w2=ZX_ERR_TIMED_OUT; o:w2.observed=WRITABLE;
      o:w1=ZX_ERR_TIMED_OUT; o:w2=ZX_ERR_TIMED_OUT; o:w2.observed=READABLE | WRITABLE;
    })");
}

}  // namespace
}  // namespace model
