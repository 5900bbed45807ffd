// Tables of names, and lookups in them.
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

constexpr auto kSyscalls = std::to_array<std::pair<CallKind, std::string_view>>({
    {CallKind::kChannelCreate, "zx_channel_create"},
    {CallKind::kChannelWrite, "zx_channel_write"},
    {CallKind::kChannelRead, "zx_channel_read"},
    {CallKind::kEventCreate, "zx_event_create"},
    {CallKind::kHandleClose, "zx_handle_close"},
    {CallKind::kObjectWaitOne, "zx_object_wait_one"},
});

constexpr auto kUnsupportedSyscalls = std::to_array<std::string_view>({
    "zx_channel_call",
    "zx_channel_call_etc",
    "zx_channel_read_etc",
    "zx_channel_write_etc",
    "zx_clock_get_monotonic",
    "zx_eventpair_create",
    "zx_fifo_create",
    "zx_fifo_read",
    "zx_fifo_write",
    "zx_futex_wait",
    "zx_futex_wake",
    "zx_handle_close_many",
    "zx_handle_duplicate",
    "zx_handle_replace",
    "zx_job_create",
    "zx_nanosleep",
    "zx_object_get_info",
    "zx_object_get_property",
    "zx_object_set_property",
    "zx_object_signal",
    "zx_object_signal_peer",
    "zx_object_wait_async",
    "zx_object_wait_many",
    "zx_port_cancel",
    "zx_port_create",
    "zx_port_queue",
    "zx_port_wait",
    "zx_process_create",
    "zx_process_exit",
    "zx_process_kill",
    "zx_process_start",
    "zx_socket_create",
    "zx_socket_read",
    "zx_socket_write",
    "zx_task_kill",
    "zx_task_suspend",
    "zx_thread_create",
    "zx_thread_exit",
    "zx_thread_kill",
    "zx_thread_resume",
    "zx_thread_start",
    "zx_thread_suspend",
    "zx_timer_cancel",
    "zx_timer_create",
    "zx_timer_set",
    "zx_vmo_create",
    "zx_vmo_read",
    "zx_vmo_write",
});

constexpr auto kFields = std::to_array<std::pair<Location::Field, std::string_view>>({
    {Location::Field::kStatus, "status"},
    {Location::Field::kBytes, "bytes"},
    {Location::Field::kTxid, "txid"},
    {Location::Field::kActualBytes, "actual_bytes"},
    {Location::Field::kActualHandles, "actual_handles"},
    {Location::Field::kObserved, "observed"},
    {Location::Field::kQueue, "queue"},
    {Location::Field::kSignals, "signals"},
    {Location::Field::kOwner, "owner"},
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

std::optional<Location::Field> FieldByName(std::string_view name, bool of_endpoint) {
  for (const auto& [field, field_name] : kFields) {
    if (field_name == name && IsEndpointField(field) == of_endpoint) return field;
  }
  return std::nullopt;
}

std::string JoinBitNames(std::span<const NamedBit> table, uint32_t bits, std::string_view before,
                         std::string_view separator) {
  std::string text;
  for (const NamedBit& entry : table) {
    if ((bits & entry.bit) == 0) continue;
    text += fmt::format("{}{}{}", text.empty() ? "" : separator, before, entry.name);
  }
  return text;
}

}  // namespace

std::span<const NamedBit> RightNames() {
  return kRights;
}
std::span<const NamedBit> SignalNames() {
  return kSignals;
}

std::optional<uint32_t> BitByName(std::span<const NamedBit> table, std::string_view name) {
  for (const NamedBit& entry : table) {
    if (entry.name == name) return entry.bit;
  }
  return std::nullopt;
}

std::string PrintSignals(core::Signals signals) {
  if (signals == core::kSignalNone) return "0";
  std::string text = JoinBitNames(kSignals, signals, "", " | ");
  core::Signals unnamed = signals;
  for (const NamedBit& entry : kSignals) unnamed &= ~entry.bit;
  if (unnamed != 0) text += fmt::format("{}{:#010x}", text.empty() ? "" : " | ", unnamed);
  return text;
}

std::string PrintRights(core::Rights rights, core::Rights defaults) {
  if (rights == defaults) return "";
  if (rights == core::kRightNone) return " [NONE]";
  // Whichever is shorter to read: what is missing, or what is there.
  const core::Rights removed = defaults & ~rights;
  if ((rights & ~defaults) == 0 && std::popcount(removed) <= 2 &&
      std::popcount(removed) < std::popcount(rights)) {
    return fmt::format(" [{}]", JoinBitNames(kRights, removed, "-", ", "));
  }
  return fmt::format(" [{}]", JoinBitNames(kRights, rights, "", ", "));
}

core::Rights DefaultRights(core::ObjectType type) {
  return type == core::ObjectType::kEvent ? core::kRightsEventDefault : core::kRightsChannelDefault;
}

std::string_view SyscallName(CallKind kind) {
  for (const auto& [entry, name] : kSyscalls) {
    if (entry == kind) return name;
  }
  return "zx_unknown";  // Only for a value that is no CallKind.
}

std::optional<CallKind> SyscallByName(std::string_view name) {
  for (const auto& [kind, entry] : kSyscalls) {
    if (entry == name) return kind;
  }
  return std::nullopt;
}

bool IsUnsupportedSyscall(std::string_view name) {
  return std::ranges::find(kUnsupportedSyscalls, name) != kUnsupportedSyscalls.end();
}

std::string_view FieldName(Location::Field field) {
  for (const auto& [entry, name] : kFields) {
    if (entry == field) return name;
  }
  return "unknown";  // Only for a value that is no Field.
}

bool CallProduces(CallKind kind, Location::Field field) {
  switch (field) {
    case Location::Field::kStatus:
      return true;
    case Location::Field::kBytes:
    case Location::Field::kTxid:
    case Location::Field::kActualBytes:
    case Location::Field::kActualHandles:
      return kind == CallKind::kChannelRead;
    case Location::Field::kObserved:
      return kind == CallKind::kObjectWaitOne;
    case Location::Field::kQueue:
    case Location::Field::kSignals:
    case Location::Field::kOwner:
      return false;
  }
  return false;
}

uint32_t MaxResultHandles(CallKind kind) {
  switch (kind) {
    case CallKind::kChannelCreate:
      return 2;
    case CallKind::kEventCreate:
      return 1;
    case CallKind::kChannelRead:
      return core::kMaxMessageHandles;
    case CallKind::kChannelWrite:
    case CallKind::kHandleClose:
    case CallKind::kObjectWaitOne:
      return 0;
  }
  return 0;
}

bool IsEndpointField(Location::Field field) {
  return field == Location::Field::kQueue || field == Location::Field::kSignals ||
         field == Location::Field::kOwner;
}

std::optional<Location::Field> ResultFieldByName(std::string_view name) {
  return FieldByName(name, false);
}

std::optional<Location::Field> EndpointFieldByName(std::string_view name) {
  return FieldByName(name, true);
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

std::vector<std::string_view> AllSyscallNames() {
  std::vector<std::string_view> names;
  for (const auto& [kind, name] : kSyscalls) names.push_back(name);
  names.insert(names.end(), kUnsupportedSyscalls.begin(), kUnsupportedSyscalls.end());
  return names;
}

std::vector<std::string_view> NamesOf(std::span<const NamedBit> table) {
  std::vector<std::string_view> names;
  for (const NamedBit& entry : table) names.push_back(entry.name);
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
