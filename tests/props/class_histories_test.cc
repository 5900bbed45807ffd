// All histories of a class, from one of its executions: compared with those of its executions.
#include "props/class_histories.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "props/runner.h"
#include "props/search.h"
#include "sim/engine/explorer.h"
#include "sim/order/linearize.h"
#include "sim/strategies/brute_force.h"
#include "sim/strategies/guided.h"
#include "tests/props/programs.h"

namespace props {
namespace {

// By name of thread and number of call: the first ended before the second began.
using Order = std::set<std::pair<std::pair<int, int>, std::pair<int, int>>>;

Order OrderOf(const model::History& history) {
  Order order;
  std::set<std::pair<int, int>> over;
  for (const model::HistoryEvent& event : history.events) {
    const std::pair<int, int> call{event.thread, static_cast<int>(event.call)};
    if (event.kind == model::HistoryEvent::Kind::kReturn) {
      over.insert(call);
    } else {
      for (const auto& other : over) order.insert({other, call});
    }
  }
  return order;
}

std::set<Order> MaximalOf(const std::set<Order>& orders) {
  std::set<Order> maximal;
  for (const Order& order : orders) {
    const bool is_maximal = std::ranges::none_of(orders, [&](const Order& other) {
      return other.size() > order.size() && std::ranges::includes(other, order);
    });
    if (is_maximal) maximal.insert(order);
  }
  return maximal;
}

// Programs of one part, with few enough interleavings to run them all.
std::vector<model::Litmus> SmallPrograms() {
  return {WriteAndRead(""), Parsed(R"(Zircon T
{ process p, q; channel a : p.a0 <-> q.a1; a0.queue = ["m"]; }
thread p.r { c = zx_handle_check_valid(a0); m = zx_channel_read(a0); }
thread q.w { v = zx_handle_check_valid(a1); zx_channel_write(a1, "n"); }
)"),
          Parsed(R"(Zircon T
Allow = "blocked"
{ process p, q; channel a : p.a0 <-> q.a1; }
thread p.r { zx_handle_check_valid(a0); w = zx_object_wait_one(a0, READABLE, deadline: never); }
thread q.c { zx_channel_write(a1, "n", options: 8); v = zx_handle_check_valid(a1); }
thread p.s { zx_handle_close(a0); zx_handle_check_valid(a0); }
)"),
          Parsed(R"(Zircon T
{ process p, q; channel a : p.a0 <-> q.a1; }
thread p.r { w = zx_object_wait_one(a0, READABLE, deadline: may); }
thread q.c { v = zx_handle_check_valid(a1); zx_channel_write(a1, "n"); }
)")};
}

TEST(ClassHistories, OfOneExecutionAreTheStrictestOfAllExecutionsOfItsClass) {
  size_t most = 0;
  for (const model::Litmus& litmus : SmallPrograms()) {
    World world(litmus);
    ClassHistories histories(litmus);
    std::map<uint64_t, std::set<Order>> own;    // By class.
    std::map<uint64_t, std::set<Order>> found;  // The same of each of its executions.
    sim::BruteForce strategy;
    sim::ExploreOptions options;
    options.limits = LimitsOf(litmus, 1000);
    options.max_executions = 100'000;
    const auto visit = [&](const sim::Execution& execution) {
      sim::TraceSignature signature;
      signature.Update(execution);
      own[signature.value()].insert(OrderOf(world.HistoryOf(execution)));
      histories.Find(execution, world);
      EXPECT_TRUE(histories.complete());
      std::set<Order> all;
      for (size_t i = 0; i < histories.size(); ++i) {
        const model::History history = histories.At(i, execution, world);
        EXPECT_EQ(history.events.size(), world.HistoryOf(execution).events.size());
        EXPECT_EQ(history.end, world.HistoryOf(execution).end);
        all.insert(OrderOf(history));
      }
      EXPECT_EQ(all.size(), histories.size());
      const auto [known, is_new] = found.try_emplace(signature.value(), all);
      EXPECT_EQ(known->second, all);
      return true;
    };
    const sim::Exploration explored = sim::Explore(world, strategy, options, visit);
    ASSERT_EQ(explored.end, sim::ExploreEnd::kExhausted);
    EXPECT_GT(own.size(), 1u);
    for (const auto& [signature, orders] : own) {
      EXPECT_EQ(found[signature], MaximalOf(orders)) << model::PrintLitmus(litmus);
      most = std::max(most, found[signature].size());
    }
  }
  EXPECT_GT(most, 2u);
}

// Whoever is told the edges can run an execution that has the history.
TEST(ClassHistories, TheEdgesOfOneLeadToAnExecutionThatHasIt) {
  uint64_t led = 0;
  for (const model::Litmus& litmus : SmallPrograms()) {
    World world(litmus);
    ClassHistories histories(litmus);
    const auto strategy = MakeStrategy(Search::kSourceSets, 0, 0);
    sim::Runtime runtime(LimitsOf(litmus, 1000));
    sim::Execution execution;
    for (int i = 0; i < 20 && strategy->BeginExecution(); ++i) {
      runtime.Execute(world, *strategy, execution);
      strategy->EndExecution(execution);
      if (execution.end == sim::ExecutionEnd::kStopped) continue;
      histories.Find(execution, world);
      std::vector<model::History> wanted;
      std::vector<sim::Guide> guides;
      for (size_t index = 0; index < histories.size(); ++index) {
        wanted.push_back(histories.At(index, execution, world));
        sim::LinearizeOptions options;
        options.edges = histories.EdgesOf(index);
        const auto way = sim::FewestPreemptions(execution, options);
        ASSERT_TRUE(way.has_value());
        guides.push_back(sim::GuideOf(execution, way->order));
      }
      for (size_t index = 0; index < guides.size(); ++index) {
        sim::Execution guided;
        sim::Guided guide(guides[index]);
        guide.BeginExecution();
        sim::Runtime(LimitsOf(litmus, 1000)).Execute(world, guide, guided);
        EXPECT_EQ(OrderOf(world.HistoryOf(guided)), OrderOf(wanted[index]));
        ++led;
      }
    }
  }
  EXPECT_GT(led, 10u);
}

}  // namespace
}  // namespace props
