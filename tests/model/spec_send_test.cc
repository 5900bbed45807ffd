// The reference model: what the generations make of writes, dispositions and iovecs. One thread at
// a time, unless a test is about a race.
#include <gtest/gtest.h>

#include "tests/model/exact_outcomes.h"

namespace model {
namespace {

// --- Which write fails how ---

// X-9, H-7.
TEST(SpecSend, WrongTypeAndMissingRightTogetherAreToldByGeneration) {
  const std::string text = R"(
    { process p; event e : p.h [NONE]; }
    thread p.t { s = zx_channel_write(h, "x"); r = zx_channel_read(h); }
    locations [ t:s; t:r; ]
    outcomes exact { )";
  for (Generation old :
       {Generation::kMagenta2017, Generation::kZircon2018_04, Generation::kZircon2018_10}) {
    ExpectExactly(text + "\n t:s=ZX_ERR_ACCESS_DENIED; t:r=ZX_ERR_ACCESS_DENIED;\n}", old);
  }
  ExpectExactly(text + "\n t:s=ZX_ERR_WRONG_TYPE; t:r=ZX_ERR_WRONG_TYPE;\n}");
}

constexpr std::string_view kFailedWrites = R"(
  {
    process p; channel a : p.a0 <-> p.a1; channel g : p.g0 <-> p.g1;
    event e : p.e0, p.e1, p.e2, p.e3 [-TRANSFER]; channel c : p.c0 [-TRANSFER] <-> p.c1;
  }
  thread p.t {
    zx_handle_close(g1);
    early  = zx_channel_write(a0, "x", handles: [e0], options: 1);
    closed = zx_channel_write(g0, "x", handles: [e1]);
    twice  = zx_channel_write(a0, "x", handles: [e2, e2]);
    right  = zx_channel_write(a0, "x", handles: [e3]);
    both   = zx_channel_write(c0, "x", handles: [c0]);
    self   = zx_channel_write(a0, "x", handles: [a0]);
    k0 = zx_handle_check_valid(e0); k1 = zx_handle_check_valid(e1); k2 = zx_handle_check_valid(e2);
    k3 = zx_handle_check_valid(e3); k4 = zx_handle_check_valid(c0); k5 = zx_handle_check_valid(a0);
  }
  locations [ t:early; t:closed; t:twice; t:right; t:both; t:self; t:k0; t:k1; t:k2; t:k3; t:k4; \
    t:k5; ]
  outcomes exact {
)";

// H2, X-3, X-6, X-7, W-2.
TEST(SpecSend, FailedWriteKeepsItsHandlesUntilMid2018) {
  for (Generation old : {Generation::kMagenta2017, Generation::kZircon2018_04}) {
    ExpectExactly(std::string(kFailedWrites) + R"(
      t:early=ZX_ERR_INVALID_ARGS; t:closed=ZX_ERR_PEER_CLOSED; t:twice=ZX_ERR_INVALID_ARGS; \
        t:right=ZX_ERR_ACCESS_DENIED; t:both=ZX_ERR_NOT_SUPPORTED; t:self=ZX_ERR_NOT_SUPPORTED; \
        t:k0=ZX_OK; t:k1=ZX_OK; t:k2=ZX_OK; t:k3=ZX_OK; t:k4=ZX_OK; t:k5=ZX_OK;
    })",
                  old);
  }
}

// H3, X-3, X-6, X-7, W-5, W-6.
TEST(SpecSend, FailedWriteConsumesItsHandlesSinceMid2018) {
  for (Generation generation : {Generation::kZircon2018_10, Generation::kCurrent}) {
    ExpectExactly(std::string(kFailedWrites) + R"(
      t:early=ZX_ERR_INVALID_ARGS; t:closed=ZX_ERR_PEER_CLOSED; t:twice=ZX_ERR_BAD_HANDLE; \
        t:right=ZX_ERR_ACCESS_DENIED; t:both=ZX_ERR_ACCESS_DENIED; t:self=ZX_ERR_NOT_SUPPORTED; \
        t:k0=ZX_ERR_BAD_HANDLE; t:k1=ZX_ERR_BAD_HANDLE; t:k2=ZX_ERR_BAD_HANDLE; \
        t:k3=ZX_ERR_BAD_HANDLE; t:k4=ZX_ERR_BAD_HANDLE; t:k5=ZX_ERR_BAD_HANDLE;
    })",
                  generation);
  }
}

