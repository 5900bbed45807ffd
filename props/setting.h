// What a program starts with, on a kernel: processes, objects, handles, queued messages.
//
// Compiled for both platforms of the core: programs run in the simulator and on real threads.
#pragma once

#include <string_view>
#include <vector>

#include "core/channel_dispatcher.h"
#include "core/kernel.h"
#include "model/generation.h"
#include "model/program.h"

namespace props {

/// The profile of the core that goes by the generation's name.
const core::AbiProfile& ProfileOf(model::Generation generation);

class Setting {
 public:
  /// `program` must outlive the setting.
  Setting(const model::Program& program, model::Generation generation);

  /// Makes everything anew on `kernel`, which is of the same generation and has nothing yet.
  void Make(core::Kernel& kernel);

  core::Process& process(model::ProcessIndex process) const { return *processes_[process]; }
  model::Generation generation() const { return generation_; }
  /// The value of a declared handle at the start.
  core::HandleValue value(model::EndpointIndex handle) const { return values_[handle]; }
  /// The number of a declared handle's object.
  core::Koid object(model::EndpointIndex handle) const { return objects_[handle]; }
  /// Its place among the processes; their number if it is none of them.
  model::ProcessIndex IndexOf(core::Koid process) const;

 private:
  void MakeObject(const model::DeclaredObject& object);
  void Place(core::RefPtr<core::Dispatcher> object, model::EndpointIndex index);
  void FillQueue(const model::InitialQueue& queue);
  core::HandleOwner Nest(core::Thread& creator, core::HandleOwner inner);
  void Send(core::ChannelDispatcher& from, core::Process& writer, std::string_view payload,
            core::HandleOwner handle);

  const model::Program& program_;
  const model::Generation generation_;
  std::vector<core::Process*> processes_;
  std::vector<core::Thread*> creators_;    // One per process: who makes what there is at the start.
  std::vector<core::HandleValue> values_;  // By declared handle.
  std::vector<core::Koid> objects_;        // By declared handle.
};

}  // namespace props
