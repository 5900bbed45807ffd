// The reference model: closing handles, and the closes that follow from it.
//
// Map: one thread; order of nested closes as other threads see it; closes during calls.
#include "model/spec.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/model/exact_outcomes.h"

namespace model {
namespace {

// --- Close ---

// HO-1.
TEST(SpecClose, ClosingZeroIsFineAndClosingTwiceIsNot) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; }
    thread p.t {
      zero  = zx_handle_close(handle: 0);
      bogus = zx_handle_close(handle: 0x3);
      once  = zx_handle_close(a);
      twice = zx_handle_close(a);
      r     = zx_channel_read(a);
      empty  = zx_handle_close(r.handles[0]);
    }
    locations [ t:zero; t:bogus; t:once; t:twice; t:r; t:empty; a.owner; b.signals; ]
    outcomes exact {
      t:zero=ZX_OK; t:bogus=ZX_ERR_BAD_HANDLE; t:once=ZX_OK; t:twice=ZX_ERR_BAD_HANDLE; \
        t:r=ZX_ERR_BAD_HANDLE; t:empty=ZX_OK; a.owner=gone; b.signals=PEER_CLOSED;
    })");
}

// An event with two handles outlives the first.
TEST(SpecClose, ClosingOneHandleOfAnEventLeavesTheOther) {
  ExpectExactly(R"(
    { process p; event e : p.h1, p.h2; }
    thread p.t {
      k1 = zx_handle_close(h1);
      w  = zx_object_wait_one(h2, SIGNALED, deadline: now);
      k2 = zx_handle_close(h2);
    }
    locations [ t:k1; t:w; t:w.observed; t:k2; ]
    outcomes exact {
      t:k1=ZX_OK; t:w=ZX_ERR_TIMED_OUT; t:w.observed=0; t:k2=ZX_OK;
    })");
}

// O5, O6, D-5: all that is inside goes before the close answers, when nobody else is under way.
TEST(SpecClose, ClosingAnEndpointClosesHandlesInItsQueueToAnyDepth) {
  ExpectExactly(R"(
    { process p; channel c1 : p.a1 <-> p.b1; channel c2 : p.a2 <-> p.b2; \
      channel c3 : p.a3 <-> p.b3; }
    thread p.t {
      s2 = zx_channel_write(b2, "holds a3", handles: [a3]);
      s1 = zx_channel_write(b1, "holds a2", handles: [a2]);
      k  = zx_handle_close(a1);
      w1 = zx_object_wait_one(b1, PEER_CLOSED, deadline: now);
      w2 = zx_object_wait_one(b2, PEER_CLOSED, deadline: now);
      w3 = zx_object_wait_one(b3, PEER_CLOSED, deadline: now);
    }
    locations [ t:k; t:w1; t:w2; t:w3; a1.owner; a2.owner; a3.owner; ]
    outcomes exact {
      t:k=ZX_OK; t:w1=ZX_OK; t:w2=ZX_OK; t:w3=ZX_OK; a1.owner=gone; a2.owner=gone; a3.owner=gone;
    })");
}

// D-5: a chain far deeper than any stack of frames would bear.
TEST(SpecClose, DestructionOfADeepChainNeedsNoDeepStack) {
  constexpr int kDepth = 200;
  std::string init = "{ process p; ";
  std::string calls;
  for (int i = 0; i < kDepth; ++i) {
    const std::string n = std::to_string(i);
    init += "channel c" + n + " : p.a" + n + " <-> p.b" + n + "; ";
  }
  for (int i = kDepth - 1; i > 0; --i) {
    calls += "zx_channel_write(b" + std::to_string(i - 1) + ", \"\", handles: [a" +
             std::to_string(i) + "]);\n";
  }
  const std::string last = std::to_string(kDepth - 1);
  ExpectExactly(init + "}\nthread p.t {\n" + calls + "k = zx_handle_close(a0);\n" +
                "w = zx_object_wait_one(b" + last + ", PEER_CLOSED, deadline: now);\n}\n" +
                "locations [ t:k; t:w; b" + last + ".signals; ]\n" +
                "outcomes exact {\n t:k=ZX_OK; t:w=ZX_OK; b" + last + ".signals=PEER_CLOSED;\n}");
}

