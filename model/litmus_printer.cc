// Prints the canonical text of litmus values: calls, locations, values, propositions, whole files.
//
// The text is what a person would have written: results, names of conditions and the columns of the
// outcomes are aligned, and nothing is said that the defaults say already, except for deadlines.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "model/litmus.h"
#include "model/litmus_lexer.h"
#include "model/names.h"

namespace model {
namespace {

using Kind = Proposition::Kind;

// Longer texts stand out of their column instead of widening it.
constexpr size_t kMaxAlignment = 64;
// Transaction ids of the kernel and user signals read better in hexadecimal, sizes do not.
constexpr uint64_t kFirstHexadecimal = 0x01000000;

std::string Quote(std::string_view bytes) {
  std::string text = "\"";
  for (size_t at = 0; at < bytes.size();) {
    const CodePoint point = DecodeUtf8(bytes, at);
    const std::string_view character = bytes.substr(at, std::max(point.length, 1u));
    if (character == "\"" || character == "\\") {
      text += fmt::format("\\{}", character);
    } else if (character == "\n") {
      text += "\\n";
    } else if (character == "\t") {
      text += "\\t";
    } else if (point.length == 0 || IsControlCharacter(point.value)) {
      for (char c : character) text += fmt::format("\\x{:02X}", static_cast<uint8_t>(c));
    } else {
      text += character;
    }
    at += character.size();
  }
  return text + "\"";
}

std::string PrintNumber(uint64_t number) {
  return number < kFirstHexadecimal ? fmt::format("{}", number) : fmt::format("{:#x}", number);
}

std::string PrintList(const std::vector<std::string>& payloads) {
  std::string text = "[";
  for (const std::string& payload : payloads) {
    if (text.size() > 1) text += ", ";
    text += Quote(payload);
  }
  return text + "]";
}

// The value of a location: unlike the value alone, it tells signals from other numbers.
std::string PrintValueOf(const Location& location, const Value& value) {
  const bool signals =
      location.field == Location::Field::kObserved || location.field == Location::Field::kSignals;
  const uint64_t* number = std::get_if<uint64_t>(&value);
  if (signals && number != nullptr) return PrintSignals(static_cast<core::Signals>(*number));
  return PrintValue(value);
}

std::string Pad(std::string text, size_t width) {
  const size_t length = CountCodePoints(text);
  if (length < width) text.append(width - length, ' ');
  return text;
}

// The width of a column.
size_t AlignedWidth(const std::vector<std::string>& texts) {
  size_t width = 0;
  for (const std::string& text : texts) {
    const size_t length = CountCodePoints(text);
    if (length <= kMaxAlignment) width = std::max(width, length);
  }
  return width;
}

std::string PrintTime(core::Time time_ns) {
  constexpr auto kUnits = std::to_array<std::pair<std::string_view, core::Time>>(
      {{"s", 1'000'000'000}, {"ms", 1'000'000}, {"us", 1'000}});
  for (const auto& [name, factor] : kUnits) {
    if (time_ns != 0 && time_ns % factor == 0) return fmt::format("@{}{}", time_ns / factor, name);
  }
  return fmt::format("@{}ns", time_ns);
}

std::string PrintDeadline(const Deadline& deadline) {
  switch (deadline.kind) {
    case Deadline::Kind::kNever:
      return "never";
    case Deadline::Kind::kNow:
      return "now";
    case Deadline::Kind::kMay:
      return "may";
    case Deadline::Kind::kAt:
      return PrintTime(deadline.at_ns);
  }
  return "";
}

class CallPrinter {
 public:
  CallPrinter(const Program& program, ThreadIndex thread)
      : program_(program), variables_(program.threads[thread].variables) {}

  std::string Print(const Call& call) {
    text_ = fmt::format("{}(", SyscallName(call.kind));
    switch (call.kind) {
      case CallKind::kChannelCreate:
      case CallKind::kEventCreate:
        break;
      case CallKind::kHandleClose:
        Add(MainHandle(call));
        break;
      case CallKind::kChannelWrite:
        AddWrite(call);
        break;
      case CallKind::kChannelRead:
        AddRead(call);
        break;
      case CallKind::kObjectWaitOne:
        Add(MainHandle(call));
        Add(PrintSignals(call.signals));
        Add(fmt::format("deadline: {}", PrintDeadline(call.deadline)));
        break;
    }
    return text_ + ")";
  }

