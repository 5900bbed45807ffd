// The reduction of the search: on small random programs it finds what visiting all states finds.
#include "model/independence.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/model/exact_outcomes.h"
#include "tests/model/random_programs.h"

namespace model {
namespace {

constexpr uint64_t kMostStates = 40'000;  // Programs with more are passed over.

struct Sums {
  uint64_t programs = 0;
  uint64_t outcomes = 0;
  uint64_t states = 0;
  uint64_t all_states = 0;
};

/// Compares the search with visiting all states on programs drawn from these seeds.
Sums CompareOnRandomPrograms(uint64_t first_seed, uint64_t count, const DrawOptions& options) {
  Sums sums;
  for (uint64_t seed = first_seed; seed < first_seed + count; ++seed) {
    const Litmus litmus = DrawProgram(seed, options);
    const AllowedOutcomes allowed = EnumerateOutcomes(litmus, {.max_states = kMostStates});
    if (!allowed.complete) continue;
    const AllowedOutcomes all = OutcomesOfAllStates(litmus, kMostStates);
    if (!all.complete) continue;
    ExpectSearchIsRight(litmus, allowed, all);
    ++sums.programs;
    sums.outcomes += allowed.outcomes.size();
    sums.states += allowed.states;
    sums.all_states += all.states;
    if (testing::Test::HasFailure()) {
      ADD_FAILURE() << "seed " << seed << ", generation " << GenerationName(options.generation)
                    << "\n"
                    << PrintLitmus(litmus);
      break;
    }
  }
  return sums;
}

TEST(Independence, SearchFindsWhatVisitingAllStatesFinds) {
  const Sums two = CompareOnRandomPrograms(1, 250, {.calls_per_thread = 4, .all_calls = false});
  const Sums three = CompareOnRandomPrograms(1, 150, {.threads = 3, .all_calls = false});
  // The programs are not trivial: several ends each, and far more states than ends.
  EXPECT_GT(two.programs + three.programs, 390u);
  EXPECT_GT(two.outcomes + three.outcomes, 3u * 400);
  EXPECT_GT(two.states + three.states, 4 * (two.outcomes + three.outcomes));
}

class IndependenceIn : public testing::TestWithParam<Generation> {};
INSTANTIATE_TEST_SUITE_P(Generations, IndependenceIn, testing::ValuesIn(kGenerations),
                         [](const auto& generation) {
                           std::string name(GenerationName(generation.param));
                           std::erase(name, '-');
                           return name;
                         });

TEST_P(IndependenceIn, SearchIsRightForAllCalls) {
  const Sums two = CompareOnRandomPrograms(1, 150, {.generation = GetParam()});
  const Sums three = CompareOnRandomPrograms(
      1, 100, {.threads = 3, .calls_per_thread = 2, .generation = GetParam()});
  EXPECT_GT(two.programs + three.programs, 200u);
  EXPECT_LT(2 * two.states, two.all_states);  // It is worth the trouble.
}

TEST_P(IndependenceIn, SearchIsRightWhenThreadsAreKilledAndSuspended) {
  const Sums sums = CompareOnRandomPrograms(
      1, 200, {.calls_per_thread = 2, .interruptions = true, .generation = GetParam()});
  EXPECT_GT(sums.programs, 150u);
}

TEST_P(IndependenceIn, SearchIsRightWithFaultsAndBadArguments) {
  const Sums sums = CompareOnRandomPrograms(1, 200,
                                            {.calls_per_thread = 2,
                                             .bad_arguments = true,
                                             .faults = {.allocation = 1, .user_memory = 1},
                                             .generation = GetParam()});
  EXPECT_GT(sums.programs, 150u);
}

// The change of owner is a step of its own while the old owner's write is under way: o knows that
// the endpoint was taken out of the message, then finds no "old", and still it comes.
TEST(Independence, ChangeOfOwnerIsNotLocalWhileAnOldOwnersCallIsUnderWay) {
  const Litmus litmus = ParseOrFail(R"(
    { process client, heir; channel a : client.a0 <-> heir.a1; channel p : client.p0 <-> heir.p1; }
    thread client.w { st = zx_channel_write(a0, "old"); }
    thread client.m { s = zx_channel_write(p0, "take", handles: [a0]); }
    thread heir.h { t = zx_channel_read(p1); }
    thread heir.o {
      zx_object_wait_one(p1, READABLE, deadline: never);
      taken = zx_channel_read(p1, max_handles: 0);
      before = zx_channel_read(a1);
    }
    locations [ w:st; o:taken; o:before; a1.queue; a0.owner; ])");
  ExpectSearchIsRight(litmus, EnumerateOutcomes(litmus));
}

// Waits end in a step of their own when their handle is received, and may be satisfied before: s
// knows that the message has left the queue, and the wait still ends well.
TEST(Independence, EndOfWaitsAtReceiptIsNotLocalWhileThereAreSome) {
  for (std::string_view wait :
       {"w = zx_object_wait_one(e0, SIGNALED, deadline: never);",
        "o = zx_port_create(); zx_object_wait_async(e0, o.handles[0], signals: SIGNALED); "
        "w = zx_port_wait(o.handles[0], deadline: never);"}) {
    const Litmus litmus = ParseOrFail(
        "{ process p; channel a : p.a0 <-> p.a1; event e : p.e0, p.e1; }\n"
        "thread p.w { " +
        std::string(wait) + R"( }
        thread p.m { zx_channel_write(a0, "take", handles: [e0]); r = zx_channel_read(a1); }
        thread p.s {
          zx_object_wait_one(a1, READABLE, deadline: never);
          gone_already = zx_channel_read(a1, max_handles: 0);
          zx_object_signal(e1, 0, SIGNALED);
        }
        locations [ w:w; s:gone_already; ])");
    const AllowedOutcomes allowed = EnumerateOutcomes(litmus);
    ExpectSearchIsRight(litmus, allowed);
    EXPECT_TRUE(Printed(litmus, allowed).contains("w:w=ZX_OK; s:gone_already=ZX_ERR_SHOULD_WAIT;"));
  }
}

// Which thread hands its messages to the worker first decides what the worker closes first: x knows
// that t closed before u, and then that the worker closed u's first.
TEST(Independence, HandingHandlesToTheWorkerIsNotLocal) {
  Litmus litmus = ParseOrFail(R"(
    {
      process p; channel a : p.a0 <-> p.a1; channel b : p.b0 <-> p.b1;
      channel c : p.c0 <-> p.c1; channel d : p.d0 <-> p.d1;
    }
    thread p.t { zx_channel_write(a1, "", handles: [c0]); zx_handle_close(a0); }
    thread p.u { zx_channel_write(b1, "", handles: [d0]); zx_handle_close(b0); }
    thread p.x {
      zx_object_wait_one(a1, PEER_CLOSED, deadline: never);
      b = zx_object_wait_one(b1, PEER_CLOSED, deadline: now);
      zx_object_wait_one(d1, PEER_CLOSED, deadline: never);
      c = zx_object_wait_one(c1, PEER_CLOSED, deadline: now);
    }
    locations [ x:b; x:c; ])");
  litmus.generation = Generation::kMagenta2017;
  const AllowedOutcomes allowed = EnumerateOutcomes(litmus);
  ExpectSearchIsRight(litmus, allowed);
  EXPECT_TRUE(Printed(litmus, allowed).contains("x:b=ZX_ERR_TIMED_OUT; x:c=ZX_ERR_TIMED_OUT;"));
}

// The steps of threads that share nothing are not interleaved at all.
TEST(Independence, ThreadsWithHandlesOfTheirOwnAreLocalUpToWhatTheirPeersSee) {
  const AllowedOutcomes allowed = EnumerateOutcomes(ParseOrFail(R"(
    { process p; channel c : p.a <-> p.b; channel d : p.x <-> p.y; event e : p.h; event f : p.i; }
    thread p.t { n = zx_channel_create(); k = zx_handle_close(h); s = zx_channel_write(b, ""); }
    thread p.u { n = zx_event_create(); k = zx_handle_close(i); s = zx_channel_write(y, ""); }
    locations [ t:s; u:s; ])"));
  EXPECT_EQ(allowed.outcomes.size(), 1u);
  EXPECT_EQ(allowed.states, 4u);  // Each of the two writes is done or not.
}

}  // namespace
}  // namespace model