// D-5, R-2: nested channels come out one by one; those that nobody has taken go with the message.
TEST(SpecClose, NestedChannelsAreReceivedOneByOneOrGoWithTheirMessage) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; a.queue = ["deep" nest 2, "deep" nest 2000]; }
    thread p.t {
      s  = zx_channel_read(a, max_handles: 0);
      m  = zx_channel_read(a);
      n  = zx_channel_read(m.handles[0]);
      o  = zx_channel_read(n.handles[0]);
      e  = zx_channel_read(n.handles[0]);
      k  = zx_handle_close(a);
    }
    locations [ t:s; t:s.actual_handles; t:m.bytes; t:n; t:n.bytes; t:n.actual_handles; t:o; \
      t:o.actual_handles; t:e; t:k; b.signals; ]
    outcomes exact {
      t:s=ZX_ERR_BUFFER_TOO_SMALL; t:s.actual_handles=1; t:m.bytes="deep"; t:n=ZX_OK; \
        t:n.bytes=""; t:n.actual_handles=1; t:o=ZX_OK; t:o.actual_handles=0; \
        t:e=ZX_ERR_PEER_CLOSED; t:k=ZX_OK; b.signals=PEER_CLOSED;
    })");
}

// D-7: the discarded message closes an endpoint whose queue holds the other end of the very channel
// that is read.
TEST(SpecClose, DiscardingAMessageCanCloseTheReadersOwnPeer) {
  ExpectExactly(R"(
    { process p; channel ab : p.a <-> p.b; channel cd : p.c <-> p.d; }
    thread p.t {
      s1 = zx_channel_write(b, "", handles: [c]);
      s2 = zx_channel_write(d, "", handles: [b]);
      r1 = zx_channel_read(a, max_handles: 0, options: MAY_DISCARD);
      r2 = zx_channel_read(a);
    }
    locations [ t:s1; t:s2; t:r1; t:r2; b.owner; c.owner; d.signals; ]
    outcomes exact {
      t:s1=ZX_OK; t:s2=ZX_OK; t:r1=ZX_ERR_BUFFER_TOO_SMALL; t:r2=ZX_ERR_PEER_CLOSED; \
        b.owner=gone; c.owner=gone; d.signals=PEER_CLOSED;
    })");
}

// --- Nested closes ---

// O6, D-5: whoever sees the inner endpoint closed finds the outer one closed.
TEST(SpecClose, OuterPeerClosedPrecedesInnerPeerClosed) {
  ExpectExactly(R"(
    { process p, q; channel c : p.a <-> q.b; channel d : q.x <-> q.y; }
    thread q.s { s = zx_channel_write(b, "holds x", handles: [x]); }
    thread p.k {
      zx_object_wait_one(a, READABLE, deadline: never);
      k = zx_handle_close(a);
    }
    thread q.o {
      zx_object_wait_one(y, PEER_CLOSED, deadline: may);
      inner = zx_object_wait_one(y, PEER_CLOSED, deadline: now);
      outer = zx_object_wait_one(b, PEER_CLOSED, deadline: now);
    }
    locations [ o:inner; o:outer; b.signals; y.signals; x.owner; ]
    outcomes exact {
      o:inner=ZX_ERR_TIMED_OUT; o:outer=ZX_ERR_TIMED_OUT; b.signals=PEER_CLOSED; \
        y.signals=PEER_CLOSED; x.owner=gone;
      o:inner=ZX_ERR_TIMED_OUT; o:outer=ZX_OK; b.signals=PEER_CLOSED; y.signals=PEER_CLOSED; \
        x.owner=gone;
      o:inner=ZX_OK; o:outer=ZX_OK; b.signals=PEER_CLOSED; y.signals=PEER_CLOSED; x.owner=gone;
    })");
}

