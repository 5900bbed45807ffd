// The calls that move messages.
#include <algorithm>
#include <cstring>

#include "props/caller.h"
#include "props/kernel_view.h"

namespace props {

namespace {

constexpr uint32_t kUnknownOperation = 7;

uint32_t OperationOf(model::Disposition::Operation operation) {
  switch (operation) {
    case model::Disposition::Operation::kMove:
      return core::kHandleOpMove;
    case model::Disposition::Operation::kDuplicate:
      return core::kHandleOpDuplicate;
    case model::Disposition::Operation::kUnknown:
      break;
  }
  return kUnknownOperation;
}

uint32_t OptionsOf(const model::Call& call) {
  return call.options | (call.iovecs ? core::kWriteUseIovec : 0);
}

bool IsEtc(model::CallKind kind) {
  return kind == model::CallKind::kChannelWriteEtc || kind == model::CallKind::kChannelReadEtc ||
         kind == model::CallKind::kChannelCallEtc;
}

}  // namespace

core::Status Caller::PerformChannel(const model::Call& call, model::CallResult& result) {
  if (call.kind == model::CallKind::kChannelRead || call.kind == model::CallKind::kChannelReadEtc) {
    return Read(call, result);
  }
  if (call.iovecs) {
    BuildIovecs(call);
  } else {
    BuildBytes(call);
  }
  IsEtc(call.kind) ? BuildDispositions(call) : BuildHandles(call);
  const bool is_write =
      call.kind == model::CallKind::kChannelWrite || call.kind == model::CallKind::kChannelWriteEtc;
  const core::Status status = is_write ? Write(call, result) : Call(call, result);
  for (size_t i = 0; i < call.dispositions.size(); ++i) {
    result.results.push_back(dispositions_[i].result);
  }
  return status;
}

// --- What is sent ---

void Caller::BuildBytes(const model::Call& call) {
  message_.clear();
  if (!call.raw) {
    const auto* literal = std::get_if<uint32_t>(&call.txid);
    const uint32_t txid = literal != nullptr
                              ? *literal
                              : ResultOf(std::get<model::ResultField>(call.txid).variable).txid;
    message_.resize(core::kTxidBytes);
    std::memcpy(message_.data(), &txid, sizeof(txid));
  }
  for (const auto& part : call.bytes) {
    if (const auto* text = std::get_if<std::string>(&part)) {
      message_ += *text;
    } else {
      message_ += ResultOf(std::get<model::ResultField>(part).variable).bytes;
    }
  }
  if (ByteCount(call) > message_.size()) message_.resize(ByteCount(call));
}

void Caller::BuildIovecs(const model::Call& call) {
  iovecs_.clear();
  pieces_.clear();
  for (const model::Iovec& iovec : *call.iovecs) pieces_.push_back(iovec.bytes);
  for (size_t i = 0; i < call.iovecs->size(); ++i) {
    const model::Iovec& iovec = (*call.iovecs)[i];
    const uint32_t capacity = iovec.capacity.value_or(static_cast<uint32_t>(iovec.bytes.size()));
    // A capacity beyond the largest message is refused before the bytes are looked at.
    if (capacity > pieces_[i].size() && capacity <= core::kMaxMessageBytes) {
      pieces_[i].resize(capacity);
    }
    const std::byte* bytes = reinterpret_cast<const std::byte*>(pieces_[i].data());
    iovecs_.push_back({AddressFor(iovec.memory, bytes), capacity, iovec.reserved ? 1u : 0u});
  }
  const uint32_t count = ByteCount(call);
  if (count > iovecs_.size() && count <= core::kMaxMessageIovecs) iovecs_.resize(count);
}

void Caller::BuildHandles(const model::Call& call) {
  sent_.clear();
  for (const model::HandleArgument& handle : call.handles) sent_.push_back(Resolve(handle));
  if (HandleCount(call) > sent_.size()) sent_.resize(HandleCount(call));
}

void Caller::BuildDispositions(const model::Call& call) {
  dispositions_.clear();
  for (const model::Disposition& disposition : call.dispositions) {
    dispositions_.push_back({OperationOf(disposition.operation), Resolve(disposition.handle),
                             disposition.type, RightsOf(disposition.rights, disposition.handle),
                             core::Status::kOk});
  }
  if (HandleCount(call) > dispositions_.size()) dispositions_.resize(HandleCount(call));
}

uint32_t Caller::ByteCount(const model::Call& call) const {
  const size_t there = call.iovecs ? call.iovecs->size() : message_.size();
  return call.count.value_or(static_cast<uint32_t>(there));
}

uint32_t Caller::HandleCount(const model::Call& call) const {
  const size_t there = IsEtc(call.kind) ? call.dispositions.size() : call.handles.size();
  return call.handle_count.value_or(static_cast<uint32_t>(there));
}

core::Status Caller::Write(const model::Call& call, model::CallResult&) {
  const auto bytes =
      call.iovecs
          ? PointerTo<const core::ChannelIovec>(call.buffers.bytes, iovecs_.data())
                .As<const std::byte>()
          : PointerTo(call.buffers.bytes, reinterpret_cast<const std::byte*>(message_.data()));
  core::Status status = core::Status::kInternal;
  if (call.kind == model::CallKind::kChannelWrite) {
    status = core::ChannelWrite(
        *thread_, Resolve(call.handle), OptionsOf(call), bytes, ByteCount(call),
        PointerTo<const core::HandleValue>(call.buffers.handles, sent_.data()), HandleCount(call));
  } else {
    status = core::ChannelWriteEtc(
        *thread_, Resolve(call.handle), OptionsOf(call), bytes, ByteCount(call),
        PointerTo(call.buffers.handles, dispositions_.data()), HandleCount(call));
  }
  if (status == core::Status::kOk) ++written_;
  return status;
}

// --- What is received ---

core::Status Caller::Read(const model::Call& call, model::CallResult& result) {
  ForgetReceived();
  const bool is_etc = call.kind == model::CallKind::kChannelReadEtc;
  const core::HandleValue handle = Resolve(call.handle);
  const uint32_t max_bytes = call.max_bytes.value_or(core::kMaxMessageBytes);
  const uint32_t max_handles = call.max_handles.value_or(core::kMaxMessageHandles);
  const auto bytes = PointerTo(call.buffers.rd_bytes, bytes_.data());
  const auto actual_bytes = PointerTo(call.buffers.actual_bytes, &result.actual_bytes);
  const auto actual_handles = PointerTo(call.buffers.actual_handles, &result.actual_handles);
  core::Status status = core::Status::kInternal;
  if (is_etc) {
    status = core::ChannelReadEtc(*thread_, handle, call.options, bytes,
                                  PointerTo(call.buffers.rd_handles, infos_.data()), max_bytes,
                                  max_handles, actual_bytes, actual_handles);
  } else {
    status = core::ChannelRead(*thread_, handle, call.options, bytes,
                               PointerTo(call.buffers.rd_handles, handles_.data()), max_bytes,
                               max_handles, actual_bytes, actual_handles);
  }
  const bool discards = (call.options & core::kReadMayDiscard) != 0;
  if (status == core::Status::kOk || (status == core::Status::kBufferTooSmall && discards)) {
    ++taken_;
  }
  if (status == core::Status::kInvalidArgs) knows_its_messages_ = false;
  if (status == core::Status::kOk) KeepMessage(call, result);
  return status;
}

void Caller::KeepMessage(const model::Call& call, model::CallResult& result) {
  const std::span<const std::byte> message(bytes_.data(), result.actual_bytes);
  if (message.size() >= core::kTxidBytes) {
    std::memcpy(&result.txid, message.data(), sizeof(result.txid));
  }
  result.bytes = PayloadOf(message);
  for (uint32_t i = 0; i < result.actual_handles; ++i) {
    const core::HandleValue value = IsEtc(call.kind) ? infos_[i].handle : handles_[i];
    if (value == core::kInvalidHandle) break;  // Never copied out, which older generations ignore.
    new_handles_.push_back(value);
    if (IsEtc(call.kind)) result.infos.push_back({infos_[i].type, infos_[i].rights});
  }
  result.handle_count = static_cast<uint32_t>(new_handles_.size());
}

void Caller::ForgetReceived() {
  handles_.fill(core::kInvalidHandle);
  infos_.fill({});
}

template <typename Args>
Args Caller::CallArguments(const model::Call& call) {
  Args args = {};
  const auto* bytes = call.iovecs ? reinterpret_cast<const std::byte*>(iovecs_.data())
                                  : reinterpret_cast<const std::byte*>(message_.data());
  args.wr_bytes = AddressFor(call.buffers.bytes, bytes);
  args.wr_num_bytes = ByteCount(call);
  args.wr_num_handles = HandleCount(call);
  args.rd_bytes = AddressFor(call.buffers.rd_bytes, bytes_.data());
  args.rd_num_bytes = call.max_bytes.value_or(core::kMaxMessageBytes);
  args.rd_num_handles = call.max_handles.value_or(core::kMaxMessageHandles);
  return args;
}

core::Status Caller::Call(const model::Call& call, model::CallResult& result) {
  ForgetReceived();
  const core::HandleValue handle = Resolve(call.handle);
  const core::Time deadline = ToTime(call.deadline);
  const auto actual_bytes = PointerTo(call.buffers.actual_bytes, &result.actual_bytes);
  const auto actual_handles = PointerTo(call.buffers.actual_handles, &result.actual_handles);
  core::Status status = core::Status::kInternal;
  if (call.kind == model::CallKind::kChannelCall) {
    auto args = CallArguments<core::ChannelCallArgs>(call);
    args.wr_handles = AddressFor<const core::HandleValue>(call.buffers.handles, sent_.data());
    args.rd_handles = AddressFor(call.buffers.rd_handles, handles_.data());
    status = core::ChannelCall(*thread_, handle, OptionsOf(call), deadline,
                               PointerTo<const core::ChannelCallArgs>(call.buffers.args, &args),
                               actual_bytes, actual_handles,
                               PointerTo(call.buffers.read_status, &result.read_status));
  } else {
    auto args = CallArguments<core::ChannelCallEtcArgs>(call);
    args.wr_handles = AddressFor(call.buffers.handles, dispositions_.data());
    args.rd_handles = AddressFor(call.buffers.rd_handles, infos_.data());
    status =
        core::ChannelCallEtc(*thread_, handle, OptionsOf(call), deadline,
                             PointerTo<const core::ChannelCallEtcArgs>(call.buffers.args, &args),
                             actual_bytes, actual_handles);
  }
  if (status == core::Status::kOk) KeepMessage(call, result);
  CountCall(status);
  return status;
}

// Any other failure may have come before the request was sent, or after.
void Caller::CountCall(core::Status status) {
  if (status == core::Status::kOk) {
    ++written_;
    ++taken_;
  } else if (status == core::Status::kTimedOut) {
    ++written_;
  } else {
    knows_its_messages_ = false;
  }
}

}  // namespace props
