// The initial state: processes, objects with their handles and rights, messages already queued.
#include <fmt/format.h>

#include <utility>

#include "model/litmus_parser.h"

namespace model {

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
  if (IsWord("eventpair")) return ParseObject(core::ObjectType::kEventPair);
  if (IsWord("port") && !NextIsSymbol(".")) return ParseObject(core::ObjectType::kPort);
  if (current_.kind == TokenKind::kIdentifier && NextIsSymbol(".")) return ParseQueue();
  return FailExpected(
      "'process', 'channel', 'event', 'eventpair', 'port', 'ENDPOINT.queue = ...' or '}'");
}

bool LitmusParser::ParseProcesses() {
  do {
    Advance();  // 'process' or ','.
    std::vector<std::string>& processes = litmus_.program.processes;
    Token name;
    if (!ParseNewName("process", &name)) return false;
    if (!Declare(&processes_, "process", name, std::string(name.text), processes.size()))
      return false;
    if (processes.size() == kMaxProcesses) {
      return Fail(name, fmt::format("there are more than {} processes", kMaxProcesses));
    }
    processes.emplace_back(name.text);
  } while (IsSymbol(","));
  return ExpectSymbol(";", "after the names of the processes");
}

bool LitmusParser::ParseObject(core::ObjectType type) {
  const std::string_view what = ObjectWord(type);
  Advance();
  Token name;
  if (!ParseNewName(what, &name)) return false;
  if (!Declare(&objects_, "object", name, std::string(name.text), litmus_.program.objects.size()))
    return false;
  if (!ExpectSymbol(":", fmt::format("after the name of the {}", what))) return false;
  DeclaredObject object{.name = std::string(name.text), .type = type, .handles = {}};
  if (!ParseHandleDeclaration(&object)) return false;
  if (IsPaired(type)) {
    if (!ExpectSymbol("<->", fmt::format("between the two ends of the {}", what))) return false;
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
  if (!Declare(&handles_, "handle", name, std::string(name.text), handles.size())) return false;
  if (handles.size() == kMaxDeclaredHandles) {
    return Fail(name, fmt::format("there are more than {} handles", kMaxDeclaredHandles));
  }
  handle.name = name.text;
  handle.object = static_cast<ObjectIndex>(litmus_.program.objects.size());
  handle.side = static_cast<uint32_t>(object->handles.size());
  if (IsSymbol("[") && !ParseRights(&handle.rights)) return false;
  object->handles.push_back(static_cast<EndpointIndex>(handles.size()));
  handles.push_back(std::move(handle));
  return true;
}

bool LitmusParser::ParseRights(RightsArgument* rights) {
  Advance();  // '['.
  if (IsWord("NONE")) {
    Advance();
    *rights = {RightsArgument::Kind::kExactly, core::kRightNone};
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
    const Token item = current_;
    core::Rights right = core::kRightNone;
    if (!ParseRight(&right)) return false;
    if ((listed & right) != 0) {
      return Fail(item, fmt::format("the right {} is listed twice", item.text));
    }
    listed |= right;
  } while (IsSymbol(","));
  *rights = {removes ? RightsArgument::Kind::kWithout : RightsArgument::Kind::kExactly, listed};
  return ExpectSymbol("]", "after the rights");
}

bool LitmusParser::ParseRight(core::Rights* right) {
  const Token first = current_;
  if (first.kind == TokenKind::kNumber) {
    if (!ParseUint32("a set of rights", right)) return false;
    return *right != core::kRightNone || Fail(first, "0 is no right; no rights are written NONE");
  }
  if (first.kind != TokenKind::kIdentifier) return FailExpected("the name of a right");
  const std::optional<uint32_t> bit = BitByName(RightNames(), first.text);
  if (!bit) {
    return Fail(first, fmt::format("unknown right '{}'{}", first.text,
                                   DidYouMean(first.text, NamesOf(RightNames()))));
  }
  *right = *bit;
  Advance();
  return true;
}

bool LitmusParser::ParseQueue() {
  const Token name = current_;
  InitialQueue queue;
  if (!FindHandle(name, &queue.endpoint)) return false;
  const DeclaredHandle& handle = litmus_.program.handles[queue.endpoint];
  if (litmus_.program.objects[handle.object].type != core::ObjectType::kChannel) {
    const std::string_view what = ObjectWord(litmus_.program.objects[handle.object].type);
    return Fail(name,
                fmt::format("'{}' is a handle to {} {}; only the ends of channels have a queue",
                            name.text, what.starts_with('e') ? "an" : "a", what));
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
  if (!ParseMessages(&queue.messages)) return false;
  litmus_.program.queues.push_back(std::move(queue));
  return ExpectSymbol(";", "after the list of messages");
}

bool LitmusParser::ParseMessages(std::vector<InitialMessage>* messages) {
  if (!ExpectSymbol("[", "of a list of messages")) return false;
  if (AcceptSymbol("]")) return true;
  do {
    if (current_.kind != TokenKind::kString) return FailExpected("a string in the list");
    InitialMessage& message = messages->emplace_back(InitialMessage{current_.value, 0});
    Advance();
    if (!IsWord("nest")) continue;
    Advance();
    const Token count = current_;
    uint64_t nested = 0;
    if (!ExpectNumber("how many channels are nested", kMaxNested, &nested)) return false;
    if (nested == 0)
      return Fail(count, "a message that nests no channel is written without 'nest'");
    message.nested = static_cast<uint32_t>(nested);
  } while (AcceptSymbol(","));
  return ExpectSymbol("]", "or ',' in the list of messages");
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

}  // namespace model
