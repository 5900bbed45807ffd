// Threads and their statements: calls, choices, repeated blocks, notes.
#include <fmt/format.h>

#include <utility>

#include "model/litmus_parser.h"

namespace model {

bool LitmusParser::ParseThread() {
  Advance();  // 'thread'.
  std::vector<ThreadProgram>& threads = litmus_.program.threads;
  ThreadProgram program;
  if (!ParseProcess(&program.process)) return false;
  if (!ExpectSymbol(".", "between the process and the name of the thread")) return false;
  Token name;
  if (!ParseNewName("thread", &name)) return false;
  if (!Declare(&threads_, "thread", name, std::string(name.text), threads.size())) return false;
  if (threads.size() == kMaxThreads) {
    return Fail(name, fmt::format("there are more than {} threads", kMaxThreads));
  }
  program.name = name.text;
  program.position = name.position;
  threads.push_back(std::move(program));
  variables_.emplace_back();
  if (!ExpectSymbol("{", "before the calls of the thread")) return false;
  while (!AcceptSymbol("}")) {
    if (!ParseStatement()) return false;
  }
  LinkBlocks(&thread());
  return true;
}

bool LitmusParser::ParseStatement() {
  if (thread().calls.size() == kMaxCallsPerThread) {
    return Fail(current_, fmt::format("thread '{}' has more than {} calls", thread().name,
                                      kMaxCallsPerThread));
  }
  // What looks like a call is refused as one: none of these words is a name.
  const bool call = NextIsSymbol("(") || NextIsSymbol("=");
  if (!call && IsWord("choose")) return ParseChoose();
  if (!call && IsWord("repeat")) return ParseRepeat();
  if (!call && IsWord("note")) return ParseNote();
  return ParseCallStatement();
}

// `what` is what the block is for: "of the choice".
bool LitmusParser::ParseBlock(std::string_view what) {
  const Token first = current_;
  if (!ExpectSymbol("{", fmt::format("before a block {}", what))) return false;
  if (block_depth_ == kMaxBlockDepth) {
    return Fail(first, fmt::format("blocks are nested deeper than {} levels", kMaxBlockDepth));
  }
  ++block_depth_;
  while (!AcceptSymbol("}")) {
    if (!ParseStatement()) return false;
  }
  --block_depth_;
  return true;
}

bool LitmusParser::ParseChoose() {
  const Token first = current_;
  Advance();
  const size_t index = thread().calls.size();
  const size_t first_variable = thread().variables.size();
  Call choose;
  choose.kind = CallKind::kChoose;
  AddCall(first, std::move(choose));
  std::vector<uint32_t> blocks;
  do {
    if (!blocks.empty()) Advance();  // 'or'.
    const size_t begin = thread().calls.size();
    unreachable_.push_back({.begin = first_variable, .end = thread().variables.size()});
    if (!ParseBlock("of the choice")) return false;
    unreachable_.pop_back();
    blocks.push_back(static_cast<uint32_t>(thread().calls.size() - begin));
  } while (IsWord("or"));
  if (blocks.size() < 2) return FailExpected("'or' and what else can be chosen");
  thread().calls[index].blocks = std::move(blocks);
  return true;
}

// Reads the block again for every round. What the thread then consists of is limited as if it had
// been written out.
bool LitmusParser::ParseRepeat() {
  const Token first = current_;
  Advance();
  const Token number = current_;
  uint64_t count = 0;
  if (!ExpectNumber("how often the block is repeated", kMaxCallsPerThread, &count)) return false;
  if (count == 0) return Fail(number, "a block is repeated once at least");
  const Place place{lexer_, previous_, current_, next_};
  for (uint64_t round = 1; round <= count; ++round) {
    lexer_ = place.lexer;
    previous_ = place.previous;
    current_ = place.current;
    next_ = place.next;
    rounds_.push_back(fmt::format("_{}", round));
    if (!ParseBlock("that is repeated")) return false;
    rounds_.pop_back();
    if (round > 1) repeated_bytes_ += previous_.offset - place.current.offset;
    if (repeated_bytes_ > kMaxLitmusBytes) {
      return Fail(first, fmt::format("written out, what is repeated would have more than {} bytes",
                                     kMaxLitmusBytes));
    }
  }
  return true;
}

bool LitmusParser::ParseNote() {
  const Token first = current_;
  Advance();
  if (current_.kind != TokenKind::kString) return FailExpected("the text of the note, a string");
  Call note;
  note.kind = CallKind::kNote;
  note.note = current_.value;
  Advance();
  AddCall(first, std::move(note));
  return ExpectSymbol(";", "after the note");
}

bool LitmusParser::ParseCallStatement() {
  const Token first = current_;
  Call call;
  if (first.kind == TokenKind::kIdentifier && NextIsSymbol("=")) {
    if (!ParseResultName(&call)) return false;
  }
  const Token syscall = current_;
  if (!ParseSyscall(&call)) return false;
  if (call.result) {
    std::string name = fmt::format("{}{}", first.text, Join(rounds_, ""));
    thread().variables.push_back({.name = std::move(name), .kind = call.kind});
  }
  AddCall(syscall, std::move(call));
  return ExpectSymbol(";", "after the call");
}

bool LitmusParser::ParseResultName(Call* call) {
  Token name;
  if (!ParseNewName("result", &name)) return false;
  Advance();  // '='.
  std::string full = fmt::format("{}{}", name.text, Join(rounds_, ""));
  if (full.size() > kMaxLitmusNameBytes) {
    return Fail(name, fmt::format("in this round the name would be {}, which is longer than {} "
                                  "characters",
                                  full, kMaxLitmusNameBytes));
  }
  call->result = static_cast<VariableIndex>(thread().variables.size());
  return Declare(&variables_.back(), "result", name, std::move(full), *call->result);
}

void LitmusParser::AddCall(const Token& at, Call call) {
  call.position = at.position;
  thread().calls.push_back(std::move(call));
}

bool LitmusParser::ResolveThreadReferences() {
  for (const ThreadReference& reference : thread_references_) {
    const auto found = threads_.find(reference.name.text);
    if (found == threads_.end()) return FailUnknown(threads_, "thread", reference.name);
    litmus_.program.threads[reference.thread].calls[reference.call].target_thread =
        found->second.index;
  }
  return true;
}

}  // namespace model
