// Draws from the top of a file to its end, so that everything refers to what is there already.
#include <fmt/format.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/litmus_parser.h"
#include "model/names.h"
#include "tests/model/litmus_drawing.h"
#include "tests/model/litmus_generator.h"

namespace model {
namespace {

using Field = Location::Field;
using Kind = Proposition::Kind;

std::vector<std::string> DrawPayloads() {
  std::vector<std::string> payloads(Below(3));
  for (std::string& payload : payloads) payload = DrawBytes();
  return payloads;
}

class LitmusDrawing {
 public:
  Litmus Draw() {
    litmus_.architecture = "Zircon";
    program_.name = OneOf<std::string>({"T", "MP+2", "a.b:c", "\"quoted\"", "{", "x//y"});
    if (Chance(2)) litmus_.title = DrawBytes();
    DrawMetadata();
    DrawInit();
    const uint32_t threads = Below(4);
    for (uint32_t i = 0; i < threads; ++i) {
      program_.threads.push_back({.name = fmt::format("thread{}", i),
                                  .process = Below(program_.processes.size()),
                                  .variables = {},
                                  .calls = {},
                                  .position = {}});
    }
    for (uint32_t i = 0; i < threads; ++i) DrawCalls(&program_, i);
    DrawClaims();
    for (std::optional<uint32_t> Within::*bound :
         {&Within::preemptions, &Within::steps, &Within::faults}) {
      if (Chance(4)) litmus_.within.*bound = Chance(2) ? DrawNumber() : Within::kAny;
    }
    return std::move(litmus_);
  }

 private:
  void DrawMetadata() {
    if (Chance(2)) litmus_.metadata.emplace_back("Doc", DrawBytes());
    const uint32_t allow = Below(4);
    litmus_.allow_blocked = (allow & 1) != 0;
    litmus_.allow_leak = (allow & 2) != 0;
    const std::vector<std::string> words = {"", "blocked", " leak ", "leak,blocked"};
    if (allow != 0) litmus_.metadata.emplace_back("Allow", words[allow]);
    if (Chance(2)) {
      litmus_.generation = kGenerations[Below(kGenerations.size())];
      litmus_.metadata.emplace_back("Abi", GenerationName(litmus_.generation));
    }
    const uint32_t faults = Below(3);
    if (faults == 1) litmus_.faults.allocation = 1 + DrawNumber() / 2;
    if (faults == 2) litmus_.faults = {.allocation = 2, .user_memory = 4};
    if (faults == 1) {
      litmus_.metadata.emplace_back("Faults", fmt::format("nomem={}", litmus_.faults.allocation));
    }
    if (faults == 2) litmus_.metadata.emplace_back("Faults", "memory=4,  nomem = 2 ");
  }

  void DrawInit() {
    const uint32_t processes = 1 + Below(3);
    for (uint32_t i = 0; i < processes; ++i) program_.processes.push_back(fmt::format("p{}", i));
    const uint32_t objects = Below(4);
    for (uint32_t i = 0; i < objects; ++i) {
      const core::ObjectType type =
          OneOf<core::ObjectType>({core::ObjectType::kChannel, core::ObjectType::kChannel,
                                   core::ObjectType::kEvent, core::ObjectType::kEventPair});
      program_.objects.push_back(
          {.name = fmt::format("object_{}", i), .type = type, .handles = {}});
      const uint32_t handles = type == core::ObjectType::kEvent ? 1 + Below(3) : 2;
      for (uint32_t side = 0; side < handles; ++side) DrawHandle(i, side);
    }
    for (EndpointIndex endpoint : Endpoints()) {
      if (!Chance(3)) continue;
      InitialQueue& queue = program_.queues.emplace_back(InitialQueue{endpoint, {}});
      for (std::string& payload : DrawPayloads()) {
        queue.messages.push_back({std::move(payload), Chance(3) ? 1 + Below(kMaxNested) : 0});
      }
    }
  }

  void DrawHandle(ObjectIndex object, uint32_t side) {
    program_.objects[object].handles.push_back(static_cast<EndpointIndex>(program_.handles.size()));
    program_.handles.push_back({.name = fmt::format("h{}", program_.handles.size()),
                                .process = Below(program_.processes.size()),
                                .object = object,
                                .side = side,
                                .rights = DrawRights(true)});
  }

  std::vector<EndpointIndex> Endpoints() const {
    std::vector<EndpointIndex> endpoints;
    for (EndpointIndex i = 0; i < program_.handles.size(); ++i) {
      const DeclaredObject& object = program_.objects[program_.handles[i].object];
      if (object.type == core::ObjectType::kChannel) endpoints.push_back(i);
    }
    return endpoints;
  }

