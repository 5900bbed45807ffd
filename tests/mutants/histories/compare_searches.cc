// Does a reduced search find what is wrong with histories wherever other searches do?
//
//     compare_searches PROGRAMS SEED EXECUTIONS
//
// Draws programs, and runs each twice on the core that this is linked with: once by a reduced
// search, whose judge sees all histories of each class, and once by every interleaving, or by a
// sample of EXECUTIONS if there are more, of which only the histories of the executions themselves
// are judged. Prints each program of which one search finds a history that the model does not
// explain, and the other ought to and does not. Exit 1 if there are any.
#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>

#include "model/linearizability.h"
#include "props/draw.h"
#include "props/findings.h"
#include "props/search.h"
#include "props/world.h"
#include "sim/engine/explorer.h"

namespace {

using props::Search;

constexpr uint64_t kMaxStates = 20'000;  // Of the model, for one history.
constexpr uint32_t kMaxSteps = 5'000;
constexpr uint32_t kDrawSize = 30;  // Small enough for most to be searched to the end.

struct Answer {
  bool found = false;
  bool all = false;  // The search came to its end, and no verdict is open.
};

template <typename Visit>
bool Explore(props::World& world, const model::Litmus& litmus, Search search, uint64_t executions,
             Visit visit) {
  const auto strategy = props::MakeStrategy(search, /*seed=*/1, executions);
  sim::ExploreOptions options;
  options.limits = props::LimitsOf(litmus, kMaxSteps);
  options.max_executions = executions;
  options.determinism_every = 0;
  return sim::Explore(world, *strategy, options, visit).end == sim::ExploreEnd::kExhausted;
}

Answer ByClasses(const model::Litmus& litmus, uint64_t executions) {
  props::World world(litmus);
  props::Judge judge(litmus, {.explain = true, .max_states = kMaxStates});
  Answer answer;
  answer.all = Explore(world, litmus, Search::kSourceSets, executions, [&](const auto& execution) {
    const bool is_whole = execution.end != sim::ExecutionEnd::kFailed;
    answer.found = answer.found || (is_whole && judge.IsUnexplained(execution, world));
    return !answer.found;
  });
  answer.all = answer.all && judge.seen().unknown.empty();
  return answer;
}

// Without the code that finds the histories of a class.
Answer ByExecutions(const model::Litmus& litmus, Search search, uint64_t executions) {
  props::World world(litmus);
  std::map<std::string, model::Verdict> verdicts;
  Answer answer;
  answer.all = Explore(world, litmus, search, executions, [&](const auto& execution) {
    if (execution.end == sim::ExecutionEnd::kFailed) return true;
    const model::History history = world.HistoryOf(execution);
    const auto [known, is_new] = verdicts.try_emplace(Encode(history));
    if (is_new) known->second = Explain(litmus, history, {.max_states = kMaxStates}).verdict;
    answer.found = known->second == model::Verdict::kNotExplained;
    return !answer.found;
  });
  for (const auto& [history, verdict] : verdicts) {
    answer.all = answer.all && verdict != model::Verdict::kUnknown;
  }
  return answer;
}

struct Counts {
  uint64_t cut = 0;  // Programs with too many classes, or verdicts that are open.
  uint64_t found = 0;
  uint64_t only_by_classes = 0;  // Where a sample is all there is to compare with.
  uint64_t wrong = 0;
};

void Compare(model::Litmus litmus, uint64_t executions, Counts& counts) {
  // Whatever else is wrong does not matter here.
  litmus.allow_blocked = true;
  litmus.allow_leak = true;
  const Answer reduced = ByClasses(litmus, executions);
  if (reduced.found) ++counts.found;
  if (!reduced.found && !reduced.all) {
    ++counts.cut;
    return;
  }
  Answer other = ByExecutions(litmus, Search::kBruteForce, executions);
  if (!other.found && !other.all) {
    other = ByExecutions(litmus, Search::kPortfolio, executions);
    other.all = false;
  }
  if (other.found == reduced.found) return;
  if (reduced.found && !other.all) {
    ++counts.only_by_classes;
    return;
  }
  ++counts.wrong;
  fmt::print("only {} finds a history that the model does not explain:\n{}\n",
             reduced.found ? "the reduced search" : "another search", model::PrintLitmus(litmus));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    fmt::print(stderr, "usage: {} PROGRAMS SEED EXECUTIONS\n", argv[0]);
    return 64;
  }
  const uint64_t programs = std::strtoull(argv[1], nullptr, 10);
  const uint64_t seed = std::strtoull(argv[2], nullptr, 10);
  const uint64_t executions = std::strtoull(argv[3], nullptr, 10);
  Counts counts;
  for (uint64_t i = 0; i < programs; ++i) {
    Compare(props::DrawConcurrent(seed + i, kDrawSize), executions, counts);
  }
  fmt::print("{} programs: {} with such a history, {} of them not sampled; {} cut; {} wrong\n",
             programs, counts.found, counts.only_by_classes, counts.cut, counts.wrong);
  return counts.wrong == 0 ? 0 : 1;
}