// Three states of a tree that is destroyed: x1 holds z; x1 and x2 lie side by side.
std::string TreeText(const std::string& destroy, const std::string& outcomes) {
  return R"(
    {
      process p, q;
      channel c : p.a <-> p.b;
      channel d1 : p.x1 <-> p.y1;
      channel d2 : p.x2 <-> q.y2;
      channel f : p.z <-> q.v;
    }
    thread p.t {
      s1 = zx_channel_write(y1, "holds z", handles: [z]);
      s2 = zx_channel_write(a, "holds x1 and x2", handles: [x1, x2]);
      )" +
         destroy + R"(
    }
    thread q.leaf_then_sibling {
      leaf = zx_object_wait_one(v, PEER_CLOSED, deadline: now);
      sibling = zx_object_wait_one(y2, PEER_CLOSED, deadline: now);
    }
    thread q.sibling_then_leaf {
      sibling = zx_object_wait_one(y2, PEER_CLOSED, deadline: now);
      leaf = zx_object_wait_one(v, PEER_CLOSED, deadline: now);
    }
    locations [ )" +
         outcomes;
}

// D-5: in a dying queue, handles that lie side by side close before what they hold.
TEST(SpecClose, SiblingsInADyingQueueCloseBeforeTheirQueues) {
  ExpectExactly(TreeText("k = zx_handle_close(b);",
                         R"(leaf_then_sibling:leaf; leaf_then_sibling:sibling; ]
    outcomes exact {
      leaf_then_sibling:leaf=ZX_ERR_TIMED_OUT; leaf_then_sibling:sibling=ZX_ERR_TIMED_OUT;
      leaf_then_sibling:leaf=ZX_ERR_TIMED_OUT; leaf_then_sibling:sibling=ZX_OK;
      leaf_then_sibling:leaf=ZX_OK; leaf_then_sibling:sibling=ZX_OK;
    })"));
}

// D-5: what the siblings held goes last in, first out: z2 of the second, then z1 of the first.
TEST(SpecClose, QueuesOfSiblingsInADyingQueueGoLastInFirstOut) {
  ExpectExactly(R"(
    {
      process p, q;
      channel c : p.a <-> p.b;
      channel d1 : p.x1 <-> p.y1;
      channel d2 : p.x2 <-> p.y2;
      channel f1 : p.z1 <-> q.v1;
      channel f2 : p.z2 <-> q.v2;
    }
    thread p.t {
      s1 = zx_channel_write(y1, "holds z1", handles: [z1]);
      s2 = zx_channel_write(y2, "holds z2", handles: [z2]);
      s3 = zx_channel_write(a, "holds x1 and x2", handles: [x1, x2]);
      k  = zx_handle_close(b);
    }
    thread q.o {
      first  = zx_object_wait_one(v1, PEER_CLOSED, deadline: now);
      second = zx_object_wait_one(v2, PEER_CLOSED, deadline: now);
    }
    locations [ o:first; o:second; ]
    outcomes exact {
      o:first=ZX_ERR_TIMED_OUT; o:second=ZX_ERR_TIMED_OUT;
      o:first=ZX_ERR_TIMED_OUT; o:second=ZX_OK;
      o:first=ZX_OK; o:second=ZX_OK;
    })");
}

// D-5: a discarding read closes one handle with all it holds, then the next.
TEST(SpecClose, DiscardedHandlesCloseOneSubtreeAfterTheOther) {
  ExpectExactly(TreeText("r = zx_channel_read(b, max_handles: 0, options: MAY_DISCARD);",
                         R"(sibling_then_leaf:sibling; sibling_then_leaf:leaf; ]
    outcomes exact {
      sibling_then_leaf:sibling=ZX_ERR_TIMED_OUT; sibling_then_leaf:leaf=ZX_ERR_TIMED_OUT;
      sibling_then_leaf:sibling=ZX_ERR_TIMED_OUT; sibling_then_leaf:leaf=ZX_OK;
      sibling_then_leaf:sibling=ZX_OK; sibling_then_leaf:leaf=ZX_OK;
    })"));
}

// N-18, D-3, P-4: a call under way keeps the queue alive. Then what is in it closes after the close
// has answered.
TEST(SpecClose, QueueOutlivesTheCloseWhileAReadIsUnderWay) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; channel d : p.x <-> p.y; }
    thread p.k {
      s = zx_channel_write(b, "", handles: [x]);
      k = zx_handle_close(a);
      w = zx_object_wait_one(y, PEER_CLOSED, deadline: now);
    }
    thread p.r { m = zx_channel_read(a, max_handles: 0); }
    locations [ r:m; k:w; y.signals; ]
    outcomes exact {
      r:m=ZX_ERR_BAD_HANDLE; k:w=ZX_OK; y.signals=PEER_CLOSED;
      r:m=ZX_ERR_SHOULD_WAIT; k:w=ZX_OK; y.signals=PEER_CLOSED;
      r:m=ZX_ERR_SHOULD_WAIT; k:w=ZX_ERR_TIMED_OUT; y.signals=PEER_CLOSED;
      r:m=ZX_ERR_BUFFER_TOO_SMALL; k:w=ZX_OK; y.signals=PEER_CLOSED;
      r:m=ZX_ERR_BUFFER_TOO_SMALL; k:w=ZX_ERR_TIMED_OUT; y.signals=PEER_CLOSED;
    })");
}

