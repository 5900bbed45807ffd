// Tables of names, and lookups in them; those about calls and their results are in names_calls.cc.
//
// Every table is short and is searched from its start; the order of a table is the order in which
// suggestions are tried, so equal distances give the same suggestion everywhere.
#include "model/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

namespace model {
namespace {

using core::Status;

struct NamedStatus {
  Status status;
  std::string_view name;
};

constexpr auto kStatuses = std::to_array<NamedStatus>({
    {Status::kOk, "ZX_OK"},
    {Status::kInternal, "ZX_ERR_INTERNAL"},
    {Status::kNotSupported, "ZX_ERR_NOT_SUPPORTED"},
    {Status::kNoResources, "ZX_ERR_NO_RESOURCES"},
    {Status::kNoMemory, "ZX_ERR_NO_MEMORY"},
    {Status::kCallFailed, "ZX_ERR_CALL_FAILED"},
    {Status::kInternalIntrRetry, "ZX_ERR_INTERNAL_INTR_RETRY"},
    {Status::kInvalidArgs, "ZX_ERR_INVALID_ARGS"},
    {Status::kBadHandle, "ZX_ERR_BAD_HANDLE"},
    {Status::kWrongType, "ZX_ERR_WRONG_TYPE"},
    {Status::kBadSyscall, "ZX_ERR_BAD_SYSCALL"},
    {Status::kOutOfRange, "ZX_ERR_OUT_OF_RANGE"},
    {Status::kBufferTooSmall, "ZX_ERR_BUFFER_TOO_SMALL"},
    {Status::kBadState, "ZX_ERR_BAD_STATE"},
    {Status::kTimedOut, "ZX_ERR_TIMED_OUT"},
    {Status::kShouldWait, "ZX_ERR_SHOULD_WAIT"},
    {Status::kCanceled, "ZX_ERR_CANCELED"},
    {Status::kPeerClosed, "ZX_ERR_PEER_CLOSED"},
    {Status::kNotFound, "ZX_ERR_NOT_FOUND"},
    {Status::kAlreadyExists, "ZX_ERR_ALREADY_EXISTS"},
    {Status::kAlreadyBound, "ZX_ERR_ALREADY_BOUND"},
    {Status::kUnavailable, "ZX_ERR_UNAVAILABLE"},
    {Status::kAccessDenied, "ZX_ERR_ACCESS_DENIED"},
    {Status::kIo, "ZX_ERR_IO"},
    {Status::kInternalIntrKilled, "ZX_ERR_INTERNAL_INTR_KILLED"},
});

constexpr auto kRights = std::to_array<NamedBit>({
    {core::kRightDuplicate, "DUPLICATE"},
    {core::kRightTransfer, "TRANSFER"},
    {core::kRightRead, "READ"},
    {core::kRightWrite, "WRITE"},
    {core::kRightExecute, "EXECUTE"},
    {core::kRightMap, "MAP"},
    {core::kRightGetProperty, "GET_PROPERTY"},
    {core::kRightSetProperty, "SET_PROPERTY"},
    {core::kRightSignal, "SIGNAL"},
    {core::kRightSignalPeer, "SIGNAL_PEER"},
    {core::kRightWait, "WAIT"},
    {core::kRightInspect, "INSPECT"},
});

constexpr auto kSignals = std::to_array<NamedBit>({
    {core::kSignalReadable, "READABLE"},
    {core::kSignalWritable, "WRITABLE"},
    {core::kSignalPeerClosed, "PEER_CLOSED"},
    {core::kSignalSignaled, "SIGNALED"},
    {core::kSignalHandleClosed, "HANDLE_CLOSED"},
});

constexpr auto kReadOptions = std::to_array<NamedBit>({{core::kReadMayDiscard, "MAY_DISCARD"}});
constexpr auto kWriteOptions = std::to_array<NamedBit>({{core::kWriteUseIovec, "USE_IOVEC"}});
constexpr auto kWaitAsyncOptions = std::to_array<NamedBit>({
    {core::kWaitAsyncTimestamp, "TIMESTAMP"},
    {core::kWaitAsyncEdge, "EDGE"},
});

constexpr auto kObjectTypes = std::to_array<NamedNumber>({
    {static_cast<uint32_t>(core::ObjectType::kChannel), "CHANNEL"},
    {static_cast<uint32_t>(core::ObjectType::kEvent), "EVENT"},
    {static_cast<uint32_t>(core::ObjectType::kPort), "PORT"},
    {static_cast<uint32_t>(core::ObjectType::kEventPair), "EVENTPAIR"},
});

constexpr auto kTopics = std::to_array<NamedNumber>({
    {core::kInfoHandleValid, "HANDLE_VALID"},
    {core::kInfoHandleBasic, "HANDLE_BASIC"},
    {core::kInfoHandleCount, "HANDLE_COUNT"},
});

constexpr auto kReservedWords = std::to_array<std::string_view>({
    "process", "channel", "event",   "eventpair", "thread",   "locations", "exists",
    "forall",  "in",      "blocked", "none",      "outcomes", "exact",     "within",
    "transit", "gone",    "never",   "now",       "may",      "choose",    "or",
    "repeat",  "note",    "move",    "null",      "unmapped", "duplicate",
});

/// The number of letters to insert, delete, replace or swap with their neighbour (optimal string
/// alignment).
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> before_last;
  std::vector<size_t> last(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    std::vector<size_t> row(b.size() + 1);
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      row[j] =
          std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    before_last = std::exchange(last, std::move(row));
  }
  return last[b.size()];
}

// `READ, WRITE, 0x00000400`; nothing for the empty set.
std::string PrintBits(std::span<const NamedBit> table, uint32_t bits, std::string_view before,
                      std::string_view separator) {
  std::vector<std::string> words;
  for (const NamedBit& entry : table) {
    if ((bits & entry.bit) != 0) words.push_back(fmt::format("{}{}", before, entry.name));
    bits &= ~entry.bit;
  }
  if (bits != 0) words.push_back(fmt::format("{}{:#010x}", before, bits));
  return Join(words, separator);
}

}  // namespace

