// Steps that need not be tried in every order, for the searches in outcomes.cc and
// linearizability.cc.
#pragma once

#include <vector>

#include "model/program.h"
#include "model/state.h"

namespace model {

/// Tells which next steps are local: they commute with everything that other threads can do before
/// the thread moves, and stay possible meanwhile. Exploring only one local step of a state loses no
/// end of any execution: whichever order an execution took, moving the local step to its front
/// gives the same end (a persistent set of one thread; Godefroid, LNCS 1032). Programs are finite,
/// so a step put off is not put off for ever. The criteria only say yes when it is certain.
class Independence {
 public:
  /// By thread: the calls that may begin before the thread in question moves are those before this
  /// one.
  using Horizon = std::vector<uint32_t>;

  explicit Independence(const Program& program);

  /// Whether the thread's next step is local: whatever others do, or, with a horizon, as far as
  /// they can get.
  bool IsLocal(const State& state, ThreadIndex thread) const;
  bool IsLocal(const State& state, ThreadIndex thread, const Horizon& horizon) const;

 private:
  // Calls of one thread that have something in common, in order.
  using CallList = std::vector<uint32_t>;
  class Question;

  const Program& program_;
  // By thread, and by declared handle: calls that name it; and those of them that may take it out
  // of its table. By thread: calls that send handles.
  std::vector<std::vector<CallList>> naming_;
  std::vector<std::vector<CallList>> removing_;
  std::vector<CallList> sending_;
  std::vector<bool> may_be_interrupted_;  // By thread: it is killed or suspended somewhere.
  std::vector<bool> may_be_killed_;       // By process.
  bool counts_handles_ = false;           // Some call asks how many handles an object has.
  Horizon everything_;                    // All calls there are.
};

}  // namespace model