// N-18, W-14: a write under way finds its endpoint closed and goes. Who was last destroys the
// queue: the writer itself, which then sees x closed, or the closing thread, later than that.
TEST(SpecClose, EitherTheCloserOrTheLastCallUnderWayDestroysTheQueue) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; channel d : p.x <-> p.y; }
    thread p.k {
      s = zx_channel_write(b, "", handles: [x]);
      k = zx_handle_close(a);
    }
    thread p.w {
      st = zx_channel_write(a, "m");
      see = zx_object_wait_one(y, PEER_CLOSED, deadline: now);
    }
    locations [ w:st; w:see; y.signals; ]
    outcomes exact {
      w:st=ZX_OK; w:see=ZX_ERR_TIMED_OUT; y.signals=PEER_CLOSED;
      w:st=ZX_OK; w:see=ZX_OK; y.signals=PEER_CLOSED;
      w:st=ZX_ERR_PEER_CLOSED; w:see=ZX_ERR_TIMED_OUT; y.signals=PEER_CLOSED;
      w:st=ZX_ERR_PEER_CLOSED; w:see=ZX_OK; y.signals=PEER_CLOSED;
      w:st=ZX_ERR_BAD_HANDLE; w:see=ZX_ERR_TIMED_OUT; y.signals=PEER_CLOSED;
      w:st=ZX_ERR_BAD_HANDLE; w:see=ZX_OK; y.signals=PEER_CLOSED;
    })");
}

// N-18: so does a wait, until its thread has seen its end.
TEST(SpecClose, QueueOutlivesTheCloseUntilACanceledWaiterHasWoken) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; channel d : p.x <-> p.y; }
    thread p.k {
      s = zx_channel_write(b, "", handles: [x]);
      k = zx_handle_close(a);
      w = zx_object_wait_one(y, PEER_CLOSED, deadline: now);
    }
    thread p.o { w = zx_object_wait_one(a, PEER_CLOSED, deadline: never); }
    locations [ o:w; k:w; y.signals; ]
    outcomes exact {
      o:w=ZX_ERR_BAD_HANDLE; k:w=ZX_OK; y.signals=PEER_CLOSED;
      o:w=ZX_ERR_CANCELED; k:w=ZX_OK; y.signals=PEER_CLOSED;
      o:w=ZX_ERR_CANCELED; k:w=ZX_ERR_TIMED_OUT; y.signals=PEER_CLOSED;
    })");
}

}  // namespace
}  // namespace model
