#include "props/removal.h"

#include <algorithm>
#include <utility>

namespace props {

namespace {

using model::Call;
using model::CallKind;

Renaming::Indices IndicesOf(const std::vector<bool>& removed) {
  Renaming::Indices indices;
  uint32_t next = 0;
  for (const bool gone : removed) {
    indices.push_back(gone ? std::nullopt : std::optional(next));
    if (!gone) ++next;
  }
  return indices;
}

// Takes out what cannot be without what is taken out, and says how the rest is named.
class Planner {
 public:
  Planner(const model::Program& program, Removal& removal) : program_(program), removal_(removal) {}

  Renaming Plan() {
    for (model::EndpointIndex i = 0; i < program_.handles.size(); ++i) {
      const model::DeclaredHandle& handle = program_.handles[i];
      const bool gone = removal_.objects[handle.object] || removal_.processes[handle.process];
      removal_.handles[i] = removal_.handles[i] || gone;
    }
    Renaming renaming;
    for (model::ThreadIndex i = 0; i < program_.threads.size(); ++i) {
      const bool gone = removal_.processes[program_.threads[i].process];
      removal_.threads[i] = removal_.threads[i] || gone;
    }
    for (model::ThreadIndex i = 0; i < program_.threads.size(); ++i) {
      renaming.variables.push_back(IndicesOf(PlanThread(i)));
      renaming.calls.push_back(IndicesOf(removal_.calls[i]));
    }
    renaming.threads = IndicesOf(removal_.threads);
    renaming.processes = IndicesOf(removal_.processes);
    renaming.objects = IndicesOf(removal_.objects);
    renaming.handles = IndicesOf(removal_.handles);
    return renaming;
  }

 private:
  // Which of its variables have gone. What a call uses was set before it.
  std::vector<bool> PlanThread(model::ThreadIndex index) {
    const model::ThreadProgram& thread = program_.threads[index];
    std::vector<bool> gone(thread.variables.size(), false);
    for (uint32_t i = 0; i < thread.calls.size(); ++i) {
      const Call& call = thread.calls[i];
      const bool goes = removal_.threads[index] || removal_.calls[index][i] || !CanStay(call, gone);
      removal_.calls[index][i] = goes;
      if (call.result) gone[*call.result] = goes;
    }
    return gone;
  }

  bool CanStay(const Call& call, const std::vector<bool>& gone) const {
    switch (call.kind) {
      case CallKind::kThreadKill:
      case CallKind::kThreadSuspend:
      case CallKind::kThreadResume:
        return !removal_.threads[call.target_thread];
      case CallKind::kProcessKill:
        return !removal_.processes[call.target_process];
      default:
        return !IsGone(call.handle, gone) && !IsGone(call.port, gone);
    }
  }

  bool IsGone(const model::HandleArgument& argument, const std::vector<bool>& gone) const {
    if (const auto* result = std::get_if<model::ResultHandle>(&argument)) {
      return gone[result->variable];
    }
    const auto* named = std::get_if<model::NamedHandle>(&argument);
    return named != nullptr && removal_.handles[named->handle];
  }

  const model::Program& program_;
  Removal& removal_;
};

// Copies a program with what is left of it.
class Copier {
 public:
  Copier(const model::Program& program, const Removal& removal, const Renaming& renaming)
      : program_(program), removal_(removal), renaming_(renaming) {}

  model::Program Copy() const {
    model::Program copy;
    copy.name = program_.name;
    for (size_t i = 0; i < program_.processes.size(); ++i) {
      if (renaming_.processes[i]) copy.processes.push_back(program_.processes[i]);
    }
    CopyObjects(&copy);
    for (size_t i = 0; i < program_.queues.size(); ++i) CopyQueue(i, &copy);
    for (model::ThreadIndex i = 0; i < program_.threads.size(); ++i) {
      if (renaming_.threads[i]) copy.threads.push_back(CopyThread(i));
    }
    return copy;
  }

 private:
  void CopyObjects(model::Program* copy) const {
    for (const model::DeclaredHandle& handle : program_.handles) {
      const size_t index = static_cast<size_t>(&handle - program_.handles.data());
      if (!renaming_.handles[index]) continue;
      model::DeclaredHandle& kept = copy->handles.emplace_back(handle);
      kept.process = *renaming_.processes[handle.process];
      kept.object = *renaming_.objects[handle.object];
    }
    for (size_t i = 0; i < program_.objects.size(); ++i) {
      if (!renaming_.objects[i]) continue;
      model::DeclaredObject& kept = copy->objects.emplace_back(program_.objects[i]);
      kept.handles.clear();
      for (const model::EndpointIndex handle : program_.objects[i].handles) {
        if (!renaming_.handles[handle]) continue;
        const model::EndpointIndex index = *renaming_.handles[handle];
        copy->handles[index].side = static_cast<uint32_t>(kept.handles.size());
        kept.handles.push_back(index);
      }
    }
  }

