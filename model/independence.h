// Steps that need not be tried in every order, for the search in outcomes.cc.
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
  explicit Independence(const Program& program);

  bool IsLocal(const State& state, ThreadIndex thread) const;

 private:
  bool StartIsLocal(const State& state, ThreadIndex thread) const;
  bool SleepIsLocal(const State& state, ThreadIndex thread) const;
  bool CallEndIsLocal(const State& state, ThreadIndex thread) const;
  bool ClosingIsLocal(const State& state, ThreadIndex thread) const;
  bool DropIsLocal(const State& state, ThreadIndex thread, const Object& object) const;
  bool InstallIsLocal(const State& state, ThreadIndex thread) const;
  bool PutBackIsLocal(const State& state, ThreadIndex thread) const;
  bool ReleaseIsLocal(const State& state, ThreadIndex thread) const;
  bool LookUpFails(const State& state, ThreadIndex thread, const HandleArgument& argument) const;
  bool LookUpIsLocal(const State& state, ThreadIndex thread, const HandleArgument& argument) const;
  bool LookUpsAreLocal(const State& state, ThreadIndex thread) const;
  bool IsPrivate(const State& state, ThreadIndex thread, HandleId id) const;
  bool HoldsHandle(const State& state, ThreadIndex thread, ObjectId id) const;
  bool MayGainHandles(const State& state, ThreadIndex thread, const Object& endpoint) const;

  const Program& program_;
  // By thread: how many of its calls there are up to the last that names a declared handle, by
  // handle; and up to the last that sends handles.
  std::vector<std::vector<uint32_t>> calls_naming_;
  std::vector<uint32_t> calls_sending_;
  std::vector<bool> may_be_interrupted_;  // By thread: it is killed or suspended somewhere.
  std::vector<bool> may_be_killed_;       // By process.
  bool counts_handles_ = false;           // Some call asks how many handles an object has.
};

}  // namespace model
