// The bodies of a scenario's threads, each on a stack of its own.
//
// A body leaves its stack only to make a system call, never inside one, so its stack holds no frame
// of the core. Whoever runs the thread asks for the next call, makes it, and hands the answer in.
// When an execution ends, however it ends, what is left on the stacks is unwound by an exception
// that the body's call throws: it crosses no frame but the body's own.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/observation.h"
#include "model/program.h"
#include "props/scenario.h"
#include "props/syscalls.h"
#include "sim/engine/fiber.h"

namespace props {

/// Why a body cannot go on.
struct BodyFailure {
  bool is_claim = false;  // A claim of the body is false; otherwise it broke a rule of scenarios.
  std::string name;       // Of the claim.
  std::string message;    // One line.
  uint32_t line = 0;
};

class Bodies {
 public:
  /// `program` is that of the scenario's text; the calls that bodies make are added to it. Both
  /// must outlive this.
  Bodies(const Scenario& scenario, model::Program* program);
  ~Bodies();
  Bodies(const Bodies&) = delete;
  Bodies& operator=(const Bodies&) = delete;

  /// For a new execution. What the one before left behind is destroyed, its calls are forgotten.
  void Reset();
  bool Has(model::ThreadIndex thread) const { return thread < runs_.size(); }

  /// Runs the body of `thread` until it has added its next call to the program: true. False if it
  /// has ended, or failed.
  bool Next(model::ThreadIndex thread);
  /// The answer to that call; `block` if it was a choice.
  void SetAnswer(model::ThreadIndex thread, const model::CallResult& result, uint32_t block);
  const std::optional<BodyFailure>& failure() const { return failure_; }

 private:
  friend class Syscalls;
  struct Unwind {};
  struct Run {
    Bodies* bodies = nullptr;
    model::ThreadIndex thread = 0;
    sim::Fiber fiber;
    Body body;  // A copy, so that nothing a lambda keeps goes on to another execution.
    sim::Fiber* resumer = nullptr;  // While the body runs: who waits for it.
    bool started = false;
    bool ended = false;
    bool unwinding = false;
    bool asks = false;  // A call has been added.
    Answer answer;
    uint32_t block = 0;
  };

  static void Enter(void* run);
  void Resume(Run& run);
  // From a body.
  void Suspend(Run& run);
  const Answer& Ask(model::ThreadIndex thread, model::Call call);
  void SetFailure(model::ThreadIndex thread, const std::string& what);
  [[noreturn]] void Fail(model::ThreadIndex thread, BodyFailure failure);

  const Scenario& scenario_;
  model::Program& program_;
  std::vector<std::unique_ptr<Run>> runs_;  // By thread.
  sim::StackPool stacks_;
  std::optional<BodyFailure> failure_;
};

}  // namespace props