// W-2: between the two moments of a failing write its handles are in no table, then they are back.
TEST(SpecSend, HandlesOfAFailingWriteAreAbsentForAMoment) {
  ExpectExactly(R"(
    { process p; channel a : p.a0 <-> p.a1; event e : p.e0; }
    thread p.t { zx_handle_close(a1); s = zx_channel_write(a0, "x", handles: [e0]); }
    thread p.u { k = zx_handle_check_valid(e0); l = zx_handle_check_valid(e0); }
    locations [ t:s; u:k; u:l; ]
    outcomes exact {
      t:s=ZX_ERR_PEER_CLOSED; u:k=ZX_OK; u:l=ZX_OK;
      t:s=ZX_ERR_PEER_CLOSED; u:k=ZX_OK; u:l=ZX_ERR_BAD_HANDLE;
      t:s=ZX_ERR_PEER_CLOSED; u:k=ZX_ERR_BAD_HANDLE; u:l=ZX_OK;
      t:s=ZX_ERR_PEER_CLOSED; u:k=ZX_ERR_BAD_HANDLE; u:l=ZX_ERR_BAD_HANDLE;
    })",
                Generation::kZircon2018_04);
}

// X-11, O12: without the owner test the old owner's write lands behind the heir's.
TEST(SpecSend, OldOwnersWriteMayComeAfterTheHeirsUntilLate2018) {
  const std::string text = R"(
    { process client, heir; channel a : client.a0 <-> heir.a1; channel p : client.p0 <-> heir.p1; }
    thread client.w { st = zx_channel_write(a0, "old"); }
    thread client.m { zx_channel_write(p0, "take", handles: [a0]); }
    thread heir.h {
           zx_object_wait_one(p1, READABLE, deadline: never);
      r  = zx_channel_read(p1);
      st = zx_channel_write(r.handles[0], "new");
    }
    locations [ w:st; h:st; a1.queue; ]
    outcomes exact {
      w:st=ZX_OK; h:st=ZX_OK; a1.queue=["old", "new"];
      w:st=ZX_ERR_BAD_HANDLE; h:st=ZX_OK; a1.queue=["new"];)";
  ExpectExactly(text + "\n w:st=ZX_OK; h:st=ZX_OK; a1.queue=[\"new\", \"old\"];\n}",
                Generation::kZircon2018_04);
  ExpectExactly(text + "\n}", Generation::kZircon2018_10);
  ExpectExactly(text + "\n}");
}

// X-26, R-14: the reader's own endpoint closes between look-up and look into the queue.
TEST(SpecSend, EmptyQueueOfAnEndpointClosedMidReadIsToldByGeneration) {
  const std::string text = R"(
    { process p; channel a : p.a0 <-> p.a1; }
    thread p.t { r = zx_channel_read(a0); }
    thread p.k { zx_handle_close(a0); }
    locations [ t:r; ]
    outcomes exact {
      t:r=ZX_ERR_BAD_HANDLE;
      t:r=ZX_ERR_SHOULD_WAIT;)";
  ExpectExactly(text + "\n}");
  ExpectExactly(text + "\n t:r=ZX_ERR_PEER_CLOSED;\n}", Generation::kZircon2018_10);
}

