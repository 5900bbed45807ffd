// From the top: tokens, names, the head of a file and its end.
#include "model/litmus_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace model {
namespace {

std::string WithArticle(std::string_view noun) {
  const bool vowel = std::string_view("aeio").find(noun.front()) != std::string_view::npos;
  return fmt::format("{} {}", vowel ? "an" : "a", noun);
}

std::string_view WithoutBlanks(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::variant<Litmus, LitmusError> ParseLitmus(std::string_view text) {
  return LitmusParser(text).Parse();
}

std::variant<Litmus, LitmusError> LitmusParser::Parse() {
  if (text_.size() > kMaxLitmusBytes) {
    return MakeLitmusError(text_, 0, {1, 1},
                           fmt::format("the text has {} bytes; a litmus file has at most {}",
                                       text_.size(), kMaxLitmusBytes));
  }
  if (ParseFile()) return std::move(litmus_);
  return *error_;
}

void LitmusParser::Advance() {
  previous_ = std::move(current_);
  current_ = std::move(next_);
  next_ = lexer_.Next();
}

bool LitmusParser::IsSymbol(std::string_view symbol) const {
  return current_.kind == TokenKind::kSymbol && current_.text == symbol;
}

bool LitmusParser::NextIsSymbol(std::string_view symbol) const {
  return next_.kind == TokenKind::kSymbol && next_.text == symbol;
}

bool LitmusParser::IsWord(std::string_view word) const {
  return current_.kind == TokenKind::kIdentifier && current_.text == word;
}

bool LitmusParser::AcceptSymbol(std::string_view symbol) {
  if (!IsSymbol(symbol)) return false;
  Advance();
  return true;
}

bool LitmusParser::ExpectSymbol(std::string_view symbol, std::string_view where) {
  if (AcceptSymbol(symbol)) return true;
  if (current_.kind == TokenKind::kError || current_.position.line == previous_.position.line) {
    return FailExpected(fmt::format("'{}' {}", symbol, where));
  }
  // What is missing at the end of a line is missed there, not where the next line begins.
  Token end = previous_;
  end.offset += previous_.text.size();
  end.position.column += static_cast<uint32_t>(CountCodePoints(previous_.text));
  return Fail(end, fmt::format("expected '{}' {}, found {}", symbol, where, Describe(current_)));
}

bool LitmusParser::ExpectNumber(std::string_view what, uint64_t max, uint64_t* number) {
  if (current_.kind != TokenKind::kNumber) return FailExpected(what);
  if (current_.number > max) {
    return Fail(current_, fmt::format("{} is too large for {}; the largest is {}",
                                      Shorten(current_.text), what, max));
  }
  *number = current_.number;
  Advance();
  return true;
}

bool LitmusParser::Fail(const Token& at, std::string message) {
  if (error_) return false;
  if (at.kind == TokenKind::kError) message = at.value;
  error_ = MakeLitmusError(text_, at.offset, at.position, std::move(message));
  return false;
}

bool LitmusParser::FailExpected(std::string_view expected) {
  return Fail(current_, fmt::format("expected {}, found {}", expected, Describe(current_)));
}

std::string LitmusParser::Shorten(std::string_view text) {
  constexpr size_t kShown = 40;
  if (text.size() <= kShown) return std::string(text);
  size_t end = kShown;
  while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xC0) == 0x80) --end;
  return fmt::format("{}...", text.substr(0, end));
}

std::string LitmusParser::Describe(const Token& token) {
  switch (token.kind) {
    case TokenKind::kEnd:
      return "the end of the file";
    case TokenKind::kString:
      return fmt::format("the string {}", Shorten(token.text));
    case TokenKind::kNumber:
      return fmt::format("the number {}", Shorten(token.text));
    case TokenKind::kTime:
      return fmt::format("the time {}", Shorten(token.text));
    case TokenKind::kError:
    case TokenKind::kIdentifier:
    case TokenKind::kSymbol:
      return fmt::format("'{}'", Shorten(token.text));
  }
  return "";
}

bool LitmusParser::Declare(Scope* scope, std::string_view what, const Token& at, std::string name,
                           size_t index) {
  const auto [entry, inserted] =
      scope->try_emplace(std::move(name), Name{static_cast<uint32_t>(index), at.position.line});
  return inserted || Fail(at, fmt::format("there is already {} '{}', in line {}", WithArticle(what),
                                          entry->first, entry->second.line));
}

bool LitmusParser::ParseNewName(std::string_view what, Token* name) {
  if (current_.kind != TokenKind::kIdentifier) {
    return FailExpected(fmt::format("the name of {}", WithArticle(what)));
  }
  if (IsReservedWord(current_.text)) {
    return Fail(current_, fmt::format("'{}' is a word of the language and cannot name {}",
                                      current_.text, WithArticle(what)));
  }
  *name = current_;
  Advance();
  return true;
}

std::string LitmusParser::NearestName(const Scope& scope, std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& [entry, unused] : scope) names.push_back(entry);
  return DidYouMean(name, names);
}

