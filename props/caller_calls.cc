// The calls that create, name, signal and wait.
#include "props/caller.h"

namespace props {

core::Status Caller::Create(const model::Call& call, model::CallResult& result) {
  core::HandleValue values[2] = {};
  const auto first = PointerTo(call.buffers.out, &values[0]);
  const auto second = PointerTo(call.buffers.second_out, &values[1]);
  const bool one =
      call.kind == model::CallKind::kEventCreate || call.kind == model::CallKind::kPortCreate;
  core::Status status = core::Status::kInternal;
  switch (call.kind) {
    case model::CallKind::kChannelCreate:
      status = core::ChannelCreate(*thread_, call.options, first, second);
      break;
    case model::CallKind::kEventPairCreate:
      status = core::EventPairCreate(*thread_, call.options, first, second);
      break;
    case model::CallKind::kPortCreate:
      status = core::PortCreate(*thread_, call.options, first);
      break;
    default:
      status = core::EventCreate(*thread_, call.options, first);
      break;
  }
  if (status != core::Status::kOk) return status;
  new_handles_.assign(values, values + (one ? 1 : 2));
  result.handle_count = static_cast<uint32_t>(new_handles_.size());
  if (call.kind == model::CallKind::kChannelCreate) ++channels_made_;
  return status;
}

core::Status Caller::PerformHandle(const model::Call& call, model::CallResult& result) {
  const core::HandleValue handle = Resolve(call.handle);
  core::HandleValue out = core::kInvalidHandle;
  const auto keep = [&](core::Status status) {
    if (status != core::Status::kOk) return status;
    new_handles_.assign(1, out);
    result.handle_count = 1;
    return status;
  };
  switch (call.kind) {
    case model::CallKind::kHandleClose:
      return core::HandleClose(*thread_, handle);
    case model::CallKind::kHandleCloseMany:
      BuildHandles(call);
      return core::HandleCloseMany(
          *thread_, PointerTo<const core::HandleValue>(call.buffers.handles, sent_.data()),
          HandleCount(call));
    case model::CallKind::kHandleDuplicate:
      return keep(core::HandleDuplicate(*thread_, handle, RightsOf(call.rights, call.handle),
                                        PointerTo(call.buffers.out, &out)));
    case model::CallKind::kHandleReplace:
      return keep(core::HandleReplace(*thread_, handle, RightsOf(call.rights, call.handle),
                                      PointerTo(call.buffers.out, &out)));
    default:
      return core::HandleCheckValid(*thread_, handle);
  }
}

core::Status Caller::PerformObject(const model::Call& call, model::CallResult& result) {
  const core::HandleValue handle = Resolve(call.handle);
  switch (call.kind) {
    case model::CallKind::kObjectWaitOne:
      return core::ObjectWaitOne(*thread_, handle, call.signals, ToTime(call.deadline),
                                 PointerTo(call.buffers.out, &result.observed));
    case model::CallKind::kObjectWaitMany:
      return WaitMany(call, result);
    case model::CallKind::kObjectWaitAsync:
      return core::ObjectWaitAsync(*thread_, handle, Resolve(call.port), call.key, call.signals,
                                   call.options);
    case model::CallKind::kObjectSignal:
      return core::ObjectSignal(*thread_, handle, call.clear, call.signals);
    case model::CallKind::kObjectSignalPeer:
      return core::ObjectSignalPeer(*thread_, handle, call.clear, call.signals);
    default:
      return GetInfo(call, result);
  }
}

core::Status Caller::WaitMany(const model::Call& call, model::CallResult& result) {
  items_.clear();
  for (const model::WaitItem& item : call.items) {
    items_.push_back({Resolve(item.handle), item.signals, core::kSignalNone});
  }
  const auto count = call.count.value_or(static_cast<uint32_t>(items_.size()));
  if (count > items_.size()) items_.resize(count);
  const core::Status status = core::ObjectWaitMany(
      *thread_, PointerTo(call.buffers.out, items_.data()), count, ToTime(call.deadline));
  const bool tells = status == core::Status::kOk || status == core::Status::kTimedOut ||
                     status == core::Status::kCanceled;
  for (size_t i = 0; tells && i < call.items.size(); ++i) {
    result.pending.push_back(items_[i].pending);
  }
  return status;
}

core::Status Caller::GetInfo(const model::Call& call, model::CallResult& result) {
  union {
    core::InfoHandleBasic basic;
    core::InfoHandleCount count;
  } record = {};
  const core::Status status =
      core::ObjectGetInfo(*thread_, Resolve(call.handle), call.topic,
                          PointerTo(call.buffers.out, reinterpret_cast<std::byte*>(&record)),
                          sizeof(record), nullptr, nullptr);
  if (status != core::Status::kOk) return status;
  if (call.topic == core::kInfoHandleBasic) result.info = {record.basic.type, record.basic.rights};
  if (call.topic == core::kInfoHandleCount) result.info_count = record.count.handle_count;
  return status;
}

core::Status Caller::PerformPort(const model::Call& call, model::CallResult& result) {
  core::PortPacket packet = {};
  packet.key = call.key;
  switch (call.kind) {
    case model::CallKind::kPortQueue:
      return core::PortQueue(*thread_, Resolve(call.handle),
                             PointerTo<const core::PortPacket>(call.buffers.out, &packet));
    case model::CallKind::kPortCancel:
      return core::PortCancel(*thread_, Resolve(call.port), Resolve(call.handle), call.key);
    default:
      break;
  }
  const core::Status status = core::PortWait(*thread_, Resolve(call.handle), ToTime(call.deadline),
                                             PointerTo(call.buffers.out, &packet));
  if (status != core::Status::kOk) return status;
  result.key = packet.key;
  result.from_user = packet.type == core::PacketType::kUser;
  if (result.from_user) return status;
  result.trigger = packet.signal.trigger;
  result.observed = packet.signal.observed;
  result.count = packet.signal.count;
  return status;
}

}  // namespace props