// X-28.
TEST(SpecSend, CallsOfLaterGenerationsAreBadSyscalls) {
  const std::string text = R"(
    { process p; channel a : p.a0 <-> p.a1; event e : p.e0; }
    thread p.t {
      w = zx_channel_write_etc(a0, "x", dispositions: [move e0]);
      c = zx_channel_call_etc(a0, "x", deadline: now);
      r = zx_channel_read_etc(a1);
      m = zx_handle_close_many([e0]);
      v = zx_channel_write(a0, iovecs: ["abc"]);
    }
    locations [ t:w; t:c; t:r; t:m; t:v; ]
    outcomes exact { )";
  ExpectExactly(text + R"(
      t:w=ZX_ERR_BAD_SYSCALL; t:c=ZX_ERR_BAD_SYSCALL; t:r=ZX_ERR_BAD_SYSCALL; \
        t:m=ZX_ERR_BAD_SYSCALL; t:v=ZX_ERR_INVALID_ARGS;
    })",
                Generation::kMagenta2017);
  ExpectExactly(text + R"(
      t:w=ZX_ERR_BAD_SYSCALL; t:c=ZX_ERR_BAD_SYSCALL; t:r=ZX_ERR_SHOULD_WAIT; \
        t:m=ZX_ERR_BAD_SYSCALL; t:v=ZX_ERR_INVALID_ARGS;
    })",
                Generation::kZircon2018_04);
  ExpectExactly(text + R"(
      t:w=ZX_ERR_BAD_SYSCALL; t:c=ZX_ERR_BAD_SYSCALL; t:r=ZX_ERR_SHOULD_WAIT; t:m=ZX_OK; \
        t:v=ZX_ERR_INVALID_ARGS;
    })",
                Generation::kZircon2018_10);
  ExpectExactly(text + R"(
      t:w=ZX_OK; t:c=ZX_ERR_TIMED_OUT; t:r=ZX_OK; t:m=ZX_ERR_BAD_HANDLE; t:v=ZX_OK;
    })");
}

// --- Bad pointers and sizes ---

// 5.1, W-4, W-13, W10: bytes are copied before handles; an array that cannot be read closes
// nothing.
TEST(SpecSend, UnreadableArrayKeepsWhatAnUnreadableMessageConsumes) {
  ExpectExactly(R"(
    { process p; channel a : p.a0 <-> p.a1; event e : p.e0, p.e1; }
    thread p.t {
      bytes = zx_channel_write(a0, null, count: 1, handles: [e0]);
      array = zx_channel_write(a0, "x", handles: unmapped, handle_count: 1);
      empty = zx_channel_write(a0, null, count: 0, handles: null);
      k0 = zx_handle_check_valid(e0); k1 = zx_handle_check_valid(e1);
    }
    locations [ t:bytes; t:array; t:empty; t:k0; t:k1; ]
    outcomes exact {
      t:bytes=ZX_ERR_INVALID_ARGS; t:array=ZX_ERR_INVALID_ARGS; t:empty=ZX_OK; \
        t:k0=ZX_ERR_BAD_HANDLE; t:k1=ZX_OK;
    })");
}

// W-3: a count beyond the limit closes everything, and what the caller did not write down is zeros.
TEST(SpecSend, CountBeyondTheArrayReadsAsZeros) {
  ExpectExactly(R"(
    { process p; channel a : p.a0 <-> p.a1; event e : p.e0, p.e1; }
    thread p.t {
      zero = zx_channel_write(a0, "x", handles: [e0], handle_count: 2);
      many = zx_channel_write(a0, "x", handles: [e1], handle_count: 65);
      k0 = zx_handle_check_valid(e0); k1 = zx_handle_check_valid(e1);
      long = zx_channel_write(a0, raw: "abcdefgh", count: 10);
      r = zx_channel_read(a1);
    }
    locations [ t:zero; t:many; t:k0; t:k1; t:long; t:r.bytes; t:r.actual_bytes; ]
    outcomes exact {
      t:zero=ZX_ERR_BAD_HANDLE; t:many=ZX_ERR_OUT_OF_RANGE; t:k0=ZX_ERR_BAD_HANDLE; \
        t:k1=ZX_ERR_BAD_HANDLE; t:long=ZX_OK; t:r.bytes="efgh\x00\x00"; t:r.actual_bytes=10;
    })");
}

