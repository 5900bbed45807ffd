// Shrinks the program of a failure: a greedy walk over smaller programs in which it is found again.
#include <algorithm>
#include <optional>
#include <utility>

#include "model/outcomes.h"
#include "props/minimize.h"
#include "props/polish.h"
#include "props/record.h"
#include "props/runner.h"
#include "props/smaller_programs.h"
#include "sim/strategies/bounded.h"
#include "sim/strategies/guided.h"

namespace props {

namespace {

// HD401 to HD403: the core and the model disagree about a program. What shows it, an outcome, who
// is blocked or an answer, is a matter of what else the program observes.
bool IsDisagreement(const Finding& finding) {
  return finding.id.starts_with("HD4");
}

// The text of an assertion, a memory error or a crash says which one it is; the name is the same
// for all.
bool IsNamedByItsText(const Finding& finding) {
  return finding.id == "HD701" || finding.id == "HD501" || finding.id == "HD703";
}

// What is looked for in other programs.
struct Target {
  Finding finding;
  bool is_against_model = false;
  // It is a broken claim that the model keeps, or a leak that it doesn't have: so must it be in
  // what is left of the program, or that says less about the core than about the program.
  bool model_excludes_it = false;
  // The outcomes that the model allows are needed to see it; histories alone do not tell.
  bool needs_outcomes = false;

  bool IsSame(const Finding& other) const {
    if (IsDisagreement(finding)) return IsDisagreement(other);
    return finding.SameAs(other) && (!IsNamedByItsText(other) || finding.message == other.message);
  }
};

bool IsLeak(const Finding& finding) {
  return finding.id == "HD301";
}

// No end that the model allows, as far as it can soon be told, breaks the claim that `finding`
// does, or leaks if it is a leak.
bool ModelExcludes(const model::Litmus& litmus, const Finding& finding) {
  constexpr uint64_t kMaxStates = 10'000;
  const Judge judge(litmus, {});
  bool broken = false;
  const model::AllowedOutcomes allowed = model::EnumerateOutcomes(
      litmus, {.max_states = kMaxStates, .at_end = [&](const model::Observation& observation) {
                 const std::optional<Finding> claim = judge.BrokenClaim(observation);
                 broken = broken || (claim && claim->SameAs(finding));
               }});
  return !broken && !(IsLeak(finding) && allowed.may_leak);
}

// Looks for the target in one program.
class Hunt {
 public:
  Hunt(const model::Litmus& litmus, const Target& target, const ShrinkOptions& options)
      : litmus_(litmus), target_(target), options_(options) {
    if (target.needs_outcomes) allowed_ = model::EnumerateOutcomes(litmus);
    const bool explains = IsDisagreement(target.finding);
    runner_.emplace(litmus,
                    Judge::Options{.allowed = allowed_ ? &*allowed_ : nullptr, .explain = explains},
                    options.max_steps);
  }

  /// With as many preemptions as the target at most: along the guide, then by searches with 0, 1,
  /// ... of them, each complete if the budget lasts.
  std::optional<Finding> Run(const sim::Guide& guide) {
    const uint32_t most = target_.finding.preemptions;
    sim::Guided guided(guide, runner_->places());
    auto found = Search(guided, 1);
    if (found && found->preemptions > most) found = Reordered(*runner_, is_wanted());
    if (found && found->preemptions <= most) return found;
    return RunBounded(most);
  }

  std::optional<Finding> RunBounded(uint32_t most) {
    for (uint32_t bound = 0; bound <= most; ++bound) {
      sim::Bounded bounded(bound);
      const uint64_t done = runner_->executions();
      if (done >= options_.executions_per_program) break;
      if (auto found = Search(bounded, options_.executions_per_program - done)) return found;
    }
    return std::nullopt;
  }

  IsWanted is_wanted() {
    return [this](const Finding& found) {
      return target_.IsSame(found) && (!target_.is_against_model || runner_->IsUnexplained());
    };
  }

  Runner& runner() { return *runner_; }

 private:
  std::optional<Finding> Search(sim::Strategy& strategy, uint64_t max_executions) {
    const IsWanted wanted = is_wanted();
    for (uint64_t i = 0; i < max_executions && strategy.BeginExecution(); ++i) {
      std::optional<Finding> found = runner_->Run(strategy);
      if (!found || !wanted(*found)) continue;
      // The same of every execution of the program.
      if (target_.model_excludes_it && !ModelExcludes(litmus_, *found)) return std::nullopt;
      return found;
    }
    return std::nullopt;
  }

