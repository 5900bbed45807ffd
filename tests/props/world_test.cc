// The world that runs a program on the core: what it observes and notes, and that it checks.
#include "props/world.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "core/channel_dispatcher.h"
#include "sim/strategies/random_walk.h"
#include "tests/props/programs.h"

namespace props {
namespace {

using Place = model::EndpointObservation::Place;

// One execution of a program.
class OneRun {
 public:
  explicit OneRun(model::Litmus litmus, bool recording = false, uint64_t seed = 0)
      : litmus_(std::move(litmus)), world_(litmus_) {
    world_.set_recording(recording);
    sim::RandomWalk strategy(seed, 1);
    strategy.BeginExecution();
    sim::Runtime().Execute(world_, strategy, execution_);
  }

  const model::Observation& seen() const { return world_.observation(); }
  const World& world() const { return world_; }
  const sim::Execution& execution() const { return execution_; }
  std::string At(size_t location) const {
    return model::PrintValue(model::OutcomeOf(litmus_, seen()).at(location));
  }

 private:
  model::Litmus litmus_;
  World world_;
  sim::Execution execution_;
};

model::Litmus InOneThread(std::string_view calls) {
  return Parsed(fmt::format(R"(Zircon T
{{
  process p, q;
  channel a : p.a0 <-> p.a1;
  channel b : p.b0 <-> q.b1;
  event e : p.e0;
  a1.queue = ["one", "two"];
}}
thread p.t {{
{}
}}
locations [ a1.queue; ]
)",
                            calls));
}

TEST(World, ObservesTheAnswersOfEveryCall) {  // O3, O4
  const OneRun run(InOneThread(R"(
  st = zx_channel_write(a0, "three", txid: 7);
  m1 = zx_channel_read(a1);
  m2 = zx_channel_read(a1, max_bytes: 3);
  m3 = zx_channel_read(a1);
  m4 = zx_channel_read(a1);
  wt = zx_object_wait_one(a1, READABLE, deadline: now);
  cl = zx_handle_close(a1);)"));
  ASSERT_EQ(run.execution().end, sim::ExecutionEnd::kFinished);
  ASSERT_FALSE(run.execution().failure.has_value());
  const auto& results = run.seen().results.at(0);
  ASSERT_EQ(results.size(), 7u);
  for (const auto& result : results) ASSERT_TRUE(result.has_value());
  EXPECT_EQ(results[1]->bytes, "one");
  EXPECT_EQ(results[1]->txid, 0u);
  EXPECT_EQ(results[1]->actual_bytes, 7u);
  EXPECT_EQ(results[2]->status, core::Status::kBufferTooSmall);
  EXPECT_EQ(results[2]->actual_bytes, 7u);
  EXPECT_EQ(results[2]->bytes, "");
  EXPECT_EQ(results[3]->bytes, "two");
  EXPECT_EQ(results[4]->bytes, "three");
  EXPECT_EQ(results[4]->txid, 7u);
  EXPECT_EQ(results[5]->status, core::Status::kTimedOut);
  EXPECT_EQ(results[5]->observed, core::kSignalWritable);
  EXPECT_EQ(results[6]->status, core::Status::kOk);
}

TEST(World, ObservesWhereEveryEndpointIsAndWhatItHolds) {  // O5, O9
  const OneRun run(InOneThread(R"(
  st = zx_channel_write(b0, "take", handles: [a1, e0]);
  cl = zx_handle_close(a0);)"));
  const auto& endpoints = run.seen().endpoints;
  ASSERT_EQ(endpoints.size(), 5u);  // a0, a1, b0, b1, e0.
  EXPECT_EQ(endpoints[0].place, Place::kGone);
  EXPECT_TRUE(endpoints[0].queue.empty());
  EXPECT_EQ(endpoints[1].place, Place::kTransit);
  EXPECT_EQ(endpoints[1].queue, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(endpoints[1].signals, core::kSignalReadable | core::kSignalPeerClosed);
  EXPECT_EQ(endpoints[2].place, Place::kTable);
  EXPECT_EQ(endpoints[2].owner, 0u);
  EXPECT_EQ(endpoints[2].signals, core::kSignalWritable);
  EXPECT_EQ(endpoints[3].place, Place::kTable);
  EXPECT_EQ(endpoints[3].owner, 1u);
  EXPECT_EQ(endpoints[3].queue, std::vector<std::string>{"take"});
}

TEST(World, ACallThatNeverReturnsLeavesNoAnswerAndABlockedThread) {
  const OneRun run(WaitsForEver("Allow = \"blocked\""));
  EXPECT_EQ(run.execution().end, sim::ExecutionEnd::kBlocked);
  EXPECT_EQ(run.seen().blocked, (std::vector<bool>{false, true}));
  EXPECT_TRUE(run.seen().results[0][0].has_value());
  EXPECT_FALSE(run.seen().results[1][0].has_value());
}

TEST(World, HandlesThatAReadBringsCanBeUsed) {  // H4, O10
  const OneRun run(InOneThread(R"(
  s1 = zx_channel_write(a0, "take", handles: [b0]);
       zx_channel_read(a1);
       zx_channel_read(a1);
  m  = zx_channel_read(a1);
  s2 = zx_channel_write(m.handles[0], "through the new handle");
  s3 = zx_channel_write(m.handles[1], "there is no second one");
  s4 = zx_channel_write(b0, "through the old name");)"));
  const auto& results = run.seen().results.at(0);
  EXPECT_EQ(results[1]->handle_count, 1u);
  EXPECT_EQ(results[1]->actual_handles, 1u);
  EXPECT_EQ(results[2]->status, core::Status::kOk);
  EXPECT_EQ(results[3]->status, core::Status::kBadHandle);
  EXPECT_EQ(results[4]->status, core::Status::kBadHandle);
  EXPECT_EQ(run.seen().endpoints[3].queue, std::vector<std::string>{"through the new handle"});
}

TEST(World, HandlesThatAreReplacedOrDuplicatedCanBeUsed) {  // HO-3, HO-5
  const OneRun run(InOneThread(R"(
  n  = zx_handle_replace(a0);
  s1 = zx_channel_write(n.handles[0], "through the new handle");
  d  = zx_handle_duplicate(e0);
  s2 = zx_object_signal(d.handles[0], 0, SIGNALED);)"));
  const auto& results = run.seen().results.at(0);
  EXPECT_EQ(results[1]->status, core::Status::kOk);
  EXPECT_EQ(results[3]->status, core::Status::kOk);
}

// X-23: the old kernels said that handles had come whose values nobody has learnt.
TEST(World, HandlesWhoseValuesWereNotCopiedOutCannotBeUsed) {
  const OneRun run(Parsed(R"(Zircon T
Abi = "magenta-2017"
Allow = "leak"
{
  process p;
  channel a : p.a0 <-> p.a1;
  channel b : p.b0 <-> p.b1;
  channel c : p.c0 <-> p.c1;
}
thread p.t {
       zx_channel_write(a0, "known", handles: [b0]);
       zx_channel_write(a0, "unknown", handles: [c0]);
  m1 = zx_channel_read(a1);
  m2 = zx_channel_read(a1, rd_handles: unmapped);
  s  = zx_channel_write(m2.handles[0], "x");
}
locations [ b1.queue; c1.queue; ]
)"));
  const auto& results = run.seen().results.at(0);
  EXPECT_EQ(results[0]->handle_count, 1u);
  EXPECT_EQ(results[1]->status, core::Status::kOk);
  EXPECT_EQ(results[1]->handle_count, 0u);
  EXPECT_EQ(results[2]->status, core::Status::kBadHandle);
  EXPECT_EQ(run.At(0), "[]");
}

TEST(World, CreatedObjectsAndEchoedResultsWork) {
  const OneRun run(InOneThread(R"(
  c  = zx_channel_create();
  s1 = zx_channel_write(c.handles[0], "re:" , txid: 9);
  m  = zx_channel_read(c.handles[1]);
  s2 = zx_channel_write(a0, m.bytes + "x", txid: m.txid);)"));
  EXPECT_EQ(run.At(0), "[\"one\", \"two\", \"re:x\"]");
  EXPECT_FALSE(run.execution().failure.has_value());
}

// N-20: a thread that is killed before it calls never calls.
TEST(World, AThreadMayBeKilledBetweenItsCalls) {
  const model::Litmus litmus = Parsed(R"(Zircon T
{ process p, q; channel a : p.a0 <-> q.a1; }
thread p.t { s1 = zx_channel_write(a0, "1"); s2 = zx_channel_write(a0, "2"); }
thread q.k { zx_thread_kill(t); }
locations [ t:s1; t:s2; a1.queue; ]
outcomes exact {
  t:s1=none;  t:s2=none;  a1.queue=[];
  t:s1=none;  t:s2=none;  a1.queue=["1"];
  t:s1=ZX_OK; t:s2=none;  a1.queue=["1"];
  t:s1=ZX_OK; t:s2=none;  a1.queue=["1", "2"];
  t:s1=ZX_OK; t:s2=ZX_OK; a1.queue=["1", "2"];
}
)");
  const CheckReport report = Check(litmus, Exhaustively());
  EXPECT_EQ(report.end, CheckEnd::kComplete);
  EXPECT_TRUE(report.findings.empty());
}

TEST(World, AThreadThatNobodySuspendsMayBeResumed) {
  const model::Litmus litmus = Parsed(R"(Zircon T
{ process p; }
thread p.a { st = zx_thread_resume(b); }
thread p.b { note "b"; }
locations [ a:st; ]
)");
  const CheckReport report = Check(litmus, Exhaustively());
  EXPECT_EQ(Described(report), "complete");
  EXPECT_EQ(report.outcomes.size(), 1u);
}

TEST(World, EveryExecutionStartsAnew) {
  const model::Litmus litmus = InOneThread("  m = zx_channel_read(a1);");
  World world(litmus);
  sim::Runtime runtime;
  sim::Execution execution;
  sim::RandomWalk strategy(0, 3);
  uint64_t hash = 0;
  while (strategy.BeginExecution()) {
    runtime.Execute(world, strategy, execution);
    EXPECT_EQ(world.observation().results[0][0]->bytes, "one");
    EXPECT_TRUE(hash == 0 || hash == execution.hash);
    hash = execution.hash;
  }
}

std::vector<std::string> InWords(const std::vector<Note>& notes) {
  std::vector<std::string> words;
  for (const Note& note : notes) {
    constexpr const char* kKinds[] = {"call", "return", "queue", "remark"};
    words.push_back(
        fmt::format("{} {}:{}", kKinds[static_cast<size_t>(note.kind)], note.subject, note.text));
  }
  return words;
}

// WT-12, WE-5: hence nobody can tell whether a handle that they do not name is closed before them.
TEST(World, CallsThatBringNoHandlesLeaveTheTableAlone) {
  const auto executions = [](std::string_view call) {
    const model::Litmus litmus = Parsed(fmt::format(R"(Zircon T
{{ process p; channel a : p.a0 <-> p.a1; event e : p.e0; }}
thread p.t {{ {} }}
thread p.u {{ zx_handle_close_many([e0]); }}
locations [ a1.queue; ]
)",
                                                    call));
    const CheckReport report = Check(litmus, Exhaustively());
    EXPECT_TRUE(report.findings.empty()) << call;
    return report.executions;
  };
  EXPECT_EQ(executions("zx_channel_write_etc(a0, \"\", dispositions: []);"), 1u);
  EXPECT_EQ(executions("zx_object_wait_many([], deadline: now);"), 1u);
  EXPECT_GT(executions("zx_channel_write_etc(a0, \"\", dispositions: [duplicate e0]);"), 1u);
  EXPECT_GT(executions("zx_object_wait_many([e0: SIGNALED], deadline: now);"), 1u);
}

TEST(World, NotesCallsAnswersQueuesAndOwnersInTheirOrder) {
  const OneRun run(InOneThread(R"(
  st = zx_channel_write(a0, "x", handles: [b0]);
       zx_channel_read(a1);
  wt = zx_object_wait_one(a1, READABLE, deadline: never);)"),
                   /*recording=*/true);
  EXPECT_EQ(InWords(run.world().notes()),
            (std::vector<std::string>{
                "queue a1.queue:[\"one\", \"two\"]",
                "call st:zx_channel_write(a0, \"x\", handles: [b0])",
                "queue a1.queue:[\"one\", \"two\", \"x\"]",
                "return :ZX_OK",
                "call :zx_channel_read(a1)",
                "queue a1.queue:[\"two\", \"x\"]",
                "return :ZX_OK \"one\"",
                "call wt:zx_object_wait_one(a1, READABLE, deadline: never)",
                "return :ZX_OK observed=0x3",
            }));
  uint32_t step = 0;
  for (const Note& note : run.world().notes()) {
    EXPECT_GE(note.step, step);
    step = note.step;
  }
  EXPECT_LE(step, run.execution().events.size());
}

TEST(World, NotesWhenAnEndpointGetsANewOwner) {  // T-4
  const OneRun run(FromCatalogue("xfer+wr.litmus"), /*recording=*/true);
  const std::vector<std::string> words = InWords(run.world().notes());
  EXPECT_EQ(std::ranges::count(words, "remark :owner of a0: client -> heir"), 1);
}

TEST(World, TakesNoNotesUnlessTold) {
  EXPECT_TRUE(OneRun(FromCatalogue("xfer+wr.litmus")).world().notes().empty());
}

TEST(World, TakingNotesChangesNothingThatCanBeObserved) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const OneRun silent(FromCatalogue("xfer+wr.litmus"), false, seed);
    const OneRun noted(FromCatalogue("xfer+wr.litmus"), true, seed);
    EXPECT_EQ(silent.execution().hash, noted.execution().hash);
    EXPECT_EQ(silent.seen(), noted.seen());
  }
}

// Opens what only the core itself may call.
struct Signals : core::Dispatcher {
  using core::Dispatcher::ChangeSignals;
};

core::ChannelDispatcher& Endpoint(World& world, size_t n) {
  std::vector<core::ChannelDispatcher*> channels;
  world.kernel().PeekProcesses([&](const core::Process& process) {
    process.handles().PeekEach([&](const core::Handle& handle) {
      if (handle.object().type() != core::ObjectType::kChannel) return;
      channels.push_back(&static_cast<core::ChannelDispatcher&>(handle.object()));
    });
  });
  return *channels.at(n);
}

// Runs a program and harms its kernel before the first event.
class Harmed final : public sim::Scenario {
 public:
  Harmed(World& world, std::function<void()> harm) : world_(world), harm_(std::move(harm)) {}
  void Start(sim::Runtime& runtime) override { world_.Start(runtime); }
  bool ChecksAreLocal() const override { return true; }
  void AtBoundary(sim::Runtime& runtime) override {
    if (std::exchange(harm_, nullptr)) pending_harm_();
    world_.AtBoundary(runtime);
  }
  void Finish(sim::Runtime& runtime) override { world_.Finish(runtime); }

 private:
  World& world_;
  std::function<void()> harm_;
  std::function<void()> pending_harm_ = harm_;
};

std::string FailureAfter(const std::function<void(World&)>& harm) {
  const model::Litmus litmus = InOneThread("  m = zx_channel_read(a0);");
  World world(litmus);
  Harmed harmed(world, [&] { harm(world); });
  sim::RandomWalk strategy(0, 1);
  strategy.BeginExecution();
  sim::Execution execution;
  sim::Runtime().Execute(harmed, strategy, execution);
  if (!execution.failure) return "none";
  EXPECT_EQ(execution.failure->kind, sim::FailureKind::kInvariant);
  return execution.failure->message;
}

// No lock is taken: nothing else runs.
void Raise(core::ChannelDispatcher& endpoint, core::Signals signals) {
  (endpoint.*(&Signals::ChangeSignals))(core::kSignalNone, signals);
}
void ClearSignals(core::ChannelDispatcher& endpoint, core::Signals signals) {
  (endpoint.*(&Signals::ChangeSignals))(signals, core::kSignalNone);
}

// Endpoint 0 is a0, whose queue is empty; 1 is a1, which holds two messages.
TEST(World, ReadableMustFitTheQueue) {  // S-4
  EXPECT_EQ(FailureAfter([](World&) {}), "none");
  EXPECT_EQ(FailureAfter([](World& w) { Raise(Endpoint(w, 0), core::kSignalReadable); }),
            "READABLE is active, but the queue is empty");
  EXPECT_EQ(FailureAfter([](World& w) { ClearSignals(Endpoint(w, 1), core::kSignalReadable); }),
            "a message is queued, but READABLE is not active");
}

TEST(World, PeerClosedAndWritableMustFitThePeer) {  // S-5, S-6
  EXPECT_EQ(FailureAfter([](World& w) { Raise(Endpoint(w, 0), core::kSignalPeerClosed); }),
            "PEER_CLOSED is active, but the peer is not gone");
  EXPECT_EQ(FailureAfter([](World& w) { ClearSignals(Endpoint(w, 0), core::kSignalWritable); }),
            "WRITABLE is not active, but the peer is not gone");
}

TEST(World, EveryHandleThatIsCountedMustBeSomewhere) {
  const std::string failure = FailureAfter([](World& w) { Endpoint(w, 0).AddHandle(); });
  EXPECT_EQ(failure, "an object counts its handles as 2, but tables and messages hold 1");
}

TEST(World, NoMessageMayDisappear) {
  const std::string failure = FailureAfter([](World& w) {
    const core::Process* owner = nullptr;
    w.kernel().PeekProcesses([&](const core::Process& p) { owner = owner ? owner : &p; });
    core::MessageSize size;
    core::MessagePacketPtr packet;
    const core::Status status = Endpoint(w, 1).Read(*owner, {100, 0}, false, &size, &packet);
    EXPECT_EQ(status, core::Status::kOk);
  });
  EXPECT_EQ(failure, "a message was lost or doubled: 2 written, 0 read, 1 queued");
}

TEST(World, NewHandlesHaveTheirValues) {  // K3, K4, HO-3, HO-4
  const OneRun run(InOneThread(R"(
  d  = zx_handle_duplicate(e0);
  s1 = zx_object_signal(d.handles[0], 0, SIGNALED);
  r  = zx_handle_replace(a0);
  s2 = zx_channel_write(r.handles[0], "three");
  s3 = zx_channel_write(a0, "four");)"));
  const auto& results = run.seen().results.at(0);
  ASSERT_EQ(results.size(), 5u);
  for (size_t i = 0; i < 4; ++i) EXPECT_EQ(results[i]->status, core::Status::kOk) << i;
  EXPECT_EQ(results[4]->status, core::Status::kBadHandle);
  EXPECT_EQ(run.At(0), R"(["one", "two", "three"])");
}

// A system call that this generation does not have is answered before anything visible happens.
TEST(World, HistoryHasEveryInvocationBeforeItsReturn) {  // O4
  const OneRun run(Parsed(R"(Zircon T
Abi = "magenta-2017"
{ process p; channel a : p.a0 <-> p.a1; }
thread p.x { zx_channel_read_etc(a0); zx_channel_read(a0); zx_channel_read_etc(a0); }
thread p.y { zx_handle_close_many([a1]); zx_channel_write(a1, "w"); }
)"));
  std::vector<uint32_t> returned(2);
  std::vector<uint32_t> invoked(2);
  for (const model::HistoryEvent& event : run.world().HistoryOf(run.execution()).events) {
    const bool is_return = event.kind == model::HistoryEvent::Kind::kReturn;
    EXPECT_EQ((is_return ? returned : invoked)[event.thread]++, event.call);
    EXPECT_EQ(invoked[event.thread] - returned[event.thread], is_return ? 0u : 1u);
  }
  EXPECT_EQ(returned, (std::vector<uint32_t>{3, 2}));
}

}  // namespace
}  // namespace props
