// The reference model: what write and read answer, and in which order they check their arguments.
// One thread at a time; races are in outcomes_test.cc.
#include "model/spec.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/model/exact_outcomes.h"

namespace model {
namespace {

// A message as large as possible and one byte more, without the four bytes of its id.
std::string LargestPayload() {
  return std::string(core::kMaxMessageBytes - core::kTxidBytes, 'x');
}

// `h, h, h, ...`
std::string Repeat(const std::string& text, size_t times) {
  std::string list = text;
  for (size_t i = 1; i < times; ++i) list += ", " + text;
  return list;
}

// --- Write: bytes ---

// H-2, O3: the id stands in front of the payload.
TEST(SpecChannel, WriteStoresTheTransactionIdInFrontOfTheBytes) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; }
    thread p.t {
      s = zx_channel_write(a, "xyz", txid: 0x80000007);
      r = zx_channel_read(b);
      s2 = zx_channel_write(b, "re:" + r.bytes, txid: r.txid);
      r2 = zx_channel_read(a);
    }
    locations [ t:r; t:r.bytes; t:r.txid; t:r.actual_bytes; t:r.actual_handles; t:r2.bytes; \
      t:r2.txid; ]
    outcomes exact {
      t:r=ZX_OK; t:r.bytes="xyz"; t:r.txid=0x80000007; t:r.actual_bytes=7; t:r.actual_handles=0; \
        t:r2.bytes="re:xyz"; t:r2.txid=0x80000007;
    })");
}

// W-13: empty messages are messages. A message under four bytes has no id and no payload.
TEST(SpecChannel, ShortAndEmptyMessagesAreReadLikeAnyOther) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; }
    thread p.t {
      s1 = zx_channel_write(a, raw: "");
      w  = zx_object_wait_one(b, READABLE, deadline: now);
      s2 = zx_channel_write(a, raw: "abc");
      s3 = zx_channel_write(a, raw: "\x01\x00\x00\x00z");
      r1 = zx_channel_read(b);
      r2 = zx_channel_read(b);
      r3 = zx_channel_read(b);
    }
    locations [ t:w; t:r1; t:r1.actual_bytes; t:r2.bytes; t:r2.txid; t:r2.actual_bytes; \
      t:r3.bytes; t:r3.txid; ]
    outcomes exact {
      t:w=ZX_OK; t:r1=ZX_OK; t:r1.actual_bytes=0; t:r2.bytes=""; t:r2.txid=0; \
        t:r2.actual_bytes=3; t:r3.bytes="z"; t:r3.txid=1;
    })");
}

// O4, H-2.
TEST(SpecChannel, MessagesAreReadOldestFirst) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; b.queue = ["0"]; }
    thread p.t {
      s1 = zx_channel_write(a, "1");
      s2 = zx_channel_write(a, "2");
      r0 = zx_channel_read(b);
      r1 = zx_channel_read(b);
    }
    locations [ t:r0.bytes; t:r1.bytes; b.queue; b.signals; ]
    outcomes exact {
      t:r0.bytes="0"; t:r1.bytes="1"; b.queue=["2"]; b.signals=READABLE | WRITABLE;
    })");
}

// W3: the limit counts all bytes, the id included.
TEST(SpecChannel, LargestMessageIsWrittenAndOneByteMoreIsOutOfRange) {
  const auto text = [](const std::string& payload) {
    return "{ process p; channel c : p.a <-> p.b; }\n"
           "thread p.t { s = zx_channel_write(a, \"" +
           payload +
           "\"); r = zx_channel_read(b); }\n"
           "locations [ t:s; t:r; t:r.actual_bytes; ]\n";
  };
  ExpectExactly(text(LargestPayload()) +
                "outcomes exact {\n t:s=ZX_OK; t:r=ZX_OK; t:r.actual_bytes=65536;\n}");
  ExpectExactly(text(LargestPayload() + "x") +
                "outcomes exact {\n t:s=ZX_ERR_OUT_OF_RANGE; t:r=ZX_ERR_SHOULD_WAIT; "
                "t:r.actual_bytes=0;\n}");
}

// --- Write: the channel's handle ---

