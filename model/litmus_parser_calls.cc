// Calls: what each takes is a table of parameters, and arguments find their place in it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "model/litmus_parser.h"

namespace model {
namespace {

template <typename T, size_t... kSizes>
constexpr auto Concat(const std::array<T, kSizes>&... parts) {
  std::array<T, (kSizes + ...)> whole;
  auto at = whole.begin();
  ((at = std::copy(parts.begin(), parts.end(), at)), ...);
  return whole;
}

}  // namespace

// Positional parameters come first, in their order. A list and the address at which it lies have
// one name: `handles: [a0]`, `handles: unmapped`.
struct LitmusParser::ParameterTables {
  using P = LitmusParser;
  template <size_t kSize>
  using Table = std::array<Parameter, kSize>;

  static constexpr Parameter kObject = Parameter::Required("handle", &P::ParseHandleParameter);
  static constexpr Parameter kSignals = Parameter::Required("signals", &P::ParseSignalsParameter);
  static constexpr Parameter kDeadline = {"deadline", &P::ParseDeadlineParameter};
  static constexpr Parameter kOptions = {"options", &P::ParseOptionsParameter};
  static constexpr Parameter kRights = {"rights", &P::ParseRightsParameter};
  static constexpr Parameter kKey = {"key", &P::ParseKeyParameter};
  static constexpr Parameter kOut = {"out", &Buffers::out};
  static constexpr Parameter kPacket = {"packet", &Buffers::out};
  // The port of those that have no other object.
  static constexpr Parameter kOnlyPort = Parameter::Required("port", &P::ParseHandleParameter);
  static constexpr Parameter kPort = Parameter::Required("port", &P::ParsePortParameter);

  static constexpr Table<7> kMessage = {{
      kObject,
      // One of these: see CheckArguments.
      {.name = "bytes", .target = &P::ParseBytesParameter, .positional = true, .required = false},
      {"raw", &P::ParseRawParameter},
      {"iovecs", &P::ParseIovecsParameter},
      kOptions,
      {"count", &Call::count},
      {"handle_count", &Call::handle_count},
  }};
  static constexpr Table<3> kMessageMemory = {{
      {"txid", &P::ParseTxidParameter},
      {"bytes", &Buffers::bytes},
      {"iovecs", &Buffers::bytes},
  }};
  static constexpr Table<2> kHandles = {
      {{"handles", &P::ParseHandlesParameter}, {"handles", &Buffers::handles}}};
  static constexpr Table<2> kDispositions = {
      {{"dispositions", &P::ParseDispositionsParameter}, {"dispositions", &Buffers::handles}}};
  static constexpr Table<6> kRoom = {{
      {"max_bytes", &Call::max_bytes},
      {"max_handles", &Call::max_handles},
      {"rd_bytes", &Buffers::rd_bytes},
      {"rd_handles", &Buffers::rd_handles},
      {"actual_bytes", &Buffers::actual_bytes},
      {"actual_handles", &Buffers::actual_handles},
  }};
  static constexpr Table<2> kCallRecord = {{kDeadline, {"args", &Buffers::args}}};
  static constexpr Table<1> kReadStatus = {{{"read_status", &Buffers::read_status}}};

