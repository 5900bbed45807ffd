// Locations, conditions and outcomes, in the order of the file. A literal is read by the type of
// the location that it is compared with, so that a wrong one is refused where it stands.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "model/litmus_parser.h"

namespace model {
namespace {

using Field = Location::Field;
using Kind = Proposition::Kind;

// What can be compared with what.
enum class Type : uint8_t { kStatus, kNumber, kBytes, kSignals, kQueue, kOwner };

Type TypeOf(Field field) {
  switch (field) {
    case Field::kStatus:
      return Type::kStatus;
    case Field::kBytes:
      return Type::kBytes;
    case Field::kTxid:
    case Field::kActualBytes:
    case Field::kActualHandles:
      return Type::kNumber;
    case Field::kObserved:
    case Field::kSignals:
      return Type::kSignals;
    case Field::kQueue:
      return Type::kQueue;
    case Field::kOwner:
      return Type::kOwner;
  }
  return Type::kStatus;
}

std::string_view Explain(Type type) {
  switch (type) {
    case Type::kStatus:
      return "a status such as ZX_OK";
    case Type::kNumber:
      return "a number";
    case Type::kBytes:
      return "a string";
    case Type::kSignals:
      return "signals such as READABLE | PEER_CLOSED";
    case Type::kQueue:
      return "a list of strings";
    case Type::kOwner:
      return "an owner: a process, transit or gone";
  }
  return "";
}

// The same observation, whether or not `.status` is written.
bool SameObservation(Location a, Location b) {
  a.names_field = b.names_field = false;
  return a == b;
}

bool IsOrder(Kind kind) {
  return kind == Kind::kLess || kind == Kind::kLessEqual || kind == Kind::kGreater ||
         kind == Kind::kGreaterEqual;
}

}  // namespace

bool LitmusParser::ParseLocations() {
  Advance();  // 'locations'.
  if (!ExpectSymbol("[", "after 'locations'")) return false;
  while (!AcceptSymbol("]")) {
    const Token first = current_;
    Location location;
    if (!ParseLocation(&location)) return false;
    for (const Location& earlier : litmus_.locations) {
      if (SameObservation(earlier, location)) {
        return Fail(first, fmt::format("the location {} is listed twice",
                                       PrintLocation(litmus_, location)));
      }
    }
    if (litmus_.locations.size() == kMaxLocations) {
      return Fail(first, fmt::format("there are more than {} locations", kMaxLocations));
    }
    litmus_.locations.push_back(location);
    if (!ExpectSymbol(";", "after the location")) return false;
  }
  return true;
}

bool LitmusParser::ParseLocation(Location* location) {
  if (current_.kind != TokenKind::kIdentifier) {
    return FailExpected("a location such as THREAD:RESULT or ENDPOINT.queue");
  }
  if (NextIsSymbol(":")) return ParseResultLocation(location);
  if (threads_.contains(current_.text) && !handles_.contains(current_.text)) {
    return Fail(current_, fmt::format("'{}' is a thread; its results are written {}:RESULT",
                                      current_.text, current_.text));
  }
  return ParseEndpointLocation(location);
}

bool LitmusParser::ParseResultLocation(Location* location) {
  if (!ParseThreadName(&location->thread)) return false;
  Advance();  // ':'.
  const ThreadProgram& program = litmus_.program.threads[location->thread];
  if (current_.kind != TokenKind::kIdentifier) {
    return FailExpected(fmt::format("a result of thread '{}'", program.name));
  }
  const Scope& scope = variables_[location->thread];
  const auto found = scope.find(current_.text);
  if (found == scope.end()) {
    return FailUnknown(scope, fmt::format("result of thread '{}',", program.name), current_);
  }
  location->variable = found->second.index;
  Advance();
  if (!AcceptSymbol(".")) return true;
  const Variable& variable = program.variables[location->variable];
  const std::optional<Field> field = ResultFieldByName(current_.text);
  std::vector<std::string_view> produced;
  for (Field each : {Field::kStatus, Field::kBytes, Field::kTxid, Field::kActualBytes,
                     Field::kActualHandles, Field::kObserved}) {
    if (CallProduces(variable.kind, each)) produced.push_back(FieldName(each));
  }
  if (!field || !CallProduces(variable.kind, *field)) {
    return Fail(current_, fmt::format("{} answers with {}, found {}", SyscallName(variable.kind),
                                      Join(produced, ", "), Describe(current_)));
  }
  location->field = *field;
  location->names_field = *field == Field::kStatus;
  Advance();
  return true;
}

bool LitmusParser::ParseEndpointLocation(Location* location) {
  const Token name = current_;
  if (!FindHandle(name, &location->handle)) return false;
  const DeclaredHandle& handle = litmus_.program.handles[location->handle];
  if (litmus_.program.objects[handle.object].type != core::ObjectType::kChannel) {
    return Fail(name, fmt::format("'{}' is a handle to an event; only the ends of channels can be "
                                  "observed",
                                  name.text));
  }
  Advance();
  if (!ExpectSymbol(".", fmt::format("and queue, signals or owner after '{}'", name.text))) {
    return false;
  }
  const std::optional<Field> field = EndpointFieldByName(current_.text);
  if (!field) return FailExpected(fmt::format("queue, signals or owner after '{}.'", name.text));
  location->field = *field;
  Advance();
  return true;
}

bool LitmusParser::AtCondition() const {
  return IsSymbol("~") || IsWord("exists") || IsWord("forall");
}

bool LitmusParser::ParseCondition() {
  Condition condition;
  condition.position = current_.position;
  const bool negated = AcceptSymbol("~");
  if (negated && !IsWord("exists")) return FailExpected("'exists' after '~'");
  condition.quantifier = negated            ? Condition::Quantifier::kNotExists
                         : IsWord("exists") ? Condition::Quantifier::kExists
                                            : Condition::Quantifier::kForall;
  Advance();
  if (current_.kind == TokenKind::kString) {
    condition.name = current_.value;
    Advance();
  }
  if (!ExpectSymbol("(", "before the proposition")) return false;
  if (!ParseOr(&condition.proposition, 0)) return false;
  if (!ExpectSymbol(")", "or '/\\' or '\\/' after the proposition")) return false;
  litmus_.conditions.push_back(std::move(condition));
  return true;
}

bool LitmusParser::ParseOr(Proposition* proposition, size_t depth) {
  if (!ParseAnd(proposition, depth)) return false;
  if (!IsSymbol("\\/")) return true;
  Proposition whole;
  whole.kind = Kind::kOr;
  whole.operands.push_back(std::move(*proposition));
  while (AcceptSymbol("\\/")) {
    if (!ParseAnd(&whole.operands.emplace_back(), depth)) return false;
  }
  *proposition = std::move(whole);
  return true;
}

bool LitmusParser::ParseAnd(Proposition* proposition, size_t depth) {
  if (!ParseUnary(proposition, depth)) return false;
  if (!IsSymbol("/\\")) return true;
  Proposition whole;
  whole.kind = Kind::kAnd;
  whole.operands.push_back(std::move(*proposition));
  while (AcceptSymbol("/\\")) {
    if (!ParseUnary(&whole.operands.emplace_back(), depth)) return false;
  }
  *proposition = std::move(whole);
  return true;
}

// A `~` and the parentheses that it applies to are one level: the canonical text adds parentheses
// to every `~`, and must not be deeper than what it was made from.
bool LitmusParser::ParseUnary(Proposition* proposition, size_t depth) {
  if (!IsSymbol("~") && !IsSymbol("(")) return ParseAtom(proposition);
  if (depth == kMaxPropositionDepth) {
    return Fail(current_, fmt::format("this proposition is nested deeper than {} levels",
                                      kMaxPropositionDepth));
  }
  if (!AcceptSymbol("~")) return ParseGroup(proposition, depth + 1);
  proposition->kind = Kind::kNot;
  Proposition& operand = proposition->operands.emplace_back();
  return IsSymbol("(") ? ParseGroup(&operand, depth + 1) : ParseUnary(&operand, depth + 1);
}

bool LitmusParser::ParseGroup(Proposition* proposition, size_t depth) {
  Advance();  // '('.
  return ParseOr(proposition, depth) &&
         ExpectSymbol(")", "or '/\\' or '\\/' after the proposition");
}

bool LitmusParser::ParseAtom(Proposition* proposition) {
  if (current_.kind == TokenKind::kString) return ParseMembership(proposition);
  if (IsWord("blocked") && NextIsSymbol("(")) {
    proposition->kind = Kind::kBlocked;
    Advance();
    Advance();
    return ParseThreadName(&proposition->thread) && ExpectSymbol(")", "after the thread");
  }
  if (current_.kind != TokenKind::kIdentifier) {
    return FailExpected("a comparison, '\"...\" in ENDPOINT.queue', 'blocked(THREAD)', '~' or '('");
  }
  return ParseComparison(proposition);
}

bool LitmusParser::ParseMembership(Proposition* proposition) {
  proposition->kind = Kind::kIn;
  proposition->right = Value(current_.value);
  Advance();
  if (!IsWord("in")) return FailExpected("'in' after the string");
  Advance();
  const Token first = current_;
  if (!ParseLocation(&proposition->left.emplace())) return false;
  if (proposition->left->field == Field::kQueue) return true;
  return Fail(first, fmt::format("only the queue of an endpoint is a list; {} is {}",
                                 PrintLocation(litmus_, *proposition->left),
                                 Explain(TypeOf(proposition->left->field))));
}

bool LitmusParser::ParseComparison(Proposition* proposition) {
  Location& left = proposition->left.emplace();
  if (!ParseLocation(&left)) return false;
  const Token op = current_;
  if (!ParseOperator(&proposition->kind)) return false;
  const Type type = TypeOf(left.field);
  if (IsOrder(proposition->kind) && type != Type::kNumber) {
    return Fail(op, fmt::format("'{}' compares numbers; {} is {}", op.text,
                                PrintLocation(litmus_, left), Explain(type)));
  }
  const bool location =
      current_.kind == TokenKind::kIdentifier && (NextIsSymbol(":") || NextIsSymbol("."));
  if (location) {
    const Token first = current_;
    Location& right = proposition->right.emplace<Location>();
    if (!ParseLocation(&right)) return false;
    if (TypeOf(right.field) == type) return true;
    return Fail(first, fmt::format("cannot compare: {} is {}, {} is {}",
                                   PrintLocation(litmus_, left), Explain(type),
                                   PrintLocation(litmus_, right), Explain(TypeOf(right.field))));
  }
  if (IsOrder(proposition->kind) && IsWord("none")) return FailIllTyped(left);
  return ParseLiteral(left, &proposition->right.emplace<Value>());
}

bool LitmusParser::ParseOperator(Kind* kind) {
  constexpr auto kOperators = std::to_array<std::pair<std::string_view, Kind>>({
      {"=", Kind::kEqual},
      {"!=", Kind::kNotEqual},
      {"<", Kind::kLess},
      {"<=", Kind::kLessEqual},
      {">", Kind::kGreater},
      {">=", Kind::kGreaterEqual},
  });
  for (const auto& [symbol, each] : kOperators) {
    if (!AcceptSymbol(symbol)) continue;
    *kind = each;
    return true;
  }
  return FailExpected("one of = != < <= > >= after the location");
}

bool LitmusParser::FailIllTyped(const Location& location) {
  return FailExpected(fmt::format("{} to compare {} with", Explain(TypeOf(location.field)),
                                  PrintLocation(litmus_, location)));
}

bool LitmusParser::ParseLiteral(const Location& location, Value* value) {
  // A call may never be answered; an endpoint always has a state.
  if (IsWord("none") && !IsEndpointField(location.field)) {
    Advance();
    return true;
  }
  const TokenKind kind = current_.kind;
  switch (TypeOf(location.field)) {
    case Type::kStatus:
      return kind == TokenKind::kIdentifier ? ParseStatusLiteral(value) : FailIllTyped(location);
    case Type::kNumber: {
      if (kind != TokenKind::kNumber) return FailIllTyped(location);
      uint32_t number = 0;
      if (!ParseUint32("a 32-bit number", &number)) return false;
      *value = uint64_t{number};
      return true;
    }
    case Type::kBytes:
      if (kind != TokenKind::kString) return FailIllTyped(location);
      *value = current_.value;
      Advance();
      return true;
    case Type::kSignals: {
      if (kind != TokenKind::kNumber && kind != TokenKind::kIdentifier) {
        return FailIllTyped(location);
      }
      core::Signals signals = core::kSignalNone;
      if (!ParseSignals(&signals)) return false;
      *value = uint64_t{signals};
      return true;
    }
    case Type::kQueue:
      if (!IsSymbol("[")) return FailIllTyped(location);
      return ParseStringList(&value->emplace<std::vector<std::string>>());
    case Type::kOwner:
      return kind == TokenKind::kIdentifier ? ParseOwnerLiteral(value) : FailIllTyped(location);
  }
  return false;
}

bool LitmusParser::ParseStatusLiteral(Value* value) {
  const std::optional<core::Status> status = StatusByName(current_.text);
  if (!status) {
    return Fail(current_, fmt::format("unknown status '{}'{}", current_.text,
                                      DidYouMean(current_.text, AllStatusNames())));
  }
  *value = *status;
  Advance();
  return true;
}

bool LitmusParser::ParseOwnerLiteral(Value* value) {
  if (!IsWord("transit") && !IsWord("gone") && !processes_.contains(current_.text)) {
    return Fail(current_, fmt::format("unknown owner '{}'; expected a process, transit or gone{}",
                                      current_.text, NearestName(processes_, current_.text)));
  }
  *value = Owner{std::string(current_.text)};
  Advance();
  return true;
}

bool LitmusParser::ParseOutcomes() {
  const Token first = current_;
  Advance();  // 'outcomes'.
  if (litmus_.locations.empty()) {
    return Fail(first,
                "outcomes are the values of the locations; expected 'locations [ ... ]' "
                "before them");
  }
  ExpectedOutcomes& expected = litmus_.outcomes.emplace();
  expected.position = first.position;
  if (IsWord("exact")) {
    expected.exact = true;
    Advance();
  }
  if (!ExpectSymbol("{", "before the outcomes")) return false;
  std::set<Outcome> seen;
  while (!IsSymbol("}")) {
    const Token start = current_;
    Outcome outcome;
    if (!ParseOutcome(start.position.line, &outcome)) return false;
    if (!seen.insert(outcome).second) return Fail(start, "this outcome is listed twice");
    expected.outcomes.push_back(std::move(outcome));
  }
  if (expected.outcomes.empty()) return FailExpected("an outcome");
  Advance();
  return true;
}

// An outcome is a line of the text: the only place where line ends mean something.
bool LitmusParser::ParseOutcome(uint32_t line, Outcome* outcome) {
  const Token start = current_;
  std::vector<bool> seen(litmus_.locations.size(), false);
  outcome->resize(litmus_.locations.size());
  do {
    if (!ParseOutcomeValue(&seen, outcome)) return false;
  } while (current_.position.line == line && !IsSymbol("}") && current_.kind != TokenKind::kEnd);
  const auto missing = std::ranges::find(seen, false);
  if (missing == seen.end()) return true;
  const size_t index = static_cast<size_t>(missing - seen.begin());
  return Fail(start, fmt::format("this outcome has no value for {}; an outcome is one line with a "
                                 "value for every location",
                                 PrintLocation(litmus_, litmus_.locations[index])));
}

bool LitmusParser::ParseOutcomeValue(std::vector<bool>* seen, Outcome* outcome) {
  const Token first = current_;
  Location location;
  if (!ParseLocation(&location)) return false;
  const auto found = std::ranges::find_if(
      litmus_.locations, [&](const Location& each) { return SameObservation(each, location); });
  if (found == litmus_.locations.end()) {
    return Fail(first,
                fmt::format("{} is not one of the locations", PrintLocation(litmus_, location)));
  }
  const size_t index = static_cast<size_t>(found - litmus_.locations.begin());
  if ((*seen)[index]) {
    return Fail(first,
                fmt::format("this outcome gives {} twice", PrintLocation(litmus_, location)));
  }
  (*seen)[index] = true;
  if (!ExpectSymbol("=", "between the location and its value")) return false;
  return ParseLiteral(location, &(*outcome)[index]) && ExpectSymbol(";", "after the value");
}

}  // namespace model
