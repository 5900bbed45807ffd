// Prints calls with their arguments, in the order: positional ones, what is sent, room for what is
// received, lies about sizes, addresses. Literals are at the end.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "model/litmus.h"
#include "model/litmus_lexer.h"
#include "model/litmus_printer.h"
#include "model/names.h"

namespace model {
namespace {

// Transaction ids of the kernel and user signals read better in hexadecimal, sizes do not.
constexpr uint64_t kFirstHexadecimal = 0x01000000;

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

std::string_view MemoryWord(Memory memory) {
  return memory == Memory::kNull ? "null" : "unmapped";
}

class CallPrinter {
 public:
  CallPrinter(const Program& program, ThreadIndex thread, const Call& call)
      : program_(program), variables_(program.threads[thread].variables), call_(call) {}

  std::string Print() {
    if (call_.kind == CallKind::kChoose) return "choose";
    if (call_.kind == CallKind::kNote) return fmt::format("note {}", Quote(call_.note));
    text_ = fmt::format("{}(", SyscallName(call_.kind));
    if (Sends(call_.kind) || Receives(call_.kind)) {
      AddMessageCall();
    } else {
      AddOtherCall();
    }
    return text_ + ")";
  }

 private:
  void Add(std::string_view argument) {
    if (!text_.ends_with('(')) text_ += ", ";
    text_ += argument;
  }
  void AddNamed(std::string_view name, std::string_view value) {
    Add(fmt::format("{}: {}", name, value));
  }
  void AddNumber(std::string_view name, uint64_t number) {
    if (number != 0) AddNamed(name, PrintNumber(number));
  }
  void AddOptional(std::string_view name, std::optional<uint32_t> number) {
    if (number) AddNamed(name, PrintNumber(*number));
  }
  void AddMemory(std::string_view name, Memory memory) {
    if (memory != Memory::kFine) AddNamed(name, MemoryWord(memory));
  }
  // A value stands out where a name is expected, so it says what it is.
  void AddHandle(std::string_view name, const HandleArgument& handle) {
    const bool raw = std::holds_alternative<RawHandle>(handle);
    Add(fmt::format("{}{}", raw ? fmt::format("{}: ", name) : "", Handle(handle)));
  }
  void AddDeadline() { AddNamed("deadline", PrintDeadline(call_.deadline)); }
  void AddRights() {
    const std::string rights = PrintRights(call_.rights);
    if (!rights.empty()) AddNamed("rights", rights);
  }

  // Names, if they say it all.
  void AddOptions() {
    uint32_t unnamed = call_.options;
    std::vector<std::string_view> words;
    for (const NamedBit& option : OptionNames(call_.kind)) {
      if ((call_.options & option.bit) != 0) words.push_back(option.name);
      unnamed &= ~option.bit;
    }
    if (unnamed != 0) return AddNumber("options", call_.options);
    if (!words.empty()) AddNamed("options", Join(words, " | "));
  }

  // A list whose address alone matters is the address.
  template <typename Item, typename Print>
  void AddList(std::string_view name, const std::vector<Item>& items, Memory memory, Print print) {
    if (!items.empty()) AddNamed(name, List(items, print));
    AddMemory(name, memory);
  }
  template <typename Item, typename Print>
  void AddPositionalList(std::string_view name, const std::vector<Item>& items, Memory memory,
                         Print print) {
    if (items.empty() && memory != Memory::kFine) return Add(MemoryWord(memory));
    Add(List(items, print));
    AddMemory(name, memory);
  }
  template <typename Item, typename Print>
  std::string List(const std::vector<Item>& items, Print print) const {
    std::vector<std::string> texts;
    for (const Item& item : items) texts.push_back((this->*print)(item));
    return fmt::format("[{}]", Join(texts, ", "));
  }

  void AddMessageCall() {
    const bool calls = Sends(call_.kind) && Receives(call_.kind);
    AddHandle("handle", call_.handle);
    if (Sends(call_.kind)) AddBytes();
    if (calls) AddDeadline();
    if (Sends(call_.kind)) AddSentHandles();
    AddOptional("max_bytes", call_.max_bytes);
    AddOptional("max_handles", call_.max_handles);
    AddOptions();
    AddOptional("count", call_.count);
    AddOptional("handle_count", call_.handle_count);
    if (Sends(call_.kind) && !BytesAreAddress()) {
      AddMemory(call_.iovecs ? "iovecs" : "bytes", call_.buffers.bytes);
    }
    AddMemory("rd_bytes", call_.buffers.rd_bytes);
    AddMemory("rd_handles", call_.buffers.rd_handles);
    AddMemory("actual_bytes", call_.buffers.actual_bytes);
    AddMemory("actual_handles", call_.buffers.actual_handles);
    AddMemory("args", call_.buffers.args);
    AddMemory("read_status", call_.buffers.read_status);
  }

  // Whether `null` or `unmapped` stands where the bytes would: no bytes at such an address.
  bool BytesAreAddress() const {
    if (call_.iovecs || call_.raw || call_.buffers.bytes == Memory::kFine) return false;
    const std::string* only =
        call_.bytes.size() == 1 ? std::get_if<std::string>(&call_.bytes[0]) : nullptr;
    return call_.bytes.empty() || (only != nullptr && only->empty());
  }

