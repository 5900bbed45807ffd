#include "props/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "props/describe.h"
#include "props/scenario.h"
#include "sim/engine/random.h"
#include "sim/strategies/bounded.h"

namespace props {

namespace {

std::string_view IdOf(sim::FailureKind kind) {
  switch (kind) {
    case sim::FailureKind::kAssertion:
      return "HD701";
    case sim::FailureKind::kInvariant:
      return "HD601";
    case sim::FailureKind::kDeadlock:
      return kDeadlockId;
    case sim::FailureKind::kStepLimit:
      return kStepLimitId;
    case sim::FailureKind::kStackLimit:
      return "HD204";
    case sim::FailureKind::kLockOrder:
      return "HD203";
    case sim::FailureKind::kLeak:
      return "HD301";
    case sim::FailureKind::kClaim:
      return "HD108";
    case sim::FailureKind::kMemory:
      return "HD501";
    case sim::FailureKind::kCrash:
      return "HD703";
    case sim::FailureKind::kMisuse:
      break;
  }
  return "HD702";
}

Finding OfFailure(const sim::Failure& failure) {
  Finding finding;
  finding.id = IdOf(failure.kind);
  finding.name = sim::FailureName(failure.kind);
  finding.message = failure.message;
  return finding;
}

uint64_t HashOf(std::string_view text, uint64_t seed = 0) {
  for (char c : text) seed = sim::Mix(seed, static_cast<unsigned char>(c));
  return sim::Mix(seed, text.size());
}

// Of a text that is long, and of which there are many: eight characters at a time.
uint64_t HashOfHistory(std::string_view text) {
  uint64_t hash = text.size();
  for (; text.size() >= sizeof(uint64_t); text.remove_prefix(sizeof(uint64_t))) {
    uint64_t word = 0;
    std::memcpy(&word, text.data(), sizeof(word));
    hash = sim::Mix(hash, word);
  }
  return HashOf(text, hash);
}

std::string NamesOf(uint64_t threads, const model::Program& program) {
  std::string names;
  for (size_t i = 0; i < program.threads.size(); ++i) {
    if (((threads >> i) & 1) == 0) continue;
    names += (names.empty() ? "" : ", ") + program.threads[i].name;
  }
  return names.empty() ? "none" : names;
}

// Of what an execution of the same class shows, and the one that was run does not.
constexpr std::string_view kElsewhere = ", where events that do not conflict come in another order";

// The first answer that no order of the model's steps gives, after all that came before.
std::string DescribeUnexplained(const model::Program& program, const model::History& history,
                                const model::Explanation& explanation) {
  if (explanation.explained_events == history.events.size()) {
    return "every answer is explained, but not together with what was left at the end";
  }
  const model::HistoryEvent& event = history.events[explanation.explained_events];
  const model::ThreadProgram& thread = program.threads[event.thread];
  return fmt::format("no order of steps explains the answer of {}: {} -> {}", thread.name,
                     model::PrintCall(program, event.thread, thread.calls[event.call]),
                     DescribeResult(thread.calls[event.call], event.result, event.block));
}

}  // namespace

std::string Fingerprint(const model::Litmus& litmus, const Finding& finding) {
  const uint64_t hash = HashOf(finding.name, HashOf(finding.id, model::LitmusHash(litmus)));
  return fmt::format("{:06x}", hash & 0xFFFFFF);
}

std::string_view QuantifierName(model::Condition::Quantifier quantifier) {
  switch (quantifier) {
    case model::Condition::Quantifier::kExists:
      return "exists";
    case model::Condition::Quantifier::kNotExists:
      return "~exists";
    case model::Condition::Quantifier::kForall:
      break;
  }
  return "forall";
}

Judge::Judge(const model::Litmus& litmus, const Options& options)
    : litmus_(litmus), options_(options), order_(litmus), histories_(litmus) {
  if (!ScenarioNameOf(litmus).empty()) options_.allowed = nullptr;
}

std::optional<Finding> Judge::ExamineConditions(const model::Observation& observation) const {
  for (const model::Condition& condition : litmus_.conditions) {
    if (condition.quantifier == model::Condition::Quantifier::kExists) continue;
    const bool holds = model::Holds(condition.proposition, litmus_.program, observation);
    const bool forbidden = condition.quantifier == model::Condition::Quantifier::kNotExists;
    if (holds != forbidden) continue;
    Finding finding;
    finding.id = forbidden ? "HD101" : "HD102";
    finding.name =
        condition.name.empty() ? std::string(QuantifierName(condition.quantifier)) : condition.name;
    const model::Outcome outcome = model::OutcomeOf(litmus_, observation);
    finding.message = fmt::format("{}: {}",
                                  forbidden ? "this end was declared impossible, but was reached"
                                            : "this was claimed of every end, but is false of one",
                                  model::PrintOutcome(litmus_, outcome));
    finding.position = condition.position;
    return finding;
  }
  return std::nullopt;
}

std::optional<Finding> Judge::BrokenClaim(const model::Observation& observation) const {
  std::optional<Finding> broken = ExamineConditions(observation);
  if (broken || !litmus_.outcomes || !litmus_.outcomes->exact) return broken;
  const model::Outcome outcome = model::OutcomeOf(litmus_, observation);
  const auto& listed = litmus_.outcomes->outcomes;
  if (std::find(listed.begin(), listed.end(), outcome) != listed.end()) return std::nullopt;
  Finding finding;
  finding.id = "HD104";
  finding.name = "outcome not listed";
  finding.message = model::PrintOutcome(litmus_, outcome);
  finding.position = litmus_.outcomes->position;
  return finding;
}

std::optional<Finding> Judge::ExamineOutcome(const model::Observation& observation) const {
  const model::AllowedOutcomes* allowed = options_.allowed;
  if (allowed == nullptr || !allowed->complete) return std::nullopt;
  const model::Outcome outcome = model::OutcomeOf(litmus_, observation);
  Finding finding;
  if (!allowed->outcomes.contains(outcome)) {
    finding.id = "HD401";
    finding.name = "outcome not allowed by the model";
    finding.message = model::PrintOutcome(litmus_, outcome);
    return finding;
  }
  uint64_t blocked = 0;
  for (size_t i = 0; i < observation.blocked.size(); ++i) {
    if (observation.blocked[i]) blocked |= uint64_t{1} << i;
  }
  if (allowed->blocked_sets.contains(blocked)) return std::nullopt;
  finding.id = "HD402";
  finding.name = "blocked threads not allowed by the model";
  finding.message = fmt::format("blocked at the end: {}", NamesOf(blocked, litmus_.program));
  return finding;
}

const Judge::HistoryVerdict& Judge::Explain(const model::History& history, const World& world) {
  const model::Litmus& litmus = world.is_scenario() ? world.litmus() : litmus_;
  // What bodies called follows from the answers they got, so the history stands for that too.
  const auto [known, is_new] = verdicts_.try_emplace(Encode(history));
  HistoryVerdict& verdict = known->second;
  if (is_new) {
    verdict.hash = HashOfHistory(known->first);
    const model::Explanation explanation =
        model::Explain(litmus, history, {.max_states = options_.max_states});
    verdict.verdict = explanation.verdict;
    if (verdict.verdict == model::Verdict::kNotExplained) {
      verdict.message = DescribeUnexplained(litmus.program, history, explanation);
    }
  }
  if (verdict.round != round_) {
    verdict.round = round_;
    seen_.judged.insert(verdict.hash);
    if (verdict.verdict == model::Verdict::kUnknown) seen_.unknown.insert(verdict.hash);
  }
  return verdict;
}

// The history of the execution itself is not looser than all others that are found, unless some are
// not found. Where it shows what is wrong, it tells that best.
std::optional<Finding> Judge::ExamineHistories(const sim::Execution& execution,
                                               const World& world) {
  const auto is_wrong = [](const HistoryVerdict& verdict) {
    return verdict.verdict == model::Verdict::kNotExplained;
  };
  Finding finding;
  finding.id = kUnexplainedId;
  finding.name = "history not explained by the model";
  for (size_t i = 0; i < histories_.size() && finding.message.empty(); ++i) {
    const HistoryVerdict& verdict = Explain(histories_.At(i, execution, world), world);
    if (!is_wrong(verdict)) continue;
    finding.message = verdict.message + std::string(kElsewhere);
    finding.edges = histories_.EdgesOf(i);
  }
  if (finding.message.empty() && histories_.complete()) return std::nullopt;
  const HistoryVerdict& own = Explain(world.HistoryOf(execution), world);
  if (!histories_.complete() && !options_.few_orders) seen_.unknown.insert(own.hash);
  if (is_wrong(own)) {
    finding.message = own.message;
    finding.edges.clear();
  }
  return finding.message.empty() ? std::nullopt : std::optional(std::move(finding));
}

std::optional<Finding> Judge::ExamineOrders(const sim::Execution& execution,
                                            const World& world) const {
  Finding finding;
  std::optional<Disorder> disorder = order_.Find(world.HistoryOf(execution));
  for (size_t i = 0; i < histories_.size() && !disorder; ++i) {
    disorder = order_.Find(histories_.At(i, execution, world));
    if (!disorder) continue;
    disorder->message += kElsewhere;
    finding.edges = histories_.EdgesOf(i);
  }
  if (!disorder) return std::nullopt;
  finding.id = disorder->of_owners ? "HD107" : "HD106";
  finding.name =
      disorder->of_owners ? "messages of two owners mixed" : "order of one writer broken";
  finding.message = disorder->message;
  return finding;
}

void Judge::ForgetSeen() {
  seen_ = {};
  ++round_;
}

std::optional<Finding> Judge::Examine(const sim::Execution& execution, const World& world) {
  std::optional<Finding> finding;
  if (execution.failure) {
    finding = OfFailure(*execution.failure);
    if (execution.failure->kind == sim::FailureKind::kClaim) {
      finding->name = world.body_failure()->name;
      finding->position.line = world.body_failure()->line;
    }
  } else {
    OrderLimits limits;
    if (options_.few_orders) limits.max_orders = *options_.few_orders;
    if (options_.explain || order_.has_claims()) histories_.Find(execution, world, limits);
    finding = BrokenClaim(world.observation());
    if (!finding && order_.has_claims()) finding = ExamineOrders(execution, world);
    if (!finding) finding = ExamineOutcome(world.observation());
    if (!finding && options_.explain) finding = ExamineHistories(execution, world);
  }
  if (!finding) return std::nullopt;
  finding->schedule = sim::ScheduleOf(execution);
  finding->events = static_cast<uint32_t>(execution.events.size());
  finding->preemptions = sim::CountPreemptions(execution);
  return finding;
}

}  // namespace props
