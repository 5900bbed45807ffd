// From the top: tokens, names, the head of a file, the initial state.
#include "model/litmus_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace model {
namespace {

// As much of something written as fits into a message.
std::string Shorten(std::string_view text) {
  constexpr size_t kShown = 40;
  if (text.size() <= kShown) return std::string(text);
  size_t end = kShown;
  while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xC0) == 0x80) --end;
  return fmt::format("{}...", text.substr(0, end));
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

bool LitmusParser::FailUnsupported(const Token& at, std::string_view what) {
  return Fail(at, fmt::format("{} is not supported by this version", what));
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

bool LitmusParser::Declare(Scope* scope, std::string_view what, const Token& name, size_t index) {
  const auto [entry, inserted] = scope->try_emplace(
      std::string(name.text), Name{static_cast<uint32_t>(index), name.position.line});
  return inserted || Fail(name, fmt::format("there is already a {} '{}', in line {}", what,
                                            name.text, entry->second.line));
}

bool LitmusParser::ParseNewName(std::string_view what, Token* name) {
  if (current_.kind != TokenKind::kIdentifier) {
    return FailExpected(fmt::format("the name of a {}", what));
  }
  if (IsReservedWord(current_.text)) {
    return Fail(current_, fmt::format("'{}' is a word of the language and cannot name a {}",
                                      current_.text, what));
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
  const bool channel = declared.type == core::ObjectType::kChannel;
  return Fail(name, fmt::format("'{}' is {}; name one of its handles, such as '{}'", name.text,
                                channel ? "a channel" : "an event",
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
  if (IsWord("locations") && !ParseLocations()) return false;
  while (AtCondition()) {
    if (!ParseCondition()) return false;
  }
  if (IsWord("outcomes") && !ParseOutcomes()) return false;
  if (IsWord("within")) return FailUnsupported(current_, "'within'");
  if (current_.kind != TokenKind::kEnd) {
    return FailExpected(
        litmus_.outcomes
            ? "the end of the file after the outcomes"
            : "'thread', 'locations', 'exists', '~exists', 'forall' or 'outcomes', in this order");
  }
  return CheckPrintedSize();
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
  if (key.text == "Allow" && !ParseAllow(current_)) return false;
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

bool LitmusParser::ParseInit() {
  if (!IsSymbol("{")) {
    return FailExpected(
        litmus_.metadata.empty() && litmus_.title.empty()
            ? "a title in quotes, 'KEY = \"value\"', or the '{' of the initial state"
            : "'KEY = \"value\"' or the '{' of the initial state");
  }
  Advance();
  while (!AcceptSymbol("}")) {
    if (!ParseDeclaration()) return false;
  }
  return true;
}

bool LitmusParser::ParseDeclaration() {
  if (IsWord("process")) return ParseProcesses();
  if (IsWord("channel")) return ParseObject(core::ObjectType::kChannel);
  if (IsWord("event")) return ParseObject(core::ObjectType::kEvent);
  if (IsWord("eventpair")) return FailUnsupported(current_, "'eventpair'");
  if (current_.kind == TokenKind::kIdentifier && NextIsSymbol(".")) return ParseQueue();
  return FailExpected("'process', 'channel', 'event', 'ENDPOINT.queue = ...' or '}'");
}

bool LitmusParser::ParseProcesses() {
  do {
    Advance();  // 'process' or ','.
    std::vector<std::string>& processes = litmus_.program.processes;
    Token name;
    if (!ParseNewName("process", &name)) return false;
    if (!Declare(&processes_, "process", name, processes.size())) return false;
    if (processes.size() == kMaxProcesses) {
      return Fail(name, fmt::format("there are more than {} processes", kMaxProcesses));
    }
    processes.emplace_back(name.text);
  } while (IsSymbol(","));
  return ExpectSymbol(";", "after the names of the processes");
}

bool LitmusParser::ParseObject(core::ObjectType type) {
  const bool channel = type == core::ObjectType::kChannel;
  const std::string_view what = channel ? "channel" : "event";
  Advance();
  Token name;
  if (!ParseNewName(what, &name)) return false;
  if (!Declare(&objects_, "object", name, litmus_.program.objects.size())) return false;
  if (!ExpectSymbol(":", fmt::format("after the name of the {}", what))) return false;
  DeclaredObject object{.name = std::string(name.text), .type = type, .handles = {}};
  if (!ParseHandleDeclaration(&object)) return false;
  if (channel) {
    if (!ExpectSymbol("<->", "between the two ends of a channel")) return false;
    if (!ParseHandleDeclaration(&object)) return false;
  } else {
    while (AcceptSymbol(",")) {
      if (!ParseHandleDeclaration(&object)) return false;
    }
  }
  litmus_.program.objects.push_back(std::move(object));
  return ExpectSymbol(";", fmt::format("after the declaration of the {}", what));
}

bool LitmusParser::ParseHandleDeclaration(DeclaredObject* object) {
  std::vector<DeclaredHandle>& handles = litmus_.program.handles;
  DeclaredHandle handle;
  if (!ParseProcess(&handle.process)) return false;
  if (!ExpectSymbol(".", "between the process and the name of the handle")) return false;
  Token name;
  if (!ParseNewName("handle", &name)) return false;
  if (!Declare(&handles_, "handle", name, handles.size())) return false;
  if (handles.size() == kMaxDeclaredHandles) {
    return Fail(name, fmt::format("there are more than {} handles", kMaxDeclaredHandles));
  }
  handle.name = name.text;
  handle.object = static_cast<ObjectIndex>(litmus_.program.objects.size());
  handle.side = static_cast<uint32_t>(object->handles.size());
  handle.rights = DefaultRights(object->type);
  if (IsSymbol("[") && !ParseRights(object->type, &handle.rights)) return false;
  object->handles.push_back(static_cast<EndpointIndex>(handles.size()));
  handles.push_back(std::move(handle));
  return true;
}

bool LitmusParser::ParseRights(core::ObjectType type, core::Rights* rights) {
  Advance();  // '['.
  if (IsWord("NONE")) {
    Advance();
    *rights = core::kRightNone;
    return ExpectSymbol("]", "after NONE, which stands alone");
  }
  const bool removes = IsSymbol("-");
  core::Rights listed = core::kRightNone;
  do {
    if (listed != core::kRightNone) Advance();  // ','.
    if (removes != IsSymbol("-")) {
      return Fail(current_, "either every right of a list has a '-' or none has");
    }
    if (removes) Advance();
    if (current_.kind != TokenKind::kIdentifier) return FailExpected("the name of a right");
    const std::optional<uint32_t> right = BitByName(RightNames(), current_.text);
    if (!right) {
      return Fail(current_, fmt::format("unknown right '{}'{}", current_.text,
                                        DidYouMean(current_.text, NamesOf(RightNames()))));
    }
    if ((listed & *right) != 0) {
      return Fail(current_, fmt::format("the right {} is listed twice", current_.text));
    }
    listed |= *right;
    Advance();
  } while (IsSymbol(","));
  *rights = removes ? DefaultRights(type) & ~listed : listed;
  return ExpectSymbol("]", "after the rights");
}

bool LitmusParser::ParseQueue() {
  const Token name = current_;
  InitialQueue queue;
  if (!FindHandle(name, &queue.endpoint)) return false;
  const DeclaredHandle& handle = litmus_.program.handles[queue.endpoint];
  if (litmus_.program.objects[handle.object].type != core::ObjectType::kChannel) {
    return Fail(name, fmt::format("'{}' is a handle to an event; only the ends of channels have a "
                                  "queue",
                                  name.text));
  }
  for (const InitialQueue& earlier : litmus_.program.queues) {
    if (earlier.endpoint == queue.endpoint) {
      return Fail(name, fmt::format("the queue of '{}' is given twice", name.text));
    }
  }
  Advance();
  Advance();  // The '.' that was looked ahead to.
  if (!IsWord("queue")) return FailExpected(fmt::format("'queue' after '{}.'", name.text));
  Advance();
  if (!ExpectSymbol("=", fmt::format("after '{}.queue'", name.text))) return false;
  if (!ParseStringList(&queue.payloads)) return false;
  litmus_.program.queues.push_back(std::move(queue));
  return ExpectSymbol(";", "after the list of messages");
}

bool LitmusParser::ParseStringList(std::vector<std::string>* strings) {
  if (!ExpectSymbol("[", "of a list of strings")) return false;
  if (AcceptSymbol("]")) return true;
  do {
    if (current_.kind != TokenKind::kString) return FailExpected("a string in the list");
    strings->push_back(current_.value);
    Advance();
  } while (AcceptSymbol(","));
  return ExpectSymbol("]", "or ',' in the list of strings");
}

// What is read can be printed, and what is printed can be read: so the limit of the text applies to
// the canonical text as well.
bool LitmusParser::CheckPrintedSize() {
  constexpr size_t kMostGrowth = 32;  // No construct grows more by being printed.
  if (text_.size() <= kMaxLitmusBytes / kMostGrowth) return true;
  const size_t printed = PrintLitmus(litmus_).size();
  if (printed <= kMaxLitmusBytes) return true;
  return Fail(current_, fmt::format("the canonical form of this text would have {} bytes; a litmus "
                                    "file has at most {}",
                                    printed, kMaxLitmusBytes));
}

}  // namespace model
