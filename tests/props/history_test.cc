// What the world tells the reference model: the history of an execution, in the strictest order.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/linearizability.h"
#include "props/world.h"
#include "sim/engine/explorer.h"
#include "sim/strategies/brute_force.h"
#include "sim/strategies/random_walk.h"
#include "tests/props/programs.h"

namespace props {
namespace {

// "w( w) r(": who begins and ends a call, in order.
std::string InWords(const model::Litmus& litmus, const model::History& history) {
  std::string words;
  for (const model::HistoryEvent& event : history.events) {
    const bool begins = event.kind == model::HistoryEvent::Kind::kInvoke;
    words += (words.empty() ? "" : " ") + litmus.program.threads[event.thread].name;
    words += begins ? "(" : ")";
  }
  return words;
}

template <typename Visit>
void ForEveryExecution(const model::Litmus& litmus, Visit visit) {
  World world(litmus);
  sim::BruteForce strategy;
  sim::Explore(world, strategy, {}, [&](const sim::Execution& execution) {
    visit(execution, world.HistoryOf(execution));
    return true;
  });
}

model::History FirstHistory(const model::Litmus& litmus) {
  World world(litmus);
  sim::RandomWalk strategy(0, 1);
  strategy.BeginExecution();
  sim::Execution execution;
  sim::Runtime().Execute(world, strategy, execution);
  return world.HistoryOf(execution);
}

// Both threads stand before their first event when the execution begins; were that the invocation,
// every two first calls would overlap.
TEST(History, ACallBeginsWithItsFirstEventNotWhenItsThreadStandsBeforeIt) {
  const model::Litmus litmus = WriteAndRead("");
  std::set<std::string> seen;
  ForEveryExecution(litmus, [&](const sim::Execution&, const model::History& history) {
    seen.insert(InWords(litmus, history));
  });
  EXPECT_EQ(seen, (std::set<std::string>{"r( r) w( w)", "r( w( r) w)", "r( w( w) r)", "w( r( r) w)",
                                         "w( r( w) r)", "w( w) r( r)"}));
}

// Strict: whatever the events say about two calls, the history says too.
TEST(History, ACallWhoseEventsAllCameBeforeThoseOfAnotherEndedBeforeItBegan) {
  const model::Litmus litmus = WriteAndRead("");
  uint64_t in_sequence = 0;
  ForEveryExecution(litmus, [&](const sim::Execution& execution, const model::History& history) {
    std::map<sim::ThreadId, std::pair<size_t, size_t>> span;  // First and last event.
    for (size_t i = 0; i < execution.events.size(); ++i) {
      span.try_emplace(execution.events[i].thread, i, i).first->second.second = i;
    }
    const std::string words = InWords(litmus, history);
    if (span[0].second < span[1].first) {
      EXPECT_EQ(words, "w( w) r( r)");
      ++in_sequence;
    } else if (span[1].second < span[0].first) {
      EXPECT_EQ(words, "r( r) w( w)");
      ++in_sequence;
    }
  });
  EXPECT_EQ(in_sequence, 2u);
}

// The first call fails before it touches anything that another thread could see.
TEST(History, ACallWithoutAnyEventBeginsBeforeItEnds) {
  const model::Litmus litmus = Parsed(R"(Zircon T
Allow = "blocked"
{ process p; channel a : p.a0 <-> p.a1; }
thread p.t {
  st = zx_channel_write(a0, "x", options: 8);
  no = zx_channel_write(a0, "x", options: 8);
  wt = zx_object_wait_one(a1, READABLE, deadline: never);
}
)");
  const model::History history = FirstHistory(litmus);
  ASSERT_EQ(history.events.size(), 5u);
  EXPECT_EQ(InWords(litmus, history), "t( t) t( t) t(");
  for (size_t i = 0; i < history.events.size(); ++i) EXPECT_EQ(history.events[i].call, i / 2);
  EXPECT_EQ(model::Explain(litmus, history).verdict, model::Verdict::kExplained);
}

TEST(History, HoldsAnswersChosenBlocksAndTheEnd) {
  const model::Litmus litmus = Parsed(R"(Zircon T
{ process p; channel a : p.a0 <-> p.a1; }
thread p.t {
  choose { note "one"; } or { st = zx_channel_write(a0, "x"); }
  m = zx_channel_read(a1);
}
)");
  std::set<uint32_t> blocks;
  ForEveryExecution(litmus, [&](const sim::Execution&, const model::History& history) {
    ASSERT_EQ(history.events.size(), 6u);
    const uint32_t block = history.events[1].block;
    blocks.insert(block);
    EXPECT_EQ(history.events[3].call, block + 1);
    EXPECT_EQ(history.events[5].result.bytes, block == 0 ? "" : "x");
    ASSERT_TRUE(history.end.has_value());
    EXPECT_TRUE(history.end->endpoints[1].queue.empty());
    EXPECT_EQ(model::Explain(litmus, history).verdict, model::Verdict::kExplained);
  });
  EXPECT_EQ(blocks, (std::set<uint32_t>{0, 1}));
}

TEST(History, ACallThatNeverEndsHasNoReturn) {
  const model::Litmus litmus = WaitsForEver("Allow = \"blocked\"");
  ForEveryExecution(litmus, [&](const sim::Execution&, const model::History& history) {
    EXPECT_EQ(std::ranges::count_if(history.events,
                                    [](const model::HistoryEvent& event) {
                                      return event.kind == model::HistoryEvent::Kind::kReturn;
                                    }),
              1);
    EXPECT_TRUE(history.end.has_value());
  });
}

}  // namespace
}  // namespace props
