// Searches the interleavings of a litmus program on the core, and reports what it shows.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/litmus.h"
#include "model/outcomes.h"
#include "props/findings.h"
#include "props/search.h"
#include "sim/engine/explorer.h"

namespace props {

/// What a search has seen so far. `stop` in the answer ends it after the execution in progress.
struct Progress {
  uint64_t executions = 0;
  uint64_t cut_short = 0;  // Executions that the strategy recognised as repetitions.
  uint64_t outcomes = 0;
  uint64_t findings = 0;
  uint64_t singletons = 0;  // Outcomes that one execution showed.
};
enum class Interruption : uint8_t { kNone, kBudget, kSignal };
using ProgressReport = std::function<Interruption(const Progress&)>;

struct CheckOptions {
  Search search = Search::kSourceSets;
  uint64_t seed = 0;
  uint64_t runs = 10'000;       // Of a random search.
  uint64_t max_executions = 0;  // Of a complete one; 0 is no limit.
  uint32_t max_steps = 20'000;
  uint32_t determinism_every = 20;
  bool keep_going = false;  // Report every distinct finding instead of the first.
  bool compare_with_model = true;
  ProgressReport progress = [](const Progress&) { return Interruption::kNone; };
};

/// The strategy of the whole search, within its bound.
std::unique_ptr<sim::Strategy> MakeStrategy(const model::Litmus& litmus,
                                            const CheckOptions& options);

enum class CheckEnd : uint8_t {
  kComplete,  // Every interleaving is accounted for, of those within the bound.
  kFirstFailure,
  kRunsReached,
  kBudget,
  kInterrupted,
  kShardDone,  // Of a complete search that other shards do the rest of.
};
/// "complete", "first failure", ...: why a search ended.
std::string_view EndName(CheckEnd end);

struct OutcomeRow {
  uint64_t count = 0;     // Executions that ended so; 0 for outcomes that only the model shows.
  sim::Schedule example;  // Of one of them.
  bool blocked = false;   // In the example some thread waits for ever.
};

struct ConditionTally {
  uint64_t holds = 0;
  uint64_t fails = 0;
};

struct CheckReport {
  CheckEnd end = CheckEnd::kComplete;
  uint64_t executions = 0;
  uint64_t cut_short = 0;
  std::map<model::Outcome, OutcomeRow> outcomes;
  std::vector<ConditionTally> conditions;  // By condition of the file.
  std::vector<Finding> findings;           // Distinct, in order of discovery.
  std::optional<model::AllowedOutcomes> model;
  Histories histories;  // That were compared with the model.
};

/// Adds it, unless the same thing was found before; then the answer is false.
bool AddFinding(Finding finding, CheckReport& report);

/// Adds what only a complete search can tell: that something never happens.
void AddMissing(const model::Litmus& litmus, Search search, CheckReport& report);

/// What the model allows as outcomes of the program; nothing if its calls are not known before it
/// runs.
std::optional<model::AllowedOutcomes> AllowedOutcomesOf(const model::Litmus& litmus);

CheckReport Check(const model::Litmus& litmus, const CheckOptions& options);

}  // namespace props
