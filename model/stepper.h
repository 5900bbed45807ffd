// One step of one thread: the inside of the reference model.
//
// Map: arguments as values; Decisions, where one step may go several ways; Stepper, whose member
// functions are spread over one file per group of calls: spec.cc chooses the step, spec_close.cc
// and spec_wait.cc also hold what every other group leads to, closing handles and ending waits.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/abi.h"
#include "model/program.h"
#include "model/rules.h"
#include "model/state.h"

namespace model {

/// The handle that an argument names; none for 0 and for values that were never given out.
std::optional<HandleId> Resolve(const ThreadState& thread, const HandleArgument& argument);

/// Whether the argument is the invalid handle 0: written so, or from a call that brought none.
bool IsZero(const ThreadState& thread, const HandleArgument& argument);

/// The handle in the table of the process, or none.
const HandleRecord* LookUp(const State& state, ProcessIndex process, std::optional<HandleId> id);

/// Whether the process may wait for what the handle names.
core::Status CheckWait(const State& state, ProcessIndex process, std::optional<HandleId> id);
/// What the options of a wait of a port may be.
uint32_t KnownWaitOptions(const Rules& rules);
/// How many items a wait has, as its caller says, and one of them.
uint32_t ItemCount(const Call& call);
WaitItem ItemAt(const Call& call, uint32_t index);

/// All bytes of the message that a write sends, as long as its caller says they are.
std::string MessageData(const ThreadState& thread, const Call& call);
/// How many bytes the caller says there are, without making them up.
uint64_t MessageSize(const ThreadState& thread, const Call& call);

/// What the caller says it sends: entries beyond those that it wrote down are zeros.
uint32_t SentHandleCount(const Call& call);
HandleArgument SentHandle(const Call& call, uint32_t index);
bool HasDispositions(const Call& call);
bool IsChannelCall(const Call& call);
bool SendsIovecs(const Call& call);
bool HasUnknownOptions(const Rules& rules, const Call& call);
bool IsKnownTopic(uint32_t topic);

/// Whether a deadline may end the thread's sleep now.
bool DeadlineMayFire(const ThreadState& thread);
/// Whether something other than its deadline has ended what the thread sleeps for.
bool IsAwake(const State& state, const ThreadState& thread);
/// Whether a wait that is being taken down drops the reference to an item before it goes on.
bool ReleasesBeforeTakeDown(const ThreadState& thread);

/// Whether the thread's next step takes the lock of an object whose change another thread is still
/// telling to ports and waiters.
bool WaitsForDelivery(const Program& program, const State& state, ThreadIndex thread);
/// Whether the next step of a close only takes the last handle out of the count.
bool EndsLifeApart(const Program& program, const State& state, const Closing& closing);
/// Whether another thread holds the lock of the object from one of its steps to the next.
bool IsLocked(const State& state, ObjectId id);
/// Whether the endpoint has lost its last handle, and its peer shows it, but it does not itself.
bool IsClosingLate(const State& state, ObjectId id);

/// Whether the thread's next step takes the lock of a table which another thread holds from one of
/// its steps to the next; and whether there is nothing that the step can do before it takes it.
bool TableIsLocked(const Program& program, const State& state, ThreadIndex thread);
bool WaitsForTable(const Program& program, const State& state, ThreadIndex thread);

/// Whether some call of the program may kill or suspend the thread.
bool MayBeInterrupted(const Program& program, ThreadIndex thread);
/// Whether the thread has calls to make and nobody has killed it.
bool IsRunning(const Program& program, const State& state, ThreadIndex thread);

/// The ways that one step can go. Every place that has several asks Choose(); running the step
/// once for each answer gives all of them. The first way is the one without faults.
class Decisions {
 public:
  /// A number below `count`, which is not 0.
  uint32_t Choose(uint32_t count);
  /// Prepares for the next way; false when there is none.
  bool Advance();

 private:
  struct Decision {
    uint32_t chosen = 0;
    uint32_t count = 1;
  };
  std::vector<Decision> decisions_;
  size_t next_ = 0;
};

class Stepper {
 public:
  /// `index` is that of a thread, or the number of threads: then the worker steps.
  Stepper(const Program& program, State* state, ThreadIndex index, Decisions* decisions);

  /// The thread must be able to step.
  void Step();

 private:
  // spec.cc
  void StepPhase();
  bool StartIsHeldUp() const;
  void StepStart();
  void StepStopped();
  void StepOperate();
  void Finish(core::Status status);
  void ReturnToUser();
  void Answer();
  void SkipTo(uint32_t next_call);
  bool MemoryFails(Memory memory);
  bool FailsBeforeLock(Memory memory);
  bool AllocationFails();

