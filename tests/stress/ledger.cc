#include "tests/stress/ledger.h"

#include <fmt/format.h>

#include <utility>

namespace core {
inline namespace CORE_PLATFORM {

Stamp Ledger::NewMessage(Thread& self, HandleValue* cargo) {
  HandleValue kept = kInvalidHandle;
  const Status made = EventPairCreate(self, 0, UserPtr(&kept), UserPtr(cargo));
  ASSERT(made == Status::kOk);
  // A value is unique in its kernel, so the keeper can call the handle the same.
  HandleOwner moved = self.process().handles().Remove(kept);
  ASSERT(moved != nullptr);
  keeper_.handles().Add(std::move(moved), kept);
  told_.push_back(Told::kNothing);
  return {0, writer_, static_cast<uint32_t>(told_.size() - 1)};
}

namespace {

struct Fate {
  uint32_t read = 0;
  uint32_t queued = 0;
  bool cargo_is_closed = false;
};

// The first thing that is wrong with a message, or empty.
std::string FindBroken(const Fate& fate, Told told) {
  if (fate.read > 1) return "was read more than once";
  if (fate.queued > 1) return "is queued more than once";
  if (fate.read + fate.queued > 1) return "was read and is queued";
  if (fate.queued != 0 && fate.cargo_is_closed) return "is queued without its cargo";
  if (fate.queued == 0 && !fate.cargo_is_closed) return "is lost: not queued, not destroyed";
  if (told == Told::kRefused && fate.read + fate.queued != 0) return "was refused, and sent";
  return {};
}

std::vector<std::vector<Fate>> FatesOf(const std::vector<const Ledger*>& ledgers,
                                       const std::vector<Stamp>& queued,
                                       std::vector<std::string>* broken) {
  std::vector<std::vector<Fate>> fates;
  for (const Ledger* ledger : ledgers) {
    auto& each = fates.emplace_back();
    ledger->keeper().handles().PeekEach([&](const Handle& handle) {
      each.push_back({0, 0, (handle.object().PeekSignals() & kSignalPeerClosed) != 0});
    });
    ASSERT(each.size() == ledger->told().size());
  }
  const auto find = [&](const Stamp& stamp) -> Fate* {
    if (stamp.writer < fates.size() && stamp.number < fates[stamp.writer].size()) {
      return &fates[stamp.writer][stamp.number];
    }
    broken->push_back(fmt::format("message {}/{} was never written", stamp.writer, stamp.number));
    return nullptr;
  };
  for (const Ledger* ledger : ledgers) {
    for (const Stamp& stamp : ledger->read()) {
      if (Fate* fate = find(stamp)) ++fate->read;
    }
  }
  for (const Stamp& stamp : queued) {
    if (Fate* fate = find(stamp)) ++fate->queued;
  }
  return fates;
}

}  // namespace

MessageCounts CountMessages(const std::vector<const Ledger*>& ledgers,
                            const std::vector<Stamp>& queued, std::vector<std::string>* broken) {
  MessageCounts counts;
  const auto fates = FatesOf(ledgers, queued, broken);
  for (size_t writer = 0; writer < fates.size(); ++writer) {
    for (size_t number = 0; number < fates[writer].size(); ++number) {
      const Fate& fate = fates[writer][number];
      const Told told = ledgers[writer]->told()[number];
      const std::string what = FindBroken(fate, told);
      if (!what.empty()) broken->push_back(fmt::format("message {}/{} {}", writer, number, what));
      counts.read += fate.read;
      counts.queued += fate.queued;
      if (told == Told::kRefused) {
        ++counts.refused;
        continue;
      }
      ++counts.written;
      if (fate.cargo_is_closed && fate.read == 0) ++counts.destroyed;
    }
  }
  return counts;
}

}  // namespace CORE_PLATFORM
}  // namespace core
