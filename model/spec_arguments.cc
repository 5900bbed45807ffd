// The reference model: what the arguments of a call mean.
//
// Map: handles; the bytes of a message; the handles that are sent.
#include <algorithm>
#include <cassert>

#include "model/stepper.h"

namespace model {

// --- Handles ---

std::optional<HandleId> Resolve(const ThreadState& thread, const HandleArgument& argument) {
  if (const auto* named = std::get_if<NamedHandle>(&argument)) {
    return HandleId{kDeclared, named->handle};
  }
  if (const auto* from_result = std::get_if<ResultHandle>(&argument)) {
    const std::vector<HandleId>& handles = thread.variables[from_result->variable].handles;
    if (from_result->index < handles.size()) return handles[from_result->index];
  }
  return std::nullopt;
}

bool IsZero(const ThreadState& thread, const HandleArgument& argument) {
  if (const auto* raw = std::get_if<RawHandle>(&argument)) {
    return raw->value == core::kInvalidHandle;
  }
  return !Resolve(thread, argument).has_value();
}

const HandleRecord* LookUp(const State& state, ProcessIndex process, std::optional<HandleId> id) {
  if (!id) return nullptr;
  const HandleRecord* handle = state.FindHandle(*id);
  if (handle == nullptr || handle->place != HandleRecord::Place::kTable) return nullptr;
  return handle->process == process ? handle : nullptr;
}

// --- Bytes ---

bool IsChannelCall(const Call& call) {
  return call.kind == CallKind::kChannelCall || call.kind == CallKind::kChannelCallEtc;
}

bool SendsIovecs(const Call& call) {
  return call.iovecs.has_value() || (call.options & core::kWriteUseIovec) != 0;
}

namespace {

std::string PlainData(const ThreadState& thread, const Call& call) {
  const auto result_of = [&](const ResultField& field) -> CallResult {
    return thread.variables[field.variable].result.value_or(CallResult{});
  };
  std::string data;
  if (!call.raw) {
    const auto* literal = std::get_if<uint32_t>(&call.txid);
    data =
        TxidBytes(literal != nullptr ? *literal : result_of(std::get<ResultField>(call.txid)).txid);
  }
  for (const auto& piece : call.bytes) {
    if (const auto* text = std::get_if<std::string>(&piece)) {
      data += *text;
    } else {
      data += result_of(std::get<ResultField>(piece)).bytes;
    }
  }
  return data;
}

std::string IovecData(const Call& call) {
  const std::vector<Iovec> none;
  const std::vector<Iovec>& iovecs = call.iovecs ? *call.iovecs : none;
  const size_t count = std::min<size_t>(iovecs.size(), call.count.value_or(UINT32_MAX));
  std::string data;
  for (size_t i = 0; i < count; ++i) {
    std::string piece = iovecs[i].bytes;
    if (iovecs[i].capacity) piece.resize(*iovecs[i].capacity);
    data += piece;
  }
  return data;
}

}  // namespace

std::string MessageData(const ThreadState& thread, const Call& call) {
  if (SendsIovecs(call)) return IovecData(call);
  std::string data = PlainData(thread, call);
  if (call.count) data.resize(*call.count);
  return data;
}

uint64_t MessageSize(const ThreadState& thread, const Call& call) {
  if (SendsIovecs(call)) {
    uint64_t size = 0;
    const uint32_t count = call.count.value_or(UINT32_MAX);
    for (uint32_t i = 0; call.iovecs && i < std::min<size_t>(call.iovecs->size(), count); ++i) {
      const Iovec& iovec = (*call.iovecs)[i];
      size += iovec.capacity ? *iovec.capacity : iovec.bytes.size();
    }
    return size;
  }
  return call.count ? *call.count : PlainData(thread, call).size();
}

// --- Handles that are sent ---

bool HasDispositions(const Call& call) {
  return call.kind == CallKind::kChannelWriteEtc || call.kind == CallKind::kChannelCallEtc;
}

uint32_t SentHandleCount(const Call& call) {
  if (call.handle_count) return *call.handle_count;
  return static_cast<uint32_t>(HasDispositions(call) ? call.dispositions.size()
                                                     : call.handles.size());
}

HandleArgument SentHandle(const Call& call, uint32_t index) {
  if (HasDispositions(call)) {
    return index < call.dispositions.size() ? call.dispositions[index].handle : RawHandle{};
  }
  return index < call.handles.size() ? call.handles[index] : RawHandle{};
}

}  // namespace model