  // spec_object.cc
  void Create(core::ObjectType type);
  Object NewObject(core::ObjectType type);
  HandleId NewHandle(ObjectId object, core::Rights rights, HandleRecord::Place place);
  void InstallCreated();
  void PutIntoTable(HandleId id);
  void TakeFromTable(HandleId id);
  void StartSignal();
  void Signal();
  void StartGetInfo();
  void CountHandles();
  core::Status CheckHandle(core::ObjectType type, core::Rights wanted,
                           const HandleRecord* handle) const;
  core::Status Bind(core::ObjectType type, core::Rights wanted);

  // spec_handle.cc
  void StartClose();
  void StartCloseMany();
  void CloseChunk();
  void StartDuplicate();
  void StartReplace();
  void Replace();
  core::Rights WantedRights(const RightsArgument& wanted, const HandleRecord& handle,
                            const HandleArgument& argument) const;

  // spec_send.cc: the first half of write and call, and what becomes of their handles.
  void StartSend();
  core::Status CheckSend(bool* handles_are_readable);
  core::Status CheckBytes();
  core::Status CopySentHandles(bool* handles_are_readable);
  void ConsumeHandles();
  void TakeHandles();
  core::Status CheckKeptHandles() const;
  core::Status CheckSentHandle(const HandleRecord& handle) const;
  core::Status TakeOne(const HandleArgument& argument);
  void FailWithHandles(core::Status status);
  void PutBack();

  // spec_dispositions.cc
  core::Status CheckIovecs();
  core::Status CheckFewIovecs(uint32_t count);
  core::Status CheckManyIovecs(uint32_t count);
  void TakeDispositions();
  void FinishDispositions();
  core::Status TakeDisposition(const Disposition& disposition);
  core::Status CheckDisposition(const Disposition& disposition, const HandleRecord& handle,
                                core::Rights rights) const;

  // spec_channel.cc
  void Publish();
  bool DeliverToCaller(Object* peer, const Message& message);
  void StartRead();
  void TakeMessage();
  Message PopFront(Object* endpoint);
  void Unfold(Message* message);
  core::Status CopyOutSizes(const Message& message, bool null_is_skipped);
  core::Status CopyOut(const Message& message, bool null_actual_is_skipped);
  void Receive(Message message);
  void ReceiveWaits();
  void Own();
  void Install();

  // spec_call.cc
  void PickTxid(Object* endpoint, std::string* data);
  void Await(Object* endpoint, uint32_t txid);
  void StepCallSleeping();
  void EndCall(core::Status failed = core::Status::kOk);
  void TakeReply(const Message& reply);
  core::Status FailAfterSending(core::Status cause);
  void EndCallers(Object* endpoint, PendingCall::End end);

  // spec_close.cc
  void StepClosing();
  void CloseZeroHandles();
  void CutLinks(Object* object);
  void ClosePort(Object* port);
  void StepPortEnd();
  std::optional<ObjectId> ForgetOldestWait(ObjectId port);
  void CloseDropReference();
  void ReleaseBound();
  void FreeIfUnreferenced(ObjectId id);
  void DestroyQueue(ObjectId id);
  void DestroyMessage(const Message& message);
  void LeaveBehind();
  void NextPendingFree();

  // spec_wait.cc
  void StartWaitOne();
  void StartWaitMany();
  core::Status CheckWait(const HandleArgument& argument) const {
    return model::CheckWait(state_, process(), Resolve(thread_, argument));
  }
  void RegisterItem();
  bool IsToldApart(ThreadIndex thread) const;
  uint32_t NextPlace(const Object& object) const;
  void FallAsleep();
  void BeginSleep();
  void StepSleeping();
  void EndSleep();
  void TakeDownItem();
  void FinishWait();
  void TellObserved();
  void CancelWaits(HandleId handle);
  void UpdateSignals(Object* object, core::Signals clear, core::Signals set);
  void ShowSignals(const Object& object, Wait* wait) const;

  // spec_port.cc
  void StartWaitAsync();
  void RegisterAsync();
  uint32_t NextOrder(ObjectId port) const;
  void FireAsyncWaits(Object* object, core::Signals fresh, std::vector<Delivery::Item>* items);
  void StartDelivery(const Object& object, std::vector<Delivery::Item> items);
  void Deliver();
  void StartPort(core::Rights wanted);
  void QueuePacket();
  void StepPortSleeping();
  void TakePacket(Object* port);
  void CancelAtPort();
  void CancelPackets();

  // spec_thread.cc
  void StepTask();
  void KillThread(ThreadIndex thread);
  void StartKillProcess();
  void KillNextThread();
  ThreadIndex NextRunning(ProcessIndex process, ThreadIndex start) const;
  void EndThread();
  void CloseTable(ProcessIndex process);

  ProcessIndex process() const { return program_.threads[index_].process; }
  const Call& call() const { return program_.threads[index_].calls[thread_.next_call]; }
  Object& bound() { return *state_.FindObject(thread_.bound.front()); }
  const Rules& rules() const { return rules_; }

  const Program& program_;
  State& state_;
  const ThreadIndex index_;
  ThreadState& thread_;
  const Rules& rules_;
  Decisions& decisions_;
};

}  // namespace model