bool LitmusParser::FailUnknown(const Scope& scope, std::string_view what, const Token& name) {
  return Fail(name,
              fmt::format("unknown {} '{}'{}", what, name.text, NearestName(scope, name.text)));
}

bool LitmusParser::ParseProcess(ProcessIndex* process) {
  if (current_.kind != TokenKind::kIdentifier) return FailExpected("the name of a process");
  const auto found = processes_.find(current_.text);
  if (found == processes_.end()) return FailUnknown(processes_, "process", current_);
  *process = found->second.index;
  Advance();
  return true;
}

bool LitmusParser::ParseThreadName(ThreadIndex* thread) {
  if (current_.kind != TokenKind::kIdentifier) return FailExpected("the name of a thread");
  const auto found = threads_.find(current_.text);
  if (found == threads_.end()) return FailUnknown(threads_, "thread", current_);
  *thread = found->second.index;
  Advance();
  return true;
}

bool LitmusParser::FindHandle(const Token& name, EndpointIndex* handle) {
  const auto found = handles_.find(name.text);
  if (found != handles_.end()) {
    *handle = found->second.index;
    return true;
  }
  const auto object = objects_.find(name.text);
  if (object == objects_.end()) return FailUnknown(handles_, "handle", name);
  const DeclaredObject& declared = litmus_.program.objects[object->second.index];
  return Fail(name, fmt::format("'{}' is {}; name one of its handles, such as '{}'", name.text,
                                WithArticle(ObjectWord(declared.type)),
                                litmus_.program.handles[declared.handles[0]].name));
}

bool LitmusParser::ParseFile() {
  if (!ParseFirstLine()) return false;
  if (current_.kind == TokenKind::kString) {
    litmus_.title = current_.value;
    Advance();
  }
  while (current_.kind == TokenKind::kIdentifier && NextIsSymbol("=")) {
    if (!ParseMetadata()) return false;
  }
  if (!ParseInit()) return false;
  while (IsWord("thread")) {
    if (!ParseThread()) return false;
  }
  if (!ResolveThreadReferences()) return false;
  if (IsWord("locations") && !ParseLocations()) return false;
  while (AtCondition()) {
    if (!ParseCondition()) return false;
  }
  if (IsWord("outcomes") && !ParseOutcomes()) return false;
  const bool bounded = IsWord("within");
  if (bounded && !ParseWithin()) return false;
  if (current_.kind == TokenKind::kEnd) return CheckPrintedSize();
  if (bounded) return FailExpected("the end of the file after the bounds");
  return FailExpected(litmus_.outcomes
                          ? "'within' or the end of the file after the outcomes"
                          : "'thread', 'locations', 'exists', '~exists', 'forall', 'outcomes' or "
                            "'within', in this order");
}

bool LitmusParser::ParseFirstLine() {
  const Token architecture = lexer_.Next();
  if (architecture.kind == TokenKind::kEnd) {
    return Fail(architecture, "the file is empty; a litmus file starts with 'Zircon NAME'");
  }
  if (architecture.kind != TokenKind::kIdentifier || architecture.text != "Zircon") {
    return Fail(architecture, fmt::format("expected 'Zircon NAME' in the first line, found {}",
                                          Describe(architecture)));
  }
  litmus_.architecture = architecture.text;
  const Token name = lexer_.NextTestName();
  if (name.kind == TokenKind::kError) return Fail(name, "");
  litmus_.program.name = name.text;
  const Token line_end = lexer_.FinishLine();
  if (line_end.kind == TokenKind::kError) return Fail(line_end, "");
  current_ = lexer_.Next();
  next_ = lexer_.Next();
  return true;
}

bool LitmusParser::ParseMetadata() {
  const Token key = current_;
  for (const auto& [earlier, unused] : litmus_.metadata) {
    if (earlier == key.text) return Fail(key, fmt::format("'{}' is given twice", key.text));
  }
  if (litmus_.metadata.size() == kMaxMetadata) {
    return Fail(key, fmt::format("there are more than {} lines of metadata", kMaxMetadata));
  }
  Advance();
  Advance();  // The '=' that was looked ahead to.
  if (current_.kind != TokenKind::kString) {
    return FailExpected(fmt::format("a string after '{} ='", key.text));
  }
  if (!CheckKey(key)) return false;
  if (key.text == "Allow" && !ParseAllow(current_)) return false;
  if (key.text == "Abi" && !ParseAbi(current_)) return false;
  if (key.text == "Faults" && !ParseFaults(current_)) return false;
  litmus_.metadata.emplace_back(key.text, current_.value);
  Advance();
  return true;
}

bool LitmusParser::ParseAllow(const Token& value) {
  std::string_view rest = value.value;
  while (true) {
    const size_t comma = rest.find(',');
    const std::string_view word = WithoutBlanks(rest.substr(0, comma));
    if (word == "blocked") {
      litmus_.allow_blocked = true;
    } else if (word == "leak") {
      litmus_.allow_leak = true;
    } else {
      return Fail(value, fmt::format("expected 'blocked' or 'leak', or both with a comma, in {}",
                                     Shorten(value.text)));
    }
    if (comma == std::string_view::npos) return true;
    rest.remove_prefix(comma + 1);
  }
}

