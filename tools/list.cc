// heddle list: what there is to name on a command line, a line each.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "model/generation.h"
#include "props/interference.h"
#include "props/properties.h"
#include "props/scenario.h"
#include "props/search.h"
#include "tools/commands.h"
#include "tools/exit_codes.h"

namespace tools {

namespace {

struct Named {
  std::string kind;
  std::string name;
  std::string description;
};
using Names = std::vector<Named>;

void AddStrategies(Names* names) {
  for (const props::SearchKind& kind : props::SearchKinds()) {
    names->push_back({"strategy", std::string(kind.name), std::string(kind.description)});
  }
}

void AddScenarios(Names* names) {
  for (const props::Scenario* scenario : props::Scenarios()) {
    names->push_back({"scenario", scenario->name(), scenario->litmus.title});
  }
}

void AddGenerations(Names* names) {
  for (const model::Generation generation : model::kGenerations) {
    const bool is_default = generation == model::Generation::kCurrent;
    names->push_back({"generation", std::string(model::GenerationName(generation)),
                      is_default ? "of programs that name none" : ""});
  }
}

void AddFaults(Names* names) {
  for (const props::InterferenceKind& kind : props::InterferenceKinds()) {
    names->push_back({"fault", std::string(kind.name), std::string(kind.description)});
  }
}

void AddProperties(Names* names) {
  for (const props::Property& property : props::Properties()) {
    names->push_back({"property", std::string(property.name), std::string(property.sentence)});
  }
}

}  // namespace

int List(const Options&) {
  Names names;
  for (const auto add : {AddStrategies, AddScenarios, AddGenerations, AddFaults, AddProperties})
    add(&names);
  size_t kind_width = 0;
  size_t name_width = 0;
  for (const Named& each : names) {
    kind_width = std::max(kind_width, each.kind.size());
    name_width = std::max(name_width, each.name.size());
  }
  for (const Named& each : names) {
    std::string line = fmt::format("{:<{}}  {:<{}}  {}", each.kind, kind_width, each.name,
                                   name_width, each.description);
    line.erase(line.find_last_not_of(' ') + 1);
    fmt::print("{}\n", line);
  }
  return kExitHolds;
}

}  // namespace tools
