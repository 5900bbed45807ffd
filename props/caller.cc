#include "props/caller.h"

#include <fmt/format.h>

#include <cstring>

#include "sim/operation.h"

namespace props {

namespace {

core::Time ToTime(const model::Deadline& deadline) {
  switch (deadline.kind) {
    case model::Deadline::Kind::kNever:
      return core::kTimeInfinite;
    case model::Deadline::Kind::kNow:
      return core::kTimeInfinitePast;
    case model::Deadline::Kind::kMay:
      return sim::kAtAnyMoment;
    case model::Deadline::Kind::kAt:
      break;
  }
  return deadline.at_ns;
}

}  // namespace

World::Caller::Caller(World& world, model::ThreadIndex index)
    : world_(world),
      index_(index),
      program_(world.program_.threads[index]),
      results_(program_.variables.size()),
      received_(program_.variables.size()),
      bytes_(core::kMaxMessageBytes) {}

void World::Caller::Reset(core::Thread& thread) {
  thread_ = &thread;
  for (auto& result : results_) result.reset();
  for (auto& handles : received_) handles.clear();
  in_call_ = false;
  written_ = 0;
  taken_ = 0;
  channels_made_ = 0;
}

void World::Caller::operator()() {
  for (const model::Call& call : program_.calls) {
    if (world_.recording_) {
      const std::string name = call.result ? program_.variables[*call.result].name : "";
      world_.AddNote(Note::Kind::kCall, index_, name, PrintCall(world_.program_, index_, call));
    }
    model::CallResult result;
    new_handles_.clear();
    in_call_ = true;
    result.status = Perform(call, result);
    in_call_ = false;
    if (world_.recording_) {
      world_.AddNote(Note::Kind::kReturn, index_, "", Describe(call, result));
    }
    Keep(call, std::move(result));
  }
}

void World::Caller::Keep(const model::Call& call, model::CallResult result) {
  if (!call.result) return;
  received_[*call.result] = new_handles_;
  results_[*call.result] = std::move(result);
}

core::HandleValue World::Caller::Resolve(const model::HandleArgument& argument) const {
  if (const auto* named = std::get_if<model::NamedHandle>(&argument)) {
    return world_.handle_values_[named->handle];
  }
  if (const auto* of_result = std::get_if<model::ResultHandle>(&argument)) {
    const auto& handles = received_[of_result->variable];
    return of_result->index < handles.size() ? handles[of_result->index] : core::kInvalidHandle;
  }
  return std::get<model::RawHandle>(argument).value;
}

core::Status World::Caller::Perform(const model::Call& call, model::CallResult& result) {
  switch (call.kind) {
    case model::CallKind::kChannelCreate:
    case model::CallKind::kEventCreate:
      return Create(call, result);
    case model::CallKind::kChannelWrite:
      return Write(call);
    case model::CallKind::kChannelRead:
      return Read(call, result);
    case model::CallKind::kHandleClose:
      return core::HandleClose(*thread_, Resolve(call.handle));
    case model::CallKind::kObjectWaitOne:
      return Wait(call, result);
  }
  return core::Status::kBadSyscall;
}

core::Status World::Caller::Create(const model::Call& call, model::CallResult& result) {
  core::HandleValue values[2] = {};
  const bool is_channel = call.kind == model::CallKind::kChannelCreate;
  const core::Status status =
      is_channel
          ? core::ChannelCreate(*thread_, 0, core::UserPtr(&values[0]), core::UserPtr(&values[1]))
          : core::EventCreate(*thread_, 0, core::UserPtr(&values[0]));
  if (status != core::Status::kOk) return status;
  new_handles_.assign(values, values + (is_channel ? 2 : 1));
  result.handle_count = static_cast<uint32_t>(new_handles_.size());
  if (is_channel) ++channels_made_;
  return status;
}

core::Status World::Caller::Write(const model::Call& call) {
  uint32_t txid = 0;
  if (const auto* literal = std::get_if<uint32_t>(&call.txid)) {
    txid = *literal;
  } else {
    const auto& source = results_[std::get<model::ResultField>(call.txid).variable];
    if (source) txid = source->txid;
  }
  message_.clear();
  if (!call.raw) {
    message_.resize(core::kTxidBytes);
    std::memcpy(message_.data(), &txid, sizeof(txid));
  }
  for (const auto& part : call.bytes) {
    if (const auto* text = std::get_if<std::string>(&part)) {
      message_ += *text;
    } else {
      const auto& source = results_[std::get<model::ResultField>(part).variable];
      if (source) message_ += source->bytes;
    }
  }
  sent_.clear();
  for (const model::HandleArgument& argument : call.handles) sent_.push_back(Resolve(argument));
  const auto* bytes = reinterpret_cast<const std::byte*>(message_.data());
  const core::Status status = core::ChannelWrite(
      *thread_, Resolve(call.handle), call.options, core::UserPtr<const std::byte>(bytes),
      static_cast<uint32_t>(message_.size()), core::UserPtr<const core::HandleValue>(sent_.data()),
      static_cast<uint32_t>(sent_.size()));
  if (status == core::Status::kOk) ++written_;
  return status;
}

core::Status World::Caller::Read(const model::Call& call, model::CallResult& result) {
  const core::Status status = core::ChannelRead(
      *thread_, Resolve(call.handle), call.options, core::UserPtr(bytes_.data()),
      core::UserPtr(handles_.data()), call.max_bytes.value_or(core::kMaxMessageBytes),
      call.max_handles.value_or(core::kMaxMessageHandles), core::UserPtr(&result.actual_bytes),
      core::UserPtr(&result.actual_handles));
  const bool discards = (call.options & core::kReadMayDiscard) != 0;
  if (status == core::Status::kOk || (status == core::Status::kBufferTooSmall && discards)) {
    ++taken_;
  }
  if (status != core::Status::kOk) return status;
  const std::span<const std::byte> message(bytes_.data(), result.actual_bytes);
  if (message.size() >= core::kTxidBytes) {
    std::memcpy(&result.txid, message.data(), sizeof(result.txid));
  }
  result.bytes = PayloadOf(message);
  new_handles_.assign(handles_.data(), handles_.data() + result.actual_handles);
  result.handle_count = result.actual_handles;
  return status;
}

core::Status World::Caller::Wait(const model::Call& call, model::CallResult& result) {
  return core::ObjectWaitOne(*thread_, Resolve(call.handle), call.signals, ToTime(call.deadline),
                             core::UserPtr(&result.observed));
}

std::string World::Caller::Describe(const model::Call& call,
                                    const model::CallResult& result) const {
  std::string text(model::StatusName(result.status));
  const bool ok = result.status == core::Status::kOk;
  if (call.kind == model::CallKind::kChannelRead && ok) {
    text += fmt::format(" {}", model::PrintValue(result.bytes));
    if (result.txid != 0) text += fmt::format(" txid={:#x}", result.txid);
    if (result.handle_count != 0) text += fmt::format(" handles={}", result.handle_count);
  }
  if (call.kind == model::CallKind::kObjectWaitOne && result.observed != 0) {
    text += fmt::format(" observed={:#x}", result.observed);
  }
  return text;
}

}  // namespace props
