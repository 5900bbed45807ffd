// Prints the canonical text of litmus values: locations, values, propositions, whole files; calls
// are in litmus_printer_calls.cc.
//
// The text is what a person would have written: results, names of conditions and the columns of the
// outcomes are aligned, and nothing is said that the defaults say already, except for deadlines.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "model/litmus.h"
#include "model/litmus_lexer.h"
#include "model/litmus_printer.h"
#include "model/names.h"

namespace model {
namespace {

using Kind = Proposition::Kind;

// Longer texts stand out of their column instead of widening it.
constexpr size_t kMaxAlignment = 64;
std::string PrintList(const std::vector<std::string>& payloads) {
  std::string text = "[";
  for (const std::string& payload : payloads) {
    if (text.size() > 1) text += ", ";
    text += Quote(payload);
  }
  return text + "]";
}

std::string PrintMessages(const std::vector<InitialMessage>& messages) {
  std::string text = "[";
  for (const InitialMessage& message : messages) {
    if (text.size() > 1) text += ", ";
    text += Quote(message.payload);
    if (message.nested != 0) text += fmt::format(" nest {}", message.nested);
  }
  return text + "]";
}

// The value of a location: unlike the value alone, it tells signals from other numbers.
std::string PrintValueOf(const Location& location, const Value& value) {
  const uint64_t* number = std::get_if<uint64_t>(&value);
  if (number == nullptr) return PrintValue(value);
  const uint32_t bits = static_cast<uint32_t>(*number);
  switch (TypeOf(location.field)) {
    case ValueType::kSignals:
      return PrintSignals(bits);
    case ValueType::kRights:
      return PrintRightsSum(bits);
    case ValueType::kObjectType:
      return PrintNamedNumber(ObjectTypeNames(), bits);
    default:
      return PrintValue(value);
  }
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
    case Kind::kIn: {
      const Location* item = std::get_if<Location>(&proposition.right);
      return fmt::format("{} in {}",
                         item != nullptr ? PrintLocation(litmus, *item)
                                         : PrintValue(std::get<Value>(proposition.right)),
                         PrintLocation(litmus, *proposition.left));
    }
    default:
      return PrintComparison(litmus, proposition);
  }
}

std::string PrintHandleDeclaration(const Program& program, EndpointIndex index) {
  const DeclaredHandle& handle = program.handles[index];
  const std::string rights = PrintRights(handle.rights);
  return fmt::format("{}.{}{}{}", program.processes[handle.process], handle.name,
                     rights.empty() ? "" : " ", rights);
}

std::string PrintInit(const Program& program) {
  std::string text = "{\n";
  if (!program.processes.empty()) {
    text += fmt::format("  process {};\n", Join(program.processes, ", "));
  }
  for (const DeclaredObject& object : program.objects) {
    const bool paired = IsPaired(object.type);
    std::string handles;
    for (EndpointIndex handle : object.handles) {
      if (!handles.empty()) handles += paired ? " <-> " : ", ";
      handles += PrintHandleDeclaration(program, handle);
    }
    text += fmt::format("  {} {} : {};\n", ObjectWord(object.type), object.name, handles);
  }
  for (const InitialQueue& queue : program.queues) {
    text += fmt::format("  {}.queue = {};\n", program.handles[queue.endpoint].name,
                        PrintMessages(queue.messages));
  }
  return text + "}\n";
}

// The statements of a thread, each in a line, those of blocks indented. Results stand in a column
// of their own if the thread has any.
class BlockPrinter {
 public:
  BlockPrinter(const Program& program, ThreadIndex index)
      : program_(program), index_(index), calls_(program.threads[index].calls) {
    std::vector<std::string> results;
    for (const Call& call : calls_) results.push_back(Result(call));
    width_ = AlignedWidth(results);
    aligned_ = std::ranges::any_of(results, [](const auto& each) { return !each.empty(); });
  }

  std::string Print() { return PrintBlock(0, calls_.size(), 1); }

 private:
  std::string Result(const Call& call) const {
    return call.result ? program_.threads[index_].variables[*call.result].name : "";
  }

  std::string PrintBlock(size_t begin, size_t end, size_t depth) {
    const std::string indentation(2 * depth, ' ');
    std::string text;
    for (size_t i = begin; i < end; ++i) {
      const Call& call = calls_[i];
      text += indentation;
      if (call.kind == CallKind::kChoose) {
        text += PrintChoose(i, depth);
        i += std::accumulate(call.blocks.begin(), call.blocks.end(), size_t{0});
        continue;
      }
      const std::string result = Result(call);
      if (aligned_ && call.kind != CallKind::kNote) {
        text += Pad(result, width_) + (result.empty() ? "   " : " = ");
      }
      text += fmt::format("{};\n", PrintCall(program_, index_, call));
    }
    return text;
  }

  std::string PrintChoose(size_t index, size_t depth) {
    std::string text = "choose";
    size_t begin = index + 1;
    for (const uint32_t length : calls_[index].blocks) {
      if (text.ends_with('}')) text += " or";
      text += fmt::format(" {{\n{}{}}}", PrintBlock(begin, begin + length, depth + 1),
                          std::string(2 * depth, ' '));
      begin += length;
    }
    return text + "\n";
  }

  const Program& program_;
  const ThreadIndex index_;
  const std::vector<Call>& calls_;
  size_t width_ = 0;
  bool aligned_ = false;
};

std::string PrintThread(const Program& program, ThreadIndex index) {
  const ThreadProgram& thread = program.threads[index];
  return fmt::format("\nthread {}.{} {{\n{}}}\n", program.processes[thread.process], thread.name,
                     BlockPrinter(program, index).Print());
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

std::string PrintWithin(const Within& within) {
  std::string text;
  const auto add = [&](std::string_view name, std::optional<uint32_t> bound) {
    if (!bound) return;
    text +=
        fmt::format(" {}: {};", name, *bound == Within::kAny ? "any" : fmt::format("{}", *bound));
  };
  add("preemptions", within.preemptions);
  add("steps", within.steps);
  add("faults", within.faults);
  return text.empty() ? "" : fmt::format("\nwithin {{{} }}\n", text);
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
  const CallKind kind = thread.variables[location.variable].kind;
  return fmt::format("{}:{}.{}{}", thread.name, variable, FieldName(location.field),
                     IsIndexed(kind, location.field) ? fmt::format("[{}]", location.index) : "");
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
  return text + PrintLocations(litmus) + PrintConditions(litmus) + PrintOutcomes(litmus) +
         PrintWithin(litmus.within);
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
