// Threads and their calls. What a call takes is a table per system call; the functions below the
// tables each read one kind of argument.
#include <fmt/format.h>

#include <array>
#include <limits>
#include <utility>

#include "model/litmus_parser.h"

namespace model {
namespace {

constexpr uint64_t kMaxUint32 = std::numeric_limits<uint32_t>::max();

// Arguments that the interface has and this reader has not.
constexpr auto kUnsupportedParameters = std::to_array<std::string_view>(
    {"count", "dispositions", "rights", "num_bytes", "num_handles"});

// Bits of what has been given to zx_channel_write, by place in its table of parameters.
constexpr uint32_t kBytesGiven = 1u << 1;
constexpr uint32_t kRawGiven = 1u << 2;
constexpr uint32_t kTxidGiven = 1u << 4;

}  // namespace

bool LitmusParser::ParseThread() {
  Advance();  // 'thread'.
  std::vector<ThreadProgram>& threads = litmus_.program.threads;
  ThreadProgram thread;
  if (!ParseProcess(&thread.process)) return false;
  if (!ExpectSymbol(".", "between the process and the name of the thread")) return false;
  Token name;
  if (!ParseNewName("thread", &name)) return false;
  if (!Declare(&threads_, "thread", name, threads.size())) return false;
  if (threads.size() == kMaxThreads) {
    return Fail(name, fmt::format("there are more than {} threads", kMaxThreads));
  }
  thread.name = name.text;
  thread.position = name.position;
  threads.push_back(std::move(thread));
  variables_.emplace_back();
  if (!ExpectSymbol("{", "before the calls of the thread")) return false;
  while (!AcceptSymbol("}")) {
    if (!ParseStatement()) return false;
  }
  return true;
}

bool LitmusParser::RefuseUnsupportedStatement() {
  if (NextIsSymbol("(") || NextIsSymbol("=")) return true;
  for (std::string_view word : {"choose", "repeat", "note"}) {
    if (IsWord(word)) return FailUnsupported(current_, fmt::format("'{}'", word));
  }
  return true;
}

bool LitmusParser::ParseStatement() {
  if (!RefuseUnsupportedStatement()) return false;
  const Token first = current_;
  if (thread().calls.size() == kMaxCallsPerThread) {
    return Fail(first, fmt::format("thread '{}' has more than {} calls", thread().name,
                                   kMaxCallsPerThread));
  }
  Call call;
  if (first.kind == TokenKind::kIdentifier && NextIsSymbol("=")) {
    Token name;
    if (!ParseNewName("result", &name)) return false;
    Advance();  // '='.
    call.result = static_cast<VariableIndex>(thread().variables.size());
    if (!Declare(&variables_.back(), "result", name, *call.result)) return false;
  }
  call.position = current_.position;
  if (!ParseSyscall(&call)) return false;
  if (call.result) {
    thread().variables.push_back({.name = std::string(first.text), .kind = call.kind});
  }
  thread().calls.push_back(std::move(call));
  return ExpectSymbol(";", "after the call");
}

bool LitmusParser::ParseSyscall(Call* call) {
  if (current_.kind != TokenKind::kIdentifier) {
    return FailExpected(call->result ? "a system call after '='" : "a system call or '}'");
  }
  const std::optional<CallKind> kind = SyscallByName(current_.text);
  if (!kind) {
    if (IsUnsupportedSyscall(current_.text)) {
      return FailUnsupported(current_, fmt::format("'{}'", current_.text));
    }
    return Fail(current_, fmt::format("unknown system call '{}'{}", current_.text,
                                      DidYouMean(current_.text, AllSyscallNames())));
  }
  call->kind = *kind;
  Advance();
  return ParseArguments(call);
}

std::span<const LitmusParser::Parameter> LitmusParser::ParametersOf(CallKind kind) {
  using P = LitmusParser;
  constexpr Parameter kHandle = {"handle", true, true, &P::ParseHandleParameter};
  static constexpr auto kWrite = std::to_array<Parameter>({
      kHandle,
      {"bytes", true, false, &P::ParseBytesParameter},  // These or `raw`.
      {"raw", false, false, &P::ParseRawParameter},
      {"handles", false, false, &P::ParseHandlesParameter},
      {"txid", false, false, &P::ParseTxidParameter},
      {"options", false, false, &P::ParseWriteOptionsParameter},
  });
  static constexpr auto kRead = std::to_array<Parameter>({
      kHandle,
      {"max_bytes", false, false, &P::ParseMaxBytesParameter},
      {"max_handles", false, false, &P::ParseMaxHandlesParameter},
      {"options", false, false, &P::ParseReadOptionsParameter},
  });
  static constexpr auto kClose = std::to_array<Parameter>({kHandle});
  static constexpr auto kWaitOne = std::to_array<Parameter>({
      kHandle,
      {"signals", true, true, &P::ParseSignalsParameter},
      {"deadline", false, false, &P::ParseDeadlineParameter},
  });
  switch (kind) {
    case CallKind::kChannelWrite:
      return kWrite;
    case CallKind::kChannelRead:
      return kRead;
    case CallKind::kHandleClose:
      return kClose;
    case CallKind::kObjectWaitOne:
      return kWaitOne;
    case CallKind::kChannelCreate:
    case CallKind::kEventCreate:
      return {};
  }
  return {};
}

bool LitmusParser::ParseArguments(Call* call) {
  if (!ExpectSymbol("(", fmt::format("after '{}'", SyscallName(call->kind)))) return false;
  uint32_t given = 0;  // A bit per parameter.
  if (!IsSymbol(")")) {
    do {
      if (!ParseArgument(call, &given)) return false;
    } while (AcceptSymbol(","));
  }
  if (!CheckArguments(*call, given)) return false;
  return ExpectSymbol(")", "or ',' after the argument");
}

bool LitmusParser::ParseArgument(Call* call, uint32_t* given) {
  const Token first = current_;
  size_t index = 0;
  if (!FindParameter(*call, *given, &index)) return false;
  *given |= 1u << index;
  if (call->kind == CallKind::kChannelWrite && (*given & kRawGiven) != 0) {
    if ((*given & kBytesGiven) != 0) {
      return Fail(first, "zx_channel_write takes bytes or 'raw:', not both");
    }
    if ((*given & kTxidGiven) != 0) {
      return Fail(first, "'raw:' is the whole message, so there is no place for 'txid:'");
    }
  }
  return (this->*ParametersOf(call->kind)[index].parse)(call);
}

// Finds what the argument at the current token is for, and takes its name if it has one. Only the
// positional parameter whose turn it is may be named, and only a handle: `handle: 0x3`.
bool LitmusParser::FindParameter(const Call& call, uint32_t given, size_t* index) {
  const std::span<const Parameter> parameters = ParametersOf(call.kind);
  const bool named = current_.kind == TokenKind::kIdentifier && NextIsSymbol(":");
  for (*index = 0; *index < parameters.size(); ++*index) {
    const Parameter& parameter = parameters[*index];
    const bool is_given = (given & (1u << *index)) != 0;
    if (!named) {
      if (!parameter.positional || is_given) continue;
      if (given >> *index != 0) return Fail(current_, "unnamed arguments come before named ones");
      return true;
    }
    if (parameter.name != current_.text) continue;
    if (parameter.positional && parameter.name != "handle") continue;
    if (is_given) return Fail(current_, fmt::format("'{}' is given twice", current_.text));
    Advance();
    Advance();
    return true;
  }
  if (named) return FailUnknownParameter(call.kind);
  if (current_.kind == TokenKind::kEnd) return FailExpected("an argument");
  return Fail(current_, fmt::format("{} takes no {}, found {}", SyscallName(call.kind),
                                    parameters.empty() ? "arguments" : "more unnamed arguments",
                                    Describe(current_)));
}

bool LitmusParser::FailUnknownParameter(CallKind kind) {
  std::vector<std::string_view> names;
  for (const Parameter& parameter : ParametersOf(kind)) {
    if (!parameter.positional) {
      names.push_back(parameter.name);
    } else if (parameter.name == current_.text) {
      return Fail(current_, fmt::format("the {} of {} are given without a name", current_.text,
                                        SyscallName(kind)));
    }
  }
  for (std::string_view unsupported : kUnsupportedParameters) {
    if (unsupported == current_.text) {
      return FailUnsupported(current_, fmt::format("'{}:' in {}", unsupported, SyscallName(kind)));
    }
  }
  return Fail(current_, fmt::format("{} has no argument '{}'{}", SyscallName(kind), current_.text,
                                    DidYouMean(current_.text, names)));
}

bool LitmusParser::CheckArguments(const Call& call, uint32_t given) {
  const std::span<const Parameter> parameters = ParametersOf(call.kind);
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (!parameters[i].required || (given & (1u << i)) != 0) continue;
    return FailExpected(fmt::format("the {} of {}", parameters[i].name, SyscallName(call.kind)));
  }
  if (call.kind == CallKind::kChannelWrite && (given & (kBytesGiven | kRawGiven)) == 0) {
    return FailExpected("the bytes of zx_channel_write");
  }
  return true;
}