  const model::Litmus& litmus_;
  const Target& target_;
  const ShrinkOptions& options_;
  std::optional<model::AllowedOutcomes> allowed_;
  std::optional<Runner> runner_;
};

// The steps and values of what is left of the program.
sim::Guide Renamed(const sim::Guide& guide, const Renaming& renaming) {
  const auto rename = [&](auto& item) {
    const model::ThreadIndex owner = sim::OwnerOf(item.thread);
    const std::optional<uint32_t> thread = renaming.threads[owner];
    const std::optional<uint32_t> call = thread ? renaming.calls[owner][item.place] : std::nullopt;
    if (!call) return true;
    const auto id = static_cast<sim::ThreadId>(*thread);
    item.thread = sim::IsTimer(item.thread) ? sim::TimerOf(id) : id;
    item.place = *call;
    return false;
  };
  sim::Guide renamed = guide;
  std::erase_if(renamed.steps, rename);
  std::erase_if(renamed.values, rename);
  return renamed;
}

class Shrinker {
 public:
  Shrinker(const model::Litmus& litmus, const Finding& finding, const ShrinkOptions& options)
      : options_(options), litmus_(litmus) {
    target_.finding = finding;
    Learn();
  }

  // Goes round the candidates until none of them shows the failure.
  void Run() {
    std::vector<Reduced> candidates = SmallerReductions(litmus_);
    size_t refused = 0;  // In a row.
    for (size_t next = 0; refused < candidates.size(); ++next) {
      if (next >= candidates.size()) next = 0;
      if (!Take(candidates[next])) {
        ++refused;
        continue;
      }
      candidates = SmallerReductions(litmus_);
      refused = 0;
      // What came before was refused a moment ago: most of that still stands.
      next = next == 0 ? candidates.size() : next - 1;
    }
  }

  MinimizedFailure Finish() {
    MinimizedFailure result{litmus_, target_.finding, executions_, true};
    const model::AllowedOutcomes allowed = model::EnumerateOutcomes(litmus_);
    const Recording whole =
        Record(litmus_, &allowed, *target_.finding.schedule, {}, options_.max_steps);
    if (!whole.finding) return result;
    const uint64_t budget = MaySearch(litmus_) ? options_.max_executions : 0;
    Minimized small = Minimize(litmus_, &allowed, *whole.finding, options_.max_steps, budget);
    result.finding = std::move(small.finding);
    result.executions += 1 + small.executions;
    result.is_minimum = small.is_minimum;
    return result;
  }

 private:
  // What has to be the same elsewhere, from the failure as it was found; then the best schedule for
  // it that is soon found.
  void Learn() {
    Runner runner(litmus_, {}, options_.max_steps);
    target_.is_against_model = IsAgainstTheModel(runner, target_.finding);
    const bool is_claim = target_.is_against_model && target_.finding.id.starts_with("HD1");
    target_.model_excludes_it =
        (is_claim || IsLeak(target_.finding)) && ModelExcludes(litmus_, target_.finding);
    sim::Replay replay(*target_.finding.schedule);
    replay.BeginExecution();
    const std::optional<Finding> found = runner.Run(replay);
    target_.needs_outcomes = !found || !target_.IsSame(*found);
    executions_ += runner.executions();

    Hunt hunt(litmus_, target_, options_);
    target_.finding = Polish(hunt.runner(), target_.finding, hunt.is_wanted());
    if (target_.finding.preemptions != 0 && MaySearch(litmus_)) {
      if (auto better = hunt.RunBounded(target_.finding.preemptions - 1)) {
        target_.finding = std::move(*better);
      }
    }
    guide_ = GuideOf(hunt.runner(), *target_.finding.schedule);
    executions_ += hunt.runner().executions();
  }

  bool MaySearch(const model::Litmus& litmus) const {
    const uint64_t hash = model::LitmusHash(litmus);
    if (options_.avoided.contains(hash)) return false;
    options_.about_to_search(hash);
    return true;
  }

  bool Take(Reduced& candidate) {
    if (!MaySearch(candidate.litmus)) return false;
    Hunt hunt(candidate.litmus, target_, options_);
    std::optional<Finding> found = hunt.Run(Renamed(guide_, candidate.renaming));
    if (found) guide_ = GuideOf(hunt.runner(), *found->schedule);
    executions_ += hunt.runner().executions();
    if (!found) return false;
    target_.finding = std::move(*found);
    litmus_ = std::move(candidate.litmus);
    return true;
  }

  const ShrinkOptions& options_;
  model::Litmus litmus_;
  Target target_;
  sim::Guide guide_;  // Of the finding.
  uint64_t executions_ = 0;
};

}  // namespace

MinimizedFailure MinimizeFailure(const model::Litmus& litmus, const Finding& finding,
                                 const ShrinkOptions& options) {
  Shrinker shrinker(litmus, finding, options);
  shrinker.Run();
  return shrinker.Finish();
}

}  // namespace props
