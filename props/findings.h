// Judging an execution: engine verdicts, the claims of the litmus file, and the reference model.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/litmus.h"
#include "model/outcomes.h"
#include "sim/execution.h"
#include "sim/strategies/replay.h"

namespace props {

/// An execution had more events than it may have.
inline constexpr std::string_view kStepLimitId = "HD202";

/// Something that is wrong. Ids are stable:
///   HD101 a forbidden state was reached       HD201 deadlock      HD601 broken invariant
///   HD102 a claim about all ends is broken    HD202 step limit    HD701 failed assertion of the
///   core HD103 a state that should exist does not  HD301 leak          HD702 engine used against
///   its rules HD104 an outcome that is not listed       HD401 outcome that the model does not
///   allow HD105 a listed outcome that never came    HD402 blocked threads that the model does not
///   allow HD901 the same schedule behaved in two ways
struct Finding {
  std::string id;
  std::string name;                       // Of the condition, or of the class.
  std::string message;                    // One line that says what broke.
  model::SourcePosition position;         // Of the condition; line 0 if there is none.
  std::optional<sim::Schedule> schedule;  // None: about all executions together.
  uint32_t events = 0;
  uint32_t preemptions = 0;

  /// The same thing went wrong, whatever the schedule.
  bool SameAs(const Finding& other) const { return id == other.id && name == other.name; }
};

/// Six hexadecimal digits that name the violation, not the schedule, within its program.
std::string Fingerprint(const model::Litmus& litmus, const Finding& finding);

/// "exists", "~exists", "forall".
std::string_view QuantifierName(model::Condition::Quantifier quantifier);

class Judge {
 public:
  /// Both must outlive the judge. Without a model its checks are left out.
  Judge(const model::Litmus& litmus, const model::AllowedOutcomes* allowed)
      : litmus_(litmus), allowed_(allowed) {}

  /// What is wrong with one execution; the engine's verdict first, then conditions in the order of
  /// the file, the listed outcomes, the model. Nothing if the execution is fine.
  std::optional<Finding> Examine(const sim::Execution& execution,
                                 const model::Observation& observation) const;

 private:
  std::optional<Finding> ExamineConditions(const model::Observation& observation) const;
  std::optional<Finding> ExamineOutcome(const model::Observation& observation) const;

  const model::Litmus& litmus_;
  const model::AllowedOutcomes* allowed_;
};

}  // namespace props
