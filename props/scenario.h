// Scenarios: programs whose threads are C++ functions over the system calls, with loops and
// branches.
//
// A scenario is written once and registered under its name:
//
//     HEDDLE_SCENARIO(echo) {
//       setup.Says("An echo server and a client");
//       const auto client = setup.Process("client");
//       const auto server = setup.Process("server");
//       const props::Pair a = setup.Channel("a", client, server);  // a[0] and a[1].
//       setup.Thread(client, "c", [=](props::Syscalls& sys) {
//         const props::Answer reply = sys.Call(a[0], "hello");
//         sys.Check(reply.bytes == "hello", "an echo says what it was told");
//       });
//       setup.Thread(server, "s", [=](props::Syscalls& sys) { ... });
//     }
//
// What runs is the core that ships: a body only decides which call its thread makes next, and what
// it has made is a straight-line model::Program, which the reference model explains together with
// the answers. So a scenario is explored, judged, saved and replayed as a litmus file is. Its
// litmus text declares what exists at the start; its threads have no calls, and its `Scenario`
// key names the bodies.
//
// A body must depend on nothing but the answers of its calls: threads share no variables, and what
// a lambda captures by value is copied anew for every execution.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/litmus.h"
#include "props/syscalls.h"

namespace props {

using Body = std::function<void(Syscalls&)>;

struct Scenario {
  model::Litmus litmus;      // Threads without calls.
  std::vector<Body> bodies;  // By thread.
  std::string file;          // From the top of the repository.
  uint32_t line = 0;
  const std::string& name() const { return litmus.program.name; }
};

/// Declares what exists when the threads start.
class ScenarioSetup {
 public:
  explicit ScenarioSetup(Scenario* scenario) : scenario_(*scenario) {}

  /// What the scenario shows, in a sentence.
  void Says(std::string title);
  model::ProcessIndex Process(std::string name);
  /// NAME0 in the first process and NAME1 in the second.
  Pair Channel(const std::string& name, model::ProcessIndex first, model::ProcessIndex second);
  Pair EventPair(const std::string& name, model::ProcessIndex first, model::ProcessIndex second);
  /// One event with a handle in each process: NAME0, NAME1, ...
  std::vector<Handle> Event(const std::string& name,
                            const std::vector<model::ProcessIndex>& processes);
  /// A message that is in the queue of a declared endpoint already.
  void Queued(const Handle& endpoint, std::string payload);
  void Thread(model::ProcessIndex process, std::string name, Body body);

  /// Threads may wait for ever at the end.
  void AllowBlocked();
  /// A complete search keeps to executions with so many preemptions.
  void WithinPreemptions(uint32_t count);
  /// An execution with more events is a failure.
  void WithinSteps(uint32_t count);

 private:
  Pair DeclarePair(const std::string& name, core::ObjectType type, model::ProcessIndex first,
                   model::ProcessIndex second);
  Handle Declare(std::string name, model::ProcessIndex process, uint32_t side);

  Scenario& scenario_;
};

/// All scenarios that are linked in, by name.
std::vector<const Scenario*> Scenarios();
const Scenario* FindScenario(std::string_view name);

/// The name of the scenario that the litmus text belongs to; empty if it stands for itself.
std::string_view ScenarioNameOf(const model::Litmus& litmus);
/// The bodies of its threads; null if it stands for itself.
const Scenario* ScenarioOf(const model::Litmus& litmus);

/// Why a text that names a scenario cannot be run: nobody knows the scenario, or it now starts with
/// something else. Nothing for what can be run. More processes and threads, and other generations
/// and faults, are fine.
enum class ScenarioMistake : uint8_t { kUnknown, kChanged };
std::optional<ScenarioMistake> FindScenarioMistake(const model::Litmus& litmus);

/// What HEDDLE_SCENARIO makes, for as long as the program runs.
struct ScenarioRegistration {
  ScenarioRegistration(const char* scenario, void (*description)(ScenarioSetup&),
                       const char* source, uint32_t source_line);
  ScenarioRegistration(const ScenarioRegistration&) = delete;
  ScenarioRegistration& operator=(const ScenarioRegistration&) = delete;

  const char* name;
  void (*describe)(ScenarioSetup&);
  const char* file;
  uint32_t line;
  const ScenarioRegistration* previous;
};

}  // namespace props

#define HEDDLE_SCENARIO(name)                                                                  \
  static void DescribeScenario_##name(::props::ScenarioSetup& setup);                          \
  static const ::props::ScenarioRegistration kScenario_##name(#name, &DescribeScenario_##name, \
                                                              __FILE__, __LINE__);             \
  static void DescribeScenario_##name([[maybe_unused]] ::props::ScenarioSetup& setup)
