// Programs on the core, one per kind of call: the arguments arrive, and every field of the answer
// comes back. Kills, suspensions, choices and faults are what the schedule does to a program.
#include "props/caller.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/props/programs.h"

namespace props {
namespace {

model::Litmus Setting(std::string_view metadata, std::string_view threads,
                      std::string_view locations) {
  return Parsed(fmt::format(R"(Zircon T
{}
{{
  process p, q;
  channel a : p.a0 <-> p.a1;
  channel b : p.b0 <-> q.b1;
  event e : p.e0;
  eventpair x : p.x0 <-> p.x1;
  a1.queue = ["one"];
}}
{}
locations [ {} ]
)",
                            metadata, threads, locations));
}

model::Litmus InOneThread(std::string_view calls, std::string_view locations) {
  return Setting("", fmt::format("thread p.t {{ {} }}", calls), locations);
}

// Every outcome of a complete search in which nothing was found.
std::set<std::string> OutcomesOf(const model::Litmus& litmus) {
  const CheckReport report = Check(litmus, Exhaustively());
  EXPECT_EQ(report.end, CheckEnd::kComplete);
  for (const Finding& finding : report.findings) {
    ADD_FAILURE() << finding.id << " " << finding.message << "\n" << model::PrintLitmus(litmus);
  }
  std::set<std::string> outcomes;
  for (const auto& [outcome, row] : report.outcomes) {
    outcomes.insert(model::PrintOutcome(litmus, outcome));
  }
  return outcomes;
}

using Outcomes = std::set<std::string>;

struct Example {
  const char* calls;
  const char* locations;
  const char* outcome;
};

// The last call of each is the one that the example is about.
const Example kExamples[] = {
    {"c = zx_channel_create(); n = zx_object_get_info(c.handles[1], HANDLE_BASIC);",
     "t:c; t:n.type;", "t:c=ZX_OK; t:n.type=CHANNEL;"},
    {"c = zx_event_create(); n = zx_object_get_info(c.handles[0], HANDLE_BASIC);", "t:c; t:n.type;",
     "t:c=ZX_OK; t:n.type=EVENT;"},
    {"c = zx_eventpair_create(); n = zx_object_get_info(c.handles[1], HANDLE_BASIC);",
     "t:c; t:n.type;", "t:c=ZX_OK; t:n.type=EVENTPAIR;"},
    {"c = zx_port_create(); n = zx_object_get_info(c.handles[0], HANDLE_BASIC);", "t:c; t:n.type;",
     "t:c=ZX_OK; t:n.type=PORT;"},
    {"st = zx_channel_write(a0, \"two\", handles: [b0], txid: 7);", "t:st; a1.queue; b0.owner;",
     "t:st=ZX_OK; a1.queue=[\"one\", \"two\"]; b0.owner=transit;"},
    {"st = zx_channel_write_etc(a0, \"two\", dispositions: [move e0, move a0]);",
     "t:st; t:st.results[0]; t:st.results[1]; a1.queue;",
     "t:st=ZX_ERR_NOT_SUPPORTED; t:st.results[0]=ZX_OK; "
     "t:st.results[1]=ZX_ERR_NOT_SUPPORTED; a1.queue=[\"one\"];"},
    {"zx_channel_read(a1); zx_channel_write(a0, \"two\", txid: 7, handles: [b0]); "
     "r = zx_channel_read(a1);",
     "t:r; t:r.bytes; t:r.txid; t:r.actual_bytes; t:r.actual_handles; b0.owner;",
     "t:r=ZX_OK; t:r.bytes=\"two\"; t:r.txid=7; t:r.actual_bytes=7; t:r.actual_handles=1; "
     "b0.owner=p;"},
    {"zx_channel_read(a1); zx_channel_write(a0, \"two\", handles: [e0]); "
     "r = zx_channel_read_etc(a1);",
     "t:r.bytes; t:r.type[0]; t:r.rights[0];",
     "t:r.bytes=\"two\"; t:r.type[0]=EVENT; "
     "t:r.rights[0]=DUPLICATE | TRANSFER | SIGNAL | WAIT | INSPECT;"},
    {"r = zx_channel_call(a0, \"ask\", deadline: now); m = zx_channel_read(a1); "
     "n = zx_channel_read(a1);",
     "t:r; t:m.bytes; t:n.bytes;", "t:r=ZX_ERR_TIMED_OUT; t:m.bytes=\"one\"; t:n.bytes=\"ask\";"},
    {"r = zx_channel_call_etc(a0, \"ask\", deadline: now, dispositions: [duplicate e0, move a0]);",
     "t:r; t:r.results[0]; t:r.results[1]; a1.queue;",
     "t:r=ZX_ERR_NOT_SUPPORTED; t:r.results[0]=ZX_OK; t:r.results[1]=ZX_ERR_NOT_SUPPORTED; "
     "a1.queue=[\"one\"];"},
    {"st = zx_handle_close(a0); no = zx_handle_close(a0);", "t:st; t:no; a0.owner; a1.signals;",
     "t:st=ZX_OK; t:no=ZX_ERR_BAD_HANDLE; a0.owner=gone; a1.signals=READABLE | PEER_CLOSED;"},
    {"st = zx_handle_close_many([a0, b0]);", "t:st; a0.owner; b0.owner;",
     "t:st=ZX_OK; a0.owner=gone; b0.owner=gone;"},
    {"no = zx_handle_duplicate(a0); d = zx_handle_duplicate(e0, rights: [WAIT]); "
     "n = zx_object_get_info(d.handles[0], HANDLE_BASIC);",
     "t:no; t:d; t:n.rights;", "t:no=ZX_ERR_ACCESS_DENIED; t:d=ZX_OK; t:n.rights=WAIT;"},
    {"d = zx_handle_replace(a0, rights: [WRITE]); st = zx_channel_write(d.handles[0], \"two\"); "
     "no = zx_channel_read(d.handles[0]);",
     "t:d; t:st; t:no;", "t:d=ZX_OK; t:st=ZX_OK; t:no=ZX_ERR_ACCESS_DENIED;"},
    {"st = zx_handle_check_valid(a0); no = zx_handle_check_valid(handle: 0x3);", "t:st; t:no;",
     "t:st=ZX_OK; t:no=ZX_ERR_BAD_HANDLE;"},
    {"w = zx_object_wait_one(a1, READABLE, deadline: now);", "t:w; t:w.observed;",
     "t:w=ZX_OK; t:w.observed=READABLE | WRITABLE;"},
    {"w = zx_object_wait_many([a0: READABLE, a1: READABLE], deadline: now);",
     "t:w; t:w.pending[0]; t:w.pending[1];",
     "t:w=ZX_OK; t:w.pending[0]=WRITABLE; t:w.pending[1]=READABLE | WRITABLE;"},
    {"p = zx_port_create(); "
     "st = zx_object_wait_async(a1, p.handles[0], key: 5, signals: READABLE); "
     "w = zx_port_wait(p.handles[0], deadline: now);",
     "t:st; t:w.key; t:w.trigger; t:w.observed; t:w.count; t:w.from_user;",
     "t:st=ZX_OK; t:w.key=5; t:w.trigger=READABLE; t:w.observed=READABLE | WRITABLE; "
     "t:w.count=1; t:w.from_user=0;"},
    {"st = zx_object_signal(e0, 0, SIGNALED);", "t:st; e0.signals;",
     "t:st=ZX_OK; e0.signals=SIGNALED;"},
    {"st = zx_object_signal_peer(x0, 0, 0x01000000);", "t:st; x0.signals; x1.signals;",
     "t:st=ZX_OK; x0.signals=0; x1.signals=0x01000000;"},
    {"d = zx_handle_duplicate(e0); n = zx_object_get_info(e0, HANDLE_COUNT);",
     "t:n; t:n.handle_count;", "t:n=ZX_OK; t:n.handle_count=2;"},
    {"p = zx_port_create(); st = zx_port_queue(p.handles[0], key: 9); "
     "w = zx_port_wait(p.handles[0], deadline: now);",
     "t:st; t:w; t:w.key; t:w.from_user;", "t:st=ZX_OK; t:w=ZX_OK; t:w.key=9; t:w.from_user=1;"},
    {"p = zx_port_create(); zx_object_wait_async(a0, p.handles[0], key: 5, signals: READABLE); "
     "st = zx_port_cancel(p.handles[0], a0, key: 5); no = zx_port_cancel(p.handles[0], a0, key: "
     "5);",
     "t:st; t:no;", "t:st=ZX_OK; t:no=ZX_ERR_NOT_FOUND;"},
    {"note \"nothing\"; st = zx_channel_write(a0, \"two\");", "t:st;", "t:st=ZX_OK;"},
};

TEST(Caller, MakesEveryKindOfCallAndKeepsEveryFieldOfItsAnswer) {
  std::set<model::CallKind> made;
  for (const Example& example : kExamples) {
    const model::Litmus litmus = InOneThread(example.calls, example.locations);
    for (const model::ThreadProgram& thread : litmus.program.threads) {
      for (const model::Call& call : thread.calls) made.insert(call.kind);
    }
    EXPECT_EQ(OutcomesOf(litmus), Outcomes{example.outcome}) << example.calls;
  }
  // The others need a second thread, or are no calls: below.
  EXPECT_EQ(made.size(), static_cast<size_t>(model::CallKind::kNote) + 1 - 5);
}

// C1, C9, C11
TEST(Caller, ACallGetsItsReplyWithItsHandles) {
  const model::Litmus litmus = Setting("", R"(
thread p.t { r = zx_channel_call_etc(b0, "ask", deadline: never, dispositions: [move e0]); }
thread q.s {
      zx_object_wait_one(b1, READABLE, deadline: never);
  m = zx_channel_read(b1);
      zx_channel_write(b1, "re:" + m.bytes, txid: m.txid, handles: [m.handles[0]]);
})",
                                       "t:r; t:r.bytes; t:r.actual_bytes; t:r.type[0];");
  EXPECT_EQ(OutcomesOf(litmus), Outcomes{"t:r=ZX_OK; t:r.bytes=\"re:ask\"; t:r.actual_bytes=10; "
                                         "t:r.type[0]=EVENT;"});
}

