// What is left of a program, and of what is claimed about it, when a part of it goes.
#include "props/smaller_programs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "tests/props/programs.h"

namespace props {
namespace {

// `litmus` as text, from its first thread on.
std::string Body(const model::Litmus& litmus) {
  const std::string text = model::PrintLitmus(litmus);
  const size_t begin = text.find("\nthread ");
  return begin == std::string::npos ? "" : text.substr(begin + 1);
}

model::Litmus WithoutCall(const model::Litmus& litmus, size_t thread, size_t call) {
  Removal removal(litmus.program);
  removal.calls[thread][call] = true;
  return Remove(litmus, removal).litmus;
}

// Some candidate's text holds all of `wanted` and none of `unwanted`.
bool SomeHas(const model::Litmus& litmus, const std::vector<std::string_view>& wanted,
             const std::vector<std::string_view>& unwanted = {}) {
  const std::vector<model::Litmus> smaller = SmallerPrograms(litmus);
  return std::ranges::any_of(smaller, [&](const model::Litmus& candidate) {
    const std::string text = model::PrintLitmus(candidate);
    const auto has = [&](std::string_view part) { return text.find(part) != std::string::npos; };
    return std::ranges::all_of(wanted, has) && std::ranges::none_of(unwanted, has);
  });
}

TEST(Removal, WhoeverUsesAHandleThatIsNeverBroughtGoesToo) {
  const model::Litmus litmus = Parsed(R"(Zircon T
{ process p, q; channel a : p.a0 <-> q.a1; }
thread p.w {
  m = zx_channel_read(a0);
  n = zx_channel_write(m.handles[0], "x");
  zx_channel_write(a0, m.bytes + "!", txid: m.txid, handles: [m.handles[1], a0]);
  zx_channel_write(a0, m.bytes);
}
locations [ w:m; w:n; a1.queue; ]
)");
  EXPECT_EQ(Body(WithoutCall(litmus, 0, 0)), R"(thread p.w {
  zx_channel_write(a0, "!", handles: [a0]);
  zx_channel_write(a0, "");
}

locations [ a1.queue; ]
)");
}

TEST(Removal, WhatRemainsIsNamedAnew) {
  const model::Litmus litmus = Parsed(R"(Zircon T
{ process p, q, s; channel a : p.a0 <-> q.a1; channel b : q.b0 <-> s.b1; b1.queue = ["x"]; }
thread p.w { st = zx_channel_write(a0, "x"); }
thread s.r {
  k = zx_handle_check_valid(b1);
  m = zx_channel_read(b1);
  z = zx_handle_check_valid(b1);
  zx_channel_write(m.handles[0], m.bytes, txid: m.txid, handles: [m.handles[1]]);
  zx_thread_suspend(t);
  zx_process_kill(s);
}
thread q.t { st = zx_channel_write(b0, "y"); }
locations [ w:st; r:k; r:m; t:st; b0.queue; ]
)");
  Removal removal(litmus.program);
  removal.processes[0] = true;
  removal.objects[0] = true;
  removal.calls[1][0] = true;
  const model::Litmus rest = Remove(litmus, removal).litmus;
  EXPECT_EQ(model::PrintLitmus(rest), R"(Zircon T
{
  process q, s;
  channel b : q.b0 <-> s.b1;
  b1.queue = ["x"];
}

thread s.r {
  m = zx_channel_read(b1);
  z = zx_handle_check_valid(b1);
      zx_channel_write(m.handles[0], m.bytes, handles: [m.handles[1]], txid: m.txid);
      zx_thread_suspend(t);
      zx_process_kill(s);
}

thread q.t {
  st = zx_channel_write(b0, "y");
}

locations [ r:m; t:st; b0.queue; ]
)");
}

TEST(Removal, WhoeverInterruptsAThreadThatIsNoMoreGoesToo) {
  const model::Litmus litmus = Parsed(R"(Zircon T
{ process p, q; channel a : p.a0 <-> q.a1; }
thread p.w { zx_channel_write(a0, "x"); }
thread q.k { zx_thread_suspend(r); zx_thread_suspend(w); zx_thread_resume(w); }
thread q.r { m = zx_channel_read(a1); }
)");
  Removal removal(litmus.program);
  removal.threads[0] = true;
  const std::string text = Body(Remove(litmus, removal).litmus);
  EXPECT_EQ(text.find("(w)"), std::string::npos) << text;
  EXPECT_NE(text.find("(r)"), std::string::npos) << text;
}

// A broken claim stays broken or goes: what is left of it follows from it.
TEST(Removal, ClaimsAreWeakenedToWhatTheySayAboutTheRest) {
  const model::Litmus litmus = WriteAndRead(R"(
forall "both"     (w:st = ZX_OK /\ r:m = ZX_OK)
forall "either"   (w:st = ZX_OK \/ r:m = ZX_OK)
~exists "nor"     (w:st = ZX_OK \/ r:m = ZX_OK)
~exists "nand"    (w:st = ZX_OK /\ r:m = ZX_OK)
forall "not nand" (~(w:st = ZX_OK \/ r:m = ZX_OK))
exists "compared" (w:st = r:m)
exists "blocked"  (blocked(w) /\ ~blocked(r))
exists "rest"     (r:m = ZX_OK)
)");
  Removal removal(litmus.program);
  removal.threads[0] = true;
  const std::string text = Body(Remove(litmus, removal).litmus);
  EXPECT_EQ(text.substr(text.find("locations")), R"(locations [ r:m; ]

forall  "both"     (r:m = ZX_OK)
~exists "nor"      (r:m = ZX_OK)
forall  "not nand" (~(r:m = ZX_OK))
exists  "blocked"  (~blocked(r))
exists  "rest"     (r:m = ZX_OK)
)");
}

TEST(Removal, OutcomesKeepTheirOtherColumnsAndAreDifferentStill) {
  const model::Litmus litmus = WriteAndRead(R"(outcomes exact {
  w:st=ZX_OK; r:m=ZX_OK;
  w:st=ZX_ERR_BAD_HANDLE; r:m=ZX_OK;
  w:st=ZX_OK; r:m=ZX_ERR_SHOULD_WAIT;
}
)");
  Removal removal(litmus.program);
  removal.threads[0] = true;
  const model::Litmus rest = Remove(litmus, removal).litmus;
  ASSERT_TRUE(rest.outcomes.has_value());
  EXPECT_TRUE(rest.outcomes->exact);
  EXPECT_EQ(rest.outcomes->outcomes.size(), 2u);
  removal.threads[1] = true;
  EXPECT_FALSE(Remove(litmus, removal).litmus.outcomes.has_value());
}

