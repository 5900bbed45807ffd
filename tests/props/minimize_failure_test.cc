// Failures of programs made small: program and schedule together.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "model/outcomes.h"
#include "props/check.h"
#include "props/minimize.h"
#include "props/record.h"
#include "props/smaller_programs.h"
#include "tests/props/programs.h"

namespace props {
namespace {

using Quantifier = model::Condition::Quantifier;

// The program with one claim: that what `name` says is seen never is. It is, so the claim is false.
model::Litmus Denied(const std::string& file, std::string_view name) {
  model::Litmus litmus = FromCatalogue(file);
  litmus.outcomes.reset();
  std::erase_if(litmus.conditions, [&](const auto& condition) { return condition.name != name; });
  EXPECT_EQ(litmus.conditions.size(), 1u) << file;
  for (model::Condition& condition : litmus.conditions)
    condition.quantifier = Quantifier::kNotExists;
  return litmus;
}

// Threads and calls that have nothing to do with anything.
model::Litmus WithNoise(model::Litmus litmus) {
  const model::Litmus noise = Parsed(R"(Zircon T
{ process p, q; channel n : p.n0 <-> q.n1; n1.queue = ["noise", "more"]; }
thread p.n {
  st = zx_channel_write(n0, "loud", txid: 3);
  choose { m = zx_channel_read(n0); } or { zx_handle_close(n0); }
}
)");
  model::Program& program = litmus.program;
  const auto processes = static_cast<uint32_t>(program.processes.size());
  const auto handles = static_cast<uint32_t>(program.handles.size());
  program.processes.insert(program.processes.end(), {"np", "nq"});
  for (model::DeclaredHandle handle : noise.program.handles) {
    handle.process += processes;
    handle.object = static_cast<uint32_t>(program.objects.size());
    program.handles.push_back(handle);
  }
  program.objects.push_back(noise.program.objects[0]);
  for (model::EndpointIndex& handle : program.objects.back().handles) handle += handles;
  program.queues.push_back(noise.program.queues[0]);
  program.queues.back().endpoint += handles;
  model::ThreadProgram thread = noise.program.threads[0];
  thread.process += processes;
  for (model::Call& call : thread.calls) {
    if (auto* named = std::get_if<model::NamedHandle>(&call.handle)) named->handle += handles;
  }
  program.threads.push_back(thread);
  return Parsed(model::PrintLitmus(litmus));
}

std::vector<model::Litmus> FalseClaims() {
  return {
      FromCatalogue("races/two-readers.litmus"),  Denied("mp.litmus", "both in time"),
      Denied("call+late.litmus", "late, queued"), Denied("wait+rd.litmus", "woken for nothing"),
      Denied("fault+wr.litmus", "no memory"),     Denied("dup+close.litmus", "duplicated first")};
}

// A failing execution at random.
Finding Found(const model::Litmus& litmus, uint64_t seed) {
  CheckOptions options = Exhaustively(Search::kRandom);
  options.seed = seed;
  const CheckReport report = Check(litmus, options);
  if (report.findings.empty()) {
    ADD_FAILURE() << "nothing was found in " << litmus.program.name;
    return {};
  }
  return report.findings[0];
}

TEST(MinimizeFailure, EndsWithTheSameProgramAndScheduleWhereverItBegan) {
  for (const model::Litmus& litmus : FalseClaims()) {
    const MinimizedFailure first = MinimizeFailure(litmus, Found(litmus, 0), {});
    EXPECT_TRUE(first.is_minimum);
    EXPECT_LE(SizeOf(first.litmus), SizeOf(litmus)) << litmus.program.name;
    for (uint64_t seed = 1; seed < 20; ++seed) {
      const MinimizedFailure other = MinimizeFailure(litmus, Found(litmus, seed), {});
      EXPECT_EQ(model::PrintLitmus(other.litmus), model::PrintLitmus(first.litmus)) << seed;
      EXPECT_EQ(other.finding.schedule, first.finding.schedule) << seed;
    }
  }
}

TEST(MinimizeFailure, WhatHasNothingToDoWithItGoes) {
  for (const model::Litmus& litmus : FalseClaims()) {
    const model::Litmus noisy = WithNoise(litmus);
    ASSERT_GT(SizeOf(noisy).threads, SizeOf(litmus).threads);
    const MinimizedFailure quiet = MinimizeFailure(litmus, Found(litmus, 1), {});
    const MinimizedFailure small = MinimizeFailure(noisy, Found(noisy, 1), {});
    EXPECT_EQ(model::PrintLitmus(small.litmus), model::PrintLitmus(quiet.litmus));
    EXPECT_EQ(small.finding.schedule, quiet.finding.schedule);
  }
}

TEST(MinimizeFailure, NoStepFurtherShowsTheFailure) {
  for (const model::Litmus& litmus : FalseClaims()) {
    const MinimizedFailure small = MinimizeFailure(litmus, Found(litmus, 2), {});
    CheckOptions options = Exhaustively();
    options.keep_going = true;
    for (const model::Litmus& smaller : SmallerPrograms(small.litmus)) {
      for (const Finding& finding : Check(smaller, options).findings) {
        EXPECT_FALSE(finding.SameAs(small.finding)) << model::PrintLitmus(smaller);
      }
    }
  }
}

TEST(MinimizeFailure, ItsResultIsFoundByWhoeverRunsIt) {
  for (const model::Litmus& litmus : FalseClaims()) {
    const MinimizedFailure small = MinimizeFailure(litmus, Found(litmus, 3), {});
    const model::AllowedOutcomes allowed = model::EnumerateOutcomes(small.litmus);
    const Recording recording =
        Record(small.litmus, &allowed, *small.finding.schedule, {"test", 0}, 20'000);
    EXPECT_FALSE(recording.mismatch.has_value());
    ASSERT_TRUE(recording.finding.has_value());
    EXPECT_TRUE(recording.finding->SameAs(small.finding));
    EXPECT_EQ(recording.finding->message, small.finding.message);
    EXPECT_EQ(recording.finding->position.line, small.finding.position.line);
    EXPECT_NE(small.finding.position.line, 0u);  // Of the smaller program.
  }
}

// The wait lets another thread run for nothing. Without it the writer would have to be preempted.
TEST(MinimizeFailure, TheSmallerProgramNeedsNoMorePreemptions) {
  const model::Litmus litmus = Parsed(R"(Zircon T
{ process p, q; channel a : p.a0 <-> q.a1; event e : p.e0, q.e1; }
thread p.w {
  zx_channel_write(a0, "1");
  zx_object_wait_one(e0, SIGNALED, deadline: never);
  s = zx_channel_write(a0, "2");
}
thread q.r {
  m = zx_channel_read(a1);
  n = zx_channel_read(a1);
  zx_object_signal(e1, 0, SIGNALED);
}
~exists "one only" (r:m = ZX_OK /\ r:n = ZX_ERR_SHOULD_WAIT /\ w:s = ZX_OK)
)");
  for (uint64_t seed = 0; seed < 5; ++seed) {
    const MinimizedFailure small = MinimizeFailure(litmus, Found(litmus, seed), {});
    EXPECT_EQ(small.finding.preemptions, 0u);
    EXPECT_EQ(SizeOf(small.litmus).calls, 6u) << model::PrintLitmus(small.litmus);
  }
}

// Without `v` it takes another order than the one in which `v` came before `r`.
TEST(MinimizeFailure, AProgramInWhichTheOldScheduleFailsNoMoreIsSearched) {
  const model::Litmus litmus = Parsed(R"(Zircon T
{ process p, q; channel a : p.a0 <-> q.a1; }
thread p.w { zx_channel_write(a0, ""); }
thread q.r { m = zx_channel_read(a1); }
thread p.v { zx_channel_write(a0, ""); }
forall "too early" (r:m = ZX_ERR_SHOULD_WAIT)
)");
  for (uint64_t seed = 0; seed < 10; ++seed) {
    const MinimizedFailure small = MinimizeFailure(litmus, Found(litmus, seed), {});
    ASSERT_EQ(small.litmus.program.threads.size(), 2u);
    EXPECT_EQ(small.litmus.program.threads[0].name, "w") << seed;
  }
}

TEST(MinimizeFailure, FaultsAndChoicesStayOnlyIfTheyAreNeeded) {
  const model::Litmus litmus = Parsed(R"(Zircon T
Faults = "nomem=3, memory=2"
{ process p, q; channel a : p.a0 <-> q.a1; }
thread p.w {
  choose { zx_channel_read(a0); } or { st = zx_channel_write(a0, "x"); } or { note "idle"; }
}
forall "there is memory" (w:st != ZX_ERR_NO_MEMORY)
)");
  const MinimizedFailure small = MinimizeFailure(litmus, Found(litmus, 1), {});
  EXPECT_EQ(model::PrintLitmus(small.litmus), R"(Zircon T
Faults = "nomem=1"
{
  process p, q;
  channel a : p.a0 <-> q.a1;
}

thread p.w {
  st = zx_channel_write(a0, "");
}

forall "there is memory" (w:st != ZX_ERR_NO_MEMORY)
)");
}

// As for programs in which the core crashes.
TEST(MinimizeFailure, NothingIsSearchedUntoldAndWhatIsToBeAvoidedIsNot) {
  const model::Litmus litmus = FromCatalogue("races/two-readers.litmus");
  const Finding found = Found(litmus, 5);
  const MinimizedFailure free = MinimizeFailure(litmus, found, {});
  ShrinkOptions options;
  options.avoided = {model::LitmusHash(free.litmus)};
  uint64_t told = 0;
  options.about_to_search = [&](uint64_t hash) {
    ++told;
    EXPECT_FALSE(options.avoided.contains(hash));
  };
  const MinimizedFailure other = MinimizeFailure(litmus, found, options);
  EXPECT_NE(other.litmus, free.litmus);
  EXPECT_LT(SizeOf(other.litmus), SizeOf(litmus));
  EXPECT_GT(told, 10u);
}

TEST(MinimizeFailure, TheBudgetOfTheSearchIsKept) {
  const model::Litmus litmus = FromCatalogue("races/two-readers.litmus");
  ShrinkOptions options;
  options.executions_per_program = 1;  // Guided ones alone.
  options.max_executions = 1;
  const Finding found = Found(litmus, 5);
  const MinimizedFailure small = MinimizeFailure(litmus, found, options);
  EXPECT_FALSE(small.is_minimum);
  EXPECT_LT(SizeOf(small.litmus), SizeOf(litmus));
  EXPECT_TRUE(small.finding.SameAs(found));
  EXPECT_LE(small.finding.preemptions, found.preemptions);
}

}  // namespace
}  // namespace props
