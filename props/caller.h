// One thread of a program on the core: makes its calls in order and keeps the answers.
//
// Compiled for both platforms of the core: programs run in the simulator and on real threads.
//
// Map: caller.cc walks through the program; caller_channel.cc makes the calls of channels,
// caller_calls.cc all others.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/syscalls.h"
#include "model/observation.h"
#include "model/program.h"
#include "props/setting.h"

namespace props {

/// What a caller tells, and whom it asks for what is no system call.
class CallerHost {
 public:
  virtual ~CallerHost() = default;
  /// After the last call of the thread: true if the program has another one now.
  virtual bool AddCall(model::ThreadIndex) { return false; }
  virtual void OnInvoke(model::ThreadIndex thread, uint32_t call) = 0;
  /// Not called for a call that never answers because its thread was killed. `block` is what was
  /// chosen by a kChoose.
  virtual void OnReturn(model::ThreadIndex thread, uint32_t call, const model::CallResult& result,
                        uint32_t block) = 0;
  /// Below `count`.
  virtual uint32_t Choose(uint32_t count) = 0;
  /// Kills, suspends or resumes.
  virtual core::Status Control(const model::Call& call) = 0;
  /// In user code, before and after each call: waits while the thread is suspended. False: it was
  /// killed.
  virtual bool MayGoOn(model::ThreadIndex thread) = 0;
};

/// The buffers stand for the memory of the user's process; they are kept across executions.
class Caller {
 public:
  /// `any_moment` stands for deadlines that may pass at any moment. All must outlive the caller.
  Caller(const model::Program& program, model::ThreadIndex index, const Setting& setting,
         CallerHost& host, core::Time any_moment);

  /// For a new execution, as `thread`.
  void Reset(core::Thread& thread);
  void operator()();

  core::Thread& thread() const { return *thread_; }
  const std::vector<std::optional<model::CallResult>>& results() const { return results_; }
  /// Or stopped right before one.
  bool in_call() const { return in_call_; }

  // Messages that this thread's calls moved, for the count of all messages.
  uint32_t written() const { return written_; }
  uint32_t taken() const { return taken_; }
  uint32_t channels_made() const { return channels_made_; }
  /// False if some answer does not tell what became of a message.
  bool knows_its_messages() const { return knows_its_messages_; }

 private:
  // caller.cc
  bool Make(const model::Call& call, uint32_t index, uint32_t* next);
  core::Status Perform(const model::Call& call, model::CallResult& result);
  core::HandleValue Resolve(const model::HandleArgument& argument) const;
  core::Time ToTime(const model::Deadline& deadline) const;
  core::Rights RightsOf(const model::RightsArgument& rights,
                        const model::HandleArgument& handle) const;
  model::CallResult ResultOf(model::VariableIndex variable) const;

  // caller_channel.cc
  core::Status PerformChannel(const model::Call& call, model::CallResult& result);
  core::Status Write(const model::Call& call, model::CallResult& result);
  core::Status Read(const model::Call& call, model::CallResult& result);
  core::Status Call(const model::Call& call, model::CallResult& result);
  template <typename Args>
  Args CallArguments(const model::Call& call);
  void BuildBytes(const model::Call& call);
  void BuildIovecs(const model::Call& call);
  void BuildHandles(const model::Call& call);
  void BuildDispositions(const model::Call& call);
  uint32_t ByteCount(const model::Call& call) const;
  uint32_t HandleCount(const model::Call& call) const;
  void CountCall(core::Status status);
  // So that nothing of an earlier call is taken for what this one brings.
  void ForgetReceived();
  void KeepMessage(const model::Call& call, model::CallResult& result);

  // caller_calls.cc
  core::Status Create(const model::Call& call, model::CallResult& result);
  core::Status PerformHandle(const model::Call& call, model::CallResult& result);
  core::Status PerformObject(const model::Call& call, model::CallResult& result);
  core::Status WaitMany(const model::Call& call, model::CallResult& result);
  core::Status GetInfo(const model::Call& call, model::CallResult& result);
  core::Status PerformPort(const model::Call& call, model::CallResult& result);

  const model::Program& program_;
  const model::ThreadIndex index_;
  const model::ThreadProgram& own_;  // This thread's part of the program.
  const Setting& setting_;
  CallerHost& host_;
  const core::Time any_moment_;
  core::Thread* thread_ = nullptr;
  std::vector<std::optional<model::CallResult>> results_;  // By variable.
  std::vector<std::vector<core::HandleValue>> received_;   // By variable.
  std::vector<core::HandleValue> new_handles_;             // Of the call in progress.
  // Of the call in progress. Not on its stack: an execution that is cut short abandons the stack.
  model::CallResult result_;
  std::string message_;
  std::vector<core::ChannelIovec> iovecs_;
  std::vector<std::string> pieces_;  // What the iovecs point at.
  std::vector<core::HandleValue> sent_;
  std::vector<core::HandleDisposition> dispositions_;
  std::vector<core::WaitItem> items_;
  std::vector<std::byte> bytes_;
  std::array<core::HandleValue, core::kMaxMessageHandles> handles_{};
  std::array<core::HandleInfo, core::kMaxMessageHandles> infos_{};
  bool in_call_ = false;
  uint32_t written_ = 0;
  uint32_t taken_ = 0;
  uint32_t channels_made_ = 0;
  bool knows_its_messages_ = true;
};

/// The address that stands for a pointer argument: `fine`, null, or one that nothing is mapped at.
template <typename T>
T* AddressFor(model::Memory memory, T* fine) {
  constexpr uintptr_t kInTheFirstPage = 64;
  if (memory == model::Memory::kFine) return fine;
  return memory == model::Memory::kNull ? nullptr : reinterpret_cast<T*>(kInTheFirstPage);
}
template <typename T>
core::UserPtr<T> PointerTo(model::Memory memory, T* fine) {
  return core::UserPtr<T>(AddressFor(memory, fine));
}

}  // namespace props
