// Map: the table; one exploration with its judge; the properties that compare; the trial.
#include "props/properties.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <variant>

#include "model/outcomes.h"
#include "props/check.h"
#include "props/generations.h"
#include "props/record.h"
#include "props/search.h"
#include "sim/engine/explorer.h"
#include "traces/text.h"

namespace props {

namespace {

constexpr std::string_view kSequential = "sequential";
constexpr std::string_view kDeterministic = "deterministic";
constexpr std::string_view kReplays = "replays";
constexpr std::string_view kReduction = "reduction";
constexpr std::string_view kGenerations = "generations";

const std::array<Property, 13>& Table() {
  static const std::array<Property, 13> table = {{
      {"explained",
       "some order of the model's steps gives every answer, and what is left at the end",
       "O1 O2 O3 O4 H1 H4 C1 C6 S1 S2",
       {"HD403"}},
      {kSequential,
       "one thread's calls answer one by one as the model says",
       "W1 W2 W3 W4 W5 W6 W7 W8 W9 W10 W11 W12 K1 K3 K4 C16 C17",
       {}},
      {"outcomes",
       "every end is among those that the model allows",
       "O5 O6 O7 H2 H3 H8 H9",
       {"HD401"}},
      {"conserved",
       "each handle is in one place, each message is read, queued or gone, at every step",
       "O9 H1 H4 C7 S1 S3",
       {"HD601"}},
      {"writer-order",
       "what one thread writes arrives in the order in which it was written",
       "O2 O3 O4 O11",
       {"HD106"}},
      {"epochs",
       "after a message of an endpoint's new owner none of the old owner's arrives",
       "O10 O11 O12 O13",
       {"HD107"}},
      {"wake-up",
       "nobody waits for what has happened",
       "O8 K2 S2 S4 C13 C14 C15",
       {"HD201", "HD402"}},
      {"no-leak", "when all is over, what can be closed is gone", "O5 O6 O15", {"HD301"}},
      {"no-crash",
       "no assertion fails, nothing crashes, memory is used by whoever has it, locks keep their "
       "order, stacks suffice, every call ends",
       "O6",
       {"HD202", "HD203", "HD204", "HD501", "HD701", "HD702", "HD703"}},
      {kDeterministic, "the same schedule twice does the same", "", {"HD901"}},
      {kReplays, "an execution runs again from the text of its trace", "", {"HD902"}},
      {kReduction, "the reduced search has the ends of the search of everything", "", {"HD903"}},
      {kGenerations,
       "two generations differ only where the rules of the model do",
       "C3 C4 C5 C12 H2 H3 W8",
       {"HD405"}},
  }};
  return table;
}

Finding Broken(std::string_view id, std::string_view property, std::string message) {
  Finding finding;
  finding.id = id;
  finding.name = property;
  finding.message = std::move(message);
  return finding;
}

using Ends = std::set<model::Outcome>;

// --- One exploration ---

class Exploring {
 public:
  Exploring(const model::Litmus& litmus, const model::AllowedOutcomes* allowed,
            const TrialOptions& options, Reached* reached)
      : litmus_(litmus),
        options_(options),
        reached_(reached),
        world_(litmus),
        judge_(litmus, {.allowed = allowed, .explain = true, .max_states = options.max_states}) {}

  /// Whether the search ended by itself.
  bool Run(Search search, uint64_t executions) {
    const bool complete = KindOf(search).is_complete;
    const std::unique_ptr<sim::Strategy> strategy = MakeStrategy(search, options_.seed, executions);
    sim::ExploreOptions explore;
    explore.limits = LimitsOf(litmus_, options_.max_steps);
    explore.max_executions = complete ? executions : 0;
    const sim::Exploration result =
        sim::Explore(world_, *strategy, explore,
                     [&](const sim::Execution& execution) { return Visit(execution); });
    executions_ += result.executions + result.stopped;
    if (result.end == sim::ExploreEnd::kNondeterministic && options_.Counts(kDeterministic)) {
      finding_ = Broken("HD901", kDeterministic,
                        fmt::format("the same schedule behaved in two ways from event {} on",
                                    result.divergent_step + 1));
    }
    return result.end == sim::ExploreEnd::kExhausted;
  }

