// Scenarios: bodies run on the core, what they did is a program, and their stacks are cleaned up.
#include "props/scenario.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "props/checker.h"
#include "props/interference.h"
#include "props/minimize.h"
#include "props/persistence.h"
#include "props/record.h"
#include "props/world.h"
#include "sim/strategies/random_walk.h"
#include "tests/props/programs.h"
#include "traces/text.h"

namespace props {
namespace {

// What a body keeps on its stack: as many must go as came.
int g_alive = 0;
struct Counted {
  explicit Counted(int) : text(100, 'x') { ++g_alive; }
  Counted(const Counted&) = delete;
  ~Counted() { --g_alive; }
  std::string text;  // On the heap, for the sanitizer.
};

HEDDLE_SCENARIO(test_conversation) {
  setup.Says("A question, and an answer with a channel in it");
  const auto client = setup.Process("client");
  const auto server = setup.Process("server");
  const Pair a = setup.Channel("a", client, server);
  setup.Thread(client, "c", [=](Syscalls& sys) {
    const Counted counted(1);
    const Answer reply = sys.Call(a[0], "question");
    sys.Check(reply.ok() && reply.handles.size() == 1, "an answer has a handle");
    sys.Write(reply.handles[0], "thanks");
    sys.Close(reply.handles[0]);
  });
  setup.Thread(server, "s", [=](Syscalls& sys) {
    const Counted counted(1);
    sys.WaitOne(a[1], core::kSignalReadable);
    const Answer request = sys.Read(a[1]);
    const Answer made = sys.CreateChannel();
    sys.Reply(a[1], request, request.bytes + "?", {made.handles.at(1)});
    while (!sys.Read(made.handles[0]).ok()) {
      sys.WaitOne(made.handles[0], core::kSignalReadable);
    }
  });
}

HEDDLE_SCENARIO(test_deadlock) {
  const auto p = setup.Process("p");
  const Pair a = setup.Channel("a", p, p);
  setup.Thread(p, "t", [=](Syscalls& sys) {
    const Counted counted(1);
    sys.WaitOne(a[1], core::kSignalReadable);
  });
}

// Found to be wrong in one order only; well once somebody has set this.
bool g_healed = false;

HEDDLE_SCENARIO(test_race) {
  setup.Says("Who comes second is surprised");
  const auto p = setup.Process("p");
  const auto q = setup.Process("q");
  const Pair a = setup.Channel("a", p, q);
  setup.Thread(p, "w", [=](Syscalls& sys) {
    const Counted counted(1);
    sys.Write(a[0], "x");
  });
  setup.Thread(q, "r", [=](Syscalls& sys) {
    const Counted counted(1);
    if (g_healed) sys.WaitOne(a[1], core::kSignalReadable);
    sys.Check(sys.Read(a[1]).ok(), "the message is there");
  });
}

// Keeps something from one execution to the next, or would if it could.
HEDDLE_SCENARIO(test_mutable) {
  const auto p = setup.Process("p");
  const Pair a = setup.Channel("a", p, p);
  for (const char* name : {"x", "y"}) {
    setup.Thread(p, name, [a, calls = 0](Syscalls& sys) mutable {
      for (++calls; calls < 3; ++calls) sys.Write(a[0], "x");
    });
  }
}

HEDDLE_SCENARIO(test_borrowed_handle) {
  const auto p = setup.Process("p");
  const Pair a = setup.Channel("a", p, p);
  setup.Thread(p, "x", [=](Syscalls& sys) {
    Handle other = sys.CreateEvent().handles.at(0);
    other.thread = 1;
    sys.Write(a[0], "x", {other});
  });
  setup.Thread(p, "y", [=](Syscalls& sys) { sys.Read(a[1]); });
}

HEDDLE_SCENARIO(test_killer) {
  const auto p = setup.Process("p");
  const Pair a = setup.Channel("a", p, p);
  setup.Thread(p, "x", [=](Syscalls& sys) {
    sys.Read(a[0]);
    model::Call call;
    call.kind = model::CallKind::kThreadKill;
    sys.Make(call);
  });
}

HEDDLE_SCENARIO(test_throw) {
  const auto p = setup.Process("p");
  const Pair a = setup.Channel("a", p, p);
  setup.Thread(p, "x", [=](Syscalls& sys) {
    const Counted counted(1);
    sys.Read(a[0]);
    throw std::runtime_error("no more");
  });
}

// Everything that can be there at the start.
HEDDLE_SCENARIO(test_start) {
  const auto p = setup.Process("p");
  const auto q = setup.Process("q");
  const Pair a = setup.Channel("a", p, q);
  const Pair x = setup.EventPair("x", p, q);
  const std::vector<Handle> e = setup.Event("e", {p, q});
  setup.Queued(a[1], "one");
  setup.Queued(a[1], "two");
  setup.AllowBlocked();
  setup.WithinPreemptions(1);
  setup.WithinSteps(500);
  setup.Thread(p, "t", [=](Syscalls& sys) {
    sys.SignalPeer(x[0], core::kSignalNone, core::kSignalSignaled);
    sys.Signal(e[0], core::kSignalNone, core::kSignalSignaled);
    sys.WaitOne(e[0], core::kSignalNone);  // Nothing ends this.
  });
  setup.Thread(q, "u", [=](Syscalls& sys) {
    sys.WaitMany({{x[1], core::kSignalSignaled}});
    sys.WaitOne(e[1], core::kSignalSignaled);
    std::string seen = sys.Read(a[1]).bytes;
    seen += sys.Read(a[1]).bytes;
    sys.Check(seen == "onetwo", "the queue was filled");
  });
}

HEDDLE_SCENARIO(test_choice) {
  const auto p = setup.Process("p");
  const Pair a = setup.Channel("a", p, p);
  setup.Thread(p, "x", [=](Syscalls& sys) {
    const uint32_t chosen = sys.Choose(3);
    sys.Write(a[0], std::to_string(chosen));
    sys.Check(sys.Read(a[1]).bytes == std::to_string(chosen), "what was chosen is known");
  });
}

const model::Litmus& LitmusOf(std::string_view name) {
  return FindScenario(name)->litmus;
}

CheckReport Explored(const model::Litmus& litmus, Search search = Search::kSourceSets) {
  CheckReport report = Check(litmus, Exhaustively(search));
  EXPECT_EQ(g_alive, 0) << "a body left something behind";
  return report;
}

TEST(Scenario, IsExploredAndExplainedByTheModel) {
  const CheckReport report = Explored(LitmusOf("test_conversation"));
  EXPECT_EQ(Described(report), "complete");
  EXPECT_GT(report.executions, 5u);
  EXPECT_GT(report.histories.judged.size(), 1u);
  EXPECT_TRUE(report.histories.unknown.empty());
  EXPECT_FALSE(report.model.has_value()) << "nothing is known of it before it runs";
}

// The same number of classes, whichever way they are told apart.
TEST(Scenario, EveryCompleteSearchSeesTheSame) {
  for (const std::string_view name : {"test_conversation", "test_mutable"}) {
    const CheckReport dpor = Explored(LitmusOf(name));
    const CheckReport sleep = Explored(LitmusOf(name), Search::kSleepSets);
    EXPECT_EQ(dpor.executions, sleep.executions) << name;
    EXPECT_EQ(dpor.histories.judged, sleep.histories.judged) << name;
  }
}

TEST(Scenario, SamplesFindNothingElse) {
  for (const SearchKind& kind : SearchKinds()) {
    if (kind.is_complete) continue;
    CheckOptions options = Exhaustively(kind.search);
    options.runs = 200;
    EXPECT_EQ(Described(Check(LitmusOf("test_conversation"), options)), "runs reached");
    EXPECT_EQ(g_alive, 0);
  }
}

TEST(Scenario, ALambdaBeginsEveryExecutionAsItWasDeclared) {
  CheckOptions options = Exhaustively();
  options.determinism_every = 1;
  const CheckReport report = Check(LitmusOf("test_mutable"), options);
  EXPECT_EQ(Described(report), "complete");
  EXPECT_GT(report.executions, 1u) << "it calls nothing any more";
}

TEST(Scenario, AnExecutionIsAStraightLineProgram) {
  const model::Litmus& litmus = LitmusOf("test_conversation");
  World world(litmus);
  sim::RandomWalk strategy(1, 1);
  strategy.BeginExecution();
  sim::Execution execution;
  sim::Runtime runtime;
  runtime.Execute(world, strategy, execution);
  ASSERT_EQ(execution.end, sim::ExecutionEnd::kFinished);
  const std::string text = model::PrintLitmus(world.litmus());
  for (const std::string part : {"thread client.c {\n  r1 = zx_channel_call(a0, \"question\"",
                                 "     zx_channel_write(r1.handles[0], \"thanks\");\n",
                                 "  r2 = zx_channel_read(a1);\n", "  r3 = zx_channel_create();\n",
                                 "     zx_channel_write(a1, \"question?\", handles: "
                                 "[r3.handles[1]], txid: 0x80000001);\n"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_EQ(model::PrintLitmus(litmus), model::PrintLitmus(LitmusOf("test_conversation")));
  EXPECT_TRUE(std::holds_alternative<model::Litmus>(model::ParseLitmus(text))) << text;
}

TEST(Scenario, EveryThreadThatIsKilledCleansUp) {  // T-17
  const model::Litmus killed = WithInterference(LitmusOf("test_conversation"), {.kill = 1});
  CheckOptions options = Exhaustively(Search::kPortfolio);
  options.runs = 500;
  EXPECT_EQ(Described(Check(killed, options)), "runs reached");
  EXPECT_EQ(g_alive, 0);
}

TEST(Scenario, ADeadlockIsFoundAndLeavesNothing) {
  EXPECT_EQ(IdsOf(Explored(LitmusOf("test_deadlock")).findings), std::vector<std::string>{"HD201"});
}

TEST(Scenario, AFalseClaimIsAFindingWithItsLine) {
  const CheckReport report = Explored(LitmusOf("test_race"));
  ASSERT_EQ(IdsOf(report.findings), std::vector<std::string>{"HD108"});
  const Finding& finding = report.findings[0];
  EXPECT_EQ(finding.name, "the message is there");
  EXPECT_GT(finding.position.line, FindScenario("test_race")->line);
  EXPECT_EQ(finding.message, fmt::format("tests/props/scenario_test.cc:{}: thread r found this "
                                         "claim false",
                                         finding.position.line));
}

TEST(Scenario, AHandleBelongsToTheThreadWhoseCallBroughtIt) {
  const CheckReport report = Explored(LitmusOf("test_borrowed_handle"));
  ASSERT_EQ(IdsOf(report.findings), std::vector<std::string>{"HD702"});
  EXPECT_NE(report.findings[0].message.find("another thread"), std::string::npos);
}

TEST(Scenario, ABodyKillsNobody) {
  const CheckReport report = Explored(LitmusOf("test_killer"));
  ASSERT_EQ(IdsOf(report.findings), std::vector<std::string>{"HD702"});
  EXPECT_NE(report.findings[0].message.find("see --faults"), std::string::npos);
}

TEST(Scenario, AnExceptionThatLeavesABodyIsAFinding) {
  const CheckReport report = Explored(LitmusOf("test_throw"));
  ASSERT_EQ(IdsOf(report.findings), std::vector<std::string>{"HD702"});
  EXPECT_EQ(report.findings[0].message, "thread x: it threw an exception: no more");
}

TEST(Scenario, AChoiceIsTheSchedules) {
  const CheckReport report = Explored(LitmusOf("test_choice"));
  EXPECT_EQ(Described(report), "complete");
  EXPECT_EQ(report.executions, 3u);
}

TEST(Scenario, ADeclaredStartIsTheStart) {
  const model::Litmus& litmus = LitmusOf("test_start");
  EXPECT_EQ(Described(Explored(litmus)), "complete");
  EXPECT_EQ(litmus.within.preemptions, 1u);
  EXPECT_EQ(litmus.within.steps, 500u);
  const std::string text = model::PrintLitmus(litmus);
  for (const std::string part : {"Allow = \"blocked\"\n", "  channel a : p.a0 <-> q.a1;\n",
                                 "  eventpair x : p.x0 <-> q.x1;\n", "  event e : p.e0, q.e1;\n",
                                 "  a1.queue = [\"one\", \"two\"];\n"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
}

// Its text has no calls, so the model's outcomes of that are not those of the scenario.
TEST(Scenario, WhatTheModelAllowsOfItsTextIsNotAsked) {
  const model::Litmus& litmus = LitmusOf("test_start");
  const model::AllowedOutcomes allowed = model::EnumerateOutcomes(litmus);
  CheckOptions options = Exhaustively(Search::kRandom);
  options.runs = 100;
  const auto strategy = MakeStrategy(litmus, options);
  EXPECT_EQ(Described(Checker(litmus, options, &allowed).Run(*strategy)), "runs reached");
}

// Found, minimized, written, read, run again: the whole way of a failure.
TEST(Scenario, ATraceOfItSurvivesItsTextAndIsRunAgain) {
  const model::Litmus& litmus = LitmusOf("test_race");
  const CheckReport report = Explored(litmus);
  ASSERT_EQ(report.findings.size(), 1u);
  const Minimized small = Minimize(litmus, nullptr, report.findings[0], 1000, 1000);
  EXPECT_EQ(small.finding.preemptions, 0u);
  const Recording recording =
      Record(litmus, nullptr, *small.finding.schedule, {"minimize", 0}, 1000);
  const std::string text = traces::PrintTrace(recording.trace);
  EXPECT_NE(text.find("| Scenario = \"test_race\"\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\n> r r1 zx_channel_read(a1)\n"), std::string::npos) << text;
  const auto parsed = traces::ParseTrace(text);
  ASSERT_TRUE(std::holds_alternative<traces::Trace>(parsed));
  const auto& trace = std::get<traces::Trace>(parsed);
  const model::Litmus read = Parsed(trace.litmus);
  EXPECT_EQ(read, litmus);
  EXPECT_FALSE(FindScenarioMistake(read).has_value());
  const Recording again = Rerun(read, nullptr, trace, 1000);
  EXPECT_FALSE(again.mismatch.has_value());
  ASSERT_TRUE(again.finding.has_value());
  EXPECT_TRUE(again.finding->SameAs(small.finding));
  EXPECT_EQ(traces::PrintTrace(again.trace), text);

  g_healed = true;
  EXPECT_TRUE(Rerun(read, nullptr, trace, 1000).mismatch.has_value());
  const Persistence healed = LookForViolation(read, nullptr, trace, 1000, 1000);
  g_healed = false;
  EXPECT_TRUE(healed.fits);
  EXPECT_FALSE(healed.finding.has_value());
  EXPECT_GT(healed.executions, 0u);
  EXPECT_TRUE(LookForViolation(read, nullptr, trace, 1000, 1000).finding.has_value());
  EXPECT_EQ(g_alive, 0);
}

TEST(Scenario, AllOfThemAreKnownByName) {
  std::string before;
  for (const Scenario* scenario : Scenarios()) {
    EXPECT_LT(before, scenario->name());
    EXPECT_EQ(FindScenario(scenario->name()), scenario);
    EXPECT_EQ(ScenarioOf(scenario->litmus), scenario);
    before = scenario->name();
  }
  EXPECT_EQ(FindScenario("test_nobody"), nullptr);
  EXPECT_EQ(ScenarioOf(WriteAndRead("")), nullptr);
}

TEST(Scenario, ATextOfAnotherStartIsNotIts) {
  model::Litmus litmus = LitmusOf("test_race");
  EXPECT_FALSE(FindScenarioMistake(WriteAndRead("")).has_value());
  EXPECT_FALSE(FindScenarioMistake(WithInterference(litmus, {.kill = 1})).has_value());
  litmus.program.threads.pop_back();
  EXPECT_EQ(FindScenarioMistake(litmus), ScenarioMistake::kChanged);
  litmus = LitmusOf("test_race");
  litmus.program.queues.push_back({0, {{"more"}}});
  EXPECT_EQ(FindScenarioMistake(litmus), ScenarioMistake::kChanged);
  litmus = LitmusOf("test_race");
  litmus.metadata = {{"Scenario", "test_nobody"}};
  EXPECT_EQ(FindScenarioMistake(litmus), ScenarioMistake::kUnknown);
}

}  // namespace
}  // namespace props