TEST(Removal, BlocksAreAsLongAsWhatIsLeftOfThem) {
  const model::Litmus litmus = Parsed(R"(Zircon T
{ process p, q; channel a : p.a0 <-> q.a1; }
thread p.w {
  choose { zx_channel_write(a0, "1"); choose { note "2"; } or { note "3"; } } or { note "4"; }
  note "5";
}
)");
  const model::Litmus rest = WithoutCall(litmus, 0, 1);
  EXPECT_EQ(rest.program.threads[0].calls[0].blocks, (std::vector<uint32_t>{3, 1}));
  EXPECT_EQ(Parsed(model::PrintLitmus(rest)), rest);
  EXPECT_TRUE(SomeHas(litmus, {"\"1\"", "\"2\"", "\"3\"", "\"5\""}, {"\"4\""}));
  EXPECT_TRUE(SomeHas(litmus, {"\"4\"", "\"5\""}, {"choose", "\"1\""}));
  EXPECT_TRUE(SomeHas(litmus, {"\"1\"", "\"3\"", "\"4\""}, {"\"2\""}));
}

TEST(SmallerPrograms, TryTheLargestStepsFirst) {
  const model::Litmus litmus = WriteAndRead("");
  const std::vector<model::Litmus> smaller = SmallerPrograms(litmus);
  ASSERT_GE(smaller.size(), 4u);
  EXPECT_EQ(SizeOf(smaller[0]).threads, 1u);
  EXPECT_EQ(smaller[0].program.threads[0].name, "w");
  EXPECT_EQ(SizeOf(smaller[1]).threads, 1u);
  EXPECT_EQ(SizeOf(smaller[2]).calls, 1u);
  EXPECT_EQ(smaller[2].program.threads[0].calls.size(), 1u);  // The last call first.
  EXPECT_EQ(SizeOf(smaller[3]).calls, 1u);
  EXPECT_EQ(SizeOf(smaller.back()).calls, 2u);
}

TEST(SmallerPrograms, WhatBelongsTogetherGoesTogether) {
  EXPECT_TRUE(SomeHas(WriteAndRead(""), {"thread client.w", "thread server.r"},
                      {"zx_channel_write", "zx_channel_read"}));
  const model::Litmus suspended = Parsed(R"(Zircon T
{ process p; event e : p.e0; }
thread p.a { zx_object_signal(e0, 0, SIGNALED); zx_thread_suspend(b); zx_thread_resume(b); }
thread p.b { zx_handle_check_valid(e0); }
)");
  EXPECT_TRUE(SomeHas(suspended, {"zx_object_signal", "zx_handle_check_valid"},
                      {"zx_thread_suspend", "zx_thread_resume"}));
}

