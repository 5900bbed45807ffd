// The reference model: operations on handles and single objects.
#include <gtest/gtest.h>

#include "tests/model/exact_outcomes.h"

namespace model {
namespace {

// --- Creating ---

// X-22, C-20 to C-24, S-1: what fresh handles permit and show.
TEST(SpecHandle, FreshHandlesHaveTheRightsOfTheirGeneration) {
  const std::string text = R"(
    { process p; }
    thread p.t {
      c = zx_channel_create(); e = zx_event_create(); x = zx_eventpair_create();
      ci = zx_object_get_info(c.handles[0], HANDLE_BASIC);
      ei = zx_object_get_info(e.handles[0], HANDLE_BASIC);
      xi = zx_object_get_info(x.handles[1], HANDLE_BASIC);
      cw = zx_object_wait_one(c.handles[1], 0, deadline: now);
      xw = zx_object_wait_one(x.handles[0], 0, deadline: now);
    }
    locations [ t:ci.type; t:ci.rights; t:ei.rights; t:xi.type; t:xi.rights; t:cw.observed; \
      t:xw.observed; ]
    outcomes exact { )";
  const std::string signals = "t:cw.observed=WRITABLE; t:xw.observed=0;\n}";
  ExpectExactly(text +
                    "\nt:ci.type=CHANNEL; t:ci.rights=0x300E; t:ei.rights=0x100F; "
                    "t:xi.type=EVENTPAIR; t:xi.rights=0x300F; " +
                    signals,
                Generation::kMagenta2017);
  ExpectExactly(text +
                    "\nt:ci.type=CHANNEL; t:ci.rights=0xF0CE; t:ei.rights=0xD003; "
                    "t:xi.type=EVENTPAIR; t:xi.rights=0xF003; " +
                    signals,
                Generation::kZircon2018_10);
  ExpectExactly(text +
                "\nt:ci.type=CHANNEL; t:ci.rights=0xF00E; t:ei.rights=0xD003; "
                "t:xi.type=EVENTPAIR; t:xi.rights=0xF003; " +
                signals);
}

// CR-1, CR-2.
TEST(SpecHandle, CreateFailsWithoutLeavingAHandle) {
  Litmus litmus = ParseOrFail(R"(
    { process p; }
    thread p.t {
      option = zx_channel_create(options: 1, out: null);
      first  = zx_channel_create(out: null);
      second = zx_channel_create(second_out: unmapped);
      ev     = zx_event_create(out: unmapped);
      ok     = zx_channel_create();
    }
    locations [ t:option; t:first; t:second; t:ev; t:ok; ]
    outcomes exact {
      t:option=ZX_ERR_INVALID_ARGS; t:first=ZX_ERR_INVALID_ARGS; t:second=ZX_ERR_INVALID_ARGS; \
        t:ev=ZX_ERR_INVALID_ARGS; t:ok=ZX_OK;
    })");
  ExpectExactly(litmus);
  State state = InitialState(litmus);
  while (TakeStep(litmus.program, &state, 0)) {
  }
  EXPECT_EQ(state.handles.size(), 2u);
}

// --- Closing ---

// HO-1, HO-2: zeros are passed over, a bad or repeated entry shows, the rest still closes.
TEST(SpecHandle, CloseManyClosesTheRestWhateverIsBad) {
  ExpectExactly(R"(
    { process p; channel a : p.a0 <-> p.a1; event e : p.e0, p.e1; }
    thread p.t {
      zero  = zx_handle_close(handle: 0);
      zeros = zx_handle_close_many([0, 0], handle_count: 4);
      twice = zx_handle_close_many([a0, a0]);
      bad   = zx_handle_close_many([0x3, e0]);
      fault = zx_handle_close_many(unmapped, handle_count: 1);
      empty = zx_handle_close_many(null);
      k0 = zx_handle_check_valid(e0); k1 = zx_handle_check_valid(e1);
    }
    locations [ t:zero; t:zeros; t:twice; t:bad; t:fault; t:empty; t:k0; t:k1; a1.signals; ]
    outcomes exact {
      t:zero=ZX_OK; t:zeros=ZX_OK; t:twice=ZX_ERR_BAD_HANDLE; t:bad=ZX_ERR_BAD_HANDLE; \
        t:fault=ZX_ERR_INVALID_ARGS; t:empty=ZX_OK; t:k0=ZX_ERR_BAD_HANDLE; t:k1=ZX_OK; \
        a1.signals=PEER_CLOSED;
    })");
}

// HO-2: 64 entries at a time, and whichever chunk has the bad one.
TEST(SpecHandle, CloseManyTellsOfABadEntryInAnyOfItsChunks) {
  for (const int bad : {0, 63, 64, 128}) {
    std::string handles = "e0";
    for (int i = 0; i < 130; ++i) handles += i == bad ? ", 0x3" : ", 0";
    const std::string text =
        "{ process p; channel a : p.e0 <-> p.e1; channel b : p.f0 <-> p.f1; }\n"
        "thread p.t { m = zx_handle_close_many([" +
        handles + ", f0]); }\nlocations [ t:m; e0.owner; f0.owner; ]\noutcomes exact {\n" +
        "t:m=ZX_ERR_BAD_HANDLE; e0.owner=gone; f0.owner=gone;\n}";
    ExpectExactly(text);
    ExpectExactly(text, Generation::kZircon2018_10);
  }
}

// X-17, D-6: where a worker closes what was in messages, the close has returned before.
TEST(SpecHandle, NestedCloseComesLaterIn2017) {
  const std::string text = R"(
    { process p; channel a : p.a0 <-> p.a1; channel c : p.c0 <-> p.c1; }
    thread p.t {
      zx_channel_write(a0, "x", handles: [c0]);
      zx_handle_close(a1);
      w = zx_object_wait_one(c1, PEER_CLOSED, deadline: now);
    }
    locations [ t:w; c1.signals; ]
    outcomes exact {
      t:w=ZX_OK; c1.signals=PEER_CLOSED;)";
  ExpectExactly(text + "\n}", Generation::kZircon2018_04);
  ExpectExactly(text + "\n t:w=ZX_ERR_TIMED_OUT; c1.signals=PEER_CLOSED;\n}",
                Generation::kMagenta2017);
}

// --- Duplicating and replacing ---

// HO-3, K3.
TEST(SpecHandle, DuplicateChecksHandleRightAndSubset) {
  ExpectExactly(R"(
    { process p; channel a : p.a0 <-> p.a1; event e : p.e0 [-SIGNAL]; }
    thread p.t {
      bad    = zx_handle_duplicate(handle: 0x3);
      end    = zx_handle_duplicate(a0);
      more   = zx_handle_duplicate(e0, rights: [SIGNAL]);
      out    = zx_handle_duplicate(e0, out: null);
      ok     = zx_handle_duplicate(e0, rights: [-WAIT]);
      info   = zx_object_get_info(ok.handles[0], HANDLE_BASIC);
      count  = zx_object_get_info(e0, HANDLE_COUNT);
    }
    locations [ t:bad; t:end; t:more; t:out; t:ok; t:info.rights; t:count.handle_count; ]
    outcomes exact {
      t:bad=ZX_ERR_BAD_HANDLE; t:end=ZX_ERR_ACCESS_DENIED; t:more=ZX_ERR_INVALID_ARGS; \
        t:out=ZX_ERR_INVALID_ARGS; t:ok=ZX_OK; t:info.rights=DUPLICATE | TRANSFER | INSPECT; \
        t:count.handle_count=2;
    })");
}

// HO-4, X-10: a failure keeps the endpoint, or closes it.
TEST(SpecHandle, FailedReplaceKeepsOrDestroys) {
  const std::string text = R"(
    { process p; channel a : p.a0 [-SIGNAL] <-> p.a1; channel b : p.b0 <-> p.b1; }
    thread p.t {
      r = zx_handle_replace(a0, rights: [SIGNAL]);
      o = zx_handle_replace(b0, out: unmapped);
    }
    locations [ t:r; t:o; a0.owner; a1.signals; b0.owner; b1.signals; ]
    outcomes exact {
      t:r=ZX_ERR_INVALID_ARGS; t:o=ZX_ERR_INVALID_ARGS; )";
  const std::string kept = "a0.owner=p; a1.signals=WRITABLE; b0.owner=p; b1.signals=WRITABLE;\n}";
  const std::string gone =
      "a0.owner=gone; a1.signals=PEER_CLOSED; b0.owner=gone; b1.signals=PEER_CLOSED;\n}";
  ExpectExactly(text + kept, Generation::kMagenta2017);
  ExpectExactly(text + kept, Generation::kZircon2018_04);
  ExpectExactly(text + gone, Generation::kZircon2018_10);
  ExpectExactly(text + gone);
}

// HO-4, X-10: today's kernel keeps the old handle again, but only for want of memory.
TEST(SpecHandle, ReplaceWithoutMemoryConsumesInLate2018Only) {
  const std::string text = R"(
    { process p; channel a : p.a0 <-> p.a1; }
    thread p.t { r = zx_handle_replace(a0); k = zx_handle_check_valid(a0); }
    locations [ t:r; t:k; a1.signals; ]
    outcomes exact {
      t:r=ZX_OK; t:k=ZX_ERR_BAD_HANDLE; a1.signals=WRITABLE;)";
  Litmus litmus = ParseOrFail(text + "\n t:r=ZX_ERR_NO_MEMORY; t:k=ZX_OK; a1.signals=WRITABLE;\n}");
  litmus.faults.allocation = 1;
  ExpectExactly(litmus);
  litmus = ParseOrFail(
      text + "\n t:r=ZX_ERR_NO_MEMORY; t:k=ZX_ERR_BAD_HANDLE; a1.signals=PEER_CLOSED;\n}");
  litmus.faults.allocation = 1;
  litmus.generation = Generation::kZircon2018_10;
  ExpectExactly(litmus);
  litmus = ParseOrFail(text + "\n t:r=ZX_ERR_NO_MEMORY; t:k=ZX_OK; a1.signals=WRITABLE;\n}");
  litmus.faults.allocation = 1;
  litmus.generation = Generation::kZircon2018_04;
  ExpectExactly(litmus);
}

// K4, HO-5, WT-32: a new value for the same endpoint; waits through the old one end.
TEST(SpecHandle, ReplaceEndsWaitsButNotTheEndpoint) {
  ExpectExactly(R"(
    { process p; channel a : p.a0 <-> p.a1; }
    thread p.w { w = zx_object_wait_one(a0, PEER_CLOSED, deadline: never); }
    thread p.t {
      r = zx_handle_replace(a0, rights: [-WRITE]);
      i = zx_object_get_info(r.handles[0], HANDLE_BASIC);
    }
    locations [ w:w; t:i.rights; a1.signals; a0.owner; ]
    outcomes exact {
      w:w=ZX_ERR_CANCELED; \
        t:i.rights=TRANSFER | READ | SIGNAL | SIGNAL_PEER | WAIT | INSPECT; a1.signals=WRITABLE; \
        a0.owner=p;
      w:w=ZX_ERR_BAD_HANDLE; \
        t:i.rights=TRANSFER | READ | SIGNAL | SIGNAL_PEER | WAIT | INSPECT; a1.signals=WRITABLE; \
        a0.owner=p;
    })");
}

// N-4: exactly one of two gets the handle.
TEST(SpecHandle, OneOfSeveralOperationsGetsTheHandle) {
  ExpectExactly(R"(
    { process p; channel a : p.a0 <-> p.a1; event e : p.e0; }
    thread p.w { s = zx_channel_write(a0, "x", handles: [e0]); }
    thread p.r { r = zx_handle_replace(e0); }
    locations [ w:s; r:r; a1.queue; ]
    outcomes exact {
      w:s=ZX_OK; r:r=ZX_ERR_BAD_HANDLE; a1.queue=["x"];
      w:s=ZX_ERR_BAD_HANDLE; r:r=ZX_OK; a1.queue=[];
    })");
}

// --- Signals and information ---

// S-7.
TEST(SpecHandle, SignalChecksRightThenKindThenBitsThenPeer) {
  ExpectExactly(R"(
    {
      process p; channel a : p.a0 [-SIGNAL] <-> p.a1; event e : p.e0, p.e1 [SIGNAL_PEER];
      eventpair x : p.x0 <-> p.x1; channel c : p.c0 <-> p.c1;
    }
    thread p.t {
      bad   = zx_object_signal(handle: 0x3, 0, 0);
      right = zx_object_signal(a0, 0, READABLE);
      bits  = zx_object_signal(a1, 0, READABLE);
      clear = zx_object_signal(a1, WRITABLE, 0);
      user  = zx_object_signal(a1, 0, 0x03000000);
      less  = zx_object_signal(a1, 0x01000000, 0);
      own   = zx_object_signal(e0, 0, SIGNALED);
      kind  = zx_object_signal_peer(e1, 0, SIGNALED);
      peer  = zx_object_signal_peer(x0, 0, SIGNALED);
      zx_handle_close(c1);
      dead  = zx_object_signal_peer(c0, 0, 0x01000000);
    }
    locations [ t:bad; t:right; t:bits; t:clear; t:user; t:less; t:own; t:kind; t:peer; t:dead; \
      a1.signals; e0.signals; x0.signals; x1.signals; c0.signals; ]
    outcomes exact {
      t:bad=ZX_ERR_BAD_HANDLE; t:right=ZX_ERR_ACCESS_DENIED; t:bits=ZX_ERR_INVALID_ARGS; \
        t:clear=ZX_ERR_INVALID_ARGS; t:user=ZX_OK; t:less=ZX_OK; t:own=ZX_OK; \
        t:kind=ZX_ERR_NOT_SUPPORTED; t:peer=ZX_OK; t:dead=ZX_ERR_PEER_CLOSED; \
        a1.signals=WRITABLE | 0x02000000; e0.signals=SIGNALED; x0.signals=0; x1.signals=SIGNALED; \
        c0.signals=PEER_CLOSED;
    })");
}

// D-1, S-5: a pair closes as a channel does, without a queue.
TEST(SpecHandle, ClosingOneOfAPairSignalsTheOther) {
  ExpectExactly(R"(
    { process p; eventpair x : p.x0 <-> p.x1; }
    thread p.w { w = zx_object_wait_one(x1, PEER_CLOSED, deadline: never); }
    thread p.k { zx_handle_close(x0); }
    locations [ w:w; w:w.observed; ]
    outcomes exact {
      w:w=ZX_OK; w:w.observed=PEER_CLOSED;
    })");
}

// Handles in messages and in the hands of calls count.
TEST(SpecHandle, CountSeesHandlesInTransit) {
  ExpectExactly(R"(
    { process p; channel a : p.a0 <-> p.a1; event e : p.e0, p.e1, p.e2 [-INSPECT]; }
    thread p.t {
      zx_channel_write(a0, "x", handles: [e1]);
      i = zx_object_get_info(e0, HANDLE_COUNT);
      d = zx_object_get_info(e2, HANDLE_COUNT);
      v = zx_object_get_info(e1, HANDLE_VALID);
      f = zx_object_get_info(e0, HANDLE_BASIC, buffer: null);
      u = zx_object_get_info(e0, 77);
    }
    locations [ t:i.handle_count; t:d; t:v; t:f; t:u; ]
    outcomes exact {
      t:i.handle_count=3; t:d=ZX_ERR_ACCESS_DENIED; t:v=ZX_ERR_BAD_HANDLE; \
        t:f=ZX_ERR_INVALID_ARGS; t:u=ZX_ERR_NOT_SUPPORTED;
    })");
}

}  // namespace
}  // namespace model