  void AddBytes() {
    if (call_.iovecs) {
      AddNamed("iovecs", List(*call_.iovecs, &CallPrinter::PrintIovec));
    } else if (BytesAreAddress()) {
      Add(MemoryWord(call_.buffers.bytes));
    } else {
      Add(fmt::format("{}{}", call_.raw ? "raw: " : "", Bytes(call_.bytes)));
    }
  }

  void AddSentHandles() {
    AddList("handles", call_.handles, Memory::kFine, &CallPrinter::Handle);
    AddList("dispositions", call_.dispositions, Memory::kFine, &CallPrinter::PrintDisposition);
    const bool etc =
        call_.kind == CallKind::kChannelWriteEtc || call_.kind == CallKind::kChannelCallEtc;
    AddMemory(etc ? "dispositions" : "handles", call_.buffers.handles);
    if (const ResultField* field = std::get_if<ResultField>(&call_.txid)) {
      AddNamed("txid", fmt::format("{}.txid", variables_[field->variable].name));
    } else {
      AddNumber("txid", std::get<uint32_t>(call_.txid));
    }
  }

  void AddOtherCall() {
    const Buffers& buffers = call_.buffers;
    switch (call_.kind) {
      case CallKind::kChannelCreate:
      case CallKind::kEventPairCreate:
      case CallKind::kEventCreate:
      case CallKind::kPortCreate:
        AddOptions();
        AddMemory("out", buffers.out);
        return AddMemory("second_out", buffers.second_out);
      case CallKind::kHandleCloseMany:
        AddPositionalList("handles", call_.handles, buffers.handles, &CallPrinter::Handle);
        return AddOptional("handle_count", call_.handle_count);
      case CallKind::kHandleDuplicate:
      case CallKind::kHandleReplace:
        AddHandle("handle", call_.handle);
        AddRights();
        return AddMemory("out", buffers.out);
      case CallKind::kThreadKill:
      case CallKind::kThreadSuspend:
      case CallKind::kThreadResume:
        return Add(program_.threads[call_.target_thread].name);
      case CallKind::kProcessKill:
        return Add(program_.processes[call_.target_process]);
      case CallKind::kPortQueue:
        AddHandle("port", call_.handle);
        AddNumber("key", call_.key);
        return AddMemory("packet", buffers.out);
      case CallKind::kPortWait:
        AddHandle("port", call_.handle);
        AddDeadline();
        return AddMemory("packet", buffers.out);
      case CallKind::kPortCancel:
        AddHandle("port", call_.port);
        AddHandle("handle", call_.handle);
        return AddNumber("key", call_.key);
      default:
        return AddObjectCall();
    }
  }

  void AddObjectCall() {
    if (call_.kind == CallKind::kObjectWaitMany) {
      AddPositionalList("items", call_.items, call_.buffers.out, &CallPrinter::PrintItem);
      AddDeadline();
      return AddOptional("count", call_.count);
    }
    AddHandle("handle", call_.handle);
    switch (call_.kind) {
      case CallKind::kObjectWaitOne:
        Add(PrintSignals(call_.signals));
        AddDeadline();
        return AddMemory("observed", call_.buffers.out);
      case CallKind::kObjectWaitAsync:
        AddHandle("port", call_.port);
        AddNumber("key", call_.key);
        if (call_.signals != 0) AddNamed("signals", PrintSignals(call_.signals));
        return AddOptions();
      case CallKind::kObjectSignal:
      case CallKind::kObjectSignalPeer:
        Add(PrintSignals(call_.clear));
        return Add(PrintSignals(call_.signals));
      case CallKind::kObjectGetInfo:
        Add(PrintNamedNumber(TopicNames(), call_.topic));
        return AddMemory("buffer", call_.buffers.out);
      default:
        return;  // Nothing but the handle.
    }
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

  std::string PrintItem(const WaitItem& item) const {
    return fmt::format("{}: {}", Handle(item.handle), PrintSignals(item.signals));
  }

  std::string PrintIovec(const Iovec& iovec) const {
    std::string text = iovec.reserved ? "reserved " : "";
    text += iovec.memory == Memory::kFine ? Quote(iovec.bytes) : MemoryWord(iovec.memory);
    return iovec.capacity ? fmt::format("{}: {}", text, PrintNumber(*iovec.capacity)) : text;
  }

  std::string PrintDisposition(const Disposition& disposition) const {
    using Operation = Disposition::Operation;
    std::string text = disposition.operation == Operation::kMove        ? "move "
                       : disposition.operation == Operation::kDuplicate ? "duplicate "
                                                                        : "unknown ";
    text += Handle(disposition.handle);
    if (disposition.type != core::ObjectType::kNone) {
      const uint32_t type = static_cast<uint32_t>(disposition.type);
      text += fmt::format(" as {}", PrintNamedNumber(ObjectTypeNames(), type));
    }
    const std::string rights = PrintRights(disposition.rights);
    return rights.empty() ? text : fmt::format("{}: {}", text, rights);
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
  const Call& call_;
  std::string text_;
};

}  // namespace

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

std::string PrintNamedNumber(std::span<const NamedNumber> names, uint32_t number) {
  const std::optional<std::string_view> name = NameOfNumber(names, number);
  return name ? std::string(*name) : PrintNumber(number);
}

std::string PrintCall(const Program& program, ThreadIndex thread, const Call& call) {
  return CallPrinter(program, thread, call).Print();
}

}  // namespace model