// R-6, R-9, 7.1: faults of a read, in the order of its copies.
TEST(SpecSend, ReadThatCannotCopyOutLosesItsMessage) {
  ExpectExactly(R"(
    { process p; channel a : p.a0 <-> p.a1; event e : p.e0; a1.queue = ["1", "2", "3"]; }
    thread p.t {
      skip  = zx_channel_read(a1, actual_bytes: null, actual_handles: null);
      small = zx_channel_read(a1, max_bytes: 0, actual_bytes: unmapped);
      lost  = zx_channel_read(a1, rd_bytes: null);
      kept  = zx_channel_read(a1, rd_handles: null);
      end   = zx_channel_read(a1);
    }
    locations [ t:skip; t:skip.actual_bytes; t:small; t:lost; t:lost.actual_bytes; t:kept; \
      t:kept.bytes; t:end; ]
    outcomes exact {
      t:skip=ZX_OK; t:skip.actual_bytes=0; t:small=ZX_ERR_INVALID_ARGS; \
        t:lost=ZX_ERR_INVALID_ARGS; t:lost.actual_bytes=0; t:kept=ZX_OK; t:kept.bytes="3"; \
        t:end=ZX_ERR_SHOULD_WAIT;
    })");
}

// R-6, X-23: the values that cannot be told are closed, or sit in the table for ever.
TEST(SpecSend, HandlesWhoseValuesCannotBeToldCloseOrLeak) {
  const std::string text = R"(
    { process p; channel a : p.a0 <-> p.a1; channel c : p.c0 <-> p.c1; }
    thread p.t {
      zx_channel_write(a0, "x", handles: [c0]);
      r = zx_channel_read(a1, rd_handles: unmapped);
    }
    locations [ t:r; c0.owner; c1.signals; ]
    outcomes exact { )";
  ExpectExactly(text + "\n t:r=ZX_ERR_INVALID_ARGS; c0.owner=gone; c1.signals=PEER_CLOSED;\n}");
  ExpectExactly(text + "\n t:r=ZX_OK; c0.owner=p; c1.signals=WRITABLE;\n}",
                Generation::kZircon2018_10);
}

// R-10, X-28.
TEST(SpecSend, ReadEtcTellsTypesAndRights) {
  ExpectExactly(R"(
    { process p; channel a : p.a0 <-> p.a1; event e : p.e0 [TRANSFER, WAIT]; }
    thread p.t {
      zx_channel_write(a0, "x", handles: [e0]);
      r = zx_channel_read_etc(a1);
    }
    locations [ t:r; t:r.type[0]; t:r.rights[0]; ]
    outcomes exact {
      t:r=ZX_OK; t:r.type[0]=EVENT; t:r.rights[0]=TRANSFER | WAIT;
    })");
}

// --- Dispositions ---

// WE-2 to WE-5, WE-9, WE-10, X-29: one entry after the other, each with its own result.
TEST(SpecSend, EveryDispositionGetsItsResultAndTheFirstFailureAnswers) {
  ExpectExactly(R"(
    {
      process p; channel a : p.a0 <-> p.a1; channel c : p.c0 <-> p.c1;
      event e : p.e0, p.e1, p.e2 [-TRANSFER], p.e3, p.e4;
    }
    thread p.t {
      w = zx_channel_write_etc(a0, "x", dispositions: [move e0, unknown e1, move e2, \
        duplicate a0, move e3 as CHANNEL, duplicate c0, move e4: [WRITE], move e0, move 0x3]);
      k0 = zx_handle_check_valid(e0); k1 = zx_handle_check_valid(e1);
      ka = zx_handle_check_valid(a0); kc = zx_handle_check_valid(c0);
    }
    locations [ t:w; t:w.results[0]; t:w.results[1]; t:w.results[2]; t:w.results[3]; \
      t:w.results[4]; t:w.results[5]; t:w.results[6]; t:w.results[7]; t:w.results[8]; t:k0; t:k1; \
      t:ka; t:kc; a1.queue; ]
    outcomes exact {
      t:w=ZX_ERR_INVALID_ARGS; t:w.results[0]=ZX_OK; t:w.results[1]=ZX_ERR_INVALID_ARGS; \
        t:w.results[2]=ZX_ERR_ACCESS_DENIED; t:w.results[3]=ZX_ERR_NOT_SUPPORTED; \
        t:w.results[4]=ZX_ERR_WRONG_TYPE; t:w.results[5]=ZX_ERR_ACCESS_DENIED; \
        t:w.results[6]=ZX_ERR_INVALID_ARGS; t:w.results[7]=ZX_ERR_BAD_HANDLE; \
        t:w.results[8]=ZX_ERR_BAD_HANDLE; t:k0=ZX_ERR_BAD_HANDLE; t:k1=ZX_ERR_BAD_HANDLE; \
        t:ka=ZX_OK; t:kc=ZX_OK; a1.queue=[];
    })");
}

