// The reference model: the state before the start, creating calls, and states as values.
#include "model/spec.h"

#include <gtest/gtest.h>

#include "tests/model/exact_outcomes.h"

namespace model {
namespace {

// --- The start, and creating ---

// S-1, S-4.
TEST(Spec, FreshEndpointShowsWritableAndAQueueShowsReadable) {
  ExpectExactly(R"(
    { process p, q; channel c : p.a <-> q.b; b.queue = ["1", "2"]; }
    locations [ a.signals; b.signals; a.queue; b.queue; a.owner; b.owner; ]
    outcomes exact {
      a.signals=WRITABLE; b.signals=READABLE | WRITABLE; a.queue=[]; b.queue=["1", "2"]; \
        a.owner=p; b.owner=q;
    })");
}

// K1, S-1: two connected endpoints, here used through the values that the call brought.
TEST(Spec, CreatedEndpointsAreConnectedInTheCallersProcess) {
  ExpectExactly(R"(
    { process p; }
    thread p.t {
      c = zx_channel_create();
      w = zx_object_wait_one(c.handles[1], WRITABLE, deadline: now);
      s = zx_channel_write(c.handles[0], "x");
      r = zx_channel_read(c.handles[1]);
      k = zx_handle_close(c.handles[0]);
      e = zx_channel_read(c.handles[1]);
    }
    locations [ t:c; t:w; t:w.observed; t:s; t:r; t:r.bytes; t:k; t:e; ]
    outcomes exact {
      t:c=ZX_OK; t:w=ZX_OK; t:w.observed=WRITABLE; t:s=ZX_OK; t:r=ZX_OK; t:r.bytes="x"; \
        t:k=ZX_OK; t:e=ZX_ERR_PEER_CLOSED;
    })");
}

// K3, O9: default rights let an endpoint be sent and an event be duplicated; both can be waited on.
TEST(Spec, CreatedHandlesHaveTheDefaultRights) {
  const Litmus litmus = ParseOrFail(R"(
    { process p; }
    thread p.t { c = zx_channel_create(); e = zx_event_create(); })");
  State state = InitialState(litmus.program);
  while (TakeStep(litmus.program, &state, 0)) {
  }
  ASSERT_EQ(state.handles.size(), 3u);
  EXPECT_EQ(state.handles[0].rights, core::kRightsChannelDefault);
  EXPECT_EQ(state.handles[1].rights, core::kRightsChannelDefault);
  EXPECT_EQ(state.handles[2].rights, core::kRightsEventDefault);
  EXPECT_EQ(state.threads[0].variables[0].result->handle_count, 2u);
  EXPECT_EQ(state.threads[0].variables[1].result->handle_count, 1u);
}

// --- States as values ---

TEST(Spec, StepsLeavesItsArgumentAloneAndTakeStepDoesTheSame) {
  const Litmus litmus = ParseOrFail(R"(
    { process p; channel c : p.a <-> p.b; }
    thread p.t { s = zx_channel_write(a, "x"); })");
  const State before = InitialState(litmus.program);
  State state = before;
  const std::vector<Transition> transitions = Steps(litmus.program, before, 0);
  EXPECT_EQ(before, InitialState(litmus.program));
  ASSERT_EQ(transitions.size(), 1u);
  ASSERT_TRUE(TakeStep(litmus.program, &state, 0));
  EXPECT_EQ(transitions[0].next, state);
  EXPECT_EQ(Hash(transitions[0].next), Hash(state));
  EXPECT_NE(state, before);
  EXPECT_NE(Encode(state), Encode(before));
}

}  // namespace
}  // namespace model
