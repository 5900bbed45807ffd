// What a history says about the order of messages in a queue.
//
// Programs tend to give every message bytes of its own. Then the history tells which call received
// it, and in a queue a message can't be ahead of another that was received before anybody even
// began to receive it; nor can a request have another transaction id than it came out with, which
// tells the order of the calls. A search that sees this when the message enters the queue is spared
// all that follows a wrong order of writes, up to the moment at which the messages come out. (The
// monitors of unambiguous queues, Emmi and Enea, POPL 2018, use the same observation.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "model/history.h"
#include "model/litmus.h"
#include "model/state.h"

namespace model {

class MessageFates {
 public:
  static constexpr size_t kNever = std::numeric_limits<size_t>::max();

  /// When a message leaves the queue that it is in, in events of the history; those that are left
  /// at its end come later still, in their order.
  struct Fate {
    size_t earliest = 0;
    size_t latest = kNever;
    bool is_reply = false;                        // A call received it: it never was in a queue.
    std::optional<uint32_t> txid = std::nullopt;  // That it was received with.
  };

  MessageFates(const Litmus& litmus, const History& history);

  /// Of the message with this payload; nothing is known of those that share theirs.
  Fate FateOf(std::string_view payload) const;
  /// Whether some message is in a queue, ahead of another, or has a transaction id, as it can't be
  /// in this history.
  bool Contradict(const State& state) const;

 private:
  std::map<std::string, Fate, std::less<>> fates_;  // By payload, of those whose payload is unique.
};

}  // namespace model
