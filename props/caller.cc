#include "props/caller.h"

#include "core/kernel.h"
#include "model/spec.h"

namespace props {

Caller::Caller(const model::Program& program, model::ThreadIndex index, const Setting& setting,
               CallerHost& host, core::Time any_moment)
    : program_(program),
      index_(index),
      own_(program.threads[index]),
      setting_(setting),
      host_(host),
      any_moment_(any_moment),
      results_(own_.variables.size()),
      received_(own_.variables.size()),
      bytes_(core::kMaxMessageBytes) {}

void Caller::Reset(core::Thread& thread) {
  thread_ = &thread;
  results_.resize(own_.variables.size());
  received_.resize(own_.variables.size());
  for (auto& result : results_) result.reset();
  for (auto& handles : received_) handles.clear();
  in_call_ = false;
  written_ = 0;
  taken_ = 0;
  channels_made_ = 0;
  knows_its_messages_ = true;
}

void Caller::operator()() {
  for (uint32_t index = 0; index < own_.calls.size() || host_.AddCall(index_);) {
    if (!Make(own_.calls[index], index, &index)) return;
  }
}

// False if the thread was killed in the call, or before it could begin.
bool Caller::Make(const model::Call& call, uint32_t index, uint32_t* next) {
  in_call_ = true;
  if (!host_.MayGoOn(index_)) {
    in_call_ = false;
    return false;
  }
  host_.OnInvoke(index_, index);
  new_handles_.clear();
  result_ = {};
  uint32_t block = 0;
  if (call.kind == model::CallKind::kChoose) {
    block = host_.Choose(static_cast<uint32_t>(call.blocks.size()));
    *next = model::ChosenCall(own_, index, block);
  } else {
    result_.status = Perform(call, result_);
    // What a call wrote before it found a bad pointer is nothing that a program may rely on.
    if (result_.status == core::Status::kInvalidArgs ||
        result_.status == core::Status::kCallFailed) {
      model::CallResult told;
      told.status = result_.status;
      told.read_status = result_.read_status;
      told.results = std::move(result_.results);
      result_ = std::move(told);
    }
    *next = model::NextCall(own_, index);
  }
  const bool goes_on = host_.MayGoOn(index_);
  in_call_ = false;
  if (!goes_on) {
    knows_its_messages_ = false;
    return false;
  }
  host_.OnReturn(index_, index, result_, block);
  if (call.result) {
    if (*call.result >= results_.size()) {
      results_.resize(*call.result + 1);
      received_.resize(*call.result + 1);
    }
    received_[*call.result] = new_handles_;
    results_[*call.result] = std::move(result_);
  }
  return true;
}

core::HandleValue Caller::Resolve(const model::HandleArgument& argument) const {
  if (const auto* named = std::get_if<model::NamedHandle>(&argument)) {
    return setting_.value(named->handle);
  }
  if (const auto* of_result = std::get_if<model::ResultHandle>(&argument)) {
    const auto& handles = received_[of_result->variable];
    return of_result->index < handles.size() ? handles[of_result->index] : core::kInvalidHandle;
  }
  return std::get<model::RawHandle>(argument).value;
}

core::Time Caller::ToTime(const model::Deadline& deadline) const {
  switch (deadline.kind) {
    case model::Deadline::Kind::kNever:
      return core::kTimeInfinite;
    case model::Deadline::Kind::kNow:
      // Without a sign, the infinite past would be for ever.
      return thread_->process().kernel().profile().unsigned_deadlines ? 0 : core::kTimeInfinitePast;
    case model::Deadline::Kind::kMay:
      return any_moment_;
    case model::Deadline::Kind::kAt:
      break;
  }
  return deadline.at_ns;
}

core::Rights Caller::RightsOf(const model::RightsArgument& rights,
                              const model::HandleArgument& handle) const {
  switch (rights.kind) {
    case model::RightsArgument::Kind::kDefault:
      return core::kRightSameRights;
    case model::RightsArgument::Kind::kExactly:
      return rights.rights;
    case model::RightsArgument::Kind::kWithout:
      break;
  }
  const auto& named = std::get<model::NamedHandle>(handle);
  return model::StartRights(program_, named.handle, setting_.generation()) & ~rights.rights;
}

model::CallResult Caller::ResultOf(model::VariableIndex variable) const {
  return results_[variable].value_or(model::CallResult{});
}

core::Status Caller::Perform(const model::Call& call, model::CallResult& result) {
  switch (call.kind) {
    case model::CallKind::kChannelWrite:
    case model::CallKind::kChannelWriteEtc:
    case model::CallKind::kChannelRead:
    case model::CallKind::kChannelReadEtc:
    case model::CallKind::kChannelCall:
    case model::CallKind::kChannelCallEtc:
      return PerformChannel(call, result);
    case model::CallKind::kChannelCreate:
    case model::CallKind::kEventCreate:
    case model::CallKind::kEventPairCreate:
    case model::CallKind::kPortCreate:
      return Create(call, result);
    case model::CallKind::kHandleClose:
    case model::CallKind::kHandleCloseMany:
    case model::CallKind::kHandleDuplicate:
    case model::CallKind::kHandleReplace:
    case model::CallKind::kHandleCheckValid:
      return PerformHandle(call, result);
    case model::CallKind::kObjectWaitOne:
    case model::CallKind::kObjectWaitMany:
    case model::CallKind::kObjectWaitAsync:
    case model::CallKind::kObjectSignal:
    case model::CallKind::kObjectSignalPeer:
    case model::CallKind::kObjectGetInfo:
      return PerformObject(call, result);
    case model::CallKind::kPortQueue:
    case model::CallKind::kPortWait:
    case model::CallKind::kPortCancel:
      return PerformPort(call, result);
    case model::CallKind::kThreadKill:
    case model::CallKind::kThreadSuspend:
    case model::CallKind::kThreadResume:
    case model::CallKind::kProcessKill:
      return host_.Control(call);
    case model::CallKind::kChoose:
    case model::CallKind::kNote:
      break;
  }
  return core::Status::kOk;
}

}  // namespace props