  static constexpr auto kWrite = Concat(kMessage, kMessageMemory, kHandles);
  static constexpr auto kWriteEtc = Concat(kMessage, kMessageMemory, kDispositions);
  static constexpr auto kRead = Concat(Table<2>{{kObject, kOptions}}, kRoom);
  static constexpr auto kCall =
      Concat(kMessage, kMessageMemory, kHandles, kRoom, kCallRecord, kReadStatus);
  static constexpr auto kCallEtc =
      Concat(kMessage, kMessageMemory, kDispositions, kRoom, kCallRecord);
  static constexpr Table<2> kCreateOne = {{kOptions, kOut}};
  static constexpr Table<3> kCreateTwo = {{kOptions, kOut, {"second_out", &Buffers::second_out}}};
  static constexpr Table<1> kHandleOnly = {{kObject}};
  static constexpr Table<3> kCloseMany = {{
      Parameter::Required("handles", &P::ParseClosedParameter),
      {"handles", &Buffers::handles},
      {"handle_count", &Call::handle_count},
  }};
  static constexpr Table<3> kDuplicate = {{kObject, kRights, kOut}};
  static constexpr Table<4> kWaitOne = {
      {kObject, kSignals, kDeadline, {"observed", &Buffers::out}}};
  static constexpr Table<4> kWaitMany = {{
      Parameter::Required("items", &P::ParseItemsParameter),
      kDeadline,
      {"count", &Call::count},
      {"items", &Buffers::out},
  }};
  static constexpr Table<5> kWaitAsync = {
      {kObject, kPort, kKey, {"signals", &P::ParseSignalsParameter}, kOptions}};
  static constexpr Table<3> kSignal = {{
      kObject,
      Parameter::Required("signals to clear", &P::ParseClearParameter),
      Parameter::Required("signals to set", &P::ParseSignalsParameter),
  }};
  static constexpr Table<3> kGetInfo = {
      {kObject, Parameter::Required("topic", &P::ParseTopicParameter), {"buffer", &Buffers::out}}};
  static constexpr Table<3> kPortQueue = {{kOnlyPort, kKey, kPacket}};
  static constexpr Table<3> kPortWait = {{kOnlyPort, kDeadline, kPacket}};
  static constexpr Table<3> kPortCancel = {{kPort, kObject, kKey}};
  static constexpr Table<1> kThread = {{Parameter::Required("thread", &P::ParseThreadParameter)}};
  static constexpr Table<1> kProcess = {
      {Parameter::Required("process", &P::ParseProcessParameter)}};
};

std::span<const LitmusParser::Parameter> LitmusParser::ParametersOf(CallKind kind) {
  using T = ParameterTables;
  switch (kind) {
    case CallKind::kChannelCreate:
    case CallKind::kEventPairCreate:
      return T::kCreateTwo;
    case CallKind::kEventCreate:
    case CallKind::kPortCreate:
      return T::kCreateOne;
    case CallKind::kChannelWrite:
      return T::kWrite;
    case CallKind::kChannelWriteEtc:
      return T::kWriteEtc;
    case CallKind::kChannelRead:
    case CallKind::kChannelReadEtc:
      return T::kRead;
    case CallKind::kChannelCall:
      return T::kCall;
    case CallKind::kChannelCallEtc:
      return T::kCallEtc;
    case CallKind::kHandleClose:
    case CallKind::kHandleCheckValid:
      return T::kHandleOnly;
    case CallKind::kHandleCloseMany:
      return T::kCloseMany;
    case CallKind::kHandleDuplicate:
    case CallKind::kHandleReplace:
      return T::kDuplicate;
    case CallKind::kObjectWaitOne:
      return T::kWaitOne;
    case CallKind::kObjectWaitMany:
      return T::kWaitMany;
    case CallKind::kObjectWaitAsync:
      return T::kWaitAsync;
    case CallKind::kObjectSignal:
    case CallKind::kObjectSignalPeer:
      return T::kSignal;
    case CallKind::kObjectGetInfo:
      return T::kGetInfo;
    case CallKind::kPortQueue:
      return T::kPortQueue;
    case CallKind::kPortWait:
      return T::kPortWait;
    case CallKind::kPortCancel:
      return T::kPortCancel;
    case CallKind::kThreadKill:
    case CallKind::kThreadSuspend:
    case CallKind::kThreadResume:
      return T::kThread;
    case CallKind::kProcessKill:
      return T::kProcess;
    case CallKind::kChoose:
    case CallKind::kNote:
      return {};
  }
  return {};
}

bool LitmusParser::ParseSyscall(Call* call) {
  if (current_.kind != TokenKind::kIdentifier) {
    return FailExpected(call->result ? "a system call after '='"
                                     : "a system call, 'choose', 'repeat', 'note' or '}'");
  }
  const std::optional<CallKind> kind = SyscallByName(current_.text);
  if (!kind) {
    if (IsForeignSyscall(current_.text)) {
      return Fail(current_, fmt::format("'{}' is a system call of Zircon, but none that litmus "
                                        "files have",
                                        current_.text));
    }
    return Fail(current_, fmt::format("unknown system call '{}'{}", current_.text,
                                      DidYouMean(current_.text, AllSyscallNames())));
  }
  call->kind = *kind;
  Advance();
  return ParseArguments(call);
}

bool LitmusParser::ParseArguments(Call* call) {
  if (!ExpectSymbol("(", fmt::format("after '{}'", SyscallName(call->kind)))) return false;
  uint32_t given = 0;  // A bit per parameter.
  removal_.reset();
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
  const bool named = first.kind == TokenKind::kIdentifier && NextIsSymbol(":");
  size_t index = 0;
  if (named ? !FindNamed(*call, *given, &index) : !FindPositional(*call, *given, &index)) {
    return false;
  }
  *given |= 1u << index;
  if (!CheckConflicts(*call, *given, first)) return false;
  const Parameter& parameter = ParametersOf(call->kind)[index];
  if (const auto* memory = std::get_if<Memory Buffers::*>(&parameter.target)) {
    return ParseMemory(parameter.name, &(call->buffers.**memory));
  }
  if (const auto* number = std::get_if<std::optional<uint32_t> Call::*>(&parameter.target)) {
    return ParseUint32(fmt::format("the number for '{}'", parameter.name),
                       &(call->**number).emplace());
  }
  return (this->*std::get<bool (LitmusParser::*)(Call*)>(parameter.target))(call);
}

bool LitmusParser::FindPositional(const Call& call, uint32_t given, size_t* index) {
  const std::span<const Parameter> parameters = ParametersOf(call.kind);
  for (*index = 0; *index < parameters.size(); ++*index) {
    if (!parameters[*index].positional || (given & (1u << *index)) != 0) continue;
    if (given >> *index != 0) return Fail(current_, "unnamed arguments come before named ones");
    return true;
  }
  if (current_.kind == TokenKind::kEnd) return FailExpected("an argument");
  const bool any = std::ranges::any_of(parameters, &Parameter::positional);
  return Fail(current_, fmt::format("{} takes no {}, found {}", SyscallName(call.kind),
                                    any                  ? "more unnamed arguments"
                                    : parameters.empty() ? "arguments"
                                                         : "unnamed arguments",
                                    Describe(current_)));
}

// Takes the name of the argument. Of the positional parameters only handles may be named, for the
// sake of values: `handle: 0x3`.
bool LitmusParser::FindNamed(const Call& call, uint32_t given, size_t* index) {
  const std::span<const Parameter> parameters = ParametersOf(call.kind);
  const Token name = current_;
  std::optional<size_t> value;
  std::optional<size_t> memory;
  bool positional = false;
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].name != name.text) continue;
    if (std::holds_alternative<Memory Buffers::*>(parameters[i].target)) {
      memory = i;
    } else if (parameters[i].positional && name.text != "handle" && name.text != "port") {
      positional = true;
    } else {
      value = i;
    }
  }
  if (!value && !memory && !positional) return FailUnknownParameter(call.kind, name);
  Advance();
  Advance();
  if (memory && (AtMemory() || (!value && !positional))) value = memory;
  if (!value) {
    return Fail(name,
                fmt::format("{} takes its {} without a name", SyscallName(call.kind), name.text));
  }
  *index = *value;
  if ((given & (1u << *index)) == 0) return true;
  return Fail(name, fmt::format("'{}' is given twice", name.text));
}