bool LitmusParser::ParseHandleParameter(Call* call) {
  return ParseHandle(&call->handle);
}
bool LitmusParser::ParseBytesParameter(Call* call) {
  return ParseBytes(&call->bytes);
}

bool LitmusParser::ParseRawParameter(Call* call) {
  call->raw = true;
  return ParseBytes(&call->bytes);
}

bool LitmusParser::ParseHandlesParameter(Call* call) {
  if (!ExpectSymbol("[", "of a list of handles")) return false;
  if (AcceptSymbol("]")) return true;
  do {
    if (call->handles.size() == kMaxHandlesPerCall) {
      return Fail(current_, fmt::format("there are more than {} handles", kMaxHandlesPerCall));
    }
    if (!ParseHandle(&call->handles.emplace_back())) return false;
  } while (AcceptSymbol(","));
  return ExpectSymbol("]", "or ',' in the list of handles");
}

bool LitmusParser::ParseTxidParameter(Call* call) {
  if (current_.kind == TokenKind::kIdentifier) {
    return ParseResultField(Location::Field::kTxid, &call->txid.emplace<ResultField>().variable);
  }
  return ParseUint32("a transaction id", &call->txid.emplace<uint32_t>());
}

bool LitmusParser::ParseWriteOptionsParameter(Call* call) {
  if (IsWord("USE_IOVEC")) return FailUnsupported(current_, "'USE_IOVEC'");
  return ParseUint32("options, a number", &call->options);
}

