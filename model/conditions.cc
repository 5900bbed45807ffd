// The meaning of locations and propositions at the end of an execution.
#include <algorithm>

#include "model/litmus.h"
#include "model/names.h"

namespace model {
namespace {

using Field = Location::Field;
using Kind = Proposition::Kind;

// Nothing if the call wrote fewer of them.
template <typename T>
const T* At(const std::vector<T>& list, uint32_t index) {
  return index < list.size() ? &list[index] : nullptr;
}

Value EvaluateListed(const Location& location, const CallResult& result) {
  switch (location.field) {
    case Field::kResults: {
      const core::Status* status = At(result.results, location.index);
      return status != nullptr ? Value(*status) : Value();
    }
    case Field::kPending: {
      const core::Signals* signals = At(result.pending, location.index);
      return signals != nullptr ? Value(uint64_t{*signals}) : Value();
    }
    default: {
      const HandleDescription* info = At(result.infos, location.index);
      if (info == nullptr) return {};
      if (location.field == Field::kHandleRights) return uint64_t{info->rights};
      return static_cast<uint64_t>(info->type);
    }
  }
}

Value EvaluateResult(Field field, const CallResult& result) {
  switch (field) {
    case Field::kStatus:
      return result.status;
    case Field::kBytes:
      return result.bytes;
    case Field::kTxid:
      return uint64_t{result.txid};
    case Field::kActualBytes:
      return uint64_t{result.actual_bytes};
    case Field::kActualHandles:
      return uint64_t{result.actual_handles};
    case Field::kObserved:
      return uint64_t{result.observed};
    case Field::kReadStatus:
      return result.read_status;
    case Field::kHandleType:
      return static_cast<uint64_t>(result.info.type);
    case Field::kHandleRights:
      return uint64_t{result.info.rights};
    case Field::kInfoCount:
      return uint64_t{result.info_count};
    case Field::kKey:
      return result.key;
    case Field::kFromUser:
      return uint64_t{result.from_user};
    case Field::kTrigger:
      return uint64_t{result.trigger};
    case Field::kCount:
      return result.count;
    case Field::kResults:
    case Field::kPending:
    case Field::kQueue:
    case Field::kSignals:
    case Field::kOwner:
      break;
  }
  return {};
}

Owner OwnerOf(const EndpointObservation& endpoint, const Program& program) {
  switch (endpoint.place) {
    case EndpointObservation::Place::kTable:
      return {program.processes[endpoint.owner]};
    case EndpointObservation::Place::kTransit:
      return {"transit"};
    case EndpointObservation::Place::kGone:
      return {"gone"};
  }
  return {};
}

bool IsUnset(const Value& value) {
  return std::holds_alternative<std::monostate>(value);
}

// Two values that were never written are not the same.
bool Equal(const Value& left, const Value& right) {
  return !IsUnset(left) && left == right;
}

bool HoldsOrder(Kind kind, const Value& left, const Value& right) {
  const uint64_t* a = std::get_if<uint64_t>(&left);
  const uint64_t* b = std::get_if<uint64_t>(&right);
  if (a == nullptr || b == nullptr) return false;
  switch (kind) {
    case Kind::kLess:
      return *a < *b;
    case Kind::kLessEqual:
      return *a <= *b;
    case Kind::kGreater:
      return *a > *b;
    case Kind::kGreaterEqual:
      return *a >= *b;
    default:
      return false;
  }
}

bool HoldsComparison(const Proposition& proposition, const Program& program,
                     const Observation& observation) {
  const Value left = Evaluate(*proposition.left, program, observation);
  const Value* literal = std::get_if<Value>(&proposition.right);
  const Value right = literal != nullptr
                          ? *literal
                          : Evaluate(std::get<Location>(proposition.right), program, observation);
  // The literal `none` asks for what no comparison of two locations can tell.
  const bool asks_for_none = literal != nullptr && IsUnset(*literal);
  const bool equal = asks_for_none ? IsUnset(left) : Equal(left, right);
  if (proposition.kind == Kind::kEqual) return equal;
  if (proposition.kind == Kind::kNotEqual) return !equal;
  return HoldsOrder(proposition.kind, left, right);
}

bool HoldsMembership(const Proposition& proposition, const Program& program,
                     const Observation& observation) {
  const Value list = Evaluate(*proposition.left, program, observation);
  const Value* literal = std::get_if<Value>(&proposition.right);
  const Value item = literal != nullptr
                         ? *literal
                         : Evaluate(std::get<Location>(proposition.right), program, observation);
  const auto* payloads = std::get_if<std::vector<std::string>>(&list);
  const auto* payload = std::get_if<std::string>(&item);
  return payloads != nullptr && payload != nullptr &&
         std::ranges::find(*payloads, *payload) != payloads->end();
}

// How many of the field there are in the answer of the call, as far as can be said beforehand.
uint32_t CountOf(Field field, const Call& call) {
  if (field == Field::kResults) return static_cast<uint32_t>(call.dispositions.size());
  if (field == Field::kPending) return static_cast<uint32_t>(call.items.size());
  return 1;
}

void AddResultLocations(ThreadIndex thread, const Call& call, std::vector<Location>* all) {
  for (std::string_view name : FieldsProducedBy(call.kind)) {
    const Field field = *ResultFieldByName(name);
    for (uint32_t index = 0; index < CountOf(field, call); ++index) {
      all->push_back({.field = field, .thread = thread, .variable = *call.result, .index = index});
    }
  }
}

}  // namespace

Value Evaluate(const Location& location, const Program& program, const Observation& observation) {
  const auto endpoint = [&]() -> const EndpointObservation& {
    return observation.endpoints[location.handle];
  };
  switch (location.field) {
    case Field::kQueue:
      return endpoint().queue;
    case Field::kSignals:
      return uint64_t{endpoint().signals};
    case Field::kOwner:
      return OwnerOf(endpoint(), program);
    default:
      break;
  }
  const std::optional<CallResult>& result = observation.results[location.thread][location.variable];
  if (!result) return {};
  const CallKind kind = program.threads[location.thread].variables[location.variable].kind;
  return IsIndexed(kind, location.field) ? EvaluateListed(location, *result)
                                         : EvaluateResult(location.field, *result);
}

bool Holds(const Proposition& proposition, const Program& program, const Observation& observation) {
  const auto holds = [&](const Proposition& operand) {
    return Holds(operand, program, observation);
  };
  switch (proposition.kind) {
    case Kind::kAnd:
      return std::ranges::all_of(proposition.operands, holds);
    case Kind::kOr:
      return std::ranges::any_of(proposition.operands, holds);
    case Kind::kNot:
      return !holds(proposition.operands[0]);
    case Kind::kBlocked:
      return observation.blocked[proposition.thread];
    case Kind::kIn:
      return HoldsMembership(proposition, program, observation);
    default:
      return HoldsComparison(proposition, program, observation);
  }
}

Outcome OutcomeOf(const Litmus& litmus, const Observation& observation) {
  Outcome outcome;
  outcome.reserve(litmus.locations.size());
  for (const Location& location : litmus.locations) {
    outcome.push_back(Evaluate(location, litmus.program, observation));
  }
  return outcome;
}

std::vector<Location> EveryLocation(const Program& program) {
  std::vector<Location> all;
  for (ThreadIndex thread = 0; thread < program.threads.size(); ++thread) {
    for (const Call& call : program.threads[thread].calls) {
      if (call.result) AddResultLocations(thread, call, &all);
    }
  }
  for (EndpointIndex i = 0; i < program.handles.size(); ++i) {
    const core::ObjectType type = program.objects[program.handles[i].object].type;
    const bool is_channel = type == core::ObjectType::kChannel;
    for (Field field : {Field::kQueue, Field::kSignals, Field::kOwner}) {
      if (is_channel || field == Field::kSignals) all.push_back({.field = field, .handle = i});
    }
  }
  return all;
}

Faults FaultsWithin(const Litmus& litmus) {
  const uint32_t bound = litmus.within.faults.value_or(Within::kAny);
  return {std::min(litmus.faults.allocation, bound), std::min(litmus.faults.user_memory, bound)};
}

}  // namespace model
