// The granularity of the reference model: calls take the steps that the table declares, no others.
#include "model/steps.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/spec.h"
#include "tests/model/exact_outcomes.h"
#include "tests/model/random_programs.h"

namespace model {
namespace {

bool IsClosing(StepKind step) {
  return step == StepKind::kCloseWaits || step == StepKind::kCloseHandle ||
         step == StepKind::kDeliver || step == StepKind::kCloseFree;
}

/// Follows one thread: fails at a step that its call does not declare, that comes out of order, or
/// that comes twice and may not.
class CallWatch {
 public:
  void Expect(CallKind kind, StepKind step) {
    if (step == StepKind::kStart) last_ = nullptr;  // Another call, or the same anew.
    const std::vector<DeclaredStep>& declared = Declared(kind);
    const auto found = std::ranges::find(declared, step, &DeclaredStep::step);
    ASSERT_NE(found, declared.end()) << static_cast<int>(kind) << " " << static_cast<int>(step);
    if (found->repeats) return;
    const DeclaredStep* at = &*found;
    EXPECT_TRUE(last_ == nullptr || last_ < at)
        << static_cast<int>(kind) << " " << static_cast<int>(step);
    last_ = at;
  }

 private:
  static const std::vector<DeclaredStep>& Declared(CallKind kind) {
    static const std::map<CallKind, std::vector<DeclaredStep>> all = [] {
      std::map<CallKind, std::vector<DeclaredStep>> steps;
      for (int i = 0; i <= static_cast<int>(CallKind::kNote); ++i) {
        steps[static_cast<CallKind>(i)] = DeclaredSteps(static_cast<CallKind>(i));
      }
      return steps;
    }();
    return all.at(kind);
  }

  const DeclaredStep* last_ = nullptr;
};

using Taken = std::set<std::pair<CallKind, StepKind>>;

/// One execution, in an order that the seed decides.
void Walk(const Litmus& litmus, uint64_t seed, Taken* taken) {
  uint64_t random = seed;
  const auto below = [&random](size_t limit) {
    random = random * 6364136223846793005u + 1442695040888963407u;
    return static_cast<uint32_t>(random >> 33) % limit;
  };
  const Program& program = litmus.program;
  std::vector<CallWatch> watches(program.threads.size());
  State state = InitialState(litmus);
  while (!testing::Test::HasFailure()) {
    std::vector<ThreadIndex> able;
    for (ThreadIndex i = 0; i < StepperCount(program); ++i) {
      if (CanStep(program, state, i)) able.push_back(i);
    }
    if (able.empty()) return;
    const ThreadIndex thread = able[below(able.size())];
    const StepKind step = NextStep(program, state, thread);
    if (thread == WorkerOf(program) || state.threads[thread].ended) {
      EXPECT_TRUE(IsClosing(step));
    } else if (IsFinished(program, state, thread)) {
      EXPECT_TRUE(step == StepKind::kReturn || IsClosing(step));
    } else {
      const uint32_t call = state.threads[thread].next_call;
      const CallKind kind = program.threads[thread].calls[call].kind;
      // A thread that is killed between two calls returns from nothing.
      const bool stops = state.threads[thread].phase == Phase::kStart && step == StepKind::kReturn;
      if (!stops) {
        watches[thread].Expect(kind, step);
        taken->insert({kind, step});
      }
    }
    std::vector<Transition> transitions = Steps(program, state, thread);
    ASSERT_FALSE(transitions.empty());
    state = std::move(transitions[below(transitions.size())].next);
  }
}

// For steps that random programs hardly ever take. T is one of several calls.
constexpr std::string_view kLastReference = R"(
  { process p; channel a : p.a0 <-> p.a1; channel b : p.b0 <-> p.b1; port o : p.o0; }
  thread p.s { zx_object_wait_async(b1, o0, signals: PEER_CLOSED);
               zx_channel_write(a0, "x", handles: [b0]); zx_handle_close(a1); }
  thread p.t { T }
  thread p.k { zx_thread_kill(t); })";
constexpr std::string_view kCallsOnA1[] = {
    "zx_channel_read(a1, max_handles: 0, options: MAY_DISCARD);",
    "zx_channel_read_etc(a1, max_handles: 0, options: MAY_DISCARD);",
    "zx_object_wait_one(a1, SIGNALED, deadline: may);",
    "zx_object_wait_many([a1: SIGNALED], deadline: may);",
    "zx_object_signal(a1, 0, 0x01000000);",
    "zx_object_signal_peer(a1, 0, 0x01000000);",
    "zx_object_get_info(a1, HANDLE_COUNT);",
};
// Calls that end the wait of a port; some take two threads.
constexpr std::string_view kWatched = R"(
  { process p, q; channel a : p.a0 <-> q.a1; eventpair x : p.x0 <-> q.x1; port o : q.o0; }
  thread p.t { T }
  thread q.w { zx_object_wait_async(a1, o0, signals: READABLE | PEER_CLOSED | 0x01000000);
               zx_object_wait_async(x1, o0, signals: PEER_CLOSED); })";