  void CopyQueue(size_t index, model::Program* copy) const {
    const model::InitialQueue& queue = program_.queues[index];
    if (!renaming_.handles[queue.endpoint]) return;
    model::InitialQueue kept{*renaming_.handles[queue.endpoint], {}};
    for (size_t i = 0; i < queue.messages.size(); ++i) {
      if (!removal_.messages[index][i]) kept.messages.push_back(queue.messages[i]);
    }
    if (!kept.messages.empty()) copy->queues.push_back(std::move(kept));
  }

  model::ThreadProgram CopyThread(model::ThreadIndex index) const {
    const model::ThreadProgram& thread = program_.threads[index];
    model::ThreadProgram copy = thread;
    copy.process = *renaming_.processes[thread.process];
    copy.variables.clear();
    copy.calls.clear();
    for (size_t i = 0; i < thread.variables.size(); ++i) {
      if (renaming_.variables[index][i]) copy.variables.push_back(thread.variables[i]);
    }
    for (uint32_t i = 0; i < thread.calls.size(); ++i) {
      if (renaming_.calls[index][i]) copy.calls.push_back(CopyCall(index, i));
    }
    model::LinkBlocks(&copy);
    return copy;
  }

  Call CopyCall(model::ThreadIndex thread, uint32_t index) const {
    const Renaming::Indices& variables = renaming_.variables[thread];
    Call call = program_.threads[thread].calls[index];
    uint32_t begin = index + 1;
    for (uint32_t& length : call.blocks) {
      const auto first = renaming_.calls[thread].begin() + begin;
      begin += length;
      length = static_cast<uint32_t>(
          std::count_if(first, first + length, [](const auto& kept) { return kept.has_value(); }));
    }
    if (call.result) call.result = variables[*call.result];
    Rename(&call.handle, variables);
    Rename(&call.port, variables);
    const auto renames = [&](auto& item) { return !Rename(HandleOf(item), variables); };
    std::erase_if(call.handles, renames);
    std::erase_if(call.dispositions, renames);
    std::erase_if(call.items, renames);
    RenameMessage(&call, variables);
    if (call.kind == CallKind::kProcessKill) {
      call.target_process = *renaming_.processes[call.target_process];
    } else if (call.kind == CallKind::kThreadKill || call.kind == CallKind::kThreadSuspend ||
               call.kind == CallKind::kThreadResume) {
      call.target_thread = *renaming_.threads[call.target_thread];
    }
    return call;
  }

  static model::HandleArgument* HandleOf(model::HandleArgument& argument) { return &argument; }
  template <typename Item>
  static model::HandleArgument* HandleOf(Item& item) {
    return &item.handle;
  }

  // False if there is no such handle any more.
  bool Rename(model::HandleArgument* argument, const Renaming::Indices& variables) const {
    std::optional<uint32_t> index;
    if (auto* result = std::get_if<model::ResultHandle>(argument)) {
      index = variables[result->variable];
      if (index) result->variable = *index;
      return index.has_value();
    }
    auto* named = std::get_if<model::NamedHandle>(argument);
    if (named == nullptr) return true;
    index = renaming_.handles[named->handle];
    if (index) named->handle = *index;
    return index.has_value();
  }

  static void RenameMessage(Call* call, const Renaming::Indices& variables) {
    if (auto* field = std::get_if<model::ResultField>(&call->txid)) {
      const std::optional<uint32_t> index = variables[field->variable];
      if (index) {
        field->variable = *index;
      } else {
        call->txid = uint32_t{0};
      }
    }
    if (call->bytes.empty()) return;
    std::erase_if(call->bytes, [&](auto& piece) {
      auto* field = std::get_if<model::ResultField>(&piece);
      if (field == nullptr) return false;
      const std::optional<uint32_t> index = variables[field->variable];
      if (index) field->variable = *index;
      return !index.has_value();
    });
    if (call->bytes.empty()) call->bytes.emplace_back("");
  }

  const model::Program& program_;
  const Removal& removal_;
  const Renaming& renaming_;
};

}  // namespace

Removal::Removal(const model::Program& program)
    : threads(program.threads.size()),
      processes(program.processes.size()),
      objects(program.objects.size()),
      handles(program.handles.size()) {
  for (const model::ThreadProgram& thread : program.threads) {
    calls.emplace_back(thread.calls.size());
  }
  for (const model::InitialQueue& queue : program.queues) {
    messages.emplace_back(queue.messages.size());
  }
}

Renaming SameNames(const model::Program& program) {
  Removal nothing(program);
  return Planner(program, nothing).Plan();
}

Reduced Remove(const model::Litmus& litmus, Removal removal) {
  Reduced reduced{litmus, Planner(litmus.program, removal).Plan()};
  reduced.litmus.program = Copier(litmus.program, removal, reduced.renaming).Copy();
  KeepClaims(litmus, reduced.renaming, &reduced.litmus);
  return reduced;
}

}  // namespace props
