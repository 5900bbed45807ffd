// The words of calls and of what they answer.
#include <algorithm>
#include <array>
#include <utility>

#include "model/names.h"

namespace model {
namespace {

using Field = Location::Field;

constexpr auto kSyscalls = std::to_array<std::pair<CallKind, std::string_view>>({
    {CallKind::kChannelCreate, "zx_channel_create"},
    {CallKind::kChannelWrite, "zx_channel_write"},
    {CallKind::kChannelWriteEtc, "zx_channel_write_etc"},
    {CallKind::kChannelRead, "zx_channel_read"},
    {CallKind::kChannelReadEtc, "zx_channel_read_etc"},
    {CallKind::kChannelCall, "zx_channel_call"},
    {CallKind::kChannelCallEtc, "zx_channel_call_etc"},
    {CallKind::kEventCreate, "zx_event_create"},
    {CallKind::kEventPairCreate, "zx_eventpair_create"},
    {CallKind::kPortCreate, "zx_port_create"},
    {CallKind::kHandleClose, "zx_handle_close"},
    {CallKind::kHandleCloseMany, "zx_handle_close_many"},
    {CallKind::kHandleDuplicate, "zx_handle_duplicate"},
    {CallKind::kHandleReplace, "zx_handle_replace"},
    {CallKind::kHandleCheckValid, "zx_handle_check_valid"},
    {CallKind::kObjectWaitOne, "zx_object_wait_one"},
    {CallKind::kObjectWaitMany, "zx_object_wait_many"},
    {CallKind::kObjectWaitAsync, "zx_object_wait_async"},
    {CallKind::kObjectSignal, "zx_object_signal"},
    {CallKind::kObjectSignalPeer, "zx_object_signal_peer"},
    {CallKind::kObjectGetInfo, "zx_object_get_info"},
    {CallKind::kPortQueue, "zx_port_queue"},
    {CallKind::kPortWait, "zx_port_wait"},
    {CallKind::kPortCancel, "zx_port_cancel"},
    {CallKind::kThreadKill, "zx_thread_kill"},
    {CallKind::kThreadSuspend, "zx_thread_suspend"},
    {CallKind::kThreadResume, "zx_thread_resume"},
    {CallKind::kProcessKill, "zx_process_kill"},
});

constexpr auto kForeignSyscalls = std::to_array<std::string_view>({
    "zx_clock_get_monotonic", "zx_fifo_create",    "zx_fifo_read",
    "zx_fifo_write",          "zx_futex_wait",     "zx_futex_wake",
    "zx_job_create",          "zx_nanosleep",      "zx_object_get_property",
    "zx_object_set_property", "zx_process_create", "zx_process_exit",
    "zx_process_start",       "zx_socket_create",  "zx_socket_read",
    "zx_socket_write",        "zx_task_kill",      "zx_task_suspend",
    "zx_thread_create",       "zx_thread_exit",    "zx_thread_start",
    "zx_timer_cancel",        "zx_timer_create",   "zx_timer_set",
    "zx_vmo_create",          "zx_vmo_read",       "zx_vmo_write",
});

constexpr auto kFields = std::to_array<std::pair<Field, std::string_view>>({
    {Field::kStatus, "status"},
    {Field::kBytes, "bytes"},
    {Field::kTxid, "txid"},
    {Field::kActualBytes, "actual_bytes"},
    {Field::kActualHandles, "actual_handles"},
    {Field::kObserved, "observed"},
    {Field::kReadStatus, "read_status"},
    {Field::kResults, "results"},
    {Field::kPending, "pending"},
    {Field::kHandleType, "type"},
    {Field::kHandleRights, "rights"},
    {Field::kInfoCount, "handle_count"},
    {Field::kKey, "key"},
    {Field::kFromUser, "from_user"},
    {Field::kTrigger, "trigger"},
    {Field::kCount, "count"},
    {Field::kQueue, "queue"},
    {Field::kSignals, "signals"},
    {Field::kOwner, "owner"},
});

std::optional<Field> FieldByName(std::string_view name, bool of_endpoint) {
  for (const auto& [field, field_name] : kFields) {
    if (field_name == name && IsEndpointField(field) == of_endpoint) return field;
  }
  return std::nullopt;
}

}  // namespace

std::string_view SyscallName(CallKind kind) {
  for (const auto& [entry, name] : kSyscalls) {
    if (entry == kind) return name;
  }
  return kind == CallKind::kChoose ? "choose" : "note";
}

std::optional<CallKind> SyscallByName(std::string_view name) {
  for (const auto& [kind, entry] : kSyscalls) {
    if (entry == name) return kind;
  }
  return std::nullopt;
}

bool IsForeignSyscall(std::string_view name) {
  return std::ranges::find(kForeignSyscalls, name) != kForeignSyscalls.end();
}

std::vector<std::string_view> AllSyscallNames() {
  std::vector<std::string_view> names;
  for (const auto& [kind, name] : kSyscalls) names.push_back(name);
  return names;
}

bool Sends(CallKind kind) {
  return kind == CallKind::kChannelWrite || kind == CallKind::kChannelWriteEtc ||
         kind == CallKind::kChannelCall || kind == CallKind::kChannelCallEtc;
}

bool Receives(CallKind kind) {
  return kind == CallKind::kChannelRead || kind == CallKind::kChannelReadEtc ||
         kind == CallKind::kChannelCall || kind == CallKind::kChannelCallEtc;
}

std::string_view FieldName(Field field) {
  for (const auto& [entry, name] : kFields) {
    if (entry == field) return name;
  }
  return "unknown";  // Only for a value that is no Field.
}

bool CallProduces(CallKind kind, Field field) {
  const bool received_etc = kind == CallKind::kChannelReadEtc || kind == CallKind::kChannelCallEtc;
  switch (field) {
    case Field::kStatus:
      return kind != CallKind::kChoose && kind != CallKind::kNote;
    case Field::kBytes:
    case Field::kTxid:
    case Field::kActualBytes:
    case Field::kActualHandles:
      return Receives(kind);
    case Field::kObserved:
      return kind == CallKind::kObjectWaitOne || kind == CallKind::kPortWait;
    case Field::kReadStatus:
      return kind == CallKind::kChannelCall;
    case Field::kResults:
      return kind == CallKind::kChannelWriteEtc || kind == CallKind::kChannelCallEtc;
    case Field::kPending:
      return kind == CallKind::kObjectWaitMany;
    case Field::kHandleType:
    case Field::kHandleRights:
      return kind == CallKind::kObjectGetInfo || received_etc;
    case Field::kInfoCount:
      return kind == CallKind::kObjectGetInfo;
    case Field::kKey:
    case Field::kFromUser:
    case Field::kTrigger:
    case Field::kCount:
      return kind == CallKind::kPortWait;
    case Field::kQueue:
    case Field::kSignals:
    case Field::kOwner:
      break;
  }
  return false;
}

bool IsIndexed(CallKind kind, Field field) {
  const bool described = field == Field::kHandleType || field == Field::kHandleRights;
  return field == Field::kResults || field == Field::kPending ||
         (described && kind != CallKind::kObjectGetInfo);
}

std::vector<std::string_view> FieldsProducedBy(CallKind kind) {
  std::vector<std::string_view> names;
  for (const auto& [field, name] : kFields) {
    if (CallProduces(kind, field)) names.push_back(name);
  }
  return names;
}

uint32_t MaxResultHandles(CallKind kind) {
  if (Receives(kind)) return core::kMaxMessageHandles;
  switch (kind) {
    case CallKind::kChannelCreate:
    case CallKind::kEventPairCreate:
      return 2;
    case CallKind::kEventCreate:
    case CallKind::kPortCreate:
    case CallKind::kHandleDuplicate:
    case CallKind::kHandleReplace:
      return 1;
    default:
      return 0;
  }
}

bool IsEndpointField(Field field) {
  return field == Field::kQueue || field == Field::kSignals || field == Field::kOwner;
}

std::optional<Field> ResultFieldByName(std::string_view name) {
  return FieldByName(name, false);
}

std::optional<Field> EndpointFieldByName(std::string_view name) {
  return FieldByName(name, true);
}

ValueType TypeOf(Field field) {
  switch (field) {
    case Field::kStatus:
    case Field::kReadStatus:
    case Field::kResults:
      return ValueType::kStatus;
    case Field::kBytes:
      return ValueType::kBytes;
    case Field::kTxid:
    case Field::kActualBytes:
    case Field::kActualHandles:
    case Field::kInfoCount:
    case Field::kKey:
    case Field::kFromUser:
    case Field::kCount:
      return ValueType::kNumber;
    case Field::kObserved:
    case Field::kPending:
    case Field::kTrigger:
    case Field::kSignals:
      return ValueType::kSignals;
    case Field::kHandleType:
      return ValueType::kObjectType;
    case Field::kHandleRights:
      return ValueType::kRights;
    case Field::kQueue:
      return ValueType::kQueue;
    case Field::kOwner:
      return ValueType::kOwner;
  }
  return ValueType::kStatus;
}

}  // namespace model