 private:
  void Add(std::string_view argument) {
    if (!text_.ends_with('(')) text_ += ", ";
    text_ += argument;
  }

  void AddWrite(const Call& call) {
    Add(MainHandle(call));
    Add(fmt::format("{}{}", call.raw ? "raw: " : "", Bytes(call.bytes)));
    if (!call.handles.empty()) {
      std::string handles;
      for (const HandleArgument& handle : call.handles) {
        handles += fmt::format("{}{}", handles.empty() ? "" : ", ", Handle(handle));
      }
      Add(fmt::format("handles: [{}]", handles));
    }
    if (const ResultField* field = std::get_if<ResultField>(&call.txid)) {
      Add(fmt::format("txid: {}.txid", variables_[field->variable].name));
    } else if (std::get<uint32_t>(call.txid) != 0) {
      Add(fmt::format("txid: {}", PrintNumber(std::get<uint32_t>(call.txid))));
    }
    if (call.options != 0) Add(fmt::format("options: {}", PrintNumber(call.options)));
  }

  void AddRead(const Call& call) {
    Add(MainHandle(call));
    if (call.max_bytes) Add(fmt::format("max_bytes: {}", PrintNumber(*call.max_bytes)));
    if (call.max_handles) Add(fmt::format("max_handles: {}", PrintNumber(*call.max_handles)));
    if (call.options == core::kReadMayDiscard) {
      Add("options: MAY_DISCARD");
    } else if (call.options != 0) {
      Add(fmt::format("options: {}", PrintNumber(call.options)));
    }
  }

  // A value stands out where a name is expected, so it says what it is.
  std::string MainHandle(const Call& call) const {
    const bool raw = std::holds_alternative<RawHandle>(call.handle);
    return fmt::format("{}{}", raw ? "handle: " : "", Handle(call.handle));
  }

  std::string Handle(const HandleArgument& handle) const {
    if (const NamedHandle* named = std::get_if<NamedHandle>(&handle)) {
      return program_.handles[named->handle].name;
    }
    if (const ResultHandle* result = std::get_if<ResultHandle>(&handle)) {
      return fmt::format("{}.handles[{}]", variables_[result->variable].name, result->index);
    }
    return fmt::format("{:#x}", std::get<RawHandle>(handle).value);
  }

  std::string Bytes(const BytesArgument& bytes) const {
    if (bytes.empty()) return "\"\"";
    std::string text;
    for (const auto& piece : bytes) {
      if (!text.empty()) text += " + ";
      if (const std::string* literal = std::get_if<std::string>(&piece)) {
        text += Quote(*literal);
      } else {
        text += fmt::format("{}.bytes", variables_[std::get<ResultField>(piece).variable].name);
      }
    }
    return text;
  }