bool LitmusParser::FailUnknownParameter(CallKind kind, const Token& name) {
  std::vector<std::string_view> names;
  for (const Parameter& parameter : ParametersOf(kind)) {
    const bool told = !names.empty() && std::ranges::find(names, parameter.name) != names.end();
    const bool nameless =
        parameter.positional && parameter.name != "handle" && parameter.name != "port";
    if (!told && !nameless) names.push_back(parameter.name);
  }
  std::string right = DidYouMean(name.text, names);
  if (right.empty() && !names.empty()) right = fmt::format("; it has {}", Join(names, ", "));
  return Fail(name, fmt::format("{} has no argument '{}'{}", SyscallName(kind), name.text, right));
}

// Whether a value has been given, not only the address of one.
bool LitmusParser::IsGiven(CallKind kind, uint32_t given, std::string_view name) {
  const std::span<const Parameter> parameters = ParametersOf(kind);
  for (size_t i = 0; i < parameters.size(); ++i) {
    const bool memory = std::holds_alternative<Memory Buffers::*>(parameters[i].target);
    if (parameters[i].name == name && !memory) return (given & (1u << i)) != 0;
  }
  return false;
}

// Checks the argument that begins with `last` against those before it.
bool LitmusParser::CheckConflicts(const Call& call, uint32_t given, const Token& last) {
  if (!Sends(call.kind)) return true;
  const auto is_given = [&](std::string_view name) { return IsGiven(call.kind, given, name); };
  const int messages = is_given("bytes") + is_given("raw") + is_given("iovecs");
  if (messages > 1) {
    return Fail(last,
                fmt::format("{} takes one of bytes, 'raw:' and 'iovecs:'", SyscallName(call.kind)));
  }
  if (is_given("txid") && (is_given("raw") || is_given("iovecs"))) {
    return Fail(last, fmt::format("'{}:' is the whole message, so there is no place for 'txid:'",
                                  is_given("raw") ? "raw" : "iovecs"));
  }
  return true;
}

bool LitmusParser::CheckArguments(const Call& call, uint32_t given) {
  const std::span<const Parameter> parameters = ParametersOf(call.kind);
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (!parameters[i].required || (given & (1u << i)) != 0) continue;
    return FailExpected(fmt::format("the {} of {}", parameters[i].name, SyscallName(call.kind)));
  }
  const auto is_given = [&](std::string_view name) { return IsGiven(call.kind, given, name); };
  if (Sends(call.kind) && !is_given("bytes") && !is_given("raw") && !is_given("iovecs")) {
    return FailExpected(fmt::format("the bytes of {}", SyscallName(call.kind)));
  }
  // The bytes would be taken for addresses.
  if (Sends(call.kind) && !is_given("iovecs") && (call.options & core::kWriteUseIovec) != 0) {
    return FailExpected("'iovecs:', the pieces of the message, for USE_IOVEC");
  }
  return CheckRemoval(call.handle, call.rights);
}

}  // namespace model