// --- What the schedule does to a program ---

TEST(Caller, AKilledThreadNeverReturnsAndIsNotBlocked) {  // N-20
  const model::Litmus litmus = Setting("", R"(
thread p.t { w = zx_object_wait_one(a0, READABLE, deadline: never); }
thread q.k { zx_thread_kill(t); })",
                                       "t:w; a0.owner;");
  EXPECT_EQ(OutcomesOf(litmus), Outcomes{"t:w=none; a0.owner=p;"});
}

TEST(Caller, AKilledProcessLosesItsHandles) {
  const model::Litmus litmus = Setting("", R"(
thread p.t { w = zx_object_wait_one(a0, READABLE, deadline: never); }
thread q.k {
  k = zx_process_kill(p);
  w = zx_object_wait_one(b1, PEER_CLOSED, deadline: never);
})",
                                       "t:w; k:w; a0.owner; b0.owner;");
  EXPECT_EQ(OutcomesOf(litmus), Outcomes{"t:w=none; k:w=ZX_OK; a0.owner=gone; b0.owner=gone;"});
}

TEST(Caller, ASuspendedThreadGoesOnWhenItIsResumed) {  // N-19
  const model::Litmus litmus = Setting("", R"(
thread p.t { w = zx_object_wait_one(a0, READABLE, deadline: never); m = zx_channel_read(a0); }
thread p.k {
  zx_thread_suspend(t);
  zx_channel_write(a1, "two");
  zx_thread_resume(t);
})",
                                       "t:w; t:m.bytes;");
  EXPECT_EQ(OutcomesOf(litmus), Outcomes{"t:w=ZX_OK; t:m.bytes=\"two\";"});
}

