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
//   from it, which is read off the recorded states (sim/strategies/reversal.h); so the partner of
//   an acquire is the acquire before it, not the release between the two;
// - where an execution ends, complete or cut short, the operations that never became enabled race
//   with what came before, or orders in which they do run would be lost;
// - the timer of a wait that something else has ended never fires: its races count when it goes;
// - alternatives of a value choice touch nothing: all are explored, each inherits the sleep set.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "sim/happens_before.h"
#include "sim/strategies/reversal.h"
#include "sim/strategy.h"

namespace sim {

class Dpor final : public Strategy {
 public:
  /// One choice on a path through the tree, and what is known of its alternatives.
  struct Node {
    ThreadSet enabled;
    ThreadSet sleep;      // On arrival, and every thread that was explored from here since.
    ThreadSet backtrack;  // To be explored from here, unless asleep.
    ThreadId chosen = kNoThread;
    StepIndex step = 0;  // How many events had happened.
    uint32_t value = 0;  // Value nodes: the alternative, and
    uint32_t count = 0;  // how many there are; 0 for thread nodes.
    bool operator==(const Node&) const = default;
  };
  using Path = std::vector<Node>;

  /// The whole search.
  Dpor() = default;
  /// The part of it below `prefix`, which came from a search that was split.
  explicit Dpor(Path prefix) : path_(std::move(prefix)), fixed_(path_.size()) {}
  /// The rest of a search that was left after one of its executions: `path` is what path() was
  /// then. Its first `fixed` nodes are the prefix.
  static Dpor Resume(Path path, size_t fixed);
  /// Splits the search, or the part of it below `prefix`: explores by sleep sets alone down to
  /// `depth` events, where every execution stops and leaves its path in parts(). Executions that
  /// end before are this search's own. With every alternative above the cut taken, the parts need
  /// nothing from each other: together they see each trace once, wherever the cut is; only what is
  /// cut short near it varies.
  static Dpor Split(StepIndex depth, Path prefix = {});
  const std::vector<Path>& parts() const { return parts_; }
  /// The choices of the last execution, with all that is known of their alternatives.
  const Path& path() const { return path_; }
  /// What share of the search is done, if all branches known of are of the same size.
  double Share() const;

  bool BeginExecution() override;
  /// kNoThread where everything that is enabled is asleep: the rest repeats a trace.
  ThreadId PickThread(const SchedulePoint& point) override;
  uint32_t PickValue(const ValuePoint& point) override;
  void EndExecution(const Execution& execution) override;

 private:
  void Analyse(const Execution& execution);
  void AnalyseTaken(const SchedulePoint& point, ThreadId chosen);
  void AnalysePending(const Execution& execution, std::span<const Operation> pending);
  void AddRacesOf(const Reversal& reversal, const RaceTarget& pending);
  void AddRaces(const Reversal& reversal, const RaceTarget& second, VectorClock past,
                const VectorClock& clock);
  void AddBacktrack(StepIndex first, ThreadId thread, const VectorClock& clock, StepIndex length);
  Node& NodeOf(StepIndex step) { return path_[node_of_step_[step]]; }

  Path path_;
  size_t fixed_ = 0;  // Nodes of the path that belong to the prefix.
  std::optional<StepIndex> split_depth_;
  std::vector<Path> parts_;
  std::vector<uint32_t> node_of_step_;  // By event: its thread node on the path.
  size_t depth_ = 0;
  bool started_ = false;
  HappensBefore order_;            // Of the events whose races are known.
  std::vector<StepIndex> direct_;  // Scratch space.
};

}  // namespace sim