TEST(SmallerPrograms, WhatNobodyUsesGoes) {
  const model::Litmus litmus = Parsed(R"(Zircon T
Abi = "zircon-2018-04"
Faults = "nomem=2, memory=1"
{
  process p, q, idle;
  channel a : p.a0 <-> q.a1;
  channel b : p.b0 <-> q.b1;
  event e : p.e0, q.e1;
  a1.queue = ["one", "two"];
}
thread p.w { st = zx_channel_write(a0, "x"); zx_handle_close(e0); }
locations [ w:st; b0.queue; ]
within { faults: 1; }
)");
  EXPECT_TRUE(SomeHas(litmus, {"channel a", "locations [ w:st; ]"}, {"channel b"}));
  EXPECT_TRUE(SomeHas(litmus, {"process p, q;", "b0.queue"}));
  EXPECT_TRUE(SomeHas(litmus, {"p.e0;"}, {"e1"}));
  EXPECT_TRUE(SomeHas(litmus, {"a1.queue = [\"one\"]"}));
  EXPECT_TRUE(SomeHas(litmus, {"a1.queue = [\"two\"]"}));
  const model::Litmus deep = Parsed(
      "Zircon T\n{ process p; channel a : p.a0 <-> p.a1; a1.queue = [\"m\" nest 100]; }\n"
      "thread p.t { zx_handle_close(a1); }");
  for (const char* less : {"[\"m\"]", "[\"m\" nest 1]", "[\"m\" nest 50]"}) {
    EXPECT_TRUE(SomeHas(deep, {less})) << less;
  }
  EXPECT_TRUE(SomeHas(litmus, {"Abi", "channel b"}, {"a1.queue"}));
  EXPECT_TRUE(SomeHas(litmus, {"Abi", "channel b"}, {"Faults", "within"}));
  EXPECT_TRUE(SomeHas(litmus, {"Faults = \"nomem=1, memory=1\""}));
  EXPECT_TRUE(SomeHas(litmus, {"Faults = \"nomem=2\""}));
  EXPECT_TRUE(SomeHas(litmus, {"Faults", "channel b"}, {"Abi"}));
}

TEST(SmallerPrograms, ArgumentsBecomeThoseThatSayTheLeast) {
  const model::Litmus litmus = Parsed(R"(Zircon T
{ process p, q; channel a : p.a0 [-TRANSFER] <-> q.a1; channel b : p.b0 <-> p.b1; }
thread p.w {
  zx_channel_write(a0, "abcd", txid: 7, handles: [b0, b1], handle_count: 3);
  zx_object_wait_one(a0, READABLE | PEER_CLOSED, deadline: @5ms);
  zx_handle_duplicate(a0, rights: [READ, WRITE], out: null);
}
)");
  EXPECT_TRUE(SomeHas(litmus, {"zx_channel_write(a0, \"\", "}));
  EXPECT_TRUE(SomeHas(litmus, {"zx_channel_write(a0, \"ab\", "}));
  EXPECT_TRUE(SomeHas(litmus, {"zx_channel_write(a0, \"abc\", "}));
  EXPECT_TRUE(SomeHas(litmus, {"\"abcd\", handles"}, {"txid"}));
  EXPECT_TRUE(SomeHas(litmus, {"handles: [b1]"}));
  EXPECT_TRUE(SomeHas(litmus, {"txid: 7, handle_count"}, {"handles:"}));
  EXPECT_TRUE(SomeHas(litmus, {"handles: [b0, b1]"}, {"handle_count"}));
  EXPECT_TRUE(SomeHas(litmus, {"READABLE, deadline"}));
  EXPECT_TRUE(SomeHas(litmus, {"PEER_CLOSED, deadline"}, {"READABLE"}));
  EXPECT_TRUE(SomeHas(litmus, {"deadline: never"}));
  EXPECT_TRUE(SomeHas(litmus, {"deadline: now"}));
  EXPECT_TRUE(SomeHas(litmus, {"deadline: may"}));
  EXPECT_TRUE(SomeHas(litmus, {"null"}, {"[READ, WRITE]"}));
  EXPECT_TRUE(SomeHas(litmus, {"[READ, WRITE]"}, {"null"}));
  EXPECT_TRUE(SomeHas(litmus, {"txid"}, {"-TRANSFER"}));
}

TEST(SmallerPrograms, OfTheSmallestThereAreNone) {
  const model::Litmus litmus = Parsed("Zircon T\n{ }\n");
  EXPECT_TRUE(SmallerPrograms(litmus).empty());
}

}  // namespace
}  // namespace props
