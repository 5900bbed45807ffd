// Which calls ended before which others began: every strictest answer that a partial order of
// events leaves open.
//
// A reduced search runs one execution of each class, that is one linear extension of its
// happens-before order. Another one has the same answers and the same end, but other calls overlap
// in it, and what the reference model does not explain may show there alone. So the judge must see
// every relation "call A ended before call B began" that some linear extension has. The strictest
// suffice: whatever explains an order explains all that are looser.
//
// A call is its first and its last event: it may wait before its first as long as it likes, and the
// code after its last belongs to that. So a linear extension has (A, B) if it puts A's last before
// B's first. What the order of the events says about the two settles some pairs; each of the others
// is open, and an open pair may be taken, which is one more edge from A's last event to B's first.
// Edges taken settle other pairs: they imply some and rule others out, which would close a cycle. A
// set of pairs is a maximal order if all others are ruled out. The search takes or refuses one open
// pair after the other, depth first; a pair that nothing still open could rule out is taken without
// a question, and a branch ends once that becomes true of one that was refused. So no order comes
// twice, and a branch comes to nothing only if several open pairs could rule out what was refused,
// but never together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace props {

/// A relation on 0, 1, ..., size - 1: a row of bits for each.
class Relation {
 public:
  explicit Relation(uint32_t size = 0)
      : size_(size), words_((size + 63) / 64), bits_(size_t{size} * words_) {}

  uint32_t size() const { return size_; }
  bool Has(uint32_t a, uint32_t b) const { return ((Row(a)[b / 64] >> (b % 64)) & 1) != 0; }
  void Add(uint32_t a, uint32_t b) { Row(a)[b / 64] |= uint64_t{1} << (b % 64); }
  /// The same of a transitive relation, which stays transitive.
  void AddAndClose(uint32_t a, uint32_t b);
  /// Adds what follows `a` to `set`, and `a` itself. A set has `words()` words.
  void AddUpSetOf(uint32_t a, std::vector<uint64_t>& set) const;
  uint32_t words() const { return words_; }
  bool operator==(const Relation&) const = default;

 private:
  const uint64_t* Row(uint32_t a) const { return bits_.data() + size_t{a} * words_; }
  uint64_t* Row(uint32_t a) { return bits_.data() + size_t{a} * words_; }

  uint32_t size_ = 0;
  uint32_t words_ = 0;
  std::vector<uint64_t> bits_;
};

/// A call, on the events that begin and end it; they are the same if it has only one.
struct TimedCall {
  static constexpr uint32_t kNever = std::numeric_limits<uint32_t>::max();

  uint32_t thread = 0;
  uint32_t part = 0;  // Orders differ in what they say about two calls of one part.
  uint32_t first = 0;
  uint32_t last = kNever;  // kNever: it does not end.
};

struct OrderLimits {
  uint32_t max_orders = 4096;
  /// Pairs that are looked at, taken or refused: the work, whether or not orders come of it.
  uint32_t max_decisions = 65'536;
};

struct MaximalOrders {
  /// Pairs of calls: the first ended before the second began. Each is what some linear extension
  /// has, exactly.
  std::vector<Relation> orders;
  /// False: a limit was reached, and there may be others.
  bool complete = true;
};

/// All maximal orders of the calls of each part. `calls` has those of one thread in their order;
/// `before` is the order of the events, irreflexive and transitive, in which the events of one
/// thread follow each other.
///
/// Of two parts each has all its orders among those returned, but not with each of the other's: a
/// sum instead of a product, for calls whose order is nobody's business.
MaximalOrders FindMaximalOrders(const std::vector<TimedCall>& calls, const Relation& before,
                                const OrderLimits& limits = {});

}  // namespace props
