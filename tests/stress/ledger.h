// What became of every message. Read, queued and destroyed are seen in three places that do not
// know of each other; together they must be all that was written.
//
// Each message carries its cargo, one end of a pair of events, as its first handle. The other end
// stays in the table of a keeper, a process without threads, and shows PEER_CLOSED once the kernel
// has destroyed the message with its cargo, or the reader has closed it. Whoever reads a message
// notes its stamp. What is queued at the end is found there.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/kernel.h"
#include "tests/stress/messages.h"

namespace core {
inline namespace CORE_PLATFORM {

/// What the writer was told.
enum class Told : uint8_t { kNothing, kSent, kRefused };

/// The notes of one thread of the operating system, and of its threads of the kernel, one after the
/// other. Nothing is shared, since a lock here would order the threads and hide races.
class Ledger {
 public:
  Ledger(Kernel& kernel, uint32_t writer) : keeper_(*kernel.CreateProcess()), writer_(writer) {}

  /// A new message of this writer: its stamp, and its cargo, a handle of `self`'s process.
  Stamp NewMessage(Thread& self, HandleValue* cargo);
  void OnTold(const Stamp& stamp, Told told) { told_[stamp.number] = told; }
  void OnRead(const Stamp& stamp) { read_.push_back(stamp); }

  const Process& keeper() const { return keeper_; }
  const std::vector<Told>& told() const { return told_; }
  const std::vector<Stamp>& read() const { return read_; }

 private:
  Process& keeper_;
  const uint32_t writer_;
  std::vector<Told> told_;  // By number; the keeper's handles are in the same order.
  std::vector<Stamp> read_;
};

/// How many messages there were, and what became of them.
struct MessageCounts {
  uint64_t written = 0;  // Not refused: in doubt where a call's answer does not tell.
  uint64_t refused = 0;
  uint64_t read = 0;
  uint64_t queued = 0;
  uint64_t destroyed = 0;  // The cargo is closed, and nobody has read the message.
};

/// Counts the messages of all `ledgers`, of which number i is writer i's, and of which `queued` are
/// the unread ones. Appends to `*broken` a line for each message that has none, or two, of the
/// fates.
MessageCounts CountMessages(const std::vector<const Ledger*>& ledgers,
                            const std::vector<Stamp>& queued, std::vector<std::string>* broken);

}  // namespace CORE_PLATFORM
}  // namespace core
