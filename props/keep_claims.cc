// What is left of the claims of a litmus file when parts of its program have gone.
#include <algorithm>
#include <set>
#include <utility>

#include "props/removal.h"

namespace props {

namespace {

using model::Location;
using model::Proposition;
using Kind = Proposition::Kind;

bool IsOfHandle(Location::Field field) {
  using Field = Location::Field;
  return field == Field::kQueue || field == Field::kSignals || field == Field::kOwner;
}

class Keeper {
 public:
  Keeper(const model::Program& program, const Renaming& renaming) : renaming_(renaming) {
    for (size_t i = 0; i < program.processes.size(); ++i) {
      if (!renaming.processes[i]) gone_.insert(program.processes[i]);
    }
  }

  std::optional<Location> Keep(Location location) const {
    if (IsOfHandle(location.field)) {
      const std::optional<uint32_t> handle = renaming_.handles[location.handle];
      if (!handle) return std::nullopt;
      location.handle = *handle;
      return location;
    }
    const std::optional<uint32_t> variable =
        renaming_.variables[location.thread][location.variable];
    const std::optional<uint32_t> thread = renaming_.threads[location.thread];
    if (!variable || !thread) return std::nullopt;
    location.thread = *thread;
    location.variable = *variable;
    return location;
  }

  bool NamesGone(const model::Value& value) const {
    const auto* owner = std::get_if<model::Owner>(&value);
    return owner != nullptr && gone_.contains(owner->name);
  }

  /// What follows from the proposition, if `weaker`, or what it follows from, and names nothing
  /// that has gone.
  std::optional<Proposition> Keep(Proposition proposition, bool weaker) const {
    switch (proposition.kind) {
      case Kind::kNot: {
        auto operand = Keep(std::move(proposition.operands[0]), !weaker);
        if (!operand) return std::nullopt;
        proposition.operands[0] = std::move(*operand);
        return proposition;
      }
      case Kind::kAnd:
      case Kind::kOr:
        return KeepOperands(std::move(proposition), weaker);
      case Kind::kBlocked: {
        const std::optional<uint32_t> thread = renaming_.threads[proposition.thread];
        if (!thread) return std::nullopt;
        proposition.thread = *thread;
        return proposition;
      }
      default:
        return KeepComparison(std::move(proposition));
    }
  }

 private:
  std::optional<Proposition> KeepOperands(Proposition proposition, bool weaker) const {
    const bool may_drop = (proposition.kind == Kind::kAnd) == weaker;
    std::vector<Proposition> kept;
    for (Proposition& operand : proposition.operands) {
      auto rest = Keep(std::move(operand), weaker);
      if (rest) kept.push_back(std::move(*rest));
      if (!rest && !may_drop) return std::nullopt;
    }
    if (kept.empty()) return std::nullopt;
    if (kept.size() == 1) return std::move(kept[0]);
    proposition.operands = std::move(kept);
    return proposition;
  }

  std::optional<Proposition> KeepComparison(Proposition proposition) const {
    proposition.left = Keep(*proposition.left);
    if (!proposition.left) return std::nullopt;
    if (const auto* location = std::get_if<Location>(&proposition.right)) {
      const std::optional<Location> right = Keep(*location);
      if (!right) return std::nullopt;
      proposition.right = *right;
    } else if (NamesGone(std::get<model::Value>(proposition.right))) {
      return std::nullopt;
    }
    return proposition;
  }

  const Renaming& renaming_;
  std::set<std::string> gone_;  // Names of processes.
};

// Rows that have become equal are one; those that name what has gone can never be.
void KeepRows(const Keeper& keeper, const std::vector<bool>& columns,
              model::ExpectedOutcomes* expected) {
  std::vector<model::Outcome> rows;
  for (const model::Outcome& row : expected->outcomes) {
    model::Outcome kept;
    for (size_t i = 0; i < columns.size(); ++i) {
      if (columns[i]) kept.push_back(row[i]);
    }
    const bool impossible = std::any_of(kept.begin(), kept.end(),
                                        [&](const auto& value) { return keeper.NamesGone(value); });
    if (impossible || std::find(rows.begin(), rows.end(), kept) != rows.end()) continue;
    rows.push_back(std::move(kept));
  }
  expected->outcomes = std::move(rows);
}

}  // namespace

void KeepClaims(const model::Litmus& litmus, const Renaming& renaming, model::Litmus* to) {
  const Keeper keeper(litmus.program, renaming);
  to->locations.clear();
  std::vector<bool> columns;
  for (const Location& location : litmus.locations) {
    const std::optional<Location> kept = keeper.Keep(location);
    columns.push_back(kept.has_value());
    if (kept) to->locations.push_back(*kept);
  }
  to->conditions.clear();
  for (const model::Condition& condition : litmus.conditions) {
    const bool weaker = condition.quantifier != model::Condition::Quantifier::kNotExists;
    auto kept = keeper.Keep(condition.proposition, weaker);
    if (!kept) continue;
    to->conditions.push_back(condition);
    to->conditions.back().proposition = std::move(*kept);
  }
  to->outcomes = litmus.outcomes;
  if (!to->outcomes) return;
  KeepRows(keeper, columns, &*to->outcomes);
  if (to->locations.empty() || to->outcomes->outcomes.empty()) to->outcomes.reset();
}

}  // namespace props