  const Program& program_;
  const std::vector<Variable>& variables_;
  std::string text_;
};

std::string_view OperatorName(Kind kind) {
  switch (kind) {
    case Kind::kEqual:
      return "=";
    case Kind::kNotEqual:
      return "!=";
    case Kind::kLess:
      return "<";
    case Kind::kLessEqual:
      return "<=";
    case Kind::kGreater:
      return ">";
    case Kind::kGreaterEqual:
      return ">=";
    case Kind::kIn:
      return "in";
    case Kind::kAnd:
      return "/\\";
    case Kind::kOr:
      return "\\/";
    case Kind::kBlocked:
    case Kind::kNot:
      break;
  }
  return "";
}

std::string PrintProposition(const Litmus& litmus, const Proposition& proposition);

// Parentheses where the structure would be read differently without them.
std::string PrintOperand(const Litmus& litmus, const Proposition& operand, Kind parent) {
  const bool joined = operand.kind == Kind::kAnd || operand.kind == Kind::kOr;
  bool parentheses = joined && !(operand.kind == Kind::kAnd && parent == Kind::kOr);
  // After `~` a comparison gets some too, for the reader.
  if (parent == Kind::kNot)
    parentheses = operand.kind != Kind::kNot && operand.kind != Kind::kBlocked;
  const std::string text = PrintProposition(litmus, operand);
  return parentheses ? fmt::format("({})", text) : text;
}

std::string PrintComparison(const Litmus& litmus, const Proposition& proposition) {
  const std::string left = PrintLocation(litmus, *proposition.left);
  if (const Location* right = std::get_if<Location>(&proposition.right)) {
    return fmt::format("{} {} {}", left, OperatorName(proposition.kind),
                       PrintLocation(litmus, *right));
  }
  return fmt::format("{} {} {}", left, OperatorName(proposition.kind),
                     PrintValueOf(*proposition.left, std::get<Value>(proposition.right)));
}

std::string PrintProposition(const Litmus& litmus, const Proposition& proposition) {
  switch (proposition.kind) {
    case Kind::kBlocked:
      return fmt::format("blocked({})", litmus.program.threads[proposition.thread].name);
    case Kind::kNot:
      return fmt::format("~{}", PrintOperand(litmus, proposition.operands[0], Kind::kNot));
    case Kind::kAnd:
    case Kind::kOr: {
      std::string text;
      for (const Proposition& operand : proposition.operands) {
        if (!text.empty()) text += fmt::format(" {} ", OperatorName(proposition.kind));
        text += PrintOperand(litmus, operand, proposition.kind);
      }
      return text;
    }
    case Kind::kIn:
      return fmt::format("{} in {}", PrintValue(std::get<Value>(proposition.right)),
                         PrintLocation(litmus, *proposition.left));
    default:
      return PrintComparison(litmus, proposition);
  }
}

std::string PrintHandleDeclaration(const Program& program, EndpointIndex index) {
  const DeclaredHandle& handle = program.handles[index];
  return fmt::format(
      "{}.{}{}", program.processes[handle.process], handle.name,
      PrintRights(handle.rights, DefaultRights(program.objects[handle.object].type)));
}

std::string PrintInit(const Program& program) {
  std::string text = "{\n";
  if (!program.processes.empty()) {
    text += fmt::format("  process {};\n", Join(program.processes, ", "));
  }
  for (const DeclaredObject& object : program.objects) {
    const bool channel = object.type == core::ObjectType::kChannel;
    std::string handles;
    for (EndpointIndex handle : object.handles) {
      if (!handles.empty()) handles += channel ? " <-> " : ", ";
      handles += PrintHandleDeclaration(program, handle);
    }
    text += fmt::format("  {} {} : {};\n", channel ? "channel" : "event", object.name, handles);
  }
  for (const InitialQueue& queue : program.queues) {
    text += fmt::format("  {}.queue = {};\n", program.handles[queue.endpoint].name,
                        PrintList(queue.payloads));
  }
  return text + "}\n";
}

std::string PrintThread(const Program& program, ThreadIndex index) {
  const ThreadProgram& thread = program.threads[index];
  std::string text =
      fmt::format("\nthread {}.{} {{\n", program.processes[thread.process], thread.name);
  std::vector<std::string> results;
  for (const Call& call : thread.calls) {
    results.push_back(call.result ? thread.variables[*call.result].name : "");
  }
  const size_t width = AlignedWidth(results);
  const bool aligned = std::ranges::any_of(results, [](const auto& each) { return !each.empty(); });
  for (size_t i = 0; i < thread.calls.size(); ++i) {
    const std::string_view separator = results[i].empty() ? "   " : " = ";
    const std::string result = aligned ? Pad(results[i], width) + std::string(separator) : "";
    text += fmt::format("  {}{};\n", result, PrintCall(program, index, thread.calls[i]));
  }
  return text + "}\n";
}

std::string PrintLocations(const Litmus& litmus) {
  if (litmus.locations.empty()) return "";
  std::string text = "\nlocations [";
  for (const Location& location : litmus.locations) {
    text += fmt::format(" {};", PrintLocation(litmus, location));
  }
  return text + " ]\n";
}

std::string_view QuantifierName(Condition::Quantifier quantifier) {
  switch (quantifier) {
    case Condition::Quantifier::kExists:
      return "exists";
    case Condition::Quantifier::kNotExists:
      return "~exists";
    case Condition::Quantifier::kForall:
      return "forall";
  }
  return "";
}

std::string PrintConditions(const Litmus& litmus) {
  if (litmus.conditions.empty()) return "";
  std::vector<std::string> quantifiers;
  std::vector<std::string> names;
  for (const Condition& condition : litmus.conditions) {
    quantifiers.emplace_back(QuantifierName(condition.quantifier));
    names.push_back(condition.name.empty() ? "" : Quote(condition.name) + " ");
  }
  const size_t quantifier_width = AlignedWidth(quantifiers);
  const size_t name_width = AlignedWidth(names);
  std::string text = "\n";
  for (size_t i = 0; i < litmus.conditions.size(); ++i) {
    text +=
        fmt::format("{} {}({})\n", Pad(quantifiers[i], quantifier_width), Pad(names[i], name_width),
                    PrintProposition(litmus, litmus.conditions[i].proposition));
  }
  return text;
}

std::string PrintAssignment(const Litmus& litmus, const Outcome& outcome, size_t column) {
  const Location& location = litmus.locations[column];
  return fmt::format("{}={};", PrintLocation(litmus, location),
                     PrintValueOf(location, outcome[column]));
}

std::string PrintOutcomes(const Litmus& litmus) {
  if (!litmus.outcomes) return "";
  std::vector<std::string> lines(litmus.outcomes->outcomes.size(), " ");
  for (size_t column = 0; column < litmus.locations.size(); ++column) {
    std::vector<std::string> cells;
    for (const Outcome& outcome : litmus.outcomes->outcomes) {
      cells.push_back(PrintAssignment(litmus, outcome, column));
    }
    const bool last = column + 1 == litmus.locations.size();
    const size_t width = last ? 0 : AlignedWidth(cells);
    for (size_t i = 0; i < cells.size(); ++i) {
      lines[i] += fmt::format(" {}", Pad(std::move(cells[i]), width));
    }
  }
  return fmt::format("\noutcomes {}{{\n{}\n}}\n", litmus.outcomes->exact ? "exact " : "",
                     Join(lines, "\n"));
}

}  // namespace

std::string PrintValue(const Value& value) {
  struct Printer {
    std::string operator()(std::monostate) const { return "none"; }
    std::string operator()(core::Status status) const { return std::string(StatusName(status)); }
    std::string operator()(uint64_t number) const { return PrintNumber(number); }
    std::string operator()(const std::string& bytes) const { return Quote(bytes); }
    std::string operator()(const std::vector<std::string>& list) const { return PrintList(list); }
    std::string operator()(const Owner& owner) const { return owner.name; }
  };
  return std::visit(Printer{}, value);
}

std::string PrintLocation(const Litmus& litmus, const Location& location) {
  const Program& program = litmus.program;
  if (IsEndpointField(location.field)) {
    return fmt::format("{}.{}", program.handles[location.handle].name, FieldName(location.field));
  }
  const ThreadProgram& thread = program.threads[location.thread];
  const std::string& variable = thread.variables[location.variable].name;
  if (location.field == Location::Field::kStatus && !location.names_field) {
    return fmt::format("{}:{}", thread.name, variable);
  }
  return fmt::format("{}:{}.{}", thread.name, variable, FieldName(location.field));
}

std::string PrintCall(const Program& program, ThreadIndex thread, const Call& call) {
  return CallPrinter(program, thread).Print(call);
}

std::string PrintOutcome(const Litmus& litmus, const Outcome& outcome) {
  std::string text;
  for (size_t column = 0; column < outcome.size(); ++column) {
    if (column > 0) text += ' ';
    text += PrintAssignment(litmus, outcome, column);
  }
  return text;
}

std::string PrintLitmus(const Litmus& litmus) {
  std::string text = fmt::format("{} {}\n", litmus.architecture, litmus.program.name);
  if (!litmus.title.empty()) text += Quote(litmus.title) + "\n";
  for (const auto& [key, value] : litmus.metadata)
    text += fmt::format("{} = {}\n", key, Quote(value));
  text += PrintInit(litmus.program);
  for (ThreadIndex i = 0; i < litmus.program.threads.size(); ++i) {
    text += PrintThread(litmus.program, i);
  }
  return text + PrintLocations(litmus) + PrintConditions(litmus) + PrintOutcomes(litmus);
}

uint64_t LitmusHash(const Litmus& litmus) {
  // FNV-1a, by Fowler, Noll and Vo, with 64 bits.
  uint64_t hash = 0xcbf29ce484222325;
  for (char c : PrintLitmus(litmus)) {
    hash = (hash ^ static_cast<uint8_t>(c)) * 0x00000100000001b3;
  }
  return hash;
}

std::string FormatLitmusError(const LitmusError& error, std::string_view file_name) {
  std::string caret;
  uint32_t column = 1;
  for (size_t at = 0; at < error.source_line.size() && column < error.source_column; ++column) {
    const CodePoint point = DecodeUtf8(error.source_line, at);
    caret += error.source_line[at] == '\t' ? '\t' : ' ';
    at += std::max(point.length, 1u);
  }
  return fmt::format("{}:{}:{}: error: {}\n{}\n{}^\n", file_name, error.line, error.column,
                     error.message, error.source_line, caret);
}

}  // namespace model
