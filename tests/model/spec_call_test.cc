// The reference model: channel_call, its ends and its interruptions, in all generations.
#include <gtest/gtest.h>

#include "tests/model/exact_outcomes.h"

namespace model {
namespace {

// --- Transaction ids and matching ---

// C1, C5, CC-5, CC-9: the kernel's ids count up from 1 with the high bit; the caller's bytes stay.
TEST(SpecCall, KernelPicksIdsAndTheReplyGoesPastTheQueue) {
  for (Generation generation : {Generation::kZircon2018_10, Generation::kCurrent}) {
    ExpectExactly(R"(
      { process p; channel a : p.a0 <-> p.a1; }
      thread p.c { c = zx_channel_call(a0, "q", txid: 7); d = zx_channel_call(a0, "r"); }
      thread p.s {
        zx_object_wait_one(a1, READABLE, deadline: never);
        m = zx_channel_read(a1);
        zx_channel_write(a1, "first");
        zx_channel_write(a1, "re:" + m.bytes, txid: m.txid);
        zx_object_wait_one(a1, READABLE, deadline: never);
        n = zx_channel_read(a1);
        zx_channel_write(a1, "re:" + n.bytes, txid: n.txid);
      }
      locations [ c:c; c:c.bytes; c:c.txid; c:c.actual_bytes; s:m.txid; c:d.bytes; s:n.txid; \
        a0.queue; ]
      outcomes exact {
        c:c=ZX_OK; c:c.bytes="re:q"; c:c.txid=0x80000001; c:c.actual_bytes=8; \
          s:m.txid=0x80000001; c:d.bytes="re:r"; s:n.txid=0x80000002; a0.queue=["first"];
      })",
                  generation);
  }
}

// C3, CC-4: the caller picks; of two with one id, the first registered gets the first reply.
TEST(SpecCall, CallerPicksIdsUntil2018) {
  for (Generation generation : {Generation::kMagenta2017, Generation::kZircon2018_04}) {
    ExpectExactly(R"(
      { process p; channel a : p.a0 <-> p.a1; }
      thread p.c { c = zx_channel_call(a0, "q", txid: 7); }
      thread p.s {
        zx_object_wait_one(a1, READABLE, deadline: never);
        m = zx_channel_read(a1);
        zx_channel_write(a1, "other", txid: 8);
        zx_channel_write(a1, "re", txid: 7);
      }
      locations [ c:c; c:c.bytes; s:m.txid; a0.queue; ]
      outcomes exact {
        c:c=ZX_OK; c:c.bytes="re"; s:m.txid=7; a0.queue=["other"];
      })",
                  generation);
  }
  ExpectExactly(R"(
    { process p; channel a : p.a0 <-> p.a1; }
    thread p.c { c = zx_channel_call(a0, "C", txid: 7); }
    thread p.d { d = zx_channel_call(a0, "D", txid: 7); }
    thread p.s {
      zx_object_wait_one(a1, READABLE, deadline: never);
      m = zx_channel_read(a1);
      zx_object_wait_one(a1, READABLE, deadline: never);
      zx_channel_write(a1, "to " + m.bytes, txid: 7);
    }
    locations [ c:c.bytes; d:d.bytes; ]
    outcomes exact {
      c:c.bytes="to C"; d:d.bytes=none;
      c:c.bytes=none; d:d.bytes="to D";
    })",
                Generation::kZircon2018_04);
}

// X-2, C4: short messages by generation, and what beats the check.
TEST(SpecCall, ShortRequestsAreToldByGeneration) {
  const std::string text = R"(
    { process p; channel a : p.a0 <-> p.a1; }
    thread p.t {
      short = zx_channel_call(a0, raw: "abc", deadline: now);
      bad   = zx_channel_call(handle: 0x3, raw: "abc", deadline: now);
      fault = zx_channel_call(handle: 0x3, raw: "abc", args: null);
    }
    locations [ t:short; t:bad; t:fault; ]
    outcomes exact { )";
  ExpectExactly(text +
                    "\n t:short=ZX_ERR_TIMED_OUT; t:bad=ZX_ERR_BAD_HANDLE; "
                    "t:fault=ZX_ERR_INVALID_ARGS;\n}",
                Generation::kMagenta2017);
  ExpectExactly(text +
                    "\n t:short=ZX_ERR_INVALID_ARGS; t:bad=ZX_ERR_INVALID_ARGS; "
                    "t:fault=ZX_ERR_INVALID_ARGS;\n}",
                Generation::kZircon2018_10);
  ExpectExactly(text +
                "\n t:short=ZX_ERR_INVALID_ARGS; t:bad=ZX_ERR_BAD_HANDLE; "
                "t:fault=ZX_ERR_INVALID_ARGS;\n}");
}

