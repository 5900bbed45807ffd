// What the example programs are made of.
#pragma once

#include <memory>
#include <optional>
#include <tuple>

#include "sim/api/atomic.h"
#include "sim/engine/runtime.h"

namespace sim::examples {

/// A shared variable without a lock of its own: every access is a schedule point.
class Variable {
 public:
  explicit Variable(const char* name, int initial = 0) : value_(initial, name) {}
  int Get() const { return value_.Load(MemoryOrder::kSequential); }
  void Set(int value) { value_.Store(value, MemoryOrder::kSequential); }

 private:
  Atomic<int> value_;
};

/// A method of a program, as the body of a thread. A member of the program, so that it lives as
/// long as the execution.
template <typename Program>
class Method {
 public:
  Method(Program* program, void (Program::*method)()) : program_(program), method_(method) {}
  void operator()() { (program_->*method_)(); }

 private:
  Program* program_;
  void (Program::*method_)();
};

/// Fails the execution unless the program is right.
inline void Require(bool right, const char* what) {
  if (!right) Runtime::Current()->FailWith(FailureKind::kAssertion, what);
}

/// A program as a scenario: every execution makes it anew, in place, and starts one thread, in
/// which Main of the program runs.
template <typename Program, typename... Arguments>
class ProgramScenario final : public Scenario {
 public:
  explicit ProgramScenario(Arguments... arguments) : arguments_(arguments...) {}

  void Start(Runtime& runtime) override {
    std::apply([this](auto... arguments) { program_.emplace(arguments...); }, arguments_);
    main_.emplace(&*program_, &Program::Main);
    runtime.Spawn("main", *main_);
  }

 private:
  std::tuple<Arguments...> arguments_;
  std::optional<Program> program_;
  std::optional<Method<Program>> main_;
};

template <typename Program, typename... Arguments>
std::unique_ptr<Scenario> MakeScenario(Arguments... arguments) {
  return std::make_unique<ProgramScenario<Program, Arguments...>>(arguments...);
}

}  // namespace sim::examples
