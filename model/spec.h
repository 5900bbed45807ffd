// The reference model: which steps a thread may take next, and what each of them does.
//
// A second reading of the contract of channels, sharing only its words (core/abi.h) with the core.
// A system call is one or more atomic steps; between them any other thread may run. The steps:
//
//   create     one: nobody else can name the new handles, so making and installing them is one.
//   write      look up the channel; take the handles out of the table; publish.
//   read       look up; take the message; per received handle: end its waits, then install it.
//   wait_one   look up and register; [deadline]; [take down]; go.
//   close      take the handle out of the table; then as any close:
//   any close  end the waits through the handle; last handle: cut the links and signal the peer;
//              drop the reference. Dropping the last one destroys the queue, whose handles close.
//   any call   that looked an object up drops that reference as its last step.
#pragma once

#include <vector>

#include "model/observation.h"
#include "model/program.h"
#include "model/state.h"

namespace model {

/// The state before any thread has run.
State InitialState(const Program& program);

struct Transition {
  State next;
  bool operator==(const Transition&) const = default;
};

/// Every state that one step of the thread may lead to; empty when it cannot step now: it has
/// finished, or it waits for something that has not happened. Pure.
std::vector<Transition> Steps(const Program& program, const State& state, ThreadIndex thread);

/// The same in place, for searches that need no copy. This slice of the interface is
/// deterministic apart from the choice of the thread. False: cannot step; the state is unchanged.
bool TakeStep(const Program& program, State* state, ThreadIndex thread);

/// Whether all calls of the thread have been answered.
bool IsFinished(const Program& program, const State& state, ThreadIndex thread);

/// What an execution that ends in this state shows. No thread may be able to step.
Observation Observe(const Program& program, const State& state);

}  // namespace model
