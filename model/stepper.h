// One step of one thread: the inside of the reference model.
//
// Map: arguments as values; Stepper, whose member functions are spread over spec.cc (dispatch,
// creating), spec_channel.cc (write, read), spec_close.cc (closing, references) and spec_wait.cc.
#pragma once

#include <optional>
#include <string>

#include "core/abi.h"
#include "model/program.h"
#include "model/state.h"

namespace model {

/// The handle that an argument names; none for 0 and for values that were never given out.
std::optional<HandleId> Resolve(const ThreadState& thread, const HandleArgument& argument);

/// Whether the argument is the invalid handle 0: written so, or from a call that brought none.
bool IsZero(const ThreadState& thread, const HandleArgument& argument);

/// The handle in the table of the process, or none.
const HandleRecord* LookUp(const State& state, ProcessIndex process, std::optional<HandleId> id);

/// All bytes of the message that a write sends.
std::string MessageData(const ThreadState& thread, const Call& call);

/// Whether the deadline of the thread's wait may end its sleep now.
bool DeadlineMayFire(const State& state, const Wait& wait);

class Stepper {
 public:
  Stepper(const Program& program, State* state, ThreadIndex index);

  bool CanStep() const;
  void Step();

 private:
  // spec.cc
  void StepStart();
  void CreateChannel();
  void CreateEvent();
  HandleId NewHandle(ObjectId object, core::Rights rights);
  ObjectId NewObjectId();
  void Finish(core::Status status);
  void Answer();

  // spec_channel.cc
  core::Status BindChannel(core::Rights wanted);
  void StartWrite();
  core::Status CheckWrite();
  void ConsumeHandles();
  void TakeHandles();
  core::Status TakeOne(const HandleArgument& argument);
  void Publish();
  void StartRead();
  void TakeMessage();
  std::vector<HandleId> PopFront(Object* endpoint);
  void Install();

  // spec_close.cc
  void StartClose();
  void StepClosing();
  void CloseZeroHandles();
  void CloseDropReference();
  void ReleaseBound();
  void FreeIfUnreferenced(ObjectId id);
  void DestroyQueue(ObjectId id);
  void NextPendingFree();

  // spec_wait.cc
  void StartWait();
  void StepWaiting();
  void CancelWaits(HandleId handle);
  void UpdateSignals(Object* object, core::Signals clear, core::Signals set);

  ProcessIndex process() const { return program_.threads[index_].process; }
  const Call& call() const { return program_.threads[index_].calls[thread_.next_call]; }
  Object& bound() { return *state_.FindObject(*thread_.bound); }

  const Program& program_;
  State& state_;
  const ThreadIndex index_;
  ThreadState& thread_;
};

}  // namespace model