// H-7, X-9: a bad handle, then the type, then the right.
TEST(SpecChannel, WriteChecksHandleThenTypeThenRight) {
  ExpectExactly(R"(
    { process p; channel c : p.a [-WRITE] <-> p.b; event e : p.h [NONE]; }
    thread p.t {
      zero  = zx_channel_write(handle: 0, "x");
      bogus = zx_channel_write(handle: 0x3, "x");
      type  = zx_channel_write(h, "x");
      right = zx_channel_write(a, "x");
    }
    locations [ t:zero; t:bogus; t:type; t:right; ]
    outcomes exact {
      t:zero=ZX_ERR_BAD_HANDLE; t:bogus=ZX_ERR_BAD_HANDLE; t:type=ZX_ERR_WRONG_TYPE; \
        t:right=ZX_ERR_ACCESS_DENIED;
    })");
}

// 5.1, W11: options come before everything else.
TEST(SpecChannel, WriteChecksOptionsBeforeItsHandle) {
  ExpectExactly(R"(
    { process p; }
    thread p.t { s = zx_channel_write(handle: 0, "x", options: 1); }
    locations [ t:s; ]
    outcomes exact {
      t:s=ZX_ERR_INVALID_ARGS;
    })");
}

// 5.1: the right before the sizes, the sizes before the handles that are sent.
TEST(SpecChannel, WriteChecksItsRightBeforeSizesAndSizesBeforeSentHandles) {
  const std::string payload = LargestPayload() + "x";
  ExpectExactly(
      "{ process p; channel c : p.a [-WRITE] <-> p.b; }\n"
      "thread p.t {\n"
      "  right = zx_channel_write(a, \"" +
      payload +
      "\");\n"
      "  size = zx_channel_write(b, \"" +
      payload +
      "\", handles: [0]);\n"
      "}\n"
      "locations [ t:right; t:size; ]\n"
      "outcomes exact {\n t:right=ZX_ERR_ACCESS_DENIED; t:size=ZX_ERR_OUT_OF_RANGE;\n}");
}

// W13, W-11.
TEST(SpecChannel, WriteToAClosedPeerAnswersPeerClosed) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; }
    thread p.t { k = zx_handle_close(b); s = zx_channel_write(a, "x"); }
    locations [ t:s; a.signals; b.owner; b.signals; b.queue; ]
    outcomes exact {
      t:s=ZX_ERR_PEER_CLOSED; a.signals=PEER_CLOSED; b.owner=gone; b.signals=0; b.queue=[];
    })");
}

// --- Write: the handles that are sent ---

// W-1, T-1, H7.
TEST(SpecChannel, SentHandleLeavesTheTableAndArrivesUnderANewValue) {
  ExpectExactly(R"(
    { process p, q; channel c : p.a <-> p.b; channel d : p.x <-> q.y; }
    thread p.t {
      s = zx_channel_write(a, "x", handles: [x]);
      old1 = zx_handle_close(x);
      r = zx_channel_read(b);
      old2 = zx_handle_close(x);
      s2 = zx_channel_write(r.handles[0], "via new value");
    }
    locations [ t:s; t:old1; t:r; t:r.actual_handles; t:old2; t:s2; x.owner; y.queue; ]
    outcomes exact {
      t:s=ZX_OK; t:old1=ZX_ERR_BAD_HANDLE; t:r=ZX_OK; t:r.actual_handles=1; \
        t:old2=ZX_ERR_BAD_HANDLE; t:s2=ZX_OK; x.owner=p; y.queue=["via new value"];
    })");
}

// T-2, T-3: in transit an endpoint is alive, keeps its queue and receives messages.
TEST(SpecChannel, EndpointInTransitKeepsItsQueueAndReceivesMore) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; channel d : p.x <-> p.y; x.queue = ["before"]; }
    thread p.t {
      s = zx_channel_write(a, "carrier", handles: [x]);
      s2 = zx_channel_write(y, "while in transit");
    }
    locations [ t:s2; x.owner; x.queue; x.signals; ]
    outcomes exact {
      t:s2=ZX_OK; x.owner=transit; x.queue=["before", "while in transit"]; \
        x.signals=READABLE | WRITABLE;
    })");
}

