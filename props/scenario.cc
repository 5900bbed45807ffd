#include "props/scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <utility>

#include "props/generations.h"

namespace props {

namespace {

constexpr std::string_view kKey = "Scenario";

// The registrations add themselves before main, in whatever order the linker chose.
const ScenarioRegistration*& LastRegistration() {
  static const ScenarioRegistration* last = nullptr;
  return last;
}

[[noreturn]] void Refuse(const ScenarioRegistration& registration, const std::string& why) {
  fmt::print(stderr, "{}:{}: scenario {}: {}\n", registration.file, registration.line,
             registration.name, why);
  std::abort();
}

Scenario Describe(const ScenarioRegistration& registration) {
  Scenario scenario;
  scenario.file = registration.file;
  scenario.line = registration.line;
  scenario.litmus.architecture = "Zircon";
  scenario.litmus.program.name = registration.name;
  SetMetadata(&scenario.litmus, kKey, registration.name);
  ScenarioSetup setup(&scenario);
  registration.describe(setup);
  // Through its text, so that it equals what is read back from a trace.
  auto parsed = model::ParseLitmus(model::PrintLitmus(scenario.litmus));
  if (const auto* error = std::get_if<model::LitmusError>(&parsed)) {
    Refuse(registration, error->message);
  }
  scenario.litmus = std::get<model::Litmus>(std::move(parsed));
  return scenario;
}

const std::map<std::string, Scenario, std::less<>>& Registered() {
  static const auto kScenarios = [] {
    std::map<std::string, Scenario, std::less<>> scenarios;
    for (const auto* each = LastRegistration(); each != nullptr; each = each->previous) {
      const bool is_new = scenarios.emplace(each->name, Describe(*each)).second;
      if (!is_new) Refuse(*each, "there is another one of this name");
    }
    return scenarios;
  }();
  return kScenarios;
}

template <typename T>
bool BeginsWith(const std::vector<T>& longer, const std::vector<T>& shorter) {
  return longer.size() >= shorter.size() &&
         std::equal(shorter.begin(), shorter.end(), longer.begin());
}

}  // namespace

// --- Declarations ---

void ScenarioSetup::Says(std::string title) {
  scenario_.litmus.title = std::move(title);
}

model::ProcessIndex ScenarioSetup::Process(std::string name) {
  std::vector<std::string>& processes = scenario_.litmus.program.processes;
  processes.push_back(std::move(name));
  return static_cast<model::ProcessIndex>(processes.size() - 1);
}

Handle ScenarioSetup::Declare(std::string name, model::ProcessIndex process, uint32_t side) {
  model::Program& program = scenario_.litmus.program;
  model::DeclaredHandle handle;
  handle.name = std::move(name);
  handle.process = process;
  handle.object = static_cast<model::ObjectIndex>(program.objects.size() - 1);
  handle.side = side;
  const auto index = static_cast<model::EndpointIndex>(program.handles.size());
  program.handles.push_back(std::move(handle));
  program.objects.back().handles.push_back(index);
  return {model::NamedHandle{index}, std::nullopt};
}

Pair ScenarioSetup::DeclarePair(const std::string& name, core::ObjectType type,
                                model::ProcessIndex first, model::ProcessIndex second) {
  scenario_.litmus.program.objects.push_back({name, type, {}});
  const Handle one = Declare(name + "0", first, 0);
  return {one, Declare(name + "1", second, 1)};
}

Pair ScenarioSetup::Channel(const std::string& name, model::ProcessIndex first,
                            model::ProcessIndex second) {
  return DeclarePair(name, core::ObjectType::kChannel, first, second);
}

Pair ScenarioSetup::EventPair(const std::string& name, model::ProcessIndex first,
                              model::ProcessIndex second) {
  return DeclarePair(name, core::ObjectType::kEventPair, first, second);
}

std::vector<Handle> ScenarioSetup::Event(const std::string& name,
                                         const std::vector<model::ProcessIndex>& processes) {
  scenario_.litmus.program.objects.push_back({name, core::ObjectType::kEvent, {}});
  std::vector<Handle> handles;
  for (uint32_t i = 0; i < processes.size(); ++i) {
    handles.push_back(Declare(fmt::format("{}{}", name, i), processes[i], i));
  }
  return handles;
}

void ScenarioSetup::Queued(const Handle& endpoint, std::string payload) {
  const auto index = std::get<model::NamedHandle>(endpoint.argument).handle;
  std::vector<model::InitialQueue>& queues = scenario_.litmus.program.queues;
  auto queue = std::find_if(queues.begin(), queues.end(),
                            [&](const auto& each) { return each.endpoint == index; });
  if (queue == queues.end()) queue = queues.insert(queue, {index, {}});
  queue->messages.push_back({std::move(payload), 0});
}

void ScenarioSetup::Thread(model::ProcessIndex process, std::string name, Body body) {
  model::ThreadProgram thread;
  thread.name = std::move(name);
  thread.process = process;
  scenario_.litmus.program.threads.push_back(std::move(thread));
  scenario_.bodies.push_back(std::move(body));
}

void ScenarioSetup::AllowBlocked() {
  scenario_.litmus.allow_blocked = true;
  SetMetadata(&scenario_.litmus, "Allow", "blocked");
}

void ScenarioSetup::WithinPreemptions(uint32_t count) {
  scenario_.litmus.within.preemptions = count;
}

void ScenarioSetup::WithinSteps(uint32_t count) {
  scenario_.litmus.within.steps = count;
}

// --- The register ---

ScenarioRegistration::ScenarioRegistration(const char* scenario,
                                           void (*description)(ScenarioSetup&), const char* source,
                                           uint32_t source_line)
    : name(scenario),
      describe(description),
      file(source),
      line(source_line),
      previous(std::exchange(LastRegistration(), this)) {}

std::vector<const Scenario*> Scenarios() {
  std::vector<const Scenario*> all;
  for (const auto& [name, scenario] : Registered()) all.push_back(&scenario);
  return all;
}

const Scenario* FindScenario(std::string_view name) {
  const auto found = Registered().find(name);
  return found == Registered().end() ? nullptr : &found->second;
}

std::string_view ScenarioNameOf(const model::Litmus& litmus) {
  for (const auto& [key, value] : litmus.metadata) {
    if (key == kKey) return value;
  }
  return {};
}

const Scenario* ScenarioOf(const model::Litmus& litmus) {
  const std::string_view name = ScenarioNameOf(litmus);
  return name.empty() ? nullptr : FindScenario(name);
}

std::optional<ScenarioMistake> FindScenarioMistake(const model::Litmus& litmus) {
  if (ScenarioNameOf(litmus).empty()) return std::nullopt;
  const Scenario* scenario = ScenarioOf(litmus);
  if (scenario == nullptr) return ScenarioMistake::kUnknown;
  const model::Program& now = scenario->litmus.program;
  const model::Program& program = litmus.program;
  const bool same = BeginsWith(program.processes, now.processes) &&
                    program.objects == now.objects && program.handles == now.handles &&
                    program.queues == now.queues && BeginsWith(program.threads, now.threads);
  if (!same) return ScenarioMistake::kChanged;
  return std::nullopt;
}

}  // namespace props
