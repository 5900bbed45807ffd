// The strictest orders of calls, compared with what all linear extensions of small random orders of
// events have.
#include "props/real_time_orders.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "sim/engine/random.h"

namespace props {
namespace {

using Pairs = std::set<std::pair<uint32_t, uint32_t>>;

// Events of calls, in an order in which they may come.
struct Drawn {
  std::vector<TimedCall> calls;
  Relation before;
};

// Threads with calls of one to three events, or of none: such a call belongs to the event before.
// Events that touch the same thing, one of them to write, are ordered as they came.
class Drawing {
 public:
  explicit Drawing(uint64_t seed) : random_(seed) {}

  Drawn Draw() {
    const uint32_t threads = 2 + random_.Below(3);
    const uint32_t things = 1 + random_.Below(4);
    const uint32_t parts = 1 + random_.Below(2);
    std::vector<std::vector<uint32_t>> calls(threads);  // By thread: events that are left of each.
    uint32_t events = 3 + random_.Below(5);
    while (events > 0) {
      const uint32_t size = std::min(events, 1 + random_.Below(3));
      calls[random_.Below(threads)].push_back(size);
      events -= size;
    }
    for (uint32_t thread = 0; thread < threads; ++thread) {
      std::vector<TimedCall>& made = made_.emplace_back();
      for (uint32_t call = 0; call < calls[thread].size(); ++call) {
        made.push_back({thread, random_.Below(parts), 0, 0});
      }
    }
    std::vector<uint32_t> current(threads);
    std::vector<uint32_t> live;
    for (uint32_t thread = 0; thread < threads; ++thread) {
      if (!calls[thread].empty()) live.push_back(thread);
    }
    while (!live.empty()) {
      const auto at = random_.Below(static_cast<uint32_t>(live.size()));
      const uint32_t thread = live[at];
      AddEvent(thread, random_.Below(things), random_.Below(2) == 0);
      TimedCall& call = made_[thread][current[thread]];
      const auto event = static_cast<uint32_t>(events_.size() - 1);
      uint32_t& left = calls[thread][current[thread]];
      if (!begun_.contains({thread, current[thread]})) call.first = event;
      begun_.insert({thread, current[thread]});
      call.last = event;
      if (--left != 0) continue;
      if (++current[thread] == calls[thread].size()) {
        live.erase(live.begin() + at);
        if (random_.Below(4) == 0) call.last = TimedCall::kNever;
      }
    }
    return Result(parts);
  }

 private:
  struct Event {
    uint32_t thread = 0;
    uint32_t thing = 0;
    bool writes = false;
  };

  void AddEvent(uint32_t thread, uint32_t thing, bool writes) {
    events_.push_back({thread, thing, writes});
  }

  Drawn Result(uint32_t parts) {
    Drawn drawn;
    for (const std::vector<TimedCall>& calls : made_) {
      for (const TimedCall& call : calls) {
        drawn.calls.push_back(call);
        if (call.last == TimedCall::kNever || random_.Below(4) != 0) continue;
        drawn.calls.push_back({call.thread, random_.Below(parts), call.last, call.last});
      }
    }
    const auto count = static_cast<uint32_t>(events_.size());
    drawn.before = Relation(count);
    for (uint32_t b = count; b-- > 0;) {
      for (uint32_t a = b; a-- > 0;) {
        const bool conflicts =
            events_[a].thing == events_[b].thing && (events_[a].writes || events_[b].writes);
        if (conflicts || events_[a].thread == events_[b].thread) drawn.before.AddAndClose(a, b);
      }
    }
    return drawn;
  }

  sim::Random random_;
  std::vector<std::vector<TimedCall>> made_;  // By thread.
  std::set<std::pair<uint32_t, uint32_t>> begun_;
  std::vector<Event> events_;
};

// What every linear extension says.
class Extensions {
 public:
  explicit Extensions(const Drawn& drawn) : drawn_(drawn), places_(drawn.before.size(), kNone) {
    Extend(0);
  }
  const std::set<Pairs>& orders() const { return orders_; }

 private:
  static constexpr uint32_t kNone = TimedCall::kNever;

  void Extend(uint32_t place) {
    if (place == places_.size()) {
      Take();
      return;
    }
    for (uint32_t event = 0; event < places_.size(); ++event) {
      if (places_[event] != kNone) continue;
      bool is_next = true;
      for (uint32_t other = 0; other < places_.size(); ++other) {
        is_next = is_next && !(places_[other] == kNone && drawn_.before.Has(other, event));
      }
      if (!is_next) continue;
      places_[event] = place;
      Extend(place + 1);
      places_[event] = kNone;
    }
  }

  void Take() {
    Pairs order;
    for (uint32_t a = 0; a < drawn_.calls.size(); ++a) {
      for (uint32_t b = 0; b < drawn_.calls.size(); ++b) {
        const TimedCall& first = drawn_.calls[a];
        const TimedCall& second = drawn_.calls[b];
        const bool follows =
            first.thread == second.thread
                ? a < b
                : first.last != TimedCall::kNever && places_[first.last] < places_[second.first];
        if (follows) order.insert({a, b});
      }
    }
    orders_.insert(std::move(order));
  }

