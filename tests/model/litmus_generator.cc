// Draws from the top of a file to its end, so that everything refers to what is there already.
#include "tests/model/litmus_generator.h"

#include <fmt/format.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace model {
namespace {

using Field = Location::Field;
using Kind = Proposition::Kind;

uint32_t Below(size_t bound) {
  return *rc::gen::inRange<uint32_t>(0, static_cast<uint32_t>(bound));
}
bool Chance(uint32_t in) {
  return Below(in) == 0;
}

template <typename T>
T OneOf(const std::vector<T>& choices) {
  return choices[Below(choices.size())];
}

uint32_t DrawNumber() {
  return Chance(2) ? Below(100) : *rc::gen::arbitrary<uint32_t>() * (Chance(2) ? 1u : 0x01000193u);
}

std::string DrawBytes() {
  if (Chance(3)) return *rc::gen::arbitrary<std::string>();
  return OneOf<std::string>({"", "x", "two words", "\"", "\\", "\n\t", "é", "\xC3", "\xC2\x85",
                             "//", std::string("\0", 1), "日本語", "\xED\xA0\x80", "none"});
}

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
    for (uint32_t i = 0; i < threads; ++i) DrawThread(i);
    DrawClaims();
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
  }

  void DrawInit() {
    const uint32_t processes = 1 + Below(3);
    for (uint32_t i = 0; i < processes; ++i) program_.processes.push_back(fmt::format("p{}", i));
    const uint32_t objects = Below(4);
    for (uint32_t i = 0; i < objects; ++i) {
      const bool channel = !Chance(3);
      program_.objects.push_back(
          {.name = fmt::format("object_{}", i),
           .type = channel ? core::ObjectType::kChannel : core::ObjectType::kEvent,
           .handles = {}});
      const uint32_t handles = channel ? 2 : 1 + Below(3);
      for (uint32_t side = 0; side < handles; ++side) DrawHandle(i, side);
    }
    for (EndpointIndex endpoint : Endpoints()) {
      if (Chance(3)) program_.queues.push_back({endpoint, DrawPayloads()});
    }
  }

  void DrawHandle(ObjectIndex object, uint32_t side) {
    const core::Rights defaults = program_.objects[object].type == core::ObjectType::kEvent
                                      ? core::kRightsEventDefault
                                      : core::kRightsChannelDefault;
    const core::Rights some = defaults & *rc::gen::arbitrary<core::Rights>();
    const core::Rights other = some | core::kRightDuplicate;
    const core::Rights most = defaults & ~core::kRightTransfer;
    program_.objects[object].handles.push_back(static_cast<EndpointIndex>(program_.handles.size()));
    program_.handles.push_back(
        {.name = fmt::format("h{}", program_.handles.size()),
         .process = Below(program_.processes.size()),
         .object = object,
         .side = side,
         .rights = OneOf<core::Rights>({defaults, defaults, some, other, most, 0})});
  }

  std::vector<EndpointIndex> Endpoints() const {
    std::vector<EndpointIndex> endpoints;
    for (EndpointIndex i = 0; i < program_.handles.size(); ++i) {
      const DeclaredObject& object = program_.objects[program_.handles[i].object];
      if (object.type == core::ObjectType::kChannel) endpoints.push_back(i);
    }
    return endpoints;
  }

  void DrawThread(ThreadIndex index) {
    program_.threads.push_back({.name = fmt::format("thread{}", index),
                                .process = Below(program_.processes.size()),
                                .variables = {},
                                .calls = {},
                                .position = {}});
    ThreadProgram& thread = program_.threads.back();
    const uint32_t calls = Below(5);
    for (uint32_t i = 0; i < calls; ++i) {
      Call call = DrawCall(thread);
      if (Chance(2)) {
        call.result = static_cast<VariableIndex>(thread.variables.size());
        const std::string_view name = Chance(2) ? "r" : "result_";
        thread.variables.push_back({.name = fmt::format("{}{}", name, i), .kind = call.kind});
      }
      thread.calls.push_back(std::move(call));
    }
  }

  Call DrawCall(const ThreadProgram& thread) {
    Call call;
    call.kind = static_cast<CallKind>(Below(6));
    const bool creates =
        call.kind == CallKind::kChannelCreate || call.kind == CallKind::kEventCreate;
    if (!creates) call.handle = DrawHandleArgument(thread);
    if (call.kind == CallKind::kChannelWrite) DrawWrite(thread, &call);
    if (call.kind == CallKind::kChannelRead) {
      if (Chance(2)) call.max_bytes = DrawNumber();
      if (Chance(2)) call.max_handles = DrawNumber();
      call.options = OneOf<uint32_t>({0, core::kReadMayDiscard, DrawNumber()});
    }
    if (call.kind == CallKind::kObjectWaitOne) {
      call.signals = DrawNumber();
      call.deadline.kind = static_cast<Deadline::Kind>(Below(4));
      if (call.deadline.kind == Deadline::Kind::kAt) {
        call.deadline.at_ns = OneOf<core::Time>(
            {0, 1, 1'500, 15'000'000, 2'000'000'000, core::kTimeInfinite - 1, DrawNumber()});
      }
    }
    return call;
  }

  void DrawWrite(const ThreadProgram& thread, Call* call) {
    const std::vector<VariableIndex> reads = ResultsOf(thread, {CallKind::kChannelRead});
    const uint32_t pieces = 1 + Below(3);
    for (uint32_t i = 0; i < pieces; ++i) {
      if (!reads.empty() && Chance(2)) {
        call->bytes.emplace_back(ResultField{OneOf(reads)});
      } else {
        call->bytes.emplace_back(DrawBytes());
      }
    }
    const uint32_t handles = Below(4);
    for (uint32_t i = 0; i < handles; ++i) call->handles.push_back(DrawHandleArgument(thread));
    call->raw = Chance(3);
    if (!call->raw && Chance(2)) call->txid = DrawNumber();
    if (!call->raw && !reads.empty() && Chance(2)) call->txid = ResultField{OneOf(reads)};
    if (Chance(3)) call->options = DrawNumber();
  }

  static std::vector<VariableIndex> ResultsOf(const ThreadProgram& thread,
                                              const std::set<CallKind>& kinds) {
    std::vector<VariableIndex> results;
    for (VariableIndex i = 0; i < thread.variables.size(); ++i) {
      if (kinds.contains(thread.variables[i].kind)) results.push_back(i);
    }
    return results;
  }

  HandleArgument DrawHandleArgument(const ThreadProgram& thread) {
    std::vector<HandleArgument> choices = {RawHandle{DrawNumber()}};
    for (EndpointIndex i = 0; i < program_.handles.size(); ++i) {
      if (program_.handles[i].process == thread.process) choices.push_back(NamedHandle{i});
    }
    for (VariableIndex i : ResultsOf(thread, {CallKind::kChannelRead})) {
      choices.push_back(ResultHandle{i, Below(core::kMaxMessageHandles)});
    }
    for (VariableIndex i : ResultsOf(thread, {CallKind::kChannelCreate})) {
      choices.push_back(ResultHandle{i, Below(2)});
    }
    for (VariableIndex i : ResultsOf(thread, {CallKind::kEventCreate})) {
      choices.push_back(ResultHandle{i, 0});
    }
    return OneOf(choices);
  }

  // Everything that can be observed.
  std::vector<Location> AllLocations() const {
    std::vector<Location> locations;
    for (ThreadIndex t = 0; t < program_.threads.size(); ++t) {
      for (VariableIndex v = 0; v < program_.threads[t].variables.size(); ++v) {
        std::vector<Field> fields = {Field::kStatus};
        const CallKind kind = program_.threads[t].variables[v].kind;
        if (kind == CallKind::kObjectWaitOne) fields.push_back(Field::kObserved);
        if (kind == CallKind::kChannelRead) {
          fields.insert(fields.end(),
                        {Field::kBytes, Field::kTxid, Field::kActualBytes, Field::kActualHandles});
        }
        for (Field field : fields) {
          locations.push_back({.field = field, .thread = t, .variable = v});
        }
      }
    }
    for (EndpointIndex endpoint : Endpoints()) {
      for (Field field : {Field::kQueue, Field::kSignals, Field::kOwner}) {
        locations.push_back({.field = field, .handle = endpoint});
      }
    }
    for (Location& location : locations) {
      location.names_field = location.field == Field::kStatus && Chance(3);
    }
    return locations;
  }

  Value DrawValue(const Location& location) {
    const bool of_endpoint = location.field == Field::kQueue || location.field == Field::kSignals ||
                             location.field == Field::kOwner;
    if (!of_endpoint && Chance(6)) return {};
    switch (location.field) {
      case Field::kStatus:
        return OneOf<core::Status>({core::Status::kOk, core::Status::kBadHandle,
                                    core::Status::kPeerClosed, core::Status::kTimedOut});
      case Field::kBytes:
        return DrawBytes();
      case Field::kQueue:
        return DrawPayloads();
      case Field::kOwner:
        return Owner{OneOf<std::string>({"transit", "gone", program_.processes[0]})};
      default:
        return uint64_t{DrawNumber()};
    }
  }

  Proposition DrawComparison(const std::vector<Location>& locations) {
    Proposition proposition;
    proposition.left = OneOf(locations);
    const Field field = proposition.left->field;
    const bool number =
        field == Field::kTxid || field == Field::kActualBytes || field == Field::kActualHandles;
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