bool LitmusParser::ParseReadOptionsParameter(Call* call) {
  if (IsWord("MAY_DISCARD")) {
    call->options = core::kReadMayDiscard;
    Advance();
    return true;
  }
  return ParseUint32("MAY_DISCARD or a number", &call->options);
}

bool LitmusParser::ParseMaxBytesParameter(Call* call) {
  return ParseUint32("a number of bytes", &call->max_bytes.emplace());
}

bool LitmusParser::ParseMaxHandlesParameter(Call* call) {
  return ParseUint32("a number of handles", &call->max_handles.emplace());
}

bool LitmusParser::ParseSignalsParameter(Call* call) {
  return ParseSignals(&call->signals);
}

bool LitmusParser::ParseDeadlineParameter(Call* call) {
  using Kind = Deadline::Kind;
  if (current_.kind == TokenKind::kTime) {
    call->deadline = {.kind = Kind::kAt, .at_ns = static_cast<core::Time>(current_.number)};
    Advance();
    return true;
  }
  constexpr auto kWords = std::to_array<std::pair<std::string_view, Kind>>(
      {{"never", Kind::kNever}, {"now", Kind::kNow}, {"may", Kind::kMay}});
  for (const auto& [word, kind] : kWords) {
    if (!IsWord(word)) continue;
    call->deadline = {.kind = kind, .at_ns = 0};
    Advance();
    return true;
  }
  return FailExpected("a deadline: never, now, may or a time such as @15ms");
}

bool LitmusParser::ParseHandle(HandleArgument* handle) {
  if (current_.kind == TokenKind::kNumber) {
    return ParseUint32("the value of a handle", &handle->emplace<RawHandle>().value);
  }
  for (std::string_view word : {"move", "duplicate", "null", "unmapped"}) {
    if (IsWord(word)) return FailUnsupported(current_, fmt::format("'{}'", word));
  }
  if (current_.kind != TokenKind::kIdentifier) return FailExpected("a handle");
  return NextIsSymbol(".") ? ParseResultHandle(handle) : ParseNamedHandle(handle);
}

bool LitmusParser::ParseNamedHandle(HandleArgument* handle) {
  const Token name = current_;
  if (!handles_.contains(name.text) && variables_.back().contains(name.text)) {
    return Fail(name, fmt::format("'{}' is a result; the handles that it brought are written "
                                  "{}.handles[0] and so on",
                                  name.text, name.text));
  }
  EndpointIndex& index = handle->emplace<NamedHandle>().handle;
  if (!FindHandle(name, &index)) return false;
  // In another process the value would mean nothing, or something else.
  const ProcessIndex owner = litmus_.program.handles[index].process;
  if (owner != thread().process) {
    const std::vector<std::string>& processes = litmus_.program.processes;
    return Fail(name,
                fmt::format("'{}' belongs to process '{}', but this is thread {}.{}", name.text,
                            processes[owner], processes[thread().process], thread().name));
  }
  Advance();
  return true;
}

