// heddle model: the outcomes that the reference model allows; nothing runs on the core.
#include <fmt/format.h>

#include <algorithm>

#include "model/outcomes.h"
#include "props/failure_text.h"
#include "props/generations.h"
#include "props/scenario.h"
#include "tools/commands.h"
#include "tools/exit_codes.h"
#include "tools/file_explorer.h"
#include "tools/files.h"

namespace tools {

namespace {

// "x*2 y": who takes the model's steps, one after the other.
std::string PrintOrder(const model::Program& program, const std::vector<model::Choice>& order) {
  std::string text;
  for (size_t i = 0; i < order.size();) {
    size_t end = i + 1;
    while (end < order.size() && order[end] == order[i]) ++end;
    text += (text.empty() ? "" : " ") + program.threads[order[i].thread].name;
    if (order[i].choice != 0) text += fmt::format("={}", order[i].choice);
    if (end - i > 1) text += fmt::format("*{}", end - i);
    i = end;
  }
  return text;
}

int PrintAllowed(const model::Litmus& litmus) {
  const model::AllowedOutcomes allowed = model::EnumerateOutcomes(litmus);
  fmt::print("Test {}   ({})   hash {:016x}   {}\n", litmus.program.name, litmus.architecture,
             model::LitmusHash(litmus), model::GenerationName(litmus.generation));
  fmt::print("Allowed ({}, {}, {})\n", props::CountOf(allowed.outcomes.size(), "outcome"),
             props::CountOf(allowed.states, "state"),
             allowed.complete ? "complete" : "cut: too many");
  size_t width = 0;
  for (const auto& [outcome, order] : allowed.outcomes) {
    width = std::max(width, model::PrintOutcome(litmus, outcome).size());
  }
  for (const auto& [outcome, order] : allowed.outcomes) {
    fmt::print("  {:<{}}  e.g. {}\n", model::PrintOutcome(litmus, outcome), width,
               PrintOrder(litmus.program, order));
  }
  for (const auto& [blocked, order] : allowed.blocked_sets) {
    if (blocked == 0) continue;
    std::string names;
    for (size_t i = 0; i < litmus.program.threads.size(); ++i) {
      if (((blocked >> i) & 1) != 0) names += " " + litmus.program.threads[i].name;
    }
    fmt::print("  blocked for ever:{}  e.g. {}\n", names, PrintOrder(litmus.program, order));
  }
  return allowed.complete ? kExitHolds : kExitUnknown;
}

}  // namespace

int Model(const Options& options) {
  int code = kExitHolds;
  for (const std::string& file : options.inputs) {
    Loaded<model::Litmus> loaded = LoadLitmus(file);
    if (const int* failure = std::get_if<int>(&loaded)) {
      code = Worse(code, *failure);
      continue;
    }
    const auto& litmus = std::get<model::Litmus>(loaded);
    if (!props::ScenarioNameOf(litmus).empty()) {
      fmt::print(stderr,
                 "heddle: {} is a scenario: what it calls is known only when it runs, and is then "
                 "compared with the model. See heddle explore.\n",
                 file);
      return kExitUsage;
    }
    if (!options.all_generations) {
      const model::Generation generation = options.generation.value_or(litmus.generation);
      code = Worse(code, PrintAllowed(props::UnderGeneration(litmus, generation)));
      continue;
    }
    for (const model::Generation generation : model::kGenerations) {
      code = Worse(code, PrintAllowed(props::UnderGeneration(litmus, generation)));
    }
  }
  return code;
}

}  // namespace tools
