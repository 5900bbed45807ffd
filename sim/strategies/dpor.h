// Source-set dynamic partial-order reduction with sleep sets: one complete execution for every
// Mazurkiewicz trace, and few that are cut short.
//
// Abdulla, Aronis, Jonsson and Sagonas, "Source Sets: A Foundation for Optimal Dynamic
// Partial-Order Reduction" (JACM 64(4), 2017), algorithm 1, with conflict of footprints as the
// dependence relation. Every node of the tree has a backtrack set, which starts with one thread and
// grows when a race is found below: two conflicting events of which the second could also have come
// first. Then some thread that starts the reversed order is added to the node before the first.
// Memory is one node per event of the execution in progress.
//
// Differs, because threads here block, and timers go away:
// - a race counts only if the second event would be enabled without the first and all that follows
//   from it, which is read off the recorded states (sim/order/races.h); so the partner of an
//   acquire is the acquire before it, not the release between the two;
// - where an execution ends, complete or cut short, the operations that never became enabled race
//   with what came before, or orders in which they do run would be lost;
// - the timer of a wait that something else has ended never fires: its races count when it goes,
// and
//   again when something comes that would have been before it, had it not gone;
// - an execution that fails goes no further, and keeps all others from going on: an event that
// fails
//   takes away what is pending. As with every event that does, what was enabled beside it is
//   explored from the node before it, and the races of what was not are taken. The one who fails
//   sleeps meanwhile: he would fail again, until something happens that conflicts with his event;
// - an execution that reaches the limit of its length says nothing about what would have come, and
//   whether one reaches it is the same for all of a trace. So every node above it is explored in
//   all directions, by sleep sets alone; a node without such an execution below is one whose races
//   are all known;
// - whoever adds to a count that others drop to nothing has no rival among the drops, but among all
//   of them together: races.h finds the one that would have been the last without him;
// - alternatives of a value choice touch nothing: all are explored, each inherits the sleep set.
#pragma once

#include <array>
#include <vector>

#include "sim/order/happens_before.h"
#include "sim/order/races.h"
#include "sim/strategies/path_search.h"

namespace sim {

class Dpor final : public PathSearch {
 public:
  /// The whole search.
  Dpor() = default;
  /// See StartBelow, Continue and SplitAt. A search that is split explores by sleep sets alone, so
  /// that every alternative above the cut is taken: then the parts see each trace once together,
  /// wherever the cut is; only what is cut short near it varies.
  explicit Dpor(Path prefix);
  static Dpor Resume(Path path, size_t fixed);
  static Dpor Split(EventIndex depth, Path prefix = {});

  bool BeginExecution() override;
  /// kNoThread where everything that is enabled is asleep: the rest repeats a trace.
  ThreadId PickThread(const SchedulePoint& point) override;
  void EndExecution(const Execution& execution) override;

 private:
  /// An operation that never was, since `taker` has ended its wait otherwise.
  struct Taken {
    EventIndex taker;
    Operation operation;
  };

  void Analyse(const Execution& execution);
  void AnalyseTaken(const SchedulePoint& point, ThreadId chosen);
  void ReconsiderTaken(const Execution& execution, EventIndex later);
  void AnalysePending(const Execution& execution, std::span<const Operation> pending);
  void AnalyseFailure(const Execution& execution);
  void AddRacesOf(const Execution& execution, const Operation& pending, EventIndex position);
  void AddRaces(const Execution& execution, const RaceTarget& second, const VectorClock& past,
                const VectorClock& clock);
  void FindStarts(EventIndex first, const RaceTarget& second);
  void AddBacktrack(EventIndex first, const RaceTarget& second, const VectorClock& clock);
  Node& NodeOf(EventIndex step) { return path_.nodes[node_of_step_[step]]; }

  std::vector<uint32_t> node_of_step_;                 // By event: its thread node on the path.
  HappensBefore order_;                                // Of the events whose races are known.
  std::array<std::vector<Taken>, kMaxThreads> taken_;  // By thread, of the events of order_.
  ThreadSet waiters_;                                  // Of whom something was taken.
  std::vector<EventIndex> direct_;                     // Scratch space.
  std::vector<EventIndex> starts_;                     // The same.
  std::vector<EventIndex> earlier_;                    // The same.
};

}  // namespace sim
