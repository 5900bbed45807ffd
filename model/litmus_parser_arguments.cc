// Arguments of calls: each function reads one kind of them.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "model/litmus_parser.h"

namespace model {

namespace {
constexpr uint64_t kMaxUint32 = std::numeric_limits<uint32_t>::max();
}  // namespace

bool LitmusParser::ParseHandleParameter(Call* call) {
  return ParseHandle(&call->handle);
}
bool LitmusParser::ParsePortParameter(Call* call) {
  return ParseHandle(&call->port);
}

bool LitmusParser::ParseBytesParameter(Call* call) {
  if (!AtMemory()) return ParseBytes(&call->bytes);
  call->bytes.emplace_back("");
  return ParseMemory("bytes", &call->buffers.bytes);
}

bool LitmusParser::ParseRawParameter(Call* call) {
  call->raw = true;
  return ParseBytes(&call->bytes);
}

bool LitmusParser::ParseIovecsParameter(Call* call) {
  return ParseList("iovecs", kMaxIovecsPerCall, &call->iovecs.emplace(), &LitmusParser::ParseIovec);
}

bool LitmusParser::ParseHandlesParameter(Call* call) {
  return ParseList("handles", kMaxHandlesPerCall, &call->handles, &LitmusParser::ParseHandle);
}

bool LitmusParser::ParseClosedParameter(Call* call) {
  return AtMemory() ? ParseMemory("handles", &call->buffers.handles) : ParseHandlesParameter(call);
}

bool LitmusParser::ParseDispositionsParameter(Call* call) {
  return ParseList("dispositions", kMaxHandlesPerCall, &call->dispositions,
                   &LitmusParser::ParseDisposition);
}

bool LitmusParser::ParseItemsParameter(Call* call) {
  if (AtMemory()) return ParseMemory("items", &call->buffers.out);
  return ParseList("items", kMaxHandlesPerCall, &call->items, &LitmusParser::ParseItem);
}

bool LitmusParser::ParseTxidParameter(Call* call) {
  if (current_.kind == TokenKind::kIdentifier) {
    return ParseResultField(Location::Field::kTxid, &call->txid.emplace<ResultField>().variable);
  }
  return ParseUint32("a transaction id", &call->txid.emplace<uint32_t>());
}

bool LitmusParser::ParseOptionsParameter(Call* call) {
  return ParseBits("option", OptionNames(call->kind), &call->options);
}

bool LitmusParser::ParseSignalsParameter(Call* call) {
  return ParseBits("signal", SignalNames(), &call->signals);
}

bool LitmusParser::ParseClearParameter(Call* call) {
  return ParseBits("signal", SignalNames(), &call->clear);
}

bool LitmusParser::ParseDeadlineParameter(Call* call) {
  if (current_.kind == TokenKind::kTime) {
    call->deadline = {.kind = Deadline::Kind::kAt,
                      .at_ns = static_cast<core::Time>(current_.number)};
    Advance();
    return true;
  }
  constexpr auto kWords =
      std::to_array<std::pair<std::string_view, Deadline::Kind>>({{"never", Deadline::Kind::kNever},
                                                                  {"now", Deadline::Kind::kNow},
                                                                  {"may", Deadline::Kind::kMay}});
  for (const auto& [word, kind] : kWords) {
    if (!IsWord(word)) continue;
    call->deadline = {.kind = kind, .at_ns = 0};
    Advance();
    return true;
  }
  return FailExpected("a deadline: never, now, may or a time such as @15ms");
}

bool LitmusParser::ParseRightsParameter(Call* call) {
  return ParseCallRights(&call->rights);
}

bool LitmusParser::ParseKeyParameter(Call* call) {
  return ExpectNumber("a key, a number", std::numeric_limits<uint64_t>::max(), &call->key);
}

bool LitmusParser::ParseTopicParameter(Call* call) {
  return ParseNamedNumber("topic", TopicNames(), &call->topic);
}

// Which thread it is, is known when all have been read.
bool LitmusParser::ParseThreadParameter(Call*) {
  if (current_.kind != TokenKind::kIdentifier) return FailExpected("the name of a thread");
  thread_references_.push_back(
      {.thread = static_cast<ThreadIndex>(litmus_.program.threads.size() - 1),
       .call = thread().calls.size(),
       .name = current_});
  Advance();
  return true;
}

bool LitmusParser::ParseProcessParameter(Call* call) {
  return ParseProcess(&call->target_process);
}

template <typename Item>
bool LitmusParser::ParseList(std::string_view what, size_t max, std::vector<Item>* items,
                             bool (LitmusParser::*parse)(Item*)) {
  if (!ExpectSymbol("[", fmt::format("of a list of {}", what))) return false;
  if (AcceptSymbol("]")) return true;
  do {
    if (items->size() == max) {
      return Fail(current_, fmt::format("there are more than {} {}", max, what));
    }
    if (!(this->*parse)(&items->emplace_back())) return false;
  } while (AcceptSymbol(","));
  return ExpectSymbol("]", fmt::format("or ',' in the list of {}", what));
}

// `"ab"`, `"ab": 5` or `null: 4`, perhaps after `reserved`.
bool LitmusParser::ParseIovec(Iovec* iovec) {
  if (IsWord("reserved")) {
    iovec->reserved = true;
    Advance();
  }
  if (AtMemory()) {
    if (!ParseMemory("iovec", &iovec->memory)) return false;
  } else if (current_.kind == TokenKind::kString) {
    iovec->bytes = current_.value;
    Advance();
  } else {
    return FailExpected("a piece of a message: a string, null or unmapped");
  }
  if (!AcceptSymbol(":")) return true;
  return ParseUint32("the capacity of the piece", &iovec->capacity.emplace());
}

bool LitmusParser::ParseDisposition(Disposition* disposition) {
  using Operation = Disposition::Operation;
  constexpr auto kOperations =
      std::to_array<std::pair<std::string_view, Operation>>({{"move", Operation::kMove},
                                                             {"duplicate", Operation::kDuplicate},
                                                             {"unknown", Operation::kUnknown}});
  const auto found =
      std::ranges::find_if(kOperations, [this](const auto& each) { return IsWord(each.first); });
  if (found == kOperations.end()) {
    return FailExpected("what becomes of a handle: move, duplicate or unknown");
  }
  disposition->operation = found->second;
  Advance();
  if (!ParseHandle(&disposition->handle)) return false;
  if (IsWord("as")) {
    Advance();
    uint32_t type = 0;
    if (!ParseNamedNumber("type of objects", ObjectTypeNames(), &type)) return false;
    disposition->type = static_cast<core::ObjectType>(type);
  }
  if (!AcceptSymbol(":")) return true;
  return ParseCallRights(&disposition->rights) &&
         CheckRemoval(disposition->handle, disposition->rights);
}

bool LitmusParser::ParseItem(WaitItem* item) {
  return ParseHandle(&item->handle) && ExpectSymbol(":", "and signals after the handle") &&
         ParseBits("signal", SignalNames(), &item->signals);
}

bool LitmusParser::ParseCallRights(RightsArgument* rights) {
  removal_.reset();
  if (IsWord("SAME_RIGHTS")) {
    Advance();
    return true;
  }
  if (IsWord("NONE")) {
    *rights = {RightsArgument::Kind::kExactly, core::kRightNone};
    Advance();
    return true;
  }
  if (!IsSymbol("[")) return FailExpected("rights: SAME_RIGHTS, NONE or a list such as [READ]");
  if (next_.kind == TokenKind::kSymbol && next_.text == "-") removal_ = next_;
  return ParseRights(rights);
}

// What a handle starts with is known of declared ones only.
bool LitmusParser::CheckRemoval(const HandleArgument& handle, const RightsArgument& rights) {
  if (rights.kind != RightsArgument::Kind::kWithout || !removal_) return true;
  if (std::holds_alternative<NamedHandle>(handle)) return true;
  return Fail(*removal_,
              "a '-' takes away from the rights of a declared handle; for any other, list the "
              "rights that remain");
}

bool LitmusParser::AtMemory() const {
  return IsWord("null") || IsWord("unmapped");
}

bool LitmusParser::ParseMemory(std::string_view name, Memory* memory) {
  if (!AtMemory()) return FailExpected(fmt::format("null or unmapped after '{}:'", name));
  if (*memory != Memory::kFine) {
    return Fail(current_, fmt::format("the address of the {} is given twice", name));
  }
  *memory = IsWord("null") ? Memory::kNull : Memory::kUnmapped;
  Advance();
  return true;
}

bool LitmusParser::ParseHandle(HandleArgument* handle) {
  if (current_.kind == TokenKind::kNumber) {
    return ParseUint32("the value of a handle", &handle->emplace<RawHandle>().value);
  }
  if (current_.kind != TokenKind::kIdentifier) return FailExpected("a handle");
  return NextIsSymbol(".") ? ParseResultHandle(handle) : ParseNamedHandle(handle);
}

bool LitmusParser::ParseNamedHandle(HandleArgument* handle) {
  const Token name = current_;
  if (!handles_.contains(name.text) && FindResult(name.text) != nullptr) {
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
    return Fail(number, fmt::format("{} brings at most {}, so the last is {}.handles[{}]",
                                    SyscallName(variable.kind),
                                    count == 1 ? "one handle" : fmt::format("{} handles", count),
                                    variable.name, count - 1));
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
    if (current_.kind != TokenKind::kIdentifier || AtMemory()) {
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

const LitmusParser::Name* LitmusParser::FindResult(std::string_view name) const {
  const Scope& scope = variables_.back();
  for (size_t inside = rounds_.size();; --inside) {
    const auto rounds = std::span(rounds_).first(inside);
    const auto found = scope.find(fmt::format("{}{}", name, Join(rounds, "")));
    if (found != scope.end()) return &found->second;
    if (inside == 0) return nullptr;
  }
}

bool LitmusParser::ParseVariable(VariableIndex* variable) {
  const Token name = current_;
  const Name* found = FindResult(name.text);
  // The variable of the call that is being read has its name already, but no value yet.
  if (found == nullptr || found->index >= thread().variables.size()) {
    if (handles_.contains(name.text)) {
      return Fail(name, fmt::format("'{}' is a handle, not the result of a call", name.text));
    }
    return Fail(name,
                fmt::format("no earlier call of this thread has a result '{}'{}", name.text,
                            found == nullptr ? NearestName(variables_.back(), name.text) : ""));
  }
  const auto hides = [&](const Unreachable& each) {
    return each.begin <= found->index && found->index < each.end;
  };
  if (std::ranges::any_of(unreachable_, hides)) {
    return Fail(
        name, fmt::format("'{}' is set in another block of this choice, so never here", name.text));
  }
  *variable = found->index;
  Advance();
  return true;
}

bool LitmusParser::ParseUint32(std::string_view what, uint32_t* number) {
  uint64_t value = 0;
  if (!ExpectNumber(what, kMaxUint32, &value)) return false;
  *number = static_cast<uint32_t>(value);
  return true;
}

bool LitmusParser::ParseBits(std::string_view what, std::span<const NamedBit> names,
                             uint32_t* bits) {
  *bits = 0;
  do {
    if (current_.kind == TokenKind::kNumber) {
      uint32_t number = 0;
      if (!ParseUint32(fmt::format("a set of {}s", what), &number)) return false;
      *bits |= number;
      continue;
    }
    if (current_.kind != TokenKind::kIdentifier) {
      return FailExpected(fmt::format("{}s, by name or as a number", what));
    }
    const std::optional<uint32_t> bit = BitByName(names, current_.text);
    if (!bit) {
      return Fail(current_, fmt::format("unknown {} '{}'{}", what, current_.text,
                                        DidYouMean(current_.text, NamesOf(names))));
    }
    *bits |= *bit;
    Advance();
  } while (AcceptSymbol("|"));
  return true;
}

bool LitmusParser::ParseNamedNumber(std::string_view what, std::span<const NamedNumber> names,
                                    uint32_t* number) {
  if (current_.kind == TokenKind::kNumber) return ParseUint32(fmt::format("a {}", what), number);
  if (current_.kind != TokenKind::kIdentifier) {
    return FailExpected(fmt::format("a {}, by name or as a number", what));
  }
  const std::optional<uint32_t> found = NumberByName(names, current_.text);
  if (!found) {
    return Fail(current_,
                fmt::format("unknown {} '{}'; there are {}{}", what, current_.text,
                            Join(NamesOf(names), ", "), DidYouMean(current_.text, NamesOf(names))));
  }
  *number = *found;
  Advance();
  return true;
}

}  // namespace model