// X-16, CC-10: two calls against each other with one id.
TEST(SpecCall, RequestsMatchTheOtherSidesWaitersInOldGenerationsOnly) {
  const std::string text = R"(
    { process p; channel a : p.a0 <-> p.a1; }
    thread p.c { c = zx_channel_call(a0, "C"); }
    thread p.d { d = zx_channel_call(a1, "D"); }
    locations [ c:c.bytes; d:d.bytes; a0.queue; a1.queue; ]
    outcomes exact { )";
  ExpectExactly(text + "\n c:c.bytes=none; d:d.bytes=none; a0.queue=[\"D\"]; a1.queue=[\"C\"];\n}");
  ExpectExactly(text + R"(
      c:c.bytes="D"; d:d.bytes=none; a0.queue=[]; a1.queue=["C"];
      c:c.bytes=none; d:d.bytes="C"; a0.queue=["D"]; a1.queue=[];
    })",
                Generation::kZircon2018_10);
}

// --- Endings ---

// C8, CC-14, CC-17, N-11, P-5: never both, never neither.
TEST(SpecCall, LateReplyIsQueuedAndAnEarlyOneBeatsTheDeadline) {
  ExpectExactly(R"(
    { process p; channel a : p.a0 <-> p.a1; }
    thread p.c { c = zx_channel_call(a0, "q", deadline: may); }
    thread p.s {
      zx_object_wait_one(a1, READABLE, deadline: never);
      m = zx_channel_read(a1);
      zx_channel_write(a1, "re", txid: m.txid);
    }
    locations [ c:c; a0.queue; a0.signals; ]
    outcomes exact {
      c:c=ZX_OK; a0.queue=[]; a0.signals=WRITABLE;
      c:c=ZX_ERR_TIMED_OUT; a0.queue=["re"]; a0.signals=READABLE | WRITABLE;
    })");
}

// C13, C14, CC-1, CC-2, CC-21, N-9, N-10, X-5.
TEST(SpecCall, EndsWithEitherEndpoint) {
  const auto text = [](std::string_view closed, std::string_view outcomes) {
    return "{ process p; channel a : p.a0 <-> p.a1; }\n"
           "thread p.c { c = zx_channel_call(a0, \"q\"); }\n"
           "thread p.k { zx_handle_close(" +
           std::string(closed) +
           "); }\n"
           "locations [ c:c; c:c.read_status; ]\noutcomes exact {\n" +
           std::string(outcomes) + "\n}";
  };
  ExpectExactly(text("a1", "c:c=ZX_ERR_PEER_CLOSED; c:c.read_status=ZX_OK;"));
  ExpectExactly(text("a0",
                     "c:c=ZX_ERR_BAD_HANDLE; c:c.read_status=ZX_OK;\n"
                     "c:c=ZX_ERR_PEER_CLOSED; c:c.read_status=ZX_OK;\n"
                     "c:c=ZX_ERR_CANCELED; c:c.read_status=ZX_OK;"));
  ExpectExactly(text("a1",
                     "c:c=ZX_ERR_PEER_CLOSED; c:c.read_status=ZX_OK;\n"
                     "c:c=ZX_ERR_CALL_FAILED; c:c.read_status=ZX_ERR_PEER_CLOSED;"),
                Generation::kZircon2018_04);
  ExpectExactly(text("a0",
                     "c:c=ZX_ERR_BAD_HANDLE; c:c.read_status=ZX_OK;\n"
                     "c:c=ZX_ERR_PEER_CLOSED; c:c.read_status=ZX_OK;\n"
                     "c:c=ZX_ERR_CALL_FAILED; c:c.read_status=ZX_ERR_CANCELED;"),
                Generation::kMagenta2017);
}