// Any key will do for an annotation; but a mistyped one must not be taken for an annotation.
bool LitmusParser::CheckKey(const Token& key) {
  constexpr auto kKeys = std::to_array<std::string_view>({"Allow", "Abi", "Faults", "Scenario"});
  if (std::ranges::find(kKeys, key.text) != kKeys.end()) return true;
  const std::string suggestion = DidYouMean(key.text, kKeys);
  return suggestion.empty() || Fail(key, fmt::format("unknown key '{}'{}", key.text, suggestion));
}

bool LitmusParser::ParseAbi(const Token& value) {
  const std::optional<Generation> generation = GenerationByName(value.value);
  if (generation) {
    litmus_.generation = *generation;
    return true;
  }
  std::vector<std::string_view> names;
  for (const Generation each : kGenerations) names.push_back(GenerationName(each));
  return Fail(value, fmt::format("unknown generation {}; there are {}{}", Shorten(value.text),
                                 Join(names, ", "), DidYouMean(value.value, names)));
}

bool LitmusParser::ParseFaults(const Token& value) {
  std::string_view rest = value.value;
  while (true) {
    const size_t comma = rest.find(',');
    if (!ParseFault(value, WithoutBlanks(rest.substr(0, comma)))) return false;
    if (comma == std::string_view::npos) return true;
    rest.remove_prefix(comma + 1);
  }
}

bool LitmusParser::ParseFault(const Token& value, std::string_view item) {
  constexpr auto kFaults = std::to_array<std::pair<std::string_view, uint32_t Faults::*>>(
      {{"nomem", &Faults::allocation}, {"memory", &Faults::user_memory}});
  const size_t equals = item.find('=');
  const std::string_view name = WithoutBlanks(item.substr(0, equals));
  const auto fault = std::ranges::find(kFaults, name, [](const auto& each) { return each.first; });
  if (fault == kFaults.end()) {
    constexpr auto kNames = std::to_array<std::string_view>({"nomem", "memory"});
    return Fail(value, fmt::format("unknown fault in {}; there are nomem and memory{}",
                                   Shorten(value.text), DidYouMean(name, kNames)));
  }
  const std::string_view digits =
      equals == std::string_view::npos ? "" : WithoutBlanks(item.substr(equals + 1));
  uint32_t count = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
  if (error != std::errc() || end != digits.data() + digits.size()) {
    return Fail(value, fmt::format("expected how many faults there may be, as in {}=1, in {}",
                                   fault->first, Shorten(value.text)));
  }
  uint32_t& faults = litmus_.faults.*(fault->second);
  if (count == 0 || faults != 0) {
    return Fail(value,
                fmt::format("the number of {} faults is {} in {}", fault->first,
                            count == 0 ? "0; leave them out" : "given twice", Shorten(value.text)));
  }
  faults = count;
  return true;
}

bool LitmusParser::ParseWithin() {
  Advance();  // 'within'.
  if (!ExpectSymbol("{", "before the bounds")) return false;
  while (!AcceptSymbol("}")) {
    if (!ParseBound()) return false;
  }
  return true;
}

bool LitmusParser::ParseBound() {
  constexpr auto kNames = std::to_array<std::string_view>({"preemptions", "steps", "faults"});
  constexpr std::array kBounds = {&Within::preemptions, &Within::steps, &Within::faults};
  if (current_.kind != TokenKind::kIdentifier) {
    return FailExpected("preemptions, steps, faults or '}'");
  }
  const Token name = current_;
  const auto found = std::ranges::find(kNames, name.text);
  if (found == kNames.end()) {
    return Fail(name, fmt::format("unknown bound '{}'; there are preemptions, steps and faults{}",
                                  name.text, DidYouMean(name.text, kNames)));
  }
  std::optional<uint32_t>& bound =
      litmus_.within.*kBounds[static_cast<size_t>(found - kNames.begin())];
  if (bound) return Fail(name, fmt::format("the bound '{}' is given twice", name.text));
  Advance();
  if (!ExpectSymbol(":", "after the name of the bound")) return false;
  if (IsWord("any")) {
    bound = Within::kAny;
    Advance();
  } else {
    uint64_t number = 0;
    if (!ExpectNumber("a bound: any or a number", Within::kAny - 1, &number)) return false;
    bound = static_cast<uint32_t>(number);
  }
  return ExpectSymbol(";", "after the bound");
}

// What is read can be printed, and what is printed can be read: so the limit of the text applies to
// the canonical text as well.
bool LitmusParser::CheckPrintedSize() {
  constexpr size_t kMostGrowth = 32;  // No construct grows more by being printed.
  if (text_.size() + repeated_bytes_ <= kMaxLitmusBytes / kMostGrowth) return true;
  const size_t printed = PrintLitmus(litmus_).size();
  if (printed <= kMaxLitmusBytes) return true;
  return Fail(current_, fmt::format("the canonical form of this text would have {} bytes; a litmus "
                                    "file has at most {}",
                                    printed, kMaxLitmusBytes));
}

}  // namespace model