// R-10: order and rights travel unchanged.
TEST(SpecChannel, HandlesArriveInOrderWithTheRightsTheyWereSentWith) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; channel d : p.x [-WRITE] <-> p.y; event e : p.h; }
    thread p.t {
      s = zx_channel_write(a, "", handles: [h, x]);
      r = zx_channel_read(b);
      first = zx_channel_write(r.handles[0], "");
      second = zx_channel_write(r.handles[1], "");
      third = zx_channel_write(r.handles[2], "");
    }
    locations [ t:r.actual_handles; t:first; t:second; t:third; ]
    outcomes exact {
      t:r.actual_handles=2; t:first=ZX_ERR_WRONG_TYPE; t:second=ZX_ERR_ACCESS_DENIED; \
        t:third=ZX_ERR_BAD_HANDLE;
    })");
}

// W-3, H3: even a write with wrong options, a bad channel or a closed peer takes the handles.
TEST(SpecChannel, FailedWriteClosesTheHandlesItWasToSend) {
  const auto text = [](const std::string& write, const std::string& status) {
    return "{ process p; channel c : p.a <-> p.b; channel d : p.x <-> p.y; event e : p.h; }\n"
           "thread p.t {\n k0 = zx_handle_close(b);\n s = zx_channel_write(" +
           write +
           ");\n"
           " k = zx_handle_close(x);\n k2 = zx_handle_close(h);\n}\n"
           "locations [ t:s; t:k; t:k2; y.signals; x.owner; ]\n"
           "outcomes exact {\n t:s=" +
           status +
           "; t:k=ZX_ERR_BAD_HANDLE; t:k2=ZX_ERR_BAD_HANDLE; "
           "y.signals=PEER_CLOSED; x.owner=gone;\n}";
  };
  ExpectExactly(text("a, \"\", handles: [0, x, 0x7, h], options: 8", "ZX_ERR_INVALID_ARGS"));
  ExpectExactly(text("handle: 0x3, \"\", handles: [x, h]", "ZX_ERR_BAD_HANDLE"));
  ExpectExactly(text("h, \"\", handles: [x, h]", "ZX_ERR_WRONG_TYPE"));
  ExpectExactly(text("a, \"\", handles: [x, h]", "ZX_ERR_PEER_CLOSED"));
  ExpectExactly(text("a, \"\", handles: [0, x, h]", "ZX_ERR_BAD_HANDLE"));
  ExpectExactly(text("a, \"\", handles: [h, h, x]", "ZX_ERR_BAD_HANDLE"));
  ExpectExactly(text("a, \"" + LargestPayload() + "x\", handles: [x, h]", "ZX_ERR_OUT_OF_RANGE"));
}

// W2, W-3: however many there are.
TEST(SpecChannel, TooManyHandlesAreOutOfRangeAndAllAreClosed) {
  const auto text = [](size_t zeros, const std::string& status) {
    return "{ process p; channel c : p.a <-> p.b; event e : p.first, p.last; }\n"
           "thread p.t {\n"
           " s = zx_channel_write(a, \"\", handles: [first, " +
           Repeat("0", zeros) +
           ", last]);\n"
           " k1 = zx_handle_close(first);\n k2 = zx_handle_close(last);\n}\n"
           "locations [ t:s; t:k1; t:k2; b.queue; ]\n"
           "outcomes exact {\n t:s=" +
           status +
           "; t:k1=ZX_ERR_BAD_HANDLE; "
           "t:k2=ZX_ERR_BAD_HANDLE; b.queue=[];\n}";
  };
  ExpectExactly(text(62, "ZX_ERR_BAD_HANDLE"));
  ExpectExactly(text(63, "ZX_ERR_OUT_OF_RANGE"));
  ExpectExactly(text(500, "ZX_ERR_OUT_OF_RANGE"));
}

// C-2.
TEST(SpecChannel, SixtyFourHandlesFitIntoAMessage) {
  std::string names;
  std::string declarations;
  for (int i = 0; i < 64; ++i) {
    names += (i == 0 ? "h" : ", h") + std::to_string(i);
    declarations += (i == 0 ? "p.h" : ", p.h") + std::to_string(i);
  }
  ExpectExactly("{ process p; channel c : p.a <-> p.b; event e : " + declarations +
                "; }\n"
                "thread p.t { s = zx_channel_write(a, \"\", handles: [" +
                names +
                "]);\n"
                "r = zx_channel_read(b); k = zx_handle_close(r.handles[63]); }\n"
                "locations [ t:s; t:r.actual_handles; t:k; ]\n"
                "outcomes exact {\n t:s=ZX_OK; t:r.actual_handles=64; t:k=ZX_OK;\n}");
}