// H8, H9, X-4, CC-3: a call that was not sent keeps its handles or not; one that timed out never.
TEST(SpecCall, HandlesOfACallThatWasNotSent) {
  const std::string text = R"(
    { process p; channel a : p.a0 <-> p.a1; channel g : p.g0 <-> p.g1; event e : p.e0, p.e1, p.e2; }
    thread p.t {
      zx_handle_close(g1);
      args = zx_channel_call(a0, "q", handles: [e0], args: unmapped);
      dead = zx_channel_call(g0, "q", handles: [e1]);
      sent = zx_channel_call(a0, "q", handles: [e2], deadline: now);
      k0 = zx_handle_check_valid(e0); k1 = zx_handle_check_valid(e1);
      k2 = zx_handle_check_valid(e2);
    }
    locations [ t:args; t:dead; t:sent; t:k0; t:k1; t:k2; ]
    outcomes exact {
      t:args=ZX_ERR_INVALID_ARGS; t:dead=ZX_ERR_PEER_CLOSED; t:sent=ZX_ERR_TIMED_OUT; )";
  ExpectExactly(text + "t:k0=ZX_OK; t:k1=ZX_OK; t:k2=ZX_ERR_BAD_HANDLE;\n}",
                Generation::kZircon2018_04);
  ExpectExactly(text + "t:k0=ZX_OK; t:k1=ZX_ERR_BAD_HANDLE; t:k2=ZX_ERR_BAD_HANDLE;\n}");
}

// C10, CC-15, CC-16: a reply that does not fit or cannot be copied is lost; sizes are not told.
TEST(SpecCall, ReplyThatCannotBeTakenIsLostWithItsHandles) {
  const auto text = [](std::string_view limit, std::string_view status) {
    return "{ process p; channel a : p.a0 <-> p.a1; channel x : p.x0 <-> p.x1; }\n"
           "thread p.c { c = zx_channel_call(a0, \"q\", " +
           std::string(limit) +
           "); }\n"
           "thread p.s {\n zx_object_wait_one(a1, READABLE, deadline: never);\n"
           " m = zx_channel_read(a1);\n"
           " zx_channel_write(a1, \"re\", txid: m.txid, handles: [x0]);\n}\n"
           "locations [ c:c; c:c.read_status; c:c.actual_bytes; x1.signals; a0.queue; ]\n"
           "outcomes exact {\n" +
           std::string(status) + " c:c.actual_bytes=0; x1.signals=PEER_CLOSED; a0.queue=[];\n}";
  };
  for (std::string_view limit : {"max_handles: 0", "max_bytes: 5"}) {
    ExpectExactly(text(limit, "c:c=ZX_ERR_BUFFER_TOO_SMALL; c:c.read_status=ZX_OK;"));
    ExpectExactly(text(limit, "c:c=ZX_ERR_CALL_FAILED; c:c.read_status=ZX_ERR_BUFFER_TOO_SMALL;"),
                  Generation::kMagenta2017);
  }
  for (std::string_view limit : {"actual_bytes: null", "actual_handles: unmapped",
                                 "rd_bytes: unmapped", "rd_handles: null"}) {
    ExpectExactly(text(limit, "c:c=ZX_ERR_INVALID_ARGS; c:c.read_status=ZX_OK;"));
  }
  ExpectExactly(
      text("rd_bytes: null, read_status: null", "c:c=ZX_ERR_CALL_FAILED; c:c.read_status=ZX_OK;"),
      Generation::kZircon2018_04);
}

// CC-20, D-1: the reply was delivered before the peer closed.
TEST(SpecCall, ReplyThenCloseIsAReply) {
  ExpectExactly(R"(
    { process p; channel a : p.a0 <-> p.a1; }
    thread p.c { c = zx_channel_call(a0, "q"); }
    thread p.s {
      zx_object_wait_one(a1, READABLE, deadline: never);
      m = zx_channel_read(a1);
      zx_channel_write(a1, "re", txid: m.txid);
      zx_handle_close(a1);
    }
    locations [ c:c; c:c.bytes; ]
    outcomes exact {
      c:c=ZX_OK; c:c.bytes="re";
    })");
}

// CC-22, N-13, HO-5: replacing the handle is not noticed.
TEST(SpecCall, ReplaceOfItsHandleDoesNotEndACall) {
  ExpectExactly(R"(
    { process p; channel a : p.a0 <-> p.a1; }
    thread p.c { c = zx_channel_call(a0, "q", deadline: may); }
    thread p.r { r = zx_handle_replace(a0); }
    locations [ c:c; r:r; a1.signals; ]
    outcomes exact {
      c:c=ZX_ERR_BAD_HANDLE; r:r=ZX_OK; a1.signals=WRITABLE;
      c:c=ZX_ERR_TIMED_OUT; r:r=ZX_OK; a1.signals=READABLE | WRITABLE;
    })");
}

