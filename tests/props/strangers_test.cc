// What does not interact costs nothing: threads that touch nothing in common with the others add no
// execution to a complete search, whatever happens to those.
#include <gtest/gtest.h>

#include <string>

#include "props/check.h"
#include "tests/props/programs.h"

namespace props {
namespace {

// A program in which `threads` deal with one another, beside so many threads of the process client
// that write to channels of their own.
model::Litmus WithStrangers(uint32_t strangers, std::string_view threads) {
  std::string objects;
  std::string bodies;
  for (uint32_t i = 0; i < strangers; ++i) {
    objects += fmt::format("  channel c{0} : client.c{0}a <-> client.c{0}b;\n", i);
    bodies += fmt::format("thread client.t{0} {{ w = zx_channel_write(c{0}a, \"m\"); }}\n", i);
  }
  return Parsed(fmt::format(R"(Zircon T
{{
  process client, other;
  channel a : client.a0 <-> client.a1;
  channel b : other.b0 <-> other.b1;
{}}}
{}{}
)",
                            objects, bodies, threads));
}

struct Story {
  const char* name;
  const char* threads;
};

class EveryStory : public testing::TestWithParam<Story> {};

TEST_P(EveryStory, CostsNoMoreBesideStrangers) {
  const CheckReport alone = Check(WithStrangers(0, GetParam().threads), Exhaustively());
  const CheckReport beside = Check(WithStrangers(4, GetParam().threads), Exhaustively());
  for (const CheckReport* report : {&alone, &beside}) {
    EXPECT_EQ(report->end, CheckEnd::kComplete) << Described(*report);
    EXPECT_TRUE(report->findings.empty()) << Described(*report);
  }
  EXPECT_GT(alone.executions, 1u);
  EXPECT_EQ(beside.executions + beside.cut_short, alone.executions + alone.cut_short);
}

INSTANTIATE_TEST_SUITE_P(Strangers, EveryStory,
                         testing::Values(Story{"AThreadThatIsKilled", R"(
thread client.v { s = zx_object_wait_one(a0, READABLE, deadline: never); }
thread client.k { zx_thread_kill(v); })"},
                                         Story{"AThreadThatIsSuspendedAndResumed", R"(
thread client.v { s = zx_object_wait_one(a0, READABLE, deadline: never); }
thread client.k { zx_thread_suspend(v); zx_thread_resume(v); zx_channel_write(a1, "m"); })"},
                                         Story{"AProcessThatIsKilled", R"(
thread other.v { s = zx_object_wait_one(b0, READABLE, deadline: never); }
thread client.k { zx_process_kill(other); })"}),
                         [](const auto& test) { return std::string(test.param.name); });

// In the generations that take all handles of a message at once or none, too.
TEST(Strangers, WhoSendOneHandleEachDoNotInteract) {
  for (const char* generation : {"magenta-2017", "zircon-2018-04", "zircon-2018-10", "current"}) {
    const CheckReport report = Check(Parsed(fmt::format(R"(Zircon T
Abi = "{}"
{{
  process client;
  channel a : client.a0 <-> client.a1;
  channel b : client.b0 <-> client.b1;
  event e : client.e0;
  event f : client.f0;
}}
thread client.s {{ w = zx_channel_write(a0, "m", handles: [e0]); }}
thread client.t {{ w = zx_channel_write(b0, "m", handles: [f0]); }}
)",
                                                        generation)),
                                     Exhaustively());
    EXPECT_EQ(report.end, CheckEnd::kComplete) << Described(report);
    EXPECT_EQ(report.executions + report.cut_short, 1u) << generation;
  }
}

}  // namespace
}  // namespace props
