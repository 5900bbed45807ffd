// Conditions and the propositions in them.
#include <fmt/format.h>

#include <array>
#include <utility>

#include "model/litmus_parser.h"

namespace model {
namespace {

using Kind = Proposition::Kind;

bool IsOrder(Kind kind) {
  return kind == Kind::kLess || kind == Kind::kLessEqual || kind == Kind::kGreater ||
         kind == Kind::kGreaterEqual;
}

}  // namespace

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

// A location starts with a name and goes on with what it is of: `w:st`, `a1.queue`.
bool LitmusParser::AtLocation() const {
  return current_.kind == TokenKind::kIdentifier && (NextIsSymbol(":") || NextIsSymbol("."));
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
  proposition->right = Value(current_.value);
  Advance();
  if (!IsWord("in")) return FailExpected("'in' after the string");
  return ParseListOf(proposition);
}

// What is looked for has been read.
bool LitmusParser::ParseListOf(Proposition* proposition) {
  proposition->kind = Kind::kIn;
  Advance();  // 'in'.
  const Token first = current_;
  if (!ParseLocation(&proposition->left.emplace())) return false;
  if (proposition->left->field == Location::Field::kQueue) return true;
  return Fail(first, fmt::format("only the queue of an endpoint is a list; {} is {}",
                                 PrintLocation(litmus_, *proposition->left),
                                 Explain(TypeOf(proposition->left->field))));
}

bool LitmusParser::ParseComparison(Proposition* proposition) {
  const Token start = current_;
  Location left;
  if (!ParseLocation(&left)) return false;
  const ValueType type = TypeOf(left.field);
  if (IsWord("in")) {
    if (type != ValueType::kBytes) {
      return Fail(start, fmt::format("only bytes can be in a queue; {} is {}",
                                     PrintLocation(litmus_, left), Explain(type)));
    }
    proposition->right = left;
    return ParseListOf(proposition);
  }
  proposition->left = left;
  const Token op = current_;
  if (!ParseOperator(&proposition->kind)) return false;
  if (IsOrder(proposition->kind) && type != ValueType::kNumber) {
    return Fail(op, fmt::format("'{}' compares numbers; {} is {}", op.text,
                                PrintLocation(litmus_, left), Explain(type)));
  }
  if (AtLocation()) {
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
  return FailExpected("one of = != < <= > >= in after the location");
}

}  // namespace model