TEST(Caller, AThreadThatStaysSuspendedIsBlocked) {
  const model::Litmus litmus = Setting("Allow = \"blocked\"", R"(
thread p.t { m = zx_channel_read(a1); n = zx_channel_read(a1); }
thread p.k { zx_thread_suspend(t); })",
                                       "t:m; t:n;");
  const Outcomes seen = OutcomesOf(litmus);
  EXPECT_TRUE(seen.contains("t:m=none; t:n=none;"));
  EXPECT_TRUE(seen.contains("t:m=ZX_OK; t:n=ZX_ERR_SHOULD_WAIT;"));
}

TEST(Caller, EveryBlockOfAChoiceIsExplored) {
  const model::Litmus litmus = InOneThread(R"(
  choose { m = zx_channel_read(a1); } or { st = zx_channel_write(a0, "two"); } or { note "none"; }
  choose { cl = zx_handle_close(a0); } or { note "keeps it"; })",
                                           "a1.queue; a0.owner;");
  EXPECT_EQ(OutcomesOf(litmus),
            (Outcomes{"a1.queue=[]; a0.owner=gone;", "a1.queue=[]; a0.owner=p;",
                      "a1.queue=[\"one\", \"two\"]; a0.owner=gone;",
                      "a1.queue=[\"one\", \"two\"]; a0.owner=p;",
                      "a1.queue=[\"one\"]; a0.owner=gone;", "a1.queue=[\"one\"]; a0.owner=p;"}));
}

// W14: so many allocations may fail, and no more.
TEST(Caller, FaultsStrikeAtMostAsOftenAsAllowed) {
  const auto with = [](const char* faults) {
    return OutcomesOf(Setting(faults, R"(
thread p.t { c = zx_event_create(); d = zx_event_create(); })",
                              "t:c; t:d;"));
  };
  const std::string both = "t:c=ZX_OK; t:d=ZX_OK;";
  const std::string first = "t:c=ZX_ERR_NO_MEMORY; t:d=ZX_OK;";
  const std::string second = "t:c=ZX_OK; t:d=ZX_ERR_NO_MEMORY;";
  const std::string none = "t:c=ZX_ERR_NO_MEMORY; t:d=ZX_ERR_NO_MEMORY;";
  EXPECT_EQ(with(""), Outcomes{both});
  EXPECT_EQ(with("Faults = \"nomem=1\""), (Outcomes{both, first, second}));
  EXPECT_EQ(with("Faults = \"nomem=2\""), (Outcomes{both, first, second, none}));
}

// W10, R-6
TEST(Caller, AFaultOfUserMemoryIsAnOutcomeOfItsOwn) {
  const model::Litmus litmus = Setting("Faults = \"memory=1\"", R"(
thread p.t { st = zx_channel_write(a0, "two"); })",
                                       "t:st; a1.queue;");
  EXPECT_EQ(OutcomesOf(litmus), (Outcomes{"t:st=ZX_ERR_INVALID_ARGS; a1.queue=[\"one\"];",
                                          "t:st=ZX_OK; a1.queue=[\"one\", \"two\"];"}));
}

}  // namespace
}  // namespace props