  // Everything that can be observed.
  std::vector<Location> AllLocations() const {
    std::vector<Location> locations;
    for (ThreadIndex t = 0; t < program_.threads.size(); ++t) {
      for (VariableIndex v = 0; v < program_.threads[t].variables.size(); ++v) {
        const CallKind kind = program_.threads[t].variables[v].kind;
        for (uint32_t number = 0; number <= static_cast<uint32_t>(Field::kCount); ++number) {
          const Field field = static_cast<Field>(number);
          if (!CallProduces(kind, field)) continue;
          const uint32_t count = IsIndexed(kind, field) ? ListLength(t, v, field) : 1;
          if (count == 0) continue;
          locations.push_back({.field = field, .thread = t, .variable = v, .index = Below(count)});
        }
      }
    }
    for (EndpointIndex i = 0; i < program_.handles.size(); ++i) {
      locations.push_back({.field = Field::kSignals, .handle = i});
    }
    for (EndpointIndex endpoint : Endpoints()) {
      for (Field field : {Field::kQueue, Field::kOwner}) {
        locations.push_back({.field = field, .handle = endpoint});
      }
    }
    for (Location& location : locations) {
      location.names_field = location.field == Field::kStatus && Chance(3);
    }
    return locations;
  }

  // How many there are of an indexed field, or a few of very many.
  uint32_t ListLength(ThreadIndex thread, VariableIndex variable, Field field) const {
    size_t length = core::kMaxMessageHandles;
    for (const Call& call : program_.threads[thread].calls) {
      if (call.result != variable) continue;
      if (field == Field::kResults) {
        length = std::max<size_t>(call.dispositions.size(), call.handle_count.value_or(0));
      }
      if (field == Field::kPending) {
        length = std::max<size_t>(call.items.size(), call.count.value_or(0));
      }
    }
    return static_cast<uint32_t>(std::min<size_t>(length, 1000));
  }

  Value DrawValue(const Location& location) {
    if (!IsEndpointField(location.field) && Chance(6)) return {};
    switch (location.field) {
      case Field::kStatus:
      case Field::kReadStatus:
      case Field::kResults:
        return OneOf<core::Status>({core::Status::kOk, core::Status::kBadHandle,
                                    core::Status::kPeerClosed, core::Status::kTimedOut});
      case Field::kBytes:
        return DrawBytes();
      case Field::kQueue:
        return DrawPayloads();
      case Field::kOwner:
        return Owner{OneOf<std::string>({"transit", "gone", program_.processes[0]})};
      case Field::kKey:
      case Field::kCount:
        return *rc::gen::arbitrary<uint64_t>();
      default:
        return uint64_t{DrawNumber()};
    }
  }

  Proposition DrawComparison(const std::vector<Location>& locations) {
    Proposition proposition;
    proposition.left = OneOf(locations);
    const Field field = proposition.left->field;
    const bool number = TypeOf(field) == ValueType::kNumber;
    proposition.kind = static_cast<Kind>(Below(number ? 6 : 2));
    if (Chance(4)) {
      proposition.right = *proposition.left;
      return proposition;
    }
    Value value = DrawValue(*proposition.left);
    const bool order = proposition.kind != Kind::kEqual && proposition.kind != Kind::kNotEqual;
    if (order && std::holds_alternative<std::monostate>(value)) value = uint64_t{1};
    proposition.right = value;
    if (field == Field::kQueue && Chance(2)) {
      proposition.kind = Kind::kIn;
      proposition.right = Value(DrawBytes());
      const auto bytes = std::ranges::find(locations, Field::kBytes, &Location::field);
      if (bytes != locations.end() && Chance(2)) proposition.right = *bytes;
    }
    return proposition;
  }

  // Needs a thread or a location.
  Proposition DrawProposition(const std::vector<Location>& locations, uint32_t depth) {
    Proposition proposition;
    if (depth > 0 && Chance(2)) {
      proposition.kind = OneOf<Kind>({Kind::kAnd, Kind::kOr, Kind::kNot});
      const uint32_t operands = proposition.kind == Kind::kNot ? 1 : 2 + Below(2);
      for (uint32_t i = 0; i < operands; ++i) {
        proposition.operands.push_back(DrawProposition(locations, depth - 1));
      }
      return proposition;
    }
    if (locations.empty() || (!program_.threads.empty() && Chance(4))) {
      proposition.kind = Kind::kBlocked;
      proposition.thread = Below(program_.threads.size());
      return proposition;
    }
    return DrawComparison(locations);
  }

  void DrawClaims() {
    std::vector<Location> all = AllLocations();
    const uint32_t conditions = all.empty() && program_.threads.empty() ? 0 : Below(4);
    for (uint32_t i = 0; i < conditions; ++i) {
      Condition condition;
      condition.quantifier = static_cast<Condition::Quantifier>(Below(3));
      if (Chance(2)) condition.name = DrawBytes();
      condition.proposition = DrawProposition(all, 4);
      litmus_.conditions.push_back(std::move(condition));
    }
    std::erase_if(all, [](const Location&) { return Chance(2); });
    litmus_.locations = all;
    if (all.empty() || Chance(3)) return;
    ExpectedOutcomes expected;
    expected.exact = Chance(2);
    const uint32_t outcomes = 1 + Below(4);
    std::set<Outcome> seen;
    for (uint32_t i = 0; i < outcomes; ++i) {
      Outcome outcome;
      for (const Location& location : all) outcome.push_back(DrawValue(location));
      if (seen.insert(outcome).second) expected.outcomes.push_back(outcome);
    }
    litmus_.outcomes = std::move(expected);
  }

  Litmus litmus_;
  Program& program_ = litmus_.program;
};

}  // namespace

Litmus DrawLitmus() {
  return LitmusDrawing().Draw();
}

}  // namespace model
