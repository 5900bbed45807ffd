// The meaning of locations and propositions at the end of an execution.
#include <algorithm>

#include "model/litmus.h"

namespace model {
namespace {

using Field = Location::Field;
using Kind = Proposition::Kind;

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

// Two calls that were never answered did not answer the same.
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
  return result ? EvaluateResult(location.field, *result) : Value();
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

}  // namespace model