  const Drawn& drawn_;
  std::vector<uint32_t> places_;  // By event.
  std::set<Pairs> orders_;
};

Pairs PairsOf(const Relation& order) {
  Pairs pairs;
  for (uint32_t a = 0; a < order.size(); ++a) {
    for (uint32_t b = 0; b < order.size(); ++b) {
      if (order.Has(a, b)) pairs.insert({a, b});
    }
  }
  return pairs;
}

// What each says of two calls of the part.
std::set<Pairs> Within(uint32_t part, const Drawn& drawn, const std::set<Pairs>& orders) {
  std::set<Pairs> within;
  for (const Pairs& order : orders) {
    Pairs pairs;
    std::ranges::copy_if(order, std::inserter(pairs, pairs.end()), [&](const auto& pair) {
      return drawn.calls[pair.first].part == part && drawn.calls[pair.second].part == part;
    });
    within.insert(std::move(pairs));
  }
  return within;
}

std::set<Pairs> MaximalOf(const std::set<Pairs>& orders) {
  std::set<Pairs> maximal;
  for (const Pairs& order : orders) {
    const bool is_maximal = std::ranges::none_of(orders, [&](const Pairs& other) {
      return other.size() > order.size() && std::ranges::includes(other, order);
    });
    if (is_maximal) maximal.insert(order);
  }
  return maximal;
}

TEST(RealTimeOrders, AreTheMaximalOnesOfAllLinearExtensions) {
  size_t most = 0;
  for (uint64_t seed = 0; seed < 3000; ++seed) {
    const Drawn drawn = Drawing(seed).Draw();
    const std::set<Pairs> all = Extensions(drawn).orders();
    const MaximalOrders found = FindMaximalOrders(drawn.calls, drawn.before);
    ASSERT_TRUE(found.complete);
    std::set<Pairs> orders;
    for (const Relation& order : found.orders) {
      const Pairs pairs = PairsOf(order);
      EXPECT_TRUE(all.contains(pairs)) << "no linear extension has it, seed " << seed;
      EXPECT_TRUE(orders.insert(pairs).second) << "it comes twice, seed " << seed;
    }
    most = std::max(most, orders.size());
    for (uint32_t part = 0; part < 2; ++part) {
      ASSERT_EQ(MaximalOf(Within(part, drawn, orders)), MaximalOf(Within(part, drawn, all)))
          << "part " << part << ", seed " << seed;
    }
  }
  EXPECT_GE(most, 10u) << "the programs that are drawn leave too little open";
}

// Every call has one event that nothing else minds.
Drawn Independent(uint32_t threads, uint32_t calls, bool apart) {
  Drawn drawn;
  drawn.before = Relation(threads * calls);
  for (uint32_t thread = 0; thread < threads; ++thread) {
    for (uint32_t i = 0; i < calls; ++i) {
      const uint32_t event = thread * calls + i;
      drawn.calls.push_back({thread, apart ? thread : 0, event, event});
      if (i != 0) drawn.before.AddAndClose(event - 1, event);
    }
  }
  return drawn;
}

TEST(RealTimeOrders, OfCallsThatNothingOrdersAreTheirInterleavings) {
  const Drawn drawn = Independent(2, 4, /*apart=*/false);
  EXPECT_EQ(FindMaximalOrders(drawn.calls, drawn.before).orders.size(), 70u);  // 8! / (4! 4!)
}

TEST(RealTimeOrders, OfPartsAreASumAndNotAProduct) {
  const Drawn drawn = Independent(4, 20, /*apart=*/true);
  const MaximalOrders found = FindMaximalOrders(drawn.calls, drawn.before);
  EXPECT_TRUE(found.complete);
  EXPECT_EQ(found.orders.size(), 1u);
}

TEST(RealTimeOrders, OfMoreThanTheLimitAreSomeAndNotComplete) {
  const Drawn drawn = Independent(2, 4, /*apart=*/false);
  const MaximalOrders enough = FindMaximalOrders(drawn.calls, drawn.before, {.max_orders = 70});
  EXPECT_TRUE(enough.complete);
  EXPECT_EQ(enough.orders.size(), 70u);
  OrderLimits limits;
  limits.max_orders = 69;
  const MaximalOrders cut = FindMaximalOrders(drawn.calls, drawn.before, limits);
  EXPECT_FALSE(cut.complete);
  EXPECT_EQ(cut.orders.size(), 69u);
  limits = {};
  limits.max_decisions = 100;
  EXPECT_FALSE(FindMaximalOrders(drawn.calls, drawn.before, limits).complete);
}

// A long call of one thread, and two short ones of another that only its last event minds: it may
// begin as late as one likes.
TEST(RealTimeOrders, ACallThatMayBeginLateIsNotSaidToOverlap) {
  Drawn drawn;
  drawn.calls = {{0, 0, 0, 3}, {1, 0, 1, 1}, {1, 0, 2, 2}};
  drawn.before = Relation(4);
  for (const auto& [a, b] : {std::pair{0, 3}, std::pair{1, 2}, std::pair{2, 3}}) {
    drawn.before.AddAndClose(static_cast<uint32_t>(a), static_cast<uint32_t>(b));
  }
  const MaximalOrders found = FindMaximalOrders(drawn.calls, drawn.before);
  ASSERT_EQ(found.orders.size(), 1u);
  EXPECT_EQ(PairsOf(found.orders[0]), (Pairs{{1, 0}, {1, 2}, {2, 0}}));
}

}  // namespace
}  // namespace props
