// The reference model: threads that are killed or suspended, and the end of a process.
#include <gtest/gtest.h>

#include "tests/model/exact_outcomes.h"

namespace model {
namespace {

// --- Killing ---

// N-20, WT-10: a killed thread's call is done or not, and never answers; it is not blocked.
TEST(SpecThread, KilledThreadDoesItsCallOrNotAndNeverAnswers) {
  const AllowedOutcomes allowed = ExpectExactly(R"(
    { process p; channel a : p.a0 <-> p.a1; channel e : p.e0 <-> p.e1; }
    thread p.t { s = zx_channel_write(a0, "x", handles: [e0]); n = zx_channel_write(a0, "y"); }
    thread p.k { k = zx_thread_kill(t); l = zx_thread_kill(t); }
    locations [ t:s; t:n; k:k; k:l; a1.queue; e0.owner; ]
    outcomes exact {
      t:s=none;  t:n=none;  k:k=ZX_OK; k:l=ZX_OK; a1.queue=[]; e0.owner=p;
      t:s=none;  t:n=none;  k:k=ZX_OK; k:l=ZX_OK; a1.queue=["x"]; e0.owner=transit;
      t:s=ZX_OK; t:n=none;  k:k=ZX_OK; k:l=ZX_OK; a1.queue=["x"]; e0.owner=transit;
      t:s=ZX_OK; t:n=none;  k:k=ZX_OK; k:l=ZX_OK; a1.queue=["x", "y"]; e0.owner=transit;
      t:s=ZX_OK; t:n=ZX_OK; k:k=ZX_OK; k:l=ZX_OK; a1.queue=["x", "y"]; e0.owner=transit;
    })");
  EXPECT_EQ(allowed.blocked_sets.size(), 1u);
  EXPECT_TRUE(allowed.blocked_sets.contains(0));
}

// A call of one step can be done and not answered, too.
TEST(SpecThread, KilledThreadMayHaveDoneACallOfOneStep) {
  ExpectExactly(R"(
    { process p; channel e : p.e0 <-> p.e1; }
    thread p.t { k = zx_handle_close(e0); }
    thread p.k { zx_thread_kill(t); }
    locations [ t:k; e0.owner; ]
    outcomes exact {
      t:k=none; e0.owner=p;
      t:k=none; e0.owner=gone;
      t:k=ZX_OK; e0.owner=gone;
    })");
}

// WT-10, 8.7: a sleeper wakes at once and takes its wait down.
TEST(SpecThread, KillEndsAWait) {
  const AllowedOutcomes allowed = ExpectExactly(R"(
    { process p; event e : p.e0; }
    thread p.t { w = zx_object_wait_one(e0, SIGNALED, deadline: never); }
    thread p.u { zx_port_wait(port: 0x3); }
    thread p.k { zx_thread_kill(t); k = zx_handle_close(e0); }
    locations [ t:w; k:k; ]
    outcomes exact {
      t:w=none; k:k=ZX_OK;
    })");
  EXPECT_TRUE(allowed.blocked_sets.contains(0));
}

// CC-14, CC-29, CC-30: the reply was what ended the sleep, or came between that and the take-down.
TEST(SpecThread, ReplyToAKilledCallerIsReceivedOrLostOrQueued) {
  ExpectExactly(R"(
    { process p, q; channel a : p.a0 <-> q.a1; channel e : q.e0 <-> q.e1; }
    thread p.t { r = zx_channel_call(a0, "x", deadline: never); }
    thread q.s {
      zx_object_wait_one(a1, READABLE, deadline: never);
      m = zx_channel_read(a1);
      zx_thread_kill(t);
      s = zx_channel_write(a1, "y", handles: [e0], txid: m.txid);
    }
    locations [ t:r; s:s; a0.queue; e0.owner; ]
    outcomes exact {
      t:r=none; s:s=ZX_OK; a0.queue=[]; e0.owner=p;
      t:r=none; s:s=ZX_OK; a0.queue=[]; e0.owner=gone;
      t:r=none; s:s=ZX_OK; a0.queue=["y"]; e0.owner=transit;
    })");
}

// A thread that kills itself does not hear of it.
TEST(SpecThread, ThreadMayKillItself) {
  ExpectExactly(R"(
    { process p; channel e : p.e0 <-> p.e1; }
    thread p.t { k = zx_thread_kill(t); c = zx_handle_close(e0); }
    locations [ t:k; t:c; e0.owner; ]
    outcomes exact {
      t:k=none; t:c=none; e0.owner=p;
    })");
}

// --- Processes ---

// D-8, D-1: all handles close when the threads have ended, or at once when there are none.
TEST(SpecThread, ProcessDeathClosesItsHandles) {
  ExpectExactly(R"(
    { process p, q; channel a : p.a0 <-> q.a1; channel b : p.b0 <-> q.b1; }
    thread q.k {
      k = zx_process_kill(p);
      w = zx_object_wait_one(a1, PEER_CLOSED, deadline: now);
      l = zx_process_kill(p);
    }
    locations [ k:k; k:w; k:l; a0.owner; b1.signals; ]
    outcomes exact {
      k:k=ZX_OK; k:w=ZX_OK; k:l=ZX_OK; a0.owner=gone; b1.signals=PEER_CLOSED;
    })");
  ExpectExactly(R"(
    { process p, q; channel a : p.a0 <-> q.a1; }
    thread p.t { s = zx_channel_write(a0, "x"); }
    thread q.k {
      k = zx_process_kill(p);
      w = zx_object_wait_one(a1, PEER_CLOSED, deadline: never);
      r = zx_channel_read(a1);
    }
    locations [ t:s; k:w; k:r; a0.owner; ]
    outcomes exact {
      t:s=none;  k:w=ZX_OK; k:r=ZX_ERR_PEER_CLOSED; a0.owner=gone;
      t:s=none;  k:w=ZX_OK; k:r=ZX_OK; a0.owner=gone;
      t:s=ZX_OK; k:w=ZX_OK; k:r=ZX_OK; a0.owner=gone;
    })");
}

// D-8: most recently added first. Nobody in q sees a1 closed and b1 open.
TEST(SpecThread, TableOfADeadProcessClosesFromItsEnd) {
  ExpectExactly(R"(
    { process p, q; channel a : p.a0 <-> q.a1; channel b : p.b0 <-> q.b1; }
    thread q.k { zx_process_kill(p); }
    thread q.w {
      zx_object_wait_one(a1, PEER_CLOSED, deadline: never);
      w = zx_object_wait_one(b1, PEER_CLOSED, deadline: now);
    }
    locations [ w:w; ]
    outcomes exact {
      w:w=ZX_OK;
    })");
}

// A process whose threads have finished, or were killed one by one, has not ended.
TEST(SpecThread, ProcessOutlivesItsThreads) {
  ExpectExactly(R"(
    { process p, q; channel a : p.a0 <-> q.a1; event e : p.e0; }
    thread p.t { zx_object_wait_one(e0, SIGNALED, deadline: never); }
    thread q.k { zx_thread_kill(t); }
    locations [ a0.owner; a1.signals; ]
    outcomes exact {
      a0.owner=p; a1.signals=WRITABLE;
    })");
}

// N-20: a process dies in the middle of a call; its endpoint goes with it.
TEST(SpecThread, ProcessKilledInACallLeavesNothingRegistered) {
  const AllowedOutcomes allowed = ExpectExactly(R"(
    { process p, q; channel a : p.a0 <-> q.a1; }
    thread p.c { c = zx_channel_call(a0, "q"); }
    thread q.k {
      zx_object_wait_one(a1, READABLE, deadline: never);
      zx_process_kill(p);
      m = zx_channel_read(a1);
      w = zx_object_wait_one(a1, PEER_CLOSED, deadline: never);
    }
    locations [ c:c; k:m.bytes; k:w; a0.owner; ]
    outcomes exact {
      c:c=none; k:m.bytes="q"; k:w=ZX_OK; a0.owner=gone;
    })");
  EXPECT_TRUE(allowed.blocked_sets.contains(0));
}

// --- Suspending ---

// N-19: who is suspended in user code stops before the call, or was in it by then.
TEST(SpecThread, SuspendedThreadDoesItsFirstCallOrNot) {
  const AllowedOutcomes allowed = ExpectExactly(R"(
    { process p; channel e : p.e0 <-> p.e1; }
    thread p.t { k = zx_handle_close(e0); }
    thread p.s { zx_thread_suspend(t); }
    locations [ t:k; e0.owner; ]
    outcomes exact {
      t:k=none; e0.owner=p;
      t:k=none; e0.owner=gone;
      t:k=ZX_OK; e0.owner=gone;
    })");
  EXPECT_TRUE(allowed.blocked_sets.contains(1));
}

// A suspended thread goes no further than to the end of its call, and is blocked if nobody resumes
// it; suspensions count.
TEST(SpecThread, SuspendedThreadStopsBetweenItsCalls) {
  const AllowedOutcomes allowed = ExpectExactly(R"(
    { process p; event e : p.e0, p.e1; }
    thread p.t { k = zx_handle_close(e0); l = zx_handle_close(e1); }
    thread p.s { zx_thread_suspend(t); zx_thread_suspend(t); zx_thread_resume(t); }
    locations [ t:k; t:l; ]
    outcomes exact {
      t:k=none; t:l=none;
      t:k=ZX_OK; t:l=none;
      t:k=ZX_OK; t:l=ZX_OK;
    })");
  EXPECT_TRUE(allowed.blocked_sets.contains(0b01));
  EXPECT_TRUE(allowed.blocked_sets.contains(0b00));
  ExpectExactly(R"(
    { process p; event e : p.e0; }
    thread p.t { k = zx_handle_close(e0); }
    thread p.s { zx_thread_suspend(t); r = zx_thread_resume(t); q = zx_thread_resume(t); }
    locations [ t:k; s:r; s:q; ]
    outcomes exact {
      t:k=ZX_OK; s:r=ZX_OK; s:q=ZX_OK;
    })");
}

// --- Choices ---

// Which block is taken is for the schedule; the example order says which.
TEST(SpecThread, ChooseTakesOneBlock) {
  const Litmus litmus = ParseOrFail(R"(
    { process p; channel e : p.e0 <-> p.e1; channel f : p.f0 <-> p.f1; }
    thread p.t {
      choose { zx_handle_close(e0); } or { zx_handle_close(f0); note "f"; } or { }
      k = zx_handle_check_valid(e0);
    }
    locations [ t:k; e0.owner; f0.owner; ]
    outcomes exact {
      t:k=ZX_ERR_BAD_HANDLE; e0.owner=gone; f0.owner=p;
      t:k=ZX_OK; e0.owner=p; f0.owner=gone;
      t:k=ZX_OK; e0.owner=p; f0.owner=p;
    })");
  const AllowedOutcomes allowed = ExpectExactly(litmus);
  std::set<uint32_t> blocks;
  for (const auto& [outcome, order] : allowed.outcomes) blocks.insert(order.front().choice);
  EXPECT_EQ(blocks, (std::set<uint32_t>{0, 1, 2}));
}

}  // namespace
}  // namespace model
