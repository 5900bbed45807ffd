#include "props/real_time_orders.h"

#include <algorithm>
#include <utility>

namespace props {

void Relation::AddAndClose(uint32_t a, uint32_t b) {
  if (Has(a, b)) return;
  std::vector<uint64_t> above(words_);
  AddUpSetOf(b, above);
  for (uint32_t row = 0; row < size_; ++row) {
    if (row != a && !Has(row, a)) continue;
    for (uint32_t word = 0; word < words_; ++word) Row(row)[word] |= above[word];
  }
}

void Relation::AddUpSetOf(uint32_t a, std::vector<uint64_t>& set) const {
  for (uint32_t word = 0; word < words_; ++word) set[word] |= Row(a)[word];
  set[a / 64] |= uint64_t{1} << (a % 64);
}

namespace {

// "Call `a` ended before call `b` began", of two threads.
struct CallPair {
  uint32_t a = 0;
  uint32_t b = 0;
};

class OrderSearch {
 public:
  OrderSearch(const std::vector<TimedCall>& calls, const OrderLimits& limits)
      : calls_(calls), limits_(limits) {}

  MaximalOrders Run(const Relation& before) {
    const std::vector<CallPair> open = OpenPairs(before);
    std::vector<uint32_t> parts;  // That have open pairs.
    for (const CallPair pair : open) {
      const bool is_new = !Crosses(pair) && std::ranges::count(parts, PartOf(pair)) == 0;
      if (is_new) parts.push_back(PartOf(pair));
    }
    others_ = open;
    if (parts.empty()) Add(before);
    for (const uint32_t part : parts) {
      std::vector<CallPair> own;
      others_.clear();
      for (const CallPair pair : open) {
        const bool is_own = !Crosses(pair) && PartOf(pair) == part;
        (is_own ? own : others_).push_back(pair);
      }
      Decide(before, std::move(own), {});
    }
    return std::move(result_);
  }

 private:
  bool IsImplied(const Relation& before, CallPair pair) const {
    return before.Has(calls_[pair.a].last, calls_[pair.b].first);
  }
  // Nor may it be the same event.
  bool IsRuledOut(const Relation& before, CallPair pair) const {
    const uint32_t from = calls_[pair.b].first;
    const uint32_t to = calls_[pair.a].last;
    return from == to || before.Has(from, to);
  }
  bool IsSettled(const Relation& before, CallPair pair) const {
    return IsImplied(before, pair) || IsRuledOut(before, pair);
  }
  void Take(CallPair pair, Relation& before) const {
    before.AddAndClose(calls_[pair.a].last, calls_[pair.b].first);
  }

  bool Crosses(CallPair pair) const { return calls_[pair.a].part != calls_[pair.b].part; }
  uint32_t PartOf(CallPair pair) const { return calls_[pair.a].part; }

  std::vector<CallPair> OpenPairs(const Relation& before) const {
    std::vector<CallPair> open;
    for (uint32_t a = 0; a < calls_.size(); ++a) {
      if (calls_[a].last == TimedCall::kNever) continue;
      for (uint32_t b = 0; b < calls_.size(); ++b) {
        if (calls_[a].thread == calls_[b].thread || IsSettled(before, {a, b})) continue;
        open.push_back({a, b});
      }
    }
    return open;
  }

  // Some of the pairs that are open, all taken together, would rule it out.
  bool MayBeRuledOut(const Relation& before, const std::vector<CallPair>& open, CallPair pair) {
    reached_.assign(before.words(), 0);
    before.AddUpSetOf(calls_[pair.b].first, reached_);
    const auto reaches = [&](uint32_t event) {
      return ((reached_[event / 64] >> (event % 64)) & 1) != 0;
    };
    const uint32_t goal = calls_[pair.a].last;
    for (bool grows = true; grows && !reaches(goal);) {
      grows = false;
      for (const CallPair edge : open) {
        if (!reaches(calls_[edge.a].last) || reaches(calls_[edge.b].first)) continue;
        before.AddUpSetOf(calls_[edge.b].first, reached_);
        grows = true;
      }
    }
    return reaches(goal);
  }

  // Finds the orders that have all that `before` implies and none that was refused.
  void Decide(Relation before, std::vector<CallPair> open, std::vector<CallPair> refused) {
    for (;;) {
      if (decisions_ == limits_.max_decisions || result_.orders.size() >= limits_.max_orders) {
        result_.complete = false;
        return;
      }
      ++decisions_;
      std::erase_if(open, [&](CallPair pair) { return IsSettled(before, pair); });
      std::erase_if(refused, [&](CallPair pair) { return IsRuledOut(before, pair); });
      const bool is_vain = std::ranges::any_of(refused, [&](CallPair pair) {
        return IsImplied(before, pair) || !MayBeRuledOut(before, open, pair);
      });
      if (is_vain) return;
      if (open.empty()) return Add(std::move(before));
      const CallPair pair = open.back();
      open.pop_back();
      if (!MayBeRuledOut(before, open, pair)) {
        Take(pair, before);
        continue;
      }
      Relation with = before;
      Take(pair, with);
      Decide(std::move(with), open, refused);
      refused.push_back(pair);
    }
  }

  // What is open between other calls, or other parts, is decided as it comes.
  void Add(Relation before) {
    for (const CallPair pair : others_) {
      if (!IsSettled(before, pair)) Take(pair, before);
    }
    Relation order = OrderIn(before);
    const bool is_known =
        !others_.empty() && std::ranges::find(result_.orders, order) != result_.orders.end();
    if (!is_known) result_.orders.push_back(std::move(order));
  }

  // All linear extensions say the same about the calls, since no pair is open.
  Relation OrderIn(const Relation& before) const {
    Relation order(static_cast<uint32_t>(calls_.size()));
    for (uint32_t a = 0; a < calls_.size(); ++a) {
      for (uint32_t b = 0; b < calls_.size(); ++b) {
        const bool follows = calls_[a].thread == calls_[b].thread
                                 ? a < b
                                 : calls_[a].last != TimedCall::kNever && IsImplied(before, {a, b});
        if (follows) order.Add(a, b);
      }
    }
    return order;
  }

  const std::vector<TimedCall>& calls_;
  const OrderLimits& limits_;
  std::vector<CallPair> others_;  // Open pairs that are not of the part that is searched.
  std::vector<uint64_t> reached_;
  uint32_t decisions_ = 0;
  MaximalOrders result_;
};

}  // namespace

MaximalOrders FindMaximalOrders(const std::vector<TimedCall>& calls, const Relation& before,
                                const OrderLimits& limits) {
  return OrderSearch(calls, limits).Run(before);
}

}  // namespace props
