// Locations, their values, and outcomes, which consist of both. A literal is read by the type of
// the location that it is compared with, so that a wrong one is refused where it stands.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "model/litmus_parser.h"

namespace model {
namespace {

using Field = Location::Field;

// The same observation, whether or not `.status` is written.
bool SameObservation(Location a, Location b) {
  a.names_field = b.names_field = false;
  return a == b;
}

}  // namespace

std::string_view LitmusParser::Explain(ValueType type) {
  switch (type) {
    case ValueType::kStatus:
      return "a status such as ZX_OK";
    case ValueType::kNumber:
      return "a number";
    case ValueType::kBytes:
      return "a string";
    case ValueType::kSignals:
      return "signals such as READABLE | PEER_CLOSED";
    case ValueType::kRights:
      return "rights such as READ | WRITE";
    case ValueType::kObjectType:
      return "a type of objects such as CHANNEL";
    case ValueType::kQueue:
      return "a list of strings";
    case ValueType::kOwner:
      return "an owner: a process, transit or gone";
  }
  return "";
}

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
  const CallKind kind = program.variables[location->variable].kind;
  const std::optional<Field> field = ResultFieldByName(current_.text);
  if (!field || !CallProduces(kind, *field)) {
    const std::vector<std::string_view> produced = FieldsProducedBy(kind);
    return Fail(current_, fmt::format("{} answers with {}, found {}{}", SyscallName(kind),
                                      Join(produced, ", "), Describe(current_),
                                      DidYouMean(current_.text, produced)));
  }
  location->field = *field;
  location->names_field = *field == Field::kStatus;
  Advance();
  return !IsIndexed(kind, *field) || ParseIndex(location);
}

// `[i]`: of as many as the call has dispositions or items, or of the handles that it received.
bool LitmusParser::ParseIndex(Location* location) {
  const ThreadProgram& program = litmus_.program.threads[location->thread];
  const auto call =
      std::ranges::find(program.calls, std::optional(location->variable), &Call::result);
  const std::string_view name = FieldName(location->field);
  size_t count = core::kMaxMessageHandles;
  if (location->field == Field::kResults) {
    count = std::max<size_t>(call->dispositions.size(), call->handle_count.value_or(0));
  } else if (location->field == Field::kPending) {
    count = std::max<size_t>(call->items.size(), call->count.value_or(0));
  }
  if (!ExpectSymbol("[", fmt::format("and a number after '{}'", name))) return false;
  const Token number = current_;
  if (!ParseUint32("a number, from 0", &location->index)) return false;
  if (location->index >= count) {
    return Fail(number, fmt::format("this {} has {} of them, counted from 0",
                                    SyscallName(call->kind), count));
  }
  return ExpectSymbol("]", "after the number");
}

bool LitmusParser::ParseEndpointLocation(Location* location) {
  const Token name = current_;
  if (!FindHandle(name, &location->handle)) return false;
  const DeclaredHandle& handle = litmus_.program.handles[location->handle];
  const core::ObjectType type = litmus_.program.objects[handle.object].type;
  const bool channel = type == core::ObjectType::kChannel;
  Advance();
  if (!ExpectSymbol(".", fmt::format("and {} after '{}'",
                                     channel ? "queue, signals or owner" : "signals", name.text))) {
    return false;
  }
  const std::optional<Field> field = EndpointFieldByName(current_.text);
  if (!field) {
    return FailExpected(
        fmt::format("{} after '{}.'", channel ? "queue, signals or owner" : "signals", name.text));
  }
  if (!channel && *field != Field::kSignals) {
    return Fail(name, fmt::format("'{}' is a handle to an {}, of which only {}.signals can be "
                                  "observed",
                                  name.text, ObjectWord(type), name.text));
  }
  location->field = *field;
  Advance();
  return true;
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
    case ValueType::kStatus:
      return kind == TokenKind::kIdentifier ? ParseStatusLiteral(value) : FailIllTyped(location);
    case ValueType::kNumber:
      return kind == TokenKind::kNumber ? ParseNumberLiteral(location, value)
                                        : FailIllTyped(location);
    case ValueType::kBytes:
      if (kind != TokenKind::kString) return FailIllTyped(location);
      *value = current_.value;
      Advance();
      return true;
    case ValueType::kSignals:
    case ValueType::kRights:
    case ValueType::kObjectType:
      return kind == TokenKind::kNumber || kind == TokenKind::kIdentifier
                 ? ParseBitsLiteral(location, value)
                 : FailIllTyped(location);
    case ValueType::kQueue:
      if (!IsSymbol("[")) return FailIllTyped(location);
      return ParseStringList(&value->emplace<std::vector<std::string>>());
    case ValueType::kOwner:
      return kind == TokenKind::kIdentifier ? ParseOwnerLiteral(value) : FailIllTyped(location);
  }
  return false;
}

bool LitmusParser::ParseNumberLiteral(const Location& location, Value* value) {
  const bool wide = location.field == Field::kKey || location.field == Field::kCount;
  uint64_t number = 0;
  if (!ExpectNumber(
          wide ? "a 64-bit number" : "a 32-bit number",
          wide ? std::numeric_limits<uint64_t>::max() : std::numeric_limits<uint32_t>::max(),
          &number)) {
    return false;
  }
  *value = number;
  return true;
}

bool LitmusParser::ParseBitsLiteral(const Location& location, Value* value) {
  uint32_t bits = 0;
  const ValueType type = TypeOf(location.field);
  if (type == ValueType::kRights && IsWord("NONE")) {
    *value = uint64_t{core::kRightNone};
    Advance();
    return true;
  }
  const bool read = type == ValueType::kSignals ? ParseBits("signal", SignalNames(), &bits)
                    : type == ValueType::kRights
                        ? ParseBits("right", RightNames(), &bits)
                        : ParseNamedNumber("type of objects", ObjectTypeNames(), &bits);
  *value = uint64_t{bits};
  return read;
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