constexpr std::string_view kCallsOnA0[] = {
    "zx_channel_write(a0, \"x\");",
    "zx_channel_write_etc(a0, \"x\");",
    "zx_channel_call(a0, \"x\", deadline: may);",
    "zx_channel_call_etc(a0, \"x\", deadline: may);",
    "zx_handle_close_many([a0]);",
    "zx_handle_duplicate(x0, out: unmapped); } thread p.c { zx_handle_close(x0);",
    "} thread q.k { zx_process_kill(p);",
    "} thread q.s { zx_object_signal(a1, 0, 0x01000000);",
    "zx_handle_replace(a0, out: unmapped);",
    "zx_object_signal_peer(a0, 0, 0x01000000);",
};
constexpr std::string_view kCallWithReply = R"(
  { process p; channel a : p.a0 <-> p.a1; event e : p.e0; channel b : p.b0 <-> p.b1; }
  thread p.t { T }
  thread p.s { zx_channel_write(a1, "x", txid: 0x80000001, handles: [e0, b0]); }
  thread p.k { zx_thread_suspend(t); zx_thread_resume(t); })";

TEST(Steps, NoCallTakesOtherStepsThanDeclaredAndEachOfThoseIsTakenSomewhere) {
  Taken taken;
  for (uint64_t seed = 1; seed <= 2000; ++seed) {
    for (const Generation generation : kGenerations) {
      const Litmus litmus = DrawProgram(seed, {.threads = 3,
                                               .calls_per_thread = 5,
                                               .interruptions = seed % 2 == 0,
                                               .bad_arguments = seed % 3 == 0,
                                               .faults = {.allocation = 1, .user_memory = 1},
                                               .generation = generation});
      Walk(litmus, seed, &taken);
      if (HasFailure()) {
        ADD_FAILURE() << "seed " << seed << "\n" << PrintLitmus(litmus);
        return;
      }
    }
  }
  std::string zeros = "0x3";
  for (int i = 0; i < 64; ++i) zeros += ", 0x3";
  std::vector<std::string> texts = {"{ process p; } thread p.t { zx_handle_close_many([" + zeros +
                                    "]); }"};
  const auto add = [&texts](std::string_view text, std::string_view call) {
    texts.emplace_back(text);
    texts.back().replace(texts.back().find("T }"), 1, call);
  };
  for (std::string_view call : kCallsOnA1) add(kLastReference, call);
  for (std::string_view call : kCallsOnA0) add(kWatched, call);
  add(kCallWithReply, "zx_channel_call(a0, \"x\", deadline: never);");
  add(kCallWithReply, "zx_channel_call_etc(a0, \"x\", deadline: never);");
  for (const std::string& text : texts) {
    const Litmus litmus = ParseOrFail(text);
    for (uint64_t seed = 1; seed <= 500; ++seed) Walk(litmus, seed, &taken);
  }
  for (int i = 0; i <= static_cast<int>(CallKind::kNote); ++i) {
    const auto kind = static_cast<CallKind>(i);
    for (const DeclaredStep& step : DeclaredSteps(kind)) {
      if (kind == CallKind::kEventCreate) continue;  // Not drawn; the same as the others.
      EXPECT_TRUE(taken.contains({kind, step.step}))
          << "call " << i << " never takes step " << static_cast<int>(step.step);
    }
  }
}

// Whoever adds a step has to say what allows it.
TEST(Steps, EveryStepButTheFirstNamesTheItemThatSeparatesIt) {
  for (int i = 0; i <= static_cast<int>(CallKind::kNote); ++i) {
    const std::vector<DeclaredStep> steps = DeclaredSteps(static_cast<CallKind>(i));
    ASSERT_FALSE(steps.empty());
    EXPECT_EQ(steps.front(), (DeclaredStep{StepKind::kStart, "", false}));
    for (size_t k = 1; k < steps.size(); ++k) EXPECT_FALSE(steps[k].item.empty());
  }
}

}  // namespace
}  // namespace model