// 5.1 step 6: all are processed, the first wrong position decides.
TEST(SpecChannel, FirstWrongPositionAmongSentHandlesDecides) {
  const auto text = [](const std::string& handles, const std::string& status) {
    return "{ process p; channel c : p.a <-> p.b; event e : p.good, p.stuck [-TRANSFER]; }\n"
           "thread p.t { s = zx_channel_write(a, \"\", handles: [" +
           handles +
           "]); }\n"
           "locations [ t:s; b.queue; ]\n"
           "outcomes exact {\n t:s=" +
           status + "; b.queue=[];\n}";
  };
  ExpectExactly(text("good, stuck, 0", "ZX_ERR_ACCESS_DENIED"));
  ExpectExactly(text("good, 0, stuck, a", "ZX_ERR_BAD_HANDLE"));
  ExpectExactly(text("a, stuck, 0", "ZX_ERR_NOT_SUPPORTED"));
  ExpectExactly(text("stuck, a", "ZX_ERR_ACCESS_DENIED"));
}

// 5.1 step 6, X-7: within one handle the missing right beats "itself".
TEST(SpecChannel, SendingAnUntransferableChannelThroughItselfIsAccessDenied) {
  ExpectExactly(R"(
    { process p; channel c : p.a [-TRANSFER] <-> p.b; }
    thread p.t { s = zx_channel_write(a, "", handles: [a]); }
    locations [ t:s; b.signals; a.owner; ]
    outcomes exact {
      t:s=ZX_ERR_ACCESS_DENIED; b.signals=PEER_CLOSED; a.owner=gone;
    })");
}

// 5.1: the handles are checked before the peer.
TEST(SpecChannel, WrongSentHandleBeatsClosedPeer) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; event e : p.h [-TRANSFER]; }
    thread p.t { k = zx_handle_close(b); s = zx_channel_write(a, "", handles: [h]); }
    locations [ t:s; ]
    outcomes exact {
      t:s=ZX_ERR_ACCESS_DENIED;
    })");
}

// W-5, W12, O15: refused, and consumed like any other handle of a failed write.
TEST(SpecChannel, SendingAChannelThroughItselfClosesIt) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; channel d : p.x <-> p.y; a.queue = ["lost"]; }
    thread p.t {
      s = zx_channel_write(a, "", handles: [x, a]);
      k = zx_handle_close(a);
    }
    locations [ t:s; t:k; a.owner; b.signals; b.queue; y.signals; ]
    outcomes exact {
      t:s=ZX_ERR_NOT_SUPPORTED; t:k=ZX_ERR_BAD_HANDLE; a.owner=gone; b.signals=PEER_CLOSED; \
        b.queue=[]; y.signals=PEER_CLOSED;
    })");
}

// H-10: the peer can be sent, into its own queue, and stays there for ever.
TEST(SpecChannel, EndpointSentIntoItsOwnQueueIsNeverFreed) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; }
    thread p.t { s = zx_channel_write(a, "self", handles: [b]); k = zx_handle_close(a); }
    locations [ t:s; b.owner; b.queue; b.signals; ]
    outcomes exact {
      t:s=ZX_OK; b.owner=transit; b.queue=["self"]; b.signals=READABLE | PEER_CLOSED;
    })");
}

// W-7.
TEST(SpecChannel, TwoHandlesToOneEventCanBeSentTogether) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; event e : p.h1, p.h2; }
    thread p.t { s = zx_channel_write(a, "", handles: [h1, h2]); r = zx_channel_read(b); }
    locations [ t:s; t:r.actual_handles; ]
    outcomes exact {
      t:s=ZX_OK; t:r.actual_handles=2;
    })");
}

// --- Read ---