// WE-5, WE-6: before the entries are looked at, no result is written; sources that move are gone.
TEST(SpecSend, EarlyFailureConsumesMovesAndKeepsDuplicates) {
  ExpectExactly(R"(
    { process p; channel a : p.a0 <-> p.a1; event e : p.e0, p.e1, p.e2; }
    thread p.t {
      w = zx_channel_write_etc(a0, "x", dispositions: [move e0, duplicate e1, unknown e2], \
        options: 1);
      k0 = zx_handle_check_valid(e0); k1 = zx_handle_check_valid(e1);
      k2 = zx_handle_check_valid(e2);
    }
    locations [ t:w; t:w.results[0]; t:w.results[2]; t:k0; t:k1; t:k2; ]
    outcomes exact {
      t:w=ZX_ERR_INVALID_ARGS; t:w.results[0]=ZX_OK; t:w.results[2]=ZX_OK; \
        t:k0=ZX_ERR_BAD_HANDLE; t:k1=ZX_OK; t:k2=ZX_ERR_BAD_HANDLE;
    })");
}

// WE-7, WE-8, WT-31: a move with fewer rights ends waits when it is written, one with the same
// rights when it is received.
TEST(SpecSend, MoveWithFewerRightsEndsWaitsAtOnce) {
  const auto text = [](std::string_view move, std::string_view end) {
    return "{ process p; channel a : p.a0 <-> p.a1; event e : p.e0; }\n"
           "thread p.w { w = zx_object_wait_one(e0, SIGNALED, deadline: never); }\n"
           "thread p.t { s = zx_channel_write_etc(a0, \"x\", dispositions: [" +
           std::string(move) +
           "]); }\n"
           "locations [ w:w; t:s; ]\noutcomes exact {\n"
           " w:w=ZX_ERR_BAD_HANDLE; t:s=ZX_OK;\n " +
           std::string(end) + "; t:s=ZX_OK;\n}";
  };
  ExpectExactly(text("move e0: [-WAIT]", "w:w=ZX_ERR_CANCELED"));
  ExpectExactly(text("move e0", "w:w=none"));
}

// --- Iovecs ---

