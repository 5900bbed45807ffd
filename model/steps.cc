#include "model/steps.h"

#include <cassert>
#include <utility>

#include "model/spec.h"
#include "model/stepper.h"

namespace model {

namespace {

using enum StepKind;

void Append(std::vector<DeclaredStep>* steps, const std::vector<DeclaredStep>& more) {
  steps->insert(steps->end(), more.begin(), more.end());
}

// Closing goes on in the middle of calls, and nests (P-2).
const DeclaredStep kDelivering = {kDeliver, "S-9, P-8, WT-21", true};
const std::vector<DeclaredStep> kClosing = {{kCloseWaits, "P-2, D-1 (1)", true},
                                            {kCloseHandle, "P-2, D-1 (3)", true},
                                            kDelivering,
                                            {kCloseFree, "P-2, D-1 (4), D-3, D-6", true}};
const std::vector<DeclaredStep> kReturning = {{kReturn, "CC-30, WT-10, N-19"}};
const std::vector<DeclaredStep> kReleasing = {{kRelease, "H-6, D-3", true}};
const std::vector<DeclaredStep> kReceiving = {{kReceiveWaits, "T-8, P-1", true},
                                              {kOwn, "T-4, P-1, section 16 (receive)", true},
                                              {kInstall, "section 16 (receive)", true}};
const std::vector<DeclaredStep> kSending = {{kConsume, "W-3, WE-5", true},
                                            {kTakeHandles, "W-8, WE-8, section 16 (write)", true},
                                            {kPublish, "W-11, section 16 (write)"},
                                            kDelivering};

/// After its own steps a call that looked a port up releases it.
std::vector<DeclaredStep> WithRelease(std::vector<DeclaredStep> steps) {
  Append(&steps, kReleasing);
  Append(&steps, kReturning);
  return steps;
}

/// Releasing an endpoint may destroy its queue, and so close handles.
std::vector<DeclaredStep> WithReleaseAndClosing(std::vector<DeclaredStep> steps) {
  Append(&steps, kClosing);
  return WithRelease(std::move(steps));
}

std::vector<DeclaredStep> StepsOfSend(bool is_call, bool has_dispositions) {
  std::vector<DeclaredStep> steps = {{kStart, ""}};
  Append(&steps, kSending);
  // Where failures keep the handles there are no dispositions.
  if (!has_dispositions) Append(&steps, {{kPutBack, "W-2", true}});
  if (is_call) {
    Append(&steps, {{kEndSleep, "CC-14, CC-23", true},
                    {kUnpark, "CC-23", true},
                    {kEndCall, "CC-14, section 16 (call)"}});
    Append(&steps, kReceiving);
  }
  return WithReleaseAndClosing(steps);
}

std::vector<DeclaredStep> StepsOfRead() {
  std::vector<DeclaredStep> steps = {{kStart, ""}, {kTakeMessage, "H-6, section 16 (read)"}};
  Append(&steps, kReceiving);
  return WithReleaseAndClosing(steps);
}

std::vector<DeclaredStep> StepsOfDuplicate() {
  std::vector<DeclaredStep> steps = {{kStart, ""}, {kInstall, "HO-3"}};
  Append(&steps, kClosing);  // If the new value cannot be told.
  Append(&steps, kReturning);
  return steps;
}

std::vector<DeclaredStep> StepsOfOperationAndClose(std::string_view item) {
  std::vector<DeclaredStep> steps = {{kStart, ""}, {kOperate, item, true}};
  Append(&steps, kClosing);
  Append(&steps, kReturning);
  return steps;
}

std::vector<DeclaredStep> StepsOfClose(bool is_many) {
  std::vector<DeclaredStep> steps = {{kStart, ""}};
  if (is_many) Append(&steps, {{kConsume, "HO-2", true}});
  Append(&steps, kClosing);
  Append(&steps, kReturning);
  return steps;
}

}  // namespace

std::vector<DeclaredStep> DeclaredSteps(CallKind kind) {
  switch (kind) {
    case CallKind::kChannelWrite:
      return StepsOfSend(false, false);
    case CallKind::kChannelWriteEtc:
      return StepsOfSend(false, true);
    case CallKind::kChannelCall:
      return StepsOfSend(true, false);
    case CallKind::kChannelCallEtc:
      return StepsOfSend(true, true);
    case CallKind::kChannelRead:
    case CallKind::kChannelReadEtc:
      return StepsOfRead();
    case CallKind::kHandleClose:
      return StepsOfClose(false);
    case CallKind::kHandleReplace:
      return StepsOfOperationAndClose("HO-4");
    case CallKind::kProcessKill:
      return StepsOfOperationAndClose("D-8");
    case CallKind::kHandleDuplicate:
      return StepsOfDuplicate();
    case CallKind::kHandleCloseMany:
      return StepsOfClose(true);
    case CallKind::kObjectWaitOne:
      return WithReleaseAndClosing(
          {{kStart, ""}, {kEndSleep, "WT-8, WT-9"}, {kTakeDown, "WT-5, WT-6"}});
    case CallKind::kObjectWaitMany:
      return WithReleaseAndClosing({{kStart, ""},
                                    {kRegister, "WT-12", true},
                                    {kEndSleep, "WT-8, WT-9"},
                                    {kTakeDown, "WT-13", true}});
    case CallKind::kObjectSignal:
    case CallKind::kObjectSignalPeer:
      return WithReleaseAndClosing({{kStart, ""}, {kOperate, "H-6"}, kDelivering});
    case CallKind::kObjectGetInfo:
      return WithReleaseAndClosing({{kStart, ""}, {kOperate, "H-6"}});
    case CallKind::kPortQueue:
      return WithRelease({{kStart, ""}, {kOperate, "H-6"}});
    case CallKind::kObjectWaitAsync:
      return {{kStart, ""}, {kRegister, "WT-20"}, kDelivering, kReturning.front()};
    case CallKind::kPortCancel:
      return {{kStart, ""}, {kOperate, "WT-22"}, kReturning.front()};
    case CallKind::kPortWait:
      return WithRelease({{kStart, ""}, {kEndSleep, "WT-8, WT-9"}, {kTakePacket, "H-6"}});
    case CallKind::kChannelCreate:
    case CallKind::kEventCreate:
    case CallKind::kEventPairCreate:
    case CallKind::kPortCreate:
      return {{kStart, ""}, {kInstall, "CR-1, D-8", true}, kReturning.front()};
    case CallKind::kHandleCheckValid:
    case CallKind::kThreadKill:
    case CallKind::kThreadSuspend:
    case CallKind::kThreadResume:
      return {{kStart, ""}, kReturning.front()};
    case CallKind::kChoose:
    case CallKind::kNote:
      break;
  }
  return {{kStart, ""}};
}

std::vector<DeclaredStep> DeclaredStepsOfClosing() {
  return kClosing;
}

namespace {

StepKind NextStepOfClosing(const Closing& closing) {
  if (!closing.left_behind.empty()) return kCloseFree;
  if (closing.ends_port()) {
    return closing.port_ends.back().step == PortEnd::Step::kTakeOff ? kCloseWaits : kCloseFree;
  }
  switch (closing.step) {
    case Closing::Step::kCancelWaits:
      return kCloseWaits;
    case Closing::Step::kZeroHandles:
    case Closing::Step::kEndLife:
      return kCloseHandle;
    case Closing::Step::kDropReference:
      break;
  }
  return kCloseFree;
}

StepKind NextStepOfSleep(const State& state, const ThreadState& thread) {
  const bool wakes = thread.killed || thread.sleep->over() || IsAwake(state, thread);
  if (!wakes) return kEndSleep;
  switch (thread.phase) {
    case Phase::kCallSleeping:
      return kEndCall;
    case Phase::kPortSleeping:
      return kTakePacket;
    default:
      return kTakeDown;
  }
}

}  // namespace

StepKind NextStep(const Program& program, const State& state, ThreadIndex index) {
  assert(CanStep(program, state, index));
  const bool is_worker = index == WorkerOf(program);
  const ThreadState& thread = is_worker ? state.worker : state.threads[index];
  if (!thread.delivery.idle()) return kDeliver;
  if (!thread.closing.idle()) return NextStepOfClosing(thread.closing);
  if (IsFinished(program, state, index)) return kReturn;
  switch (thread.phase) {
    case Phase::kStart:
    case Phase::kStopped:
      return kStart;
    case Phase::kConsume:
      return kConsume;
    case Phase::kTakeHandles:
      return kTakeHandles;
    case Phase::kPublish:
      return kPublish;
    case Phase::kPutBack:
      return kPutBack;
    case Phase::kCallParked:
      return thread.killed ? kEndCall : kUnpark;
    case Phase::kTakeMessage:
      return kTakeMessage;
    case Phase::kReceiveWaits:
      return kReceiveWaits;
    case Phase::kOwn:
      return kOwn;
    case Phase::kInstall:
      return kInstall;
    case Phase::kRegister:
      return kRegister;
    case Phase::kSleeping:
    case Phase::kCallSleeping:
    case Phase::kPortSleeping:
      return NextStepOfSleep(state, thread);
    case Phase::kTakeDown:
      return ReleasesBeforeTakeDown(thread) ? kRelease : kTakeDown;
    case Phase::kOperate:
      return kOperate;
    case Phase::kFinish:
      return kRelease;
    case Phase::kReturn:
      break;
  }
  return kReturn;
}

}  // namespace model
