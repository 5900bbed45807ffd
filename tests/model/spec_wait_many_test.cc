// The reference model: waiting for several objects, and what a wait observes by generation.
#include <gtest/gtest.h>

#include "tests/model/exact_outcomes.h"

namespace model {
namespace {

// --- Arguments ---

// WT-11, X-20: the count, then the array, then the items in order; nothing is written on failure.
TEST(SpecWaitMany, ChecksCountArrayAndItemsInOrder) {
  const std::string text = R"(
    { process p; channel a : p.a0 [-WAIT, -READ] <-> p.a1; event e : p.e0; }
    thread p.t {
      count = zx_object_wait_many(unmapped, count: 1025, deadline: now);
      array = zx_object_wait_many(unmapped, count: 1, deadline: now);
      bad   = zx_object_wait_many([a1: WRITABLE, 0x3: SIGNALED, a0: READABLE]);
      right = zx_object_wait_many([a1: WRITABLE, a0: READABLE, 0x3: SIGNALED]);
      zeros = zx_object_wait_many([a1: WRITABLE], count: 2);
      empty = zx_object_wait_many([], deadline: now);
    }
    locations [ t:count; t:array; t:bad; t:bad.pending[0]; t:right; t:zeros; t:empty; ]
    outcomes exact { )";
  const std::string rest =
      " t:array=ZX_ERR_INVALID_ARGS; t:bad=ZX_ERR_BAD_HANDLE; t:bad.pending[0]=none; "
      "t:right=ZX_ERR_ACCESS_DENIED; t:zeros=ZX_ERR_BAD_HANDLE; t:empty=ZX_ERR_TIMED_OUT;\n}";
  ExpectExactly(text + "\nt:count=ZX_ERR_OUT_OF_RANGE;" + rest);
  ExpectExactly(text + "\nt:count=ZX_ERR_INVALID_ARGS;" + rest, Generation::kMagenta2017);
}

// X-20, C-4.
TEST(SpecWaitMany, LimitOfItemsIsToldByGeneration) {
  const auto text = [](int count, std::string_view status) {
    std::string items = "a: WRITABLE";
    for (int i = 1; i < count; ++i) items += ", a: WRITABLE";
    return "{ process p; channel c : p.a <-> p.b; }\n"
           "thread p.t { w = zx_object_wait_many([" +
           items +
           "], deadline: now); }\n"
           "locations [ t:w; ]\noutcomes exact {\n t:w=" +
           std::string(status) + ";\n}";
  };
  ExpectExactly(text(16, "ZX_OK"), Generation::kZircon2018_04);
  ExpectExactly(text(17, "ZX_ERR_OUT_OF_RANGE"), Generation::kZircon2018_10);
  ExpectExactly(text(64, "ZX_OK"));
  ExpectExactly(text(65, "ZX_ERR_OUT_OF_RANGE"));
}

// X-13, H-7: the right, and what cannot be waited for.
TEST(SpecWaitMany, RightToWaitIsToldByGeneration) {
  const std::string text = R"(
    { process p; channel a : p.a0 [-WAIT] <-> p.a1 [-READ]; }
    thread p.t {
      p = zx_port_create();
      wait = zx_object_wait_one(a0, WRITABLE, deadline: now);
      read = zx_object_wait_one(a1, WRITABLE, deadline: now);
      port = zx_object_wait_one(p.handles[0], WRITABLE, deadline: now);
    }
    locations [ t:wait; t:read; t:port; ]
    outcomes exact { )";
  ExpectExactly(text +
                    "\nt:wait=ZX_OK; t:read=ZX_ERR_ACCESS_DENIED; "
                    "t:port=ZX_ERR_NOT_SUPPORTED;\n}",
                Generation::kMagenta2017);
  ExpectExactly(text +
                    "\nt:wait=ZX_ERR_ACCESS_DENIED; t:read=ZX_OK; "
                    "t:port=ZX_ERR_NOT_SUPPORTED;\n}",
                Generation::kZircon2018_04);
}

// WT-1: what was observed cannot be told.
TEST(SpecWaitMany, ObservedIsSkippedIfNullAndAFaultIfUnmapped) {
  ExpectExactly(R"(
    { process p; channel c : p.a <-> p.b; }
    thread p.t {
      skip  = zx_object_wait_one(a, WRITABLE, observed: null);
      fault = zx_object_wait_one(a, READABLE, deadline: now, observed: unmapped);
    }
    locations [ t:skip; t:skip.observed; t:fault; ]
    outcomes exact {
      t:skip=ZX_OK; t:skip.observed=0; t:fault=ZX_ERR_INVALID_ARGS;
    })");
}

// --- Ends ---

// S4, WT-13, WT-14, N-17: pending of every item, and a cancel beats a match.
TEST(SpecWaitMany, MatchOfOneItemAgainstCloseOfTheOther) {
  ExpectExactly(R"(
    { process p; channel a : p.a0 <-> p.a1; event e : p.e0; }
    thread p.w {
      w = zx_object_wait_many([a0: READABLE, e0: SIGNALED], deadline: never);
    }
    thread p.k {
      zx_channel_write(a1, "x");
      zx_handle_close(e0);
    }
    locations [ w:w; w:w.pending[0]; w:w.pending[1]; ]
    outcomes exact {
      w:w=ZX_ERR_BAD_HANDLE; w:w.pending[0]=none; w:w.pending[1]=none;
      w:w=ZX_OK; w:w.pending[0]=READABLE | WRITABLE; w:w.pending[1]=0;
      w:w=ZX_ERR_CANCELED; w:w.pending[0]=READABLE | WRITABLE; w:w.pending[1]=HANDLE_CLOSED;
    })");
}

// WT-12: no atomic snapshot. The event is signalled between the registrations of two items for it.
TEST(SpecWaitMany, ItemsAreRegisteredOneAfterTheOther) {
  ExpectExactly(R"(
    { process p; event e : p.e0; channel c : p.a <-> p.b; }
    thread p.w { w = zx_object_wait_many([e0: 0x01000000, a: WRITABLE], deadline: never); }
    thread p.s { s = zx_object_signal(e0, 0, SIGNALED); }
    locations [ w:w; w:w.pending[0]; ]
    outcomes exact {
      w:w=ZX_OK; w:w.pending[0]=0;
      w:w=ZX_OK; w:w.pending[0]=SIGNALED;
    })");
}

// WT-12, WT-2: the table is locked from the look-ups to the last registration, so that no close
// comes between. Without the lock the wait for e1 would never hear of it.
TEST(SpecWaitMany, CloseCannotComeBetweenLookUpAndRegistration) {
  const AllowedOutcomes allowed = ExpectExactly(R"(
    { process p; event e : p.e0; event f : p.e1; }
    thread p.w { w = zx_object_wait_many([e0: SIGNALED, e1: SIGNALED], deadline: never); }
    thread p.k { k = zx_handle_close(e1); }
    locations [ w:w; k:k; ]
    outcomes exact {
      w:w=ZX_ERR_CANCELED; k:k=ZX_OK;
      w:w=ZX_ERR_BAD_HANDLE; k:k=ZX_OK;
    })");
  EXPECT_EQ(allowed.blocked_sets.size(), 1u);
}

// WT-5, WT-8, WT-13: items are taken down one by one, and a match after the deadline is too late.
TEST(SpecWaitMany, TimedOutItemsShowTheirStateAtTakeDown) {
  ExpectExactly(R"(
    { process p; event e : p.e0; event f : p.f0; }
    thread p.w { w = zx_object_wait_many([e0: SIGNALED, f0: SIGNALED], deadline: now); }
    thread p.s { zx_object_signal(f0, 0, SIGNALED); zx_object_signal(e0, 0, SIGNALED); }
    locations [ w:w; w:w.pending[0]; w:w.pending[1]; ]
    outcomes exact {
      w:w=ZX_OK; w:w.pending[0]=0; w:w.pending[1]=SIGNALED;
      w:w=ZX_OK; w:w.pending[0]=SIGNALED; w:w.pending[1]=SIGNALED;
      w:w=ZX_ERR_TIMED_OUT; w:w.pending[0]=0; w:w.pending[1]=0;
      w:w=ZX_ERR_TIMED_OUT; w:w.pending[0]=0; w:w.pending[1]=SIGNALED;
      w:w=ZX_ERR_TIMED_OUT; w:w.pending[0]=SIGNALED; w:w.pending[1]=SIGNALED;
    })");
}

// --- What a wait observes ---

// X-14, WT-5, WT-6: the signal goes again before the waiter runs. Before, changes after the match
// were seen as well.
TEST(SpecWaitMany, ObservedIsTheStateAtTheMatchOrAllStatesSeen) {
  const std::string text = R"(
    { process p; event e : p.e0; }
    thread p.w { w = zx_object_wait_one(e0, 0x01000000, deadline: never); }
    thread p.s {
      zx_object_signal(e0, 0, 0x01000000);
      zx_object_signal(e0, 0x01000000, 0x02000000);
      zx_object_signal(e0, 0, 0x01000000);
    }
    locations [ w:w; w:w.observed; ]
    outcomes exact {
      w:w=ZX_OK; w:w.observed=0x01000000;
      w:w=ZX_OK; w:w.observed=0x03000000;)";
  ExpectExactly(text + "\n}");
  ExpectExactly(text + "\n}", Generation::kZircon2018_10);
}

// WT-6: a bit that came and went is in what a timed-out wait observed.
TEST(SpecWaitMany, BitThatCameAndWentIsObservedUntil2018) {
  const std::string text = R"(
    { process p; event e : p.e0; }
    thread p.w { w = zx_object_wait_one(e0, SIGNALED, deadline: may); }
    thread p.s { zx_object_signal(e0, 0, 0x01000000); zx_object_signal(e0, 0x01000000, 0); }
    locations [ w:w; w:w.observed; ]
    outcomes exact {
      w:w=ZX_ERR_TIMED_OUT; w:w.observed=0;
      w:w=ZX_ERR_TIMED_OUT; w:w.observed=0x01000000;)";
  ExpectExactly(text + "\n}");
  ExpectExactly(text + "\n}", Generation::kMagenta2017);
  // Here the wait was registered all the time: the difference shows.
  const std::string ordered = R"(
    { process p; event e : p.e0; event f : p.f0; }
    thread p.w { w = zx_object_wait_many([e0: SIGNALED, f0: SIGNALED], deadline: never); }
    thread p.s {
      zx_object_wait_one(f0, 0x80000000, deadline: never);
      zx_object_signal(e0, 0, 0x01000000); zx_object_signal(e0, 0x01000000, 0);
      zx_object_signal(f0, 0, SIGNALED);
    }
    thread p.g { zx_object_signal(f0, 0, 0x80000000); }
    locations [ w:w; w:w.pending[0]; ]
    outcomes exact {
      w:w=ZX_OK; w:w.pending[0]=0;)";
  ExpectExactly(ordered + "\n w:w=ZX_OK; w:w.pending[0]=0x01000000;\n}",
                Generation::kZircon2018_10);
}

// X-15, WT-7: match, then close, before the waiter runs.
TEST(SpecWaitMany, MatchThenCloseIsOkTodayAndCanceledBefore) {
  const std::string text = R"(
    { process p; event e : p.e0; }
    thread p.w { w = zx_object_wait_one(e0, SIGNALED, deadline: never); }
    thread p.k { zx_object_signal(e0, 0, SIGNALED); zx_handle_close(e0); }
    locations [ w:w; w:w.observed; ]
    outcomes exact {
      w:w=ZX_ERR_BAD_HANDLE; w:w.observed=0;
      w:w=ZX_OK; w:w.observed=SIGNALED;)";
  ExpectExactly(text + "\n}");
  ExpectExactly(text + "\n w:w=ZX_ERR_CANCELED; w:w.observed=SIGNALED | HANDLE_CLOSED;\n}",
                Generation::kZircon2018_04);
}

// --- Suspension ---

// WT-9: the wait begins anew with the same deadline; a handle closed meanwhile is bad.
TEST(SpecWaitMany, SuspendedWaitBeginsAnew) {
  ExpectExactly(R"(
    { process p; event e : p.e0; }
    thread p.w { w = zx_object_wait_one(e0, SIGNALED, deadline: never); }
    thread p.k {
      zx_thread_suspend(w); zx_handle_close(e0); zx_thread_resume(w);
    }
    locations [ w:w; ]
    outcomes exact {
      w:w=ZX_ERR_BAD_HANDLE;
      w:w=ZX_ERR_CANCELED;
    })");
  ExpectExactly(R"(
    { process p; event e : p.e0; }
    thread p.w { w = zx_object_wait_one(e0, SIGNALED, deadline: @5ms); }
    thread p.k {
      zx_thread_suspend(w); zx_object_wait_one(e0, SIGNALED, deadline: @9ms); zx_thread_resume(w);
    }
    locations [ w:w; ]
    outcomes exact {
      w:w=ZX_ERR_TIMED_OUT;
    })");
}

}  // namespace
}  // namespace model
