#include "props/bodies.h"

#include <fmt/format.h>

#include <cassert>
#include <cstdlib>
#include <exception>
#include <utility>

namespace props {

namespace {

constexpr size_t kStackBytes = size_t{256} << 10;

// Whether a later call can name what the call brings.
bool BringsSomething(model::CallKind kind) {
  switch (kind) {
    case model::CallKind::kChannelWrite:
    case model::CallKind::kHandleClose:
    case model::CallKind::kHandleCloseMany:
    case model::CallKind::kHandleCheckValid:
    case model::CallKind::kObjectWaitAsync:
    case model::CallKind::kObjectSignal:
    case model::CallKind::kObjectSignalPeer:
    case model::CallKind::kPortQueue:
    case model::CallKind::kPortCancel:
    case model::CallKind::kChoose:
    case model::CallKind::kNote:
      return false;
    default:
      return true;
  }
}

}  // namespace

Bodies::Bodies(const Scenario& scenario, model::Program* program)
    : scenario_(scenario), program_(*program), stacks_(kStackBytes) {
  for (model::ThreadIndex i = 0; i < scenario.bodies.size(); ++i) {
    runs_.push_back(std::make_unique<Run>());
    runs_.back()->bodies = this;
    runs_.back()->thread = i;
  }
}

Bodies::~Bodies() {
  Reset();
}

void Bodies::Reset() {
  for (const std::unique_ptr<Run>& run : runs_) {
    // A body that was left while it ran, by a crash in it, is not where its fiber says it is.
    const bool is_suspended = std::exchange(run->resumer, nullptr) == nullptr;
    if (run->started && !run->ended && is_suspended) {
      run->unwinding = true;
      Resume(*run);
      assert(run->ended);
    }
    run->body = nullptr;
    run->started = false;
    run->ended = false;
    run->unwinding = false;
    program_.threads[run->thread].calls.clear();
    program_.threads[run->thread].variables.clear();
  }
  failure_.reset();
}

void Bodies::Enter(void* argument) {
  Run& run = *static_cast<Run*>(argument);
  Bodies& bodies = *run.bodies;
  {
    run.body = bodies.scenario_.bodies[run.thread];
    Syscalls sys(bodies, run.thread);
    try {
      run.body(sys);
    } catch (const Unwind&) {
    } catch (const std::exception& error) {
      bodies.SetFailure(run.thread, fmt::format("it threw an exception: {}", error.what()));
    } catch (...) {
      bodies.SetFailure(run.thread, "it threw an exception");
    }
  }
  run.body = nullptr;
  run.ended = true;
  run.resumer->SwitchFrom(run.fiber);
  std::abort();  // Nobody continues a body that has ended.
}

void Bodies::Resume(Run& run) {
  sim::Fiber here;
  run.resumer = &here;
  run.fiber.SwitchFrom(here);
  run.resumer = nullptr;
}

void Bodies::Suspend(Run& run) {
  run.resumer->SwitchFrom(run.fiber);
  if (run.unwinding) throw Unwind();
}

bool Bodies::Next(model::ThreadIndex thread) {
  Run& run = *runs_[thread];
  assert(!run.ended && !failure_);
  if (!std::exchange(run.started, true)) {
    run.fiber.Start(stacks_.Get(thread), &Bodies::Enter, &run);
  }
  run.asks = false;
  Resume(run);
  return run.asks;
}

void Bodies::SetAnswer(model::ThreadIndex thread, const model::CallResult& result, uint32_t block) {
  Answer& answer = runs_[thread]->answer;
  static_cast<model::CallResult&>(answer) = result;
  runs_[thread]->block = block;
  answer.handles.clear();
  const std::optional<model::VariableIndex>& variable =
      program_.threads[thread].calls.back().result;
  for (uint32_t i = 0; variable && i < result.handle_count; ++i) {
    answer.handles.push_back({model::ResultHandle{*variable, i}, thread});
  }
}

const Answer& Bodies::Ask(model::ThreadIndex thread, model::Call call) {
  Run& run = *runs_[thread];
  if (run.unwinding) {
    // A destructor may end up here; any other body of code has to stop.
    if (std::uncaught_exceptions() == 0) throw Unwind();
    run.answer = {};
    run.answer.status = core::Status::kCanceled;
    return run.answer;
  }
  model::ThreadProgram& program = program_.threads[thread];
  if (BringsSomething(call.kind)) {
    call.result = static_cast<model::VariableIndex>(program.variables.size());
    program.variables.push_back({fmt::format("r{}", program.variables.size() + 1), call.kind});
  }
  program.calls.push_back(std::move(call));
  run.asks = true;
  Suspend(run);
  return run.answer;
}

void Bodies::SetFailure(model::ThreadIndex thread, const std::string& what) {
  if (failure_) return;
  failure_ = {false, "", fmt::format("thread {}: {}", program_.threads[thread].name, what), 0};
}

void Bodies::Fail(model::ThreadIndex thread, BodyFailure failure) {
  Run& run = *runs_[thread];
  if (!run.unwinding) {
    failure_ = std::move(failure);
    Suspend(run);
  }
  throw Unwind();
}

}  // namespace props