// WI-1, WI-2, WI-4.
TEST(SpecSend, FewIovecsAreCheckedOneDefectAfterTheOther) {
  ExpectExactly(R"(
    { process p; channel a : p.a0 <-> p.a1; }
    thread p.t {
      ok    = zx_channel_write(a0, iovecs: ["ab", null: 0, "cdef": 6, "xyz": 1]);
      empty = zx_channel_write(a0, iovecs: []);
      late  = zx_channel_write(a0, iovecs: [unmapped: 4, reserved "x"]);
      sum   = zx_channel_write(a0, iovecs: ["": 0x80000000, "": 0x80000000]);
      range = zx_channel_write(a0, iovecs: [unmapped: 65537]);
      fault = zx_channel_write(a0, iovecs: ["a", unmapped: 1]);
      many  = zx_channel_write(a0, iovecs: [], count: 8193, iovecs: unmapped);
      array = zx_channel_write(a0, iovecs: [], count: 1, iovecs: unmapped);
      r = zx_channel_read(a1);
    }
    locations [ t:ok; t:empty; t:late; t:sum; t:range; t:fault; t:many; t:array; t:r.bytes; \
      t:r.actual_bytes; ]
    outcomes exact {
      t:ok=ZX_OK; t:empty=ZX_OK; t:late=ZX_ERR_INVALID_ARGS; t:sum=ZX_ERR_OUT_OF_RANGE; \
        t:range=ZX_ERR_OUT_OF_RANGE; t:fault=ZX_ERR_INVALID_ARGS; t:many=ZX_ERR_OUT_OF_RANGE; \
        t:array=ZX_ERR_INVALID_ARGS; t:r.bytes="ef\x00\x00x"; t:r.actual_bytes=9;
    })");
}

// WI-3: with more than 16 the first piece that is wrong in any way decides, and the handle count
// comes before all of them.
TEST(SpecSend, ManyIovecsAreCheckedOnePieceAfterTheOther) {
  const std::string filler =
      ", \"\", \"\", \"\", \"\", \"\", \"\", \"\", \"\", \"\", \"\", \"\", \"\", \"\", "
      "\"\", \"\", \"\"";
  ExpectExactly(
      "{ process p; channel a : p.a0 <-> p.a1; }\nthread p.t {\n"
      "  range = zx_channel_write(a0, iovecs: [\"\": 65537, reserved \"x\"" +
      filler + "]);\n  count = zx_channel_write(a0, iovecs: [reserved \"x\"" + filler +
      "], handles: [0x3], handle_count: 65);\n"
      "  few = zx_channel_write(a0, iovecs: [reserved \"x\"], handles: [0x3], "
      "handle_count: 65);\n}\n"
      "locations [ t:range; t:count; t:few; ]\noutcomes exact {\n"
      "  t:range=ZX_ERR_OUT_OF_RANGE; t:count=ZX_ERR_OUT_OF_RANGE; "
      "t:few=ZX_ERR_INVALID_ARGS;\n}");
}

// --- Faults ---

// W14, W-3, W-4: each fault of the budget may strike once or not at all.
TEST(SpecSend, FaultsStrikeAtTheChecksThatTheyBelongTo) {
  Litmus litmus = ParseOrFail(R"(
    { process p; channel a : p.a0 <-> p.a1; event e : p.e0; }
    thread p.t {
      s = zx_channel_write(a0, "x", handles: [e0]);
      k = zx_handle_check_valid(e0);
    }
    locations [ t:s; t:k; a1.queue; ]
    outcomes exact {
      t:s=ZX_OK; t:k=ZX_ERR_BAD_HANDLE; a1.queue=["x"];
      t:s=ZX_ERR_NO_MEMORY; t:k=ZX_ERR_BAD_HANDLE; a1.queue=[];
    })");
  litmus.faults.allocation = 1;
  ExpectExactly(litmus);
  litmus = ParseOrFail(R"(
    { process p; channel a : p.a0 <-> p.a1; event e : p.e0; }
    thread p.t {
      s = zx_channel_write(a0, "x", handles: [e0]);
      k = zx_handle_check_valid(e0);
    }
    locations [ t:s; t:k; a1.queue; ]
    outcomes exact {
      t:s=ZX_OK; t:k=ZX_ERR_BAD_HANDLE; a1.queue=["x"];
      t:s=ZX_ERR_INVALID_ARGS; t:k=ZX_ERR_BAD_HANDLE; a1.queue=[];
      t:s=ZX_ERR_INVALID_ARGS; t:k=ZX_OK; a1.queue=[];
    })");
  litmus.faults = {.allocation = 0, .user_memory = 1};
  ExpectExactly(litmus);
}

}  // namespace
}  // namespace model