bool LitmusParser::ParseResultHandle(HandleArgument* handle) {
  ResultHandle& result = handle->emplace<ResultHandle>();
  if (!ParseVariable(&result.variable)) return false;
  const Variable& variable = thread().variables[result.variable];
  const uint32_t count = MaxResultHandles(variable.kind);
  Advance();  // '.'.
  if (!IsWord("handles")) {
    return FailExpected(fmt::format("'handles' after '{}.'", variable.name));
  }
  if (count == 0) {
    return Fail(current_, fmt::format("'{}' is the result of {}, which brings no handles",
                                      variable.name, SyscallName(variable.kind)));
  }
  Advance();
  if (!ExpectSymbol("[", "and the number of the handle")) return false;
  const Token number = current_;
  if (!ParseUint32("the number of a handle, from 0", &result.index)) return false;
  if (result.index >= count) {
    return Fail(number, fmt::format("{} brings at most {} handles, so the last is {}.handles[{}]",
                                    SyscallName(variable.kind), count, variable.name, count - 1));
  }
  return ExpectSymbol("]", "after the number of the handle");
}

bool LitmusParser::ParseBytes(BytesArgument* bytes) {
  do {
    if (current_.kind == TokenKind::kString) {
      bytes->emplace_back(std::move(current_.value));
      Advance();
      continue;
    }
    if (IsWord("null") || IsWord("unmapped")) {
      return FailUnsupported(current_, fmt::format("'{}'", current_.text));
    }
    if (current_.kind != TokenKind::kIdentifier) {
      return FailExpected("bytes: a string or the bytes of an earlier result");
    }
    ResultField field;
    if (!ParseResultField(Location::Field::kBytes, &field.variable)) return false;
    bytes->emplace_back(field);
  } while (AcceptSymbol("+"));
  return true;
}

bool LitmusParser::ParseResultField(Location::Field field, VariableIndex* variable) {
  if (!ParseVariable(variable)) return false;
  const Variable& declared = thread().variables[*variable];
  if (!ExpectSymbol(".", fmt::format("after the result '{}'", declared.name))) return false;
  if (!IsWord(FieldName(field))) {
    return FailExpected(fmt::format("'{}' after '{}.'", FieldName(field), declared.name));
  }
  if (!CallProduces(declared.kind, field)) {
    return Fail(current_, fmt::format("'{}' is the result of {}, which has no '{}'", declared.name,
                                      SyscallName(declared.kind), FieldName(field)));
  }
  Advance();
  return true;
}

bool LitmusParser::ParseVariable(VariableIndex* variable) {
  const Token name = current_;
  const auto found = variables_.back().find(name.text);
  // The variable of the call that is being read has its name already, but no value yet.
  if (found == variables_.back().end() || found->second.index >= thread().variables.size()) {
    if (handles_.contains(name.text)) {
      return Fail(name, fmt::format("'{}' is a handle, not the result of a call", name.text));
    }
    return Fail(name, fmt::format("no earlier call of this thread has a result '{}'{}", name.text,
                                  found == variables_.back().end()
                                      ? NearestName(variables_.back(), name.text)
                                      : ""));
  }
  *variable = found->second.index;
  Advance();
  return true;
}

bool LitmusParser::ParseUint32(std::string_view what, uint32_t* number) {
  uint64_t value = 0;
  if (!ExpectNumber(what, kMaxUint32, &value)) return false;
  *number = static_cast<uint32_t>(value);
  return true;
}

bool LitmusParser::ParseSignals(core::Signals* signals) {
  *signals = core::kSignalNone;
  do {
    if (current_.kind == TokenKind::kNumber) {
      uint32_t bits = 0;
      if (!ParseUint32("a set of signals", &bits)) return false;
      *signals |= bits;
      continue;
    }
    if (current_.kind != TokenKind::kIdentifier) {
      return FailExpected("signals, by name or as a number");
    }
    const std::optional<uint32_t> bit = BitByName(SignalNames(), current_.text);
    if (!bit) {
      return Fail(current_, fmt::format("unknown signal '{}'{}", current_.text,
                                        DidYouMean(current_.text, NamesOf(SignalNames()))));
    }
    *signals |= *bit;
    Advance();
  } while (AcceptSymbol("|"));
  return true;
}

}  // namespace model
