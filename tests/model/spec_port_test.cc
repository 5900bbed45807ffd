// The reference model: waiting through ports.
#include <gtest/gtest.h>

#include "tests/model/exact_outcomes.h"

namespace model {
namespace {

// --- Checks ---

// WT-20, H-7, X-9.
TEST(SpecPort, WaitAsyncChecksThePortThenTheObjectThenItsOptions) {
  ExpectExactly(R"(
    { process p; channel a : p.a0 [-WAIT] <-> p.a1; event e : p.e0; }
    thread p.t {
      o = zx_port_create();
      d = zx_handle_replace(o.handles[0], rights: [READ]);
      q = zx_port_create();
      bad   = zx_object_wait_async(a0, 0x3, signals: READABLE);
      type  = zx_object_wait_async(a0, e0, signals: READABLE);
      write = zx_object_wait_async(a0, d.handles[0], signals: READABLE);
      dead  = zx_object_wait_async(handle: 0x3, q.handles[0], signals: READABLE, options: 8);
      right = zx_object_wait_async(a0, q.handles[0], signals: READABLE, options: 8);
      port  = zx_object_wait_async(q.handles[0], q.handles[0], signals: READABLE, options: 8);
      opts  = zx_object_wait_async(a1, q.handles[0], signals: READABLE, options: 8);
      ok    = zx_object_wait_async(a1, q.handles[0], signals: READABLE);
    }
    locations [ t:bad; t:type; t:write; t:dead; t:right; t:port; t:opts; t:ok; ]
    outcomes exact {
      t:bad=ZX_ERR_BAD_HANDLE; t:type=ZX_ERR_WRONG_TYPE; t:write=ZX_ERR_ACCESS_DENIED; \
        t:dead=ZX_ERR_BAD_HANDLE; t:right=ZX_ERR_ACCESS_DENIED; t:port=ZX_ERR_NOT_SUPPORTED; \
        t:opts=ZX_ERR_INVALID_ARGS; t:ok=ZX_OK;
    })");
}

// Packets of programs come out as they went in, in order; an empty port is waited for.
TEST(SpecPort, QueuedPacketsComeOutInOrder) {
  ExpectExactly(R"(
    { process p; }
    thread p.t {
      o = zx_port_create();
      zx_port_queue(o.handles[0], key: 5);
      f = zx_port_queue(o.handles[0], key: 6, packet: unmapped);
      zx_port_queue(o.handles[0], key: 7);
      m = zx_port_wait(o.handles[0], deadline: now);
      n = zx_port_wait(o.handles[0], deadline: never, packet: unmapped);
      e = zx_port_wait(o.handles[0], deadline: now);
    }
    locations [ t:f; t:m; t:m.key; t:m.from_user; t:n; t:e; ]
    outcomes exact {
      t:f=ZX_ERR_INVALID_ARGS; t:m=ZX_OK; t:m.key=5; t:m.from_user=1; t:n=ZX_ERR_INVALID_ARGS; \
        t:e=ZX_ERR_TIMED_OUT;
    })");
}

// --- Packets of async waits ---

// WT-21: one shot; the state at the trigger, the mask, and a count of 1.
TEST(SpecPort, AsyncWaitFiresOnceWithTheStateAtItsTrigger) {
  ExpectExactly(R"(
    { process p; channel a : p.a0 <-> p.a1; a0.queue = ["1", "2"]; }
    thread p.t {
      o = zx_port_create();
      zx_object_wait_async(a1, o.handles[0], key: 9, signals: READABLE | 0x01000000);
      early = zx_port_wait(o.handles[0], deadline: now);
      zx_channel_write(a0, "x");
      zx_object_signal(a1, 0, 0x01000000);
      m = zx_port_wait(o.handles[0], deadline: now);
      end = zx_port_wait(o.handles[0], deadline: now);
    }
    locations [ t:early; t:m; t:m.key; t:m.observed; t:m.trigger; t:m.count; t:m.from_user; t:end; ]
    outcomes exact {
      t:early=ZX_ERR_TIMED_OUT; t:m=ZX_OK; t:m.key=9; t:m.observed=READABLE | WRITABLE; \
        t:m.trigger=READABLE | 0x01000000; t:m.count=1; t:m.from_user=0; t:end=ZX_ERR_TIMED_OUT;
    })");
}

// WT-21: what is active at registration fires at once, unless only edges count; before 2020 the
// packet counted the messages.
TEST(SpecPort, ActiveSignalsFireAtOnceUnlessOnlyEdgesCount) {
  const std::string text = R"(
    { process p; channel a : p.a0 <-> p.a1; a0.queue = ["1", "2"]; }
    thread p.t {
      o = zx_port_create();
      zx_object_wait_async(a0, o.handles[0], key: 1, signals: READABLE);
      m = zx_port_wait(o.handles[0], deadline: now);
    }
    locations [ t:m; t:m.count; ]
    outcomes exact { )";
  ExpectExactly(text + "\n t:m=ZX_OK; t:m.count=1;\n}");
  ExpectExactly(text + "\n t:m=ZX_OK; t:m.count=2;\n}", Generation::kZircon2018_04);
  ExpectExactly(R"(
    { process p; channel a : p.a0 <-> p.a1; a0.queue = ["1"]; }
    thread p.t {
      o = zx_port_create();
      zx_object_wait_async(a0, o.handles[0], signals: READABLE | 0x01000000, options: EDGE);
      early = zx_port_wait(o.handles[0], deadline: now);
      zx_object_signal(a0, 0, 0x02000000);
      other = zx_port_wait(o.handles[0], deadline: now);
      zx_object_signal(a0, 0, 0x01000000);
      m     = zx_port_wait(o.handles[0], deadline: now);
    }
    locations [ t:early; t:other; t:m; ]
    outcomes exact {
      t:early=ZX_ERR_TIMED_OUT; t:other=ZX_ERR_TIMED_OUT; t:m=ZX_OK;
    })");
}

// WT-22, WT-31: closing, replacing or receiving the watched handle drops the wait; a packet stays.
TEST(SpecPort, WaitGoesWithItsHandleAndItsPacketStays) {
  const auto text = [](std::string_view what, std::string_view status) {
    return "{ process p; channel a : p.a0 <-> p.a1; event e : p.e0, p.e1; }\n"
           "thread p.t {\n o = zx_port_create();\n"
           " zx_object_wait_async(e0, o.handles[0], key: 1, signals: SIGNALED);\n " +
           std::string(what) +
           "\n m = zx_port_wait(o.handles[0], deadline: now);\n}\n"
           "locations [ t:m; ]\noutcomes exact {\n t:m=" +
           std::string(status) + ";\n}";
  };
  const std::string signal = " zx_object_signal(e1, 0, SIGNALED);";
  ExpectExactly(text("zx_handle_close(e0);" + signal, "ZX_ERR_TIMED_OUT"));
  ExpectExactly(text("zx_handle_replace(e0);" + signal, "ZX_ERR_TIMED_OUT"));
  ExpectExactly(text("zx_channel_write(a0, \"x\", handles: [e0]);" + signal, "ZX_OK"));
  ExpectExactly(text("zx_channel_write(a0, \"x\", handles: [e0]); zx_channel_read(a1);" + signal,
                     "ZX_ERR_TIMED_OUT"));
  ExpectExactly(text(signal + " zx_handle_close(e0);", "ZX_OK"));
}

// WT-22: a cancel finds the wait or its packet, whichever it is at that moment.
TEST(SpecPort, CancelDropsTheWaitOrItsPacket) {
  ExpectExactly(R"(
    { process p; event e : p.e0, p.e1; }
    thread p.t {
      o = zx_port_create();
      zx_object_wait_async(e0, o.handles[0], key: 1, signals: SIGNALED);
      other = zx_port_cancel(o.handles[0], e1, key: 1);
      key   = zx_port_cancel(o.handles[0], e0, key: 2);
      wrong = zx_port_cancel(o.handles[0], 0x3, key: 1);
      c     = zx_port_cancel(o.handles[0], e0, key: 1);
      m     = zx_port_wait(o.handles[0], deadline: now);
    }
    thread p.s { zx_object_signal(e1, 0, SIGNALED); }
    locations [ t:other; t:key; t:wrong; t:c; t:m; ]
    outcomes exact {
      t:other=ZX_ERR_NOT_FOUND; t:key=ZX_ERR_NOT_FOUND; t:wrong=ZX_ERR_BAD_HANDLE; t:c=ZX_OK; \
        t:m=ZX_ERR_TIMED_OUT;
    })");
}

// 1.6: what the options were called before has another meaning now.
TEST(SpecPort, OptionsOfAsyncWaitsAreOfTodayOnly) {
  const std::string text = R"(
    { process p; event e : p.e0; }
    thread p.t {
      o = zx_port_create();
      t = zx_object_wait_async(e0, o.handles[0], signals: SIGNALED, options: TIMESTAMP);
      e = zx_object_wait_async(e0, o.handles[0], signals: SIGNALED, options: EDGE);
    }
    locations [ t:t; t:e; ]
    outcomes exact { )";
  ExpectExactly(text + "\n t:t=ZX_OK; t:e=ZX_OK;\n}");
  for (Generation old :
       {Generation::kMagenta2017, Generation::kZircon2018_04, Generation::kZircon2018_10}) {
    ExpectExactly(text + "\n t:t=ZX_ERR_INVALID_ARGS; t:e=ZX_ERR_INVALID_ARGS;\n}", old);
  }
}

// --- Waiting for packets ---

// Each packet goes to one waiter.
TEST(SpecPort, PacketGoesToOneWaiter) {
  const AllowedOutcomes allowed = ExpectExactly(R"(
    { process p, q; channel a : p.a0 <-> p.a1; }
    thread p.t {
      o = zx_port_create();
      d = zx_handle_duplicate(o.handles[0]);
      zx_channel_write(a0, "x", handles: [d.handles[0]]);
      m = zx_port_wait(o.handles[0], deadline: never);
    }
    thread p.u {
      zx_object_wait_one(a1, READABLE, deadline: never);
      r = zx_channel_read(a1);
      zx_port_queue(r.handles[0], key: 1);
      n = zx_port_wait(r.handles[0], deadline: never);
    }
    locations [ t:m; u:n; ]
    outcomes exact {
      t:m=ZX_OK; u:n=none;
      t:m=none; u:n=ZX_OK;
    })");
  EXPECT_EQ(allowed.blocked_sets.size(), 2u);
}

// A text cannot declare a port: here one takes the place of an event.
Litmus WithPort(std::string_view text) {
  Litmus litmus = ParseOrFail(text);
  for (DeclaredObject& object : litmus.program.objects) {
    if (object.name == "port") object.type = core::ObjectType::kPort;
  }
  return litmus;
}

// Closing the last handle tells nobody who waits for a packet; waits through the port are
// forgotten.
TEST(SpecPort, CloseOfThePortTellsItsWaitersNothing) {
  ExpectExactly(WithPort(R"(
    { process p; event port : p.o0; event e : p.e0; }
    thread p.t { w = zx_port_wait(o0, deadline: never); }
    thread p.u {
      a = zx_object_wait_async(e0, o0, key: 1, signals: SIGNALED);
      k = zx_handle_close(o0);
      s = zx_object_signal(e0, 0, SIGNALED);
    }
    locations [ t:w; u:a; u:k; u:s; ]
    outcomes exact {
      t:w=none;              u:a=ZX_OK; u:k=ZX_OK; u:s=ZX_OK;
      t:w=ZX_ERR_BAD_HANDLE; u:a=ZX_OK; u:k=ZX_OK; u:s=ZX_OK;
    })"));
}

// WT-20: before the close or after it. A packet for a port that has gone is refused.
TEST(SpecPort, CloseOfThePortRacesWithThoseWhoFillIt) {
  ExpectExactly(WithPort(R"(
    { process p; event port : p.o0; event e : p.e0; }
    thread p.t { a = zx_object_wait_async(e0, o0, key: 1, signals: SIGNALED); }
    thread p.u { q = zx_port_queue(o0, key: 2); }
    thread p.k { k = zx_handle_close(o0); s = zx_object_signal(e0, 0, SIGNALED); }
    locations [ t:a; u:q; k:k; k:s; ]
    outcomes exact {
      t:a=ZX_OK; u:q=ZX_OK; k:k=ZX_OK; k:s=ZX_OK;
      t:a=ZX_OK; u:q=ZX_ERR_BAD_HANDLE; k:k=ZX_OK; k:s=ZX_OK;
      t:a=ZX_ERR_BAD_HANDLE; u:q=ZX_OK; k:k=ZX_OK; k:s=ZX_OK;
      t:a=ZX_ERR_BAD_HANDLE; u:q=ZX_ERR_BAD_HANDLE; k:k=ZX_OK; k:s=ZX_OK;
    })"));
}

// One packet, two waiters, one deadline: whoever gets it, the other waits on.
TEST(SpecPort, PacketAgainstADeadline) {
  ExpectExactly(WithPort(R"(
    { process p; event port : p.o0; }
    thread p.t { w = zx_port_wait(o0, deadline: may); }
    thread p.u { w = zx_port_wait(o0, deadline: may); }
    thread p.q { q = zx_port_queue(o0, key: 2); }
    locations [ t:w; u:w; q:q; ]
    outcomes exact {
      t:w=ZX_OK; u:w=ZX_ERR_TIMED_OUT; q:q=ZX_OK;
      t:w=ZX_ERR_TIMED_OUT; u:w=ZX_OK; q:q=ZX_OK;
      t:w=ZX_ERR_TIMED_OUT; u:w=ZX_ERR_TIMED_OUT; q:q=ZX_OK;
    })"));
}

// WT-9: a suspended wait for a packet begins anew, and then finds the handle gone.
TEST(SpecPort, SuspendedPortWaitBeginsAnew) {
  ExpectExactly(WithPort(R"(
    { process p; event port : p.o0, p.o1; }
    thread p.t { w = zx_port_wait(o0, deadline: never); }
    thread p.k {
      zx_thread_suspend(t); zx_handle_close(o0); zx_thread_resume(t);
      zx_port_queue(o1, key: 2);
    }
    locations [ t:w; ]
    outcomes exact {
      t:w=ZX_OK;
      t:w=ZX_ERR_BAD_HANDLE;
    })"));
}

}  // namespace
}  // namespace model