  const std::optional<Finding>& finding() const { return finding_; }
  const Ends& ends() const { return ends_; }
  const sim::Schedule& schedule() const { return schedule_; }
  uint64_t executions() const { return executions_; }
  uint64_t unknown_histories() const { return judge_.seen().unknown.size(); }

 private:
  bool Visit(const sim::Execution& execution) {
    if (std::optional<Finding> finding = judge_.Examine(execution, world_)) {
      if (options_.Counts(PropertyOf(litmus_, *finding).name)) {
        finding_ = std::move(finding);
        return false;
      }
    }
    if (execution.end == sim::ExecutionEnd::kFailed) return true;
    if (!ends_.insert(model::OutcomeOf(litmus_, world_.observation())).second) return true;
    schedule_ = sim::ScheduleOf(execution);
    if (reached_ != nullptr) reached_->Note(litmus_, world_.HistoryOf(execution));
    return true;
  }

  const model::Litmus& litmus_;
  const TrialOptions& options_;
  Reached* const reached_;
  World world_;
  Judge judge_;
  std::optional<Finding> finding_;
  Ends ends_;
  sim::Schedule schedule_;  // Of the last execution that ended as none before.
  uint64_t executions_ = 0;
};

// --- What compares explorations ---

std::optional<Finding> BreaksReplay(const model::Litmus& litmus, const sim::Schedule& schedule,
                                    const TrialOptions& options) {
  const Recording recorded =
      Record(litmus, nullptr, schedule, {"drawn", options.seed}, options.max_steps);
  const auto wrong = [](std::string what) { return Broken("HD902", kReplays, std::move(what)); };
  if (recorded.mismatch) return wrong("the schedule of an execution does not run again");
  const auto parsed = traces::ParseTrace(traces::PrintTrace(recorded.trace));
  const auto* trace = std::get_if<traces::Trace>(&parsed);
  if (trace == nullptr || *trace != recorded.trace) {
    return wrong("the text of a trace reads as another trace");
  }
  const auto program = model::ParseLitmus(trace->litmus);
  const auto* read = std::get_if<model::Litmus>(&program);
  if (read == nullptr || *read != litmus) {
    return wrong("the text of the program reads as another program");
  }
  const Recording again = Rerun(*read, nullptr, *trace, options.max_steps);
  if (!again.mismatch) return std::nullopt;
  return wrong(fmt::format("{}: expected {}, found {}", again.mismatch->where,
                           again.mismatch->expected, again.mismatch->found));
}

std::string FirstOf(const model::Litmus& litmus, const Ends& here, const Ends& there) {
  for (const model::Outcome& end : here) {
    if (!there.contains(end)) return model::PrintOutcome(litmus, end);
  }
  return "";
}

// Every interleaving one by one, if there are few.
std::optional<Finding> BreaksReduction(const model::Litmus& litmus, const Ends& reduced,
                                       const TrialOptions& options) {
  constexpr uint64_t kMany = 1'500;
  Exploring all(litmus, nullptr, options, nullptr);
  if (!all.Run(Search::kBruteForce, kMany) || all.finding()) return all.finding();
  const std::string lost = FirstOf(litmus, all.ends(), reduced);
  if (lost.empty()) return std::nullopt;
  return Broken("HD903", kReduction, fmt::format("the reduced search never ends so: {}", lost));
}

struct Broke {
  model::Litmus litmus;
  Finding finding;
};

// The next generation, if the model says that the program cannot tell the two apart. What breaks
// there, and would break any program, is a finding of the program under that generation.
std::optional<Broke> BreaksGenerations(const model::Litmus& litmus, const Ends& ends,
                                       const model::AllowedOutcomes& allowed,
                                       const TrialOptions& options) {
  const size_t next = (static_cast<size_t>(litmus.generation) + 1) % model::kGenerations.size();
  const model::Litmus other = UnderGeneration(litmus, model::kGenerations[next]);
  const model::AllowedOutcomes also =
      model::EnumerateOutcomes(other, {.max_states = options.max_states});
  const bool same = also.complete && std::ranges::equal(
                                         allowed.outcomes, also.outcomes, {},
                                         [](const auto& row) { return row.first; },
                                         [](const auto& row) { return row.first; });
  if (!same) return std::nullopt;
  const auto differs = [&](std::string_view how, std::string_view what) {
    return Broke{litmus, Broken("HD405", kGenerations,
                                fmt::format("{} and {} differ, and no rule tells why: {}{}",
                                            model::GenerationName(litmus.generation),
                                            model::GenerationName(other.generation), how, what))};
  };
  Exploring exploring(other, &also, options, nullptr);
  const bool complete = exploring.Run(Search::kSourceSets, options.max_executions);
  if (exploring.finding()) return Broke{other, *exploring.finding()};
  if (!complete) return std::nullopt;
  const std::string first = FirstOf(litmus, ends, exploring.ends());
  if (!first.empty()) return differs("only the first ends so: ", first);
  const std::string second = FirstOf(litmus, exploring.ends(), ends);
  if (!second.empty()) return differs("only the second ends so: ", second);
  return std::nullopt;
}

model::Litmus WithLeaks(const model::Litmus& litmus, bool may_leak) {
  model::Litmus variant = litmus;
  if (!may_leak || litmus.allow_leak) return variant;
  variant.allow_leak = true;
  SetMetadata(&variant, "Allow", variant.allow_blocked ? "blocked, leak" : "leak");
  return variant;
}

}  // namespace

std::span<const Property> Properties() {
  return Table();
}

const Property* PropertyNamed(std::string_view name) {
  for (const Property& property : Table()) {
    if (property.name == name) return &property;
  }
  return nullptr;
}

const Property& PropertyOf(const model::Litmus& litmus, const Finding& finding) {
  if (finding.id == kUnexplainedId && litmus.program.threads.size() == 1) {
    return *PropertyNamed(kSequential);
  }
  for (const Property& property : Table()) {
    const auto& classes = property.classes;
    if (std::find(classes.begin(), classes.end(), finding.id) != classes.end()) return property;
  }
  return Table().front();  // A claim of the program's own: drawn programs have none.
}

Trial Try(const model::Litmus& litmus, const TrialOptions& options, Reached* reached) {
  Trial trial;
  const model::AllowedOutcomes allowed =
      model::EnumerateOutcomes(litmus, {.max_states = options.max_states});
  trial.outcomes_unknown = !allowed.complete;
  trial.litmus = WithLeaks(litmus, allowed.may_leak || !allowed.complete);
  Exploring exploring(trial.litmus, &allowed, options, reached);
  const bool complete = exploring.Run(Search::kSourceSets, options.max_executions);
  if (!complete && !exploring.finding()) {
    trial.sampled = true;
    exploring.Run(Search::kPortfolio, options.samples);
  }
  trial.executions = exploring.executions();
  trial.unknown_histories = exploring.unknown_histories();
  trial.finding = exploring.finding();
  if (trial.finding || !options.compares || exploring.ends().empty()) return trial;
  if (options.Counts(kReplays)) {
    trial.finding = BreaksReplay(trial.litmus, exploring.schedule(), options);
  }
  if (!trial.finding && complete && options.Counts(kReduction)) {
    trial.finding = BreaksReduction(trial.litmus, exploring.ends(), options);
  }
  if (!trial.finding && complete && allowed.complete && options.Counts(kGenerations)) {
    if (auto broke = BreaksGenerations(trial.litmus, exploring.ends(), allowed, options)) {
      trial.litmus = std::move(broke->litmus);
      trial.finding = std::move(broke->finding);
    }
  }
  return trial;
}

}  // namespace props