std::span<const NamedBit> RightNames() {
  return kRights;
}
std::span<const NamedBit> SignalNames() {
  return kSignals;
}

std::span<const NamedBit> OptionNames(CallKind kind) {
  switch (kind) {
    case CallKind::kChannelRead:
    case CallKind::kChannelReadEtc:
      return kReadOptions;
    case CallKind::kChannelWrite:
    case CallKind::kChannelWriteEtc:
    case CallKind::kChannelCall:
    case CallKind::kChannelCallEtc:
      return kWriteOptions;
    case CallKind::kObjectWaitAsync:
      return kWaitAsyncOptions;
    default:
      return {};
  }
}
std::span<const NamedNumber> ObjectTypeNames() {
  return kObjectTypes;
}
std::span<const NamedNumber> TopicNames() {
  return kTopics;
}

std::optional<uint32_t> BitByName(std::span<const NamedBit> table, std::string_view name) {
  for (const NamedBit& entry : table) {
    if (entry.name == name) return entry.bit;
  }
  return std::nullopt;
}

std::optional<uint32_t> NumberByName(std::span<const NamedNumber> table, std::string_view name) {
  for (const NamedNumber& entry : table) {
    if (entry.name == name) return entry.number;
  }
  return std::nullopt;
}

std::optional<std::string_view> NameOfNumber(std::span<const NamedNumber> table, uint32_t number) {
  for (const NamedNumber& entry : table) {
    if (entry.number == number) return entry.name;
  }
  return std::nullopt;
}

std::string_view ObjectWord(core::ObjectType type) {
  switch (type) {
    case core::ObjectType::kChannel:
      return "channel";
    case core::ObjectType::kEvent:
      return "event";
    case core::ObjectType::kEventPair:
      return "eventpair";
    case core::ObjectType::kPort:
      return "port";
    case core::ObjectType::kNone:
      break;
  }
  return "object";  // Of no declared one.
}

std::string PrintSignals(core::Signals signals) {
  return signals == core::kSignalNone ? "0" : PrintBits(kSignals, signals, "", " | ");
}

std::string PrintRightsSum(core::Rights rights) {
  return rights == core::kRightNone ? "0" : PrintBits(kRights, rights, "", " | ");
}

std::string PrintRights(const RightsArgument& rights) {
  if (rights.kind == RightsArgument::Kind::kDefault) return "";
  if (rights.rights == core::kRightNone) return "[NONE]";
  const bool without = rights.kind == RightsArgument::Kind::kWithout;
  return fmt::format("[{}]", PrintBits(kRights, rights.rights, without ? "-" : "", ", "));
}

bool IsReservedWord(std::string_view word) {
  return std::ranges::find(kReservedWords, word) != kReservedWords.end();
}

std::string DidYouMean(std::string_view word, std::span<const std::string_view> candidates) {
  constexpr size_t kLongestWord = 64;  // The cost is quadratic, and nothing of ours is longer.
  if (word.empty() || word.size() > kLongestWord) return "";
  std::string_view best;
  size_t best_distance = std::max<size_t>(1, word.size() / 3) + 1;
  for (std::string_view candidate : candidates) {
    if (candidate.size() > kLongestWord) continue;
    // BAD_HANDLE for ZX_ERR_BAD_HANDLE is no typing mistake, but as clear.
    const bool prefix_missing =
        word.size() >= 2 && candidate.ends_with(word) && candidate.starts_with("ZX_");
    const size_t distance = prefix_missing ? 1 : EditDistance(word, candidate);
    // Replacing every letter is no resemblance.
    if (distance < best_distance && distance < candidate.size()) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best.empty() ? "" : fmt::format("; did you mean '{}'?", best);
}

std::vector<std::string_view> AllStatusNames() {
  std::vector<std::string_view> names;
  for (const NamedStatus& entry : kStatuses) names.push_back(entry.name);
  return names;
}

std::vector<std::string_view> NamesOf(std::span<const NamedBit> table) {
  std::vector<std::string_view> names;
  for (const NamedBit& entry : table) names.push_back(entry.name);
  return names;
}

std::vector<std::string_view> NamesOf(std::span<const NamedNumber> table) {
  std::vector<std::string_view> names;
  for (const NamedNumber& entry : table) names.push_back(entry.name);
  return names;
}

std::string_view StatusName(core::Status status) {
  for (const NamedStatus& entry : kStatuses) {
    if (entry.status == status) return entry.name;
  }
  return "ZX_ERR_UNKNOWN";  // Only for a value that is no Status.
}

std::optional<core::Status> StatusByName(std::string_view name) {
  for (const NamedStatus& entry : kStatuses) {
    if (entry.name == name) return entry.status;
  }
  return std::nullopt;
}

}  // namespace model
