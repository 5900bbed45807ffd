// Judging an execution: engine verdicts, the claims of the litmus file, and the reference model.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/linearizability.h"
#include "model/litmus.h"
#include "model/outcomes.h"
#include "props/class_histories.h"
#include "props/order.h"
#include "props/world.h"
#include "sim/engine/execution.h"
#include "sim/engine/replay.h"

namespace props {

inline constexpr std::string_view kDeadlockId = "HD201";
/// An execution had more events than it may have.
inline constexpr std::string_view kStepLimitId = "HD202";
/// A history that the model does not explain.
inline constexpr std::string_view kUnexplainedId = "HD403";

/// Something that is wrong. Ids are stable:
///   HD101  a forbidden state was reached
///   HD102  a claim about all ends is broken
///   HD103  a state that should exist does not
///   HD104  an outcome that is not listed
///   HD105  a listed outcome that never came
///   HD106  messages of one writer in the wrong order
///   HD107  a message of the old owner after one of the new owner
///   HD108  a claim of a scenario is false
///   HD201  deadlock
///   HD202  step limit
///   HD203  lock order
///   HD204  stack limit
///   HD301  leak
///   HD401  an outcome that the model does not allow
///   HD402  blocked threads that the model does not allow
///   HD403  a history that the model does not explain
///   HD405  two generations differ, and the model does not
///   HD501  memory that was used, freed or written to against the rules
///   HD601  broken invariant
///   HD701  failed assertion of the core
///   HD702  engine used against its rules
///   HD703  crash of the core, or of a scenario: a signal, an exception that nothing caught
///   HD901  the same schedule behaved in two ways
///   HD902  a trace that does not run again
///   HD903  an end that the reduced search does not reach
struct Finding {
  std::string id;
  std::string name;                       // Of the condition, or of the class.
  std::string message;                    // One line that says what broke.
  model::SourcePosition position;         // Of the condition; line 0 if there is none.
  std::optional<sim::Schedule> schedule;  // None: about all executions together.
  uint32_t events = 0;
  uint32_t preemptions = 0;
  // Of events of the schedule. Not empty: which calls overlap matters, and the finding shows in an
  // execution of the same class that follows these edges, but not in that of the schedule.
  std::vector<EventEdge> edges;

  /// The same thing went wrong, whatever the schedule.
  bool SameAs(const Finding& other) const { return id == other.id && name == other.name; }
};

/// Six hexadecimal digits that name the violation, not the schedule, within its program.
std::string Fingerprint(const model::Litmus& litmus, const Finding& finding);

/// "exists", "~exists", "forall".
std::string_view QuantifierName(model::Condition::Quantifier quantifier);

/// Distinct histories, by hash.
struct Histories {
  std::set<uint64_t> judged;
  std::set<uint64_t> unknown;  // Those of them for which the budget was too small.
  void Add(const Histories& other) {
    judged.insert(other.judged.begin(), other.judged.end());
    unknown.insert(other.unknown.begin(), other.unknown.end());
  }
  bool operator==(const Histories&) const = default;
};

/// Remembers its verdicts on histories: a million executions have few distinct ones. Of an
/// execution all histories of its class are judged (class_histories.h), whichever search ran it: a
/// reduced one will run no other, and the rest find sooner what there is to find. A class that has
/// too many counts as a history that is unknown, unless only a few were asked for.
class Judge {
 public:
  struct Options {
    /// Outcomes and blocked threads are compared with these. Must outlive the judge; null, or of a
    /// scenario: they are not compared.
    const model::AllowedOutcomes* allowed = nullptr;
    /// Whether histories are compared with the model, and how many states that may take for each.
    bool explain = true;
    uint64_t max_states = 1'000'000;
    /// Of an execution its own history and so many of its class: of a sample, which claims nothing
    /// about the rest. None: all of the class.
    std::optional<uint32_t> few_orders = std::nullopt;
  };

  /// `litmus` must outlive the judge.
  Judge(const model::Litmus& litmus, const Options& options);

  /// What is wrong with the last execution of `world`; the engine's verdict first, then conditions
  /// in the order of the file, the order of messages, the listed outcomes, the model. Nothing if
  /// nothing is known to be wrong.
  std::optional<Finding> Examine(const sim::Execution& execution, const World& world);

  /// Whether the model does not explain the last execution of `world`, whatever else is wrong.
  bool IsUnexplained(const sim::Execution& execution, const World& world) {
    histories_.Find(execution, world);
    return ExamineHistories(execution, world).has_value();
  }

  /// The claim of the file that such an end breaks, if it breaks one.
  std::optional<Finding> BrokenClaim(const model::Observation& observation) const;

  /// The histories since the beginning, or since they were forgotten; their verdicts never are.
  const Histories& seen() const { return seen_; }
  void ForgetSeen();

 private:
  struct HistoryVerdict {
    model::Verdict verdict = model::Verdict::kUnknown;
    std::string message;  // What nothing explains.
    uint64_t hash = 0;
    uint64_t round = 0;  // When it was seen last.
  };

  std::optional<Finding> ExamineConditions(const model::Observation& observation) const;
  std::optional<Finding> ExamineOutcome(const model::Observation& observation) const;
  // Of `histories_`, which are those of the execution.
  std::optional<Finding> ExamineOrders(const sim::Execution& execution, const World& world) const;
  std::optional<Finding> ExamineHistories(const sim::Execution& execution, const World& world);
  const HistoryVerdict& Explain(const model::History& history, const World& world);

  const model::Litmus& litmus_;
  Options options_;
  const ArrivalOrder order_;
  ClassHistories histories_;
  std::map<std::string, HistoryVerdict> verdicts_;  // By encoded history.
  Histories seen_;
  uint64_t round_ = 1;  // Grows whenever what was seen is forgotten.
};

}  // namespace props