// 7.1: the handle, then its type, then the right, and only then the options.
TEST(SpecChannel, ReadChecksHandleTypeRightAndThenOptions) {
  ExpectExactly(R"(
    { process p; channel c : p.a [-READ] <-> p.b; event e : p.h [NONE]; }
    thread p.t {
      zero  = zx_channel_read(handle: 0, options: 2);
      bogus = zx_channel_read(handle: 0x3);
      type  = zx_channel_read(h, options: 2);
      right = zx_channel_read(a, options: 2);
      opt   = zx_channel_read(b, options: 3);
      empty = zx_channel_read(b, options: MAY_DISCARD);
    }
    locations [ t:zero; t:bogus; t:type; t:right; t:opt; t:empty; ]
    outcomes exact {
      t:zero=ZX_ERR_BAD_HANDLE; t:bogus=ZX_ERR_BAD_HANDLE; t:type=ZX_ERR_WRONG_TYPE; \
        t:right=ZX_ERR_ACCESS_DENIED; t:opt=ZX_ERR_NOT_SUPPORTED; t:empty=ZX_ERR_SHOULD_WAIT;
    })");
}

// R-1, S-5, O7: the messages of a closed peer are read before its absence shows.
TEST(SpecChannel, ReadAfterPeerClosedDrainsTheQueueFirst) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; }
    thread p.t {
      s  = zx_channel_write(a, "last");
      k  = zx_handle_close(a);
      w1 = zx_object_wait_one(b, PEER_CLOSED, deadline: now);
      r1 = zx_channel_read(b);
      w2 = zx_object_wait_one(b, PEER_CLOSED, deadline: now);
      r2 = zx_channel_read(b);
    }
    locations [ t:w1.observed; t:r1; t:r1.bytes; t:w2.observed; t:r2; ]
    outcomes exact {
      t:w1.observed=READABLE | PEER_CLOSED; t:r1=ZX_OK; t:r1.bytes="last"; \
        t:w2.observed=PEER_CLOSED; t:r2=ZX_ERR_PEER_CLOSED;
    })");
}

// R-3, R-4, H5: sizes are told and nothing is taken.
TEST(SpecChannel, BufferTooSmallLeavesTheMessageInTheQueue) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; event e : p.h; b.queue = ["12345"]; }
    thread p.t {
      s  = zx_channel_write(a, "", handles: [h]);
      r1 = zx_channel_read(b, max_bytes: 8, options: 0);
      r2 = zx_channel_read(b, max_bytes: 9, max_handles: 0);
      r3 = zx_channel_read(b, max_handles: 0);
      r4 = zx_channel_read(b, max_bytes: 4, max_handles: 1);
    }
    locations [ t:r1; t:r1.bytes; t:r1.actual_bytes; t:r2; t:r2.bytes; t:r3; \
      t:r3.actual_handles; t:r3.actual_bytes; t:r4; t:r4.actual_handles; ]
    outcomes exact {
      t:r1=ZX_ERR_BUFFER_TOO_SMALL; t:r1.bytes=""; t:r1.actual_bytes=9; t:r2=ZX_OK; \
        t:r2.bytes="12345"; t:r3=ZX_ERR_BUFFER_TOO_SMALL; t:r3.actual_handles=1; \
        t:r3.actual_bytes=4; t:r4=ZX_OK; t:r4.actual_handles=1;
    })");
}

// R-5, H6, S-3: with MAY_DISCARD the message and its handles go, and the sizes are still told.
TEST(SpecChannel, BufferTooSmallWithMayDiscardDestroysTheMessage) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; channel d : p.x <-> p.y; }
    thread p.t {
      s = zx_channel_write(a, "big", handles: [x]);
      r = zx_channel_read(b, max_handles: 0, options: MAY_DISCARD);
      n = zx_channel_read(b);
    }
    locations [ t:r; t:r.actual_bytes; t:r.actual_handles; t:n; b.signals; y.signals; x.owner; ]
    outcomes exact {
      t:r=ZX_ERR_BUFFER_TOO_SMALL; t:r.actual_bytes=7; t:r.actual_handles=1; \
        t:n=ZX_ERR_SHOULD_WAIT; b.signals=WRITABLE; y.signals=PEER_CLOSED; x.owner=gone;
    })");
}

// R-5: a message that fits is read, whatever MAY_DISCARD allows.
TEST(SpecChannel, MayDiscardReadsAMessageThatFits) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; b.queue = ["1"]; }
    thread p.t { r = zx_channel_read(b, max_bytes: 5, options: MAY_DISCARD); }
    locations [ t:r; t:r.bytes; ]
    outcomes exact {
      t:r=ZX_OK; t:r.bytes="1";
    })");
}

}  // namespace
}  // namespace model
