// The reference model: which steps a thread may take next, and what each of them does.
//
// A second reading of the contract of channels, sharing only its words (core/abi.h) with the core.
// A system call is one or more atomic steps; between them any other thread may run. Which steps
// each call has, and why more than one, is a table: see steps.h. In every call that looked an
// object up the last step drops that reference. A thread that may be killed or suspended takes one
// more step to return to user code, so that either can strike when all else is done.
//
// Where the generations differ, rules.h says how.
#pragma once

#include <cstdint>
#include <vector>

#include "model/generation.h"
#include "model/observation.h"
#include "model/program.h"
#include "model/state.h"

namespace model {

/// What a fresh handle to such an object permits.
core::Rights DefaultRights(core::ObjectType type, Generation generation);
/// What a declared handle permits at the start.
core::Rights StartRights(const Program& program, EndpointIndex handle, Generation generation);

/// The state before any thread has run. The generation stays for the whole execution.
State InitialState(const Program& program, Generation generation = Generation::kCurrent,
                   Faults faults = {});
State InitialState(const Litmus& litmus);

/// One of the ways in which a step may go.
struct Transition {
  State next;
  // Which of them: of a kChoose the block; else 0 for the way without faults, and so on.
  uint32_t choice = 0;
  bool operator==(const Transition&) const = default;
};

/// Who can step: the threads, by their index, and after them the worker that closes the handles of
/// destroyed messages where that is put off.
inline ThreadIndex WorkerOf(const Program& program) {
  return static_cast<ThreadIndex>(program.threads.size());
}
inline uint32_t StepperCount(const Program& program) {
  return WorkerOf(program) + 1;
}

/// Every state that one step of the thread may lead to, by choice; empty when it cannot step now:
/// it has finished, or it waits for something that has not happened. Pure.
std::vector<Transition> Steps(const Program& program, const State& state, ThreadIndex thread);

/// Choice 0 of the same in place, for searches that need no copy. False: cannot step; the state is
/// unchanged.
bool TakeStep(const Program& program, State* state, ThreadIndex thread);
/// Any choice of the same in place. False also if there is no such choice.
bool TakeStep(const Program& program, State* state, ThreadIndex thread, uint32_t choice);
bool CanStep(const Program& program, const State& state, ThreadIndex thread);

/// Whether the thread has no calls to make: they were answered, or are in blocks not chosen.
bool IsFinished(const Program& program, const State& state, ThreadIndex thread);

/// What an execution that ends in this state shows. No thread may be able to step.
Observation Observe(const Program& program, const State& state);

}  // namespace model
