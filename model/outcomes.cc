// Every outcome that the reference model allows: a depth-first search over states.
//
// Map: Search holds the stack of states under exploration, the path of threads that leads to the
// top one, and the set of states met. A state is met once; what follows from it was then added.
#include "model/outcomes.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <set>
#include <string>
#include <unordered_set>
#include <utility>

#include "model/independence.h"
#include "model/spec.h"
#include "model/state.h"

namespace model {

namespace {

/// Whether objects stay when all tables are emptied. A queue goes with its endpoint, so an endpoint
/// stays if one of its handles lies in a queue that stays (H-10, D-9).
bool HoldsUnreachable(const State& state) {
  std::map<HandleId, ObjectId> holders;
  for (const Object& object : state.objects) {
    for (const Message& message : object.queue) {
      for (const HandleId handle : message.handles) holders.emplace(handle, object.id);
    }
  }
  if (holders.empty()) return false;
  std::set<ObjectId> gone;
  size_t before = 0;
  do {
    before = gone.size();
    for (const Object& object : state.objects) {
      const bool goes = std::ranges::all_of(state.handles, [&](const HandleRecord& handle) {
        if (handle.object != object.id) return true;
        const auto holder = holders.find(handle.id);
        return holder == holders.end() || gone.contains(holder->second);
      });
      if (goes) gone.insert(object.id);
    }
  } while (gone.size() != before);
  return gone.size() != state.objects.size();
}

class Search {
 public:
  Search(const Litmus& litmus, const OutcomeOptions& options)
      : litmus_(litmus), options_(options), independence_(litmus.program) {
    assert(litmus.program.threads.size() <= 64);
  }

  AllowedOutcomes Run() {
    Enter(InitialState(litmus_));
    while (!stack_.empty() && result_.complete) TryNext();
    return std::move(result_);
  }

 private:
  struct Frame {
    State state;
    size_t path_length = 0;  // Steps that lead here.
    ThreadIndex next_thread = 0;
    // The ways that the step of the thread before `next_thread` can go, the last one first.
    std::vector<Transition> ways;
    bool stepped = false;  // Some thread could step.
  };

  void TryNext() {
    Frame& frame = stack_.back();
    path_.resize(frame.path_length);
    if (frame.ways.empty()) {
      if (frame.next_thread == StepperCount(litmus_.program)) {
        if (!frame.stepped) RecordEnd(frame.state);
        stack_.pop_back();
        return;
      }
      frame.ways = Steps(litmus_.program, frame.state, frame.next_thread++);
      std::ranges::reverse(frame.ways);
      if (frame.ways.empty()) return;
      frame.stepped = true;
    }
    Transition transition = std::move(frame.ways.back());
    frame.ways.pop_back();
    path_.push_back({frame.next_thread - 1, transition.choice});
    Enter(std::move(transition.next));  // `frame` is invalid from here on.
  }

  /// Adds a state to be explored, after the local steps that are possible in it: their order
  /// decides nothing, so states between them need not be kept (see independence.h).
  void Enter(State state) {
    for (ThreadIndex thread = 0; thread < state.threads.size();) {
      if (independence_.IsLocal(state, thread)) {
        const bool stepped = TakeStep(litmus_.program, &state, thread);
        assert(stepped);
        path_.push_back({thread, 0});
        thread = 0;  // One thread's local step can make another's local.
      } else {
        ++thread;
      }
    }
    if (!seen_.insert(Encode(state)).second) return;
    if (++result_.states > options_.max_states) {
      result_.complete = false;
      return;
    }
    Frame& frame = stack_.emplace_back();
    frame.state = std::move(state);
    frame.path_length = path_.size();
  }

  void RecordEnd(const State& state) {
    const Observation observation = Observe(litmus_.program, state);
    options_.at_end(observation);
    uint64_t blocked = 0;
    for (ThreadIndex i = 0; i < observation.blocked.size(); ++i) {
      if (observation.blocked[i]) blocked |= uint64_t{1} << i;
    }
    result_.outcomes.try_emplace(OutcomeOf(litmus_, observation), path_);
    result_.blocked_sets.try_emplace(blocked, path_);
    result_.may_leak = result_.may_leak || HoldsUnreachable(state);
  }

  const Litmus& litmus_;
  const OutcomeOptions options_;
  const Independence independence_;
  std::vector<Frame> stack_;
  std::vector<Choice> path_;
  std::unordered_set<std::string> seen_;  // Encoded states; asked for membership, never iterated.
  AllowedOutcomes result_;
};

}  // namespace

AllowedOutcomes EnumerateOutcomes(const Litmus& litmus, const OutcomeOptions& options) {
  return Search(litmus, options).Run();
}

}  // namespace model