// T-7, X-12, P-1, N-12: receipt ends pending calls today; before, they went on.
TEST(SpecCall, ReceiptOfTheEndpointEndsCallsTodayOnly) {
  const std::string text = R"(
    { process p, q; channel a : p.a0 <-> p.a1; channel x : p.x0 <-> q.x1; }
    thread p.c { c = zx_channel_call(a0, "q"); }
    thread p.m { zx_object_wait_one(a1, READABLE, deadline: never); \
      zx_channel_write(x0, "take", handles: [a0]); }
    thread q.h { zx_object_wait_one(x1, READABLE, deadline: never); r = zx_channel_read(x1); }
    locations [ c:c; a0.owner; ]
    outcomes exact { )";
  ExpectExactly(text + "\n c:c=ZX_ERR_CANCELED; a0.owner=q;\n}");
  ExpectExactly(text + "\n c:c=none; a0.owner=q;\n}", Generation::kZircon2018_10);
}

// --- Interruptions ---

// CC-23, CC-28, N-19: suspended or not, the request is sent once and the reply found.
TEST(SpecCall, SuspensionNeitherRepeatsTheRequestNorLosesTheReply) {
  ExpectExactly(R"(
    { process p; channel a : p.a0 <-> p.a1; }
    thread p.c { c = zx_channel_call(a0, "q"); }
    thread p.s {
      zx_object_wait_one(a1, READABLE, deadline: never);
      zx_thread_suspend(c);
      m = zx_channel_read(a1);
      zx_channel_write(a1, "re", txid: m.txid);
      zx_thread_resume(c);
      n = zx_channel_read(a1);
    }
    locations [ c:c; c:c.bytes; s:n; a0.queue; ]
    outcomes exact {
      c:c=ZX_OK; c:c.bytes="re"; s:n=ZX_ERR_SHOULD_WAIT; a0.queue=[];
    })");
}

// CC-25: the call goes on with the endpoint, not with the handle.
TEST(SpecCall, HandleClosedWhileSuspendedIsCanceledNotBad) {
  ExpectExactly(R"(
    { process p; channel a : p.a0 <-> p.a1; }
    thread p.c { c = zx_channel_call(a0, "q"); }
    thread p.s {
      zx_object_wait_one(a1, READABLE, deadline: never);
      zx_thread_suspend(c);
      zx_handle_close(a0);
      zx_thread_resume(c);
    }
    locations [ c:c; ]
    outcomes exact {
      c:c=ZX_ERR_CANCELED;
    })");
}

// CC-30, N-20: sent or not, nothing is answered; a reply is taken and lost, or queued.
TEST(SpecCall, KilledCallerAnswersNothingAndLeavesNothingRegistered) {
  const AllowedOutcomes allowed = ExpectExactly(R"(
    { process p; channel a : p.a0 <-> p.a1; event e : p.e0; }
    thread p.c { c = zx_channel_call(a0, "q"); }
    thread p.k { zx_thread_kill(c); w = zx_channel_write(a1, "re", txid: 0x80000001); }
    locations [ c:c; k:w; a0.queue; a1.queue; ]
    outcomes exact {
      c:c=none; k:w=ZX_OK; a0.queue=["re"]; a1.queue=[];
      c:c=none; k:w=ZX_OK; a0.queue=["re"]; a1.queue=["q"];
      c:c=none; k:w=ZX_OK; a0.queue=[]; a1.queue=["q"];
    })");
  EXPECT_EQ(allowed.blocked_sets.size(), 1u);
  EXPECT_TRUE(allowed.blocked_sets.contains(0));
}

// CC-30: parked between the two halves the waiter stays, and swallows the reply.
TEST(SpecCall, CallerKilledWhileParkedIsTakenDown) {
  const AllowedOutcomes allowed = ExpectExactly(R"(
    { process p; channel a : p.a0 <-> p.a1; channel x : p.x0 <-> p.x1; }
    thread p.c { c = zx_channel_call(a0, "q"); }
    thread p.k {
      zx_object_wait_one(a1, READABLE, deadline: never);
      zx_thread_suspend(c);
      w = zx_channel_write(a1, "re", txid: 0x80000001, handles: [x0]);
      zx_thread_kill(c);
    }
    locations [ c:c; k:w; a0.queue; x1.signals; ]
    outcomes exact {
      c:c=none; k:w=ZX_OK; a0.queue=[]; x1.signals=PEER_CLOSED;
      c:c=none; k:w=ZX_OK; a0.queue=[]; x1.signals=WRITABLE;
    })");
  EXPECT_TRUE(allowed.blocked_sets.contains(0));
}

}  // namespace
}  // namespace model
