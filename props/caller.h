// One thread of a program on the core: makes its calls in order and keeps the answers.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/syscalls.h"
#include "model/observation.h"
#include "model/program.h"
#include "props/world.h"

namespace props {

/// The buffers stand for the memory of the user's process; they are kept across executions.
class World::Caller {
 public:
  Caller(World& world, model::ThreadIndex index);

  void Reset(core::Thread& thread);
  void operator()();

  const std::vector<std::optional<model::CallResult>>& results() const { return results_; }
  bool in_call() const { return in_call_; }

  // Messages that this thread's calls moved, for the count of all messages.
  uint32_t written() const { return written_; }
  uint32_t taken() const { return taken_; }
  uint32_t channels_made() const { return channels_made_; }

 private:
  core::Status Perform(const model::Call& call, model::CallResult& result);
  core::Status Create(const model::Call& call, model::CallResult& result);
  core::Status Write(const model::Call& call);
  core::Status Read(const model::Call& call, model::CallResult& result);
  core::Status Wait(const model::Call& call, model::CallResult& result);
  core::HandleValue Resolve(const model::HandleArgument& argument) const;
  void Keep(const model::Call& call, model::CallResult result);
  std::string Describe(const model::Call& call, const model::CallResult& result) const;

  World& world_;
  const model::ThreadIndex index_;
  const model::ThreadProgram& program_;
  core::Thread* thread_ = nullptr;
  std::vector<std::optional<model::CallResult>> results_;  // By variable.
  std::vector<std::vector<core::HandleValue>> received_;   // By variable.
  std::vector<core::HandleValue> new_handles_;             // Of the call in progress.
  // Of the call in progress. Not on its stack: an execution that is cut short abandons the stack.
  std::string message_;
  std::vector<core::HandleValue> sent_;
  std::vector<std::byte> bytes_;
  std::array<core::HandleValue, core::kMaxMessageHandles> handles_{};
  bool in_call_ = false;
  uint32_t written_ = 0;
  uint32_t taken_ = 0;
  uint32_t channels_made_ = 0;
};

}  // namespace props
