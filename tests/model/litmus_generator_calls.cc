// Draws the calls of a thread: every kind, every argument, choices inside choices.
#include <fmt/format.h>
#include <rapidcheck.h>

#include <algorithm>
#include <utility>

#include "model/names.h"
#include "tests/model/litmus_drawing.h"

namespace model {

uint32_t Below(size_t bound) {
  return *rc::gen::inRange<uint32_t>(0, static_cast<uint32_t>(bound));
}
bool Chance(uint32_t in) {
  return Below(in) == 0;
}

uint32_t DrawNumber() {
  return Chance(2) ? Below(100) : *rc::gen::arbitrary<uint32_t>() * (Chance(2) ? 1u : 0x01000193u);
}

std::string DrawBytes() {
  if (Chance(3)) return *rc::gen::arbitrary<std::string>();
  return OneOf<std::string>({"", "x", "two words", "\"", "\\", "\n\t", "é", "\xC3", "\xC2\x85",
                             "//", std::string("\0", 1), "日本語", "\xED\xA0\x80", "none"});
}

RightsArgument DrawRights(bool may_remove) {
  const core::Rights some = *rc::gen::arbitrary<core::Rights>();
  const core::Rights rights = OneOf<core::Rights>(
      {some, core::kRightRead | core::kRightWrite, core::kRightSameRights, core::kRightTransfer});
  const auto kind =
      OneOf<RightsArgument::Kind>({RightsArgument::Kind::kDefault, RightsArgument::Kind::kExactly,
                                   RightsArgument::Kind::kWithout});
  if (kind == RightsArgument::Kind::kExactly) return {kind, Chance(4) ? core::kRightNone : rights};
  if (kind == RightsArgument::Kind::kWithout && may_remove && rights != 0) return {kind, rights};
  return {};
}

namespace {

constexpr uint32_t kCallKinds = static_cast<uint32_t>(CallKind::kChoose);

Memory DrawMemory() {
  return Chance(6) ? OneOf<Memory>({Memory::kNull, Memory::kUnmapped}) : Memory::kFine;
}

std::optional<uint32_t> DrawOptional() {
  if (Chance(2)) return std::nullopt;
  return DrawNumber();
}

class CallsDrawing {
 public:
  CallsDrawing(Program* program, ThreadIndex index)
      : program_(*program), thread_(program->threads[index]) {}

  void Draw() {
    DrawBlock(Below(6), 0);
    LinkBlocks(&thread_);
  }

 private:
  void DrawBlock(uint32_t statements, uint32_t depth) {
    for (uint32_t i = 0; i < statements; ++i) {
      if (depth < 3 && Chance(6)) {
        DrawChoose(depth);
      } else if (Chance(10)) {
        thread_.calls.emplace_back().kind = CallKind::kNote;
        thread_.calls.back().note = DrawBytes();
      } else {
        DrawStatement();
      }
    }
  }

  // In one block the results of the others mean nothing; after the choice those of all do.
  void DrawChoose(uint32_t depth) {
    const size_t index = thread_.calls.size();
    thread_.calls.emplace_back().kind = CallKind::kChoose;
    const std::vector<VariableIndex> before = visible_;
    std::vector<VariableIndex> after = visible_;
    std::vector<uint32_t> blocks;
    const uint32_t count = 2 + Below(2);
    for (uint32_t i = 0; i < count; ++i) {
      const size_t begin = thread_.calls.size();
      DrawBlock(Below(3), depth + 1);
      blocks.push_back(static_cast<uint32_t>(thread_.calls.size() - begin));
      after.insert(after.end(), visible_.begin() + static_cast<ptrdiff_t>(before.size()),
                   visible_.end());
      visible_ = before;
    }
    visible_ = after;
    thread_.calls[index].blocks = std::move(blocks);
  }

  void DrawStatement() {
    Call call = DrawCall();
    if (Chance(2)) {
      call.result = static_cast<VariableIndex>(thread_.variables.size());
      const std::string_view name = Chance(2) ? "r" : "result_";
      thread_.variables.push_back(
          {.name = fmt::format("{}{}", name, *call.result), .kind = call.kind});
      visible_.push_back(*call.result);
    }
    thread_.calls.push_back(std::move(call));
  }

  Call DrawCall() {
    Call call;
    call.kind = static_cast<CallKind>(Below(kCallKinds));
    if (Sends(call.kind) || Receives(call.kind)) {
      call.handle = DrawHandleArgument();
      call.options = DrawOptions(call.kind);
      if (Sends(call.kind)) DrawSent(&call);
      if (Receives(call.kind)) DrawRoom(&call);
    } else {
      DrawOther(&call);
    }
    return call;
  }

  static uint32_t DrawOptions(CallKind kind) {
    uint32_t all = 0;
    for (const NamedBit& option : OptionNames(kind)) all |= option.bit;
    return OneOf<uint32_t>({0, 0, all, all & DrawNumber(), DrawNumber()});
  }

  void DrawSent(Call* call) {
    if (Chance(4)) {
      call->iovecs = DrawList<Iovec>([this] { return DrawIovec(); });
    } else {
      call->options &= ~core::kWriteUseIovec;  // Without pieces it is refused.
      const std::vector<VariableIndex> received =
          Results([](CallKind kind) { return Receives(kind); });
      call->raw = Chance(3);
      const uint32_t pieces = 1 + Below(3);
      for (uint32_t i = 0; i < pieces; ++i) {
        if (!received.empty() && Chance(2)) {
          call->bytes.emplace_back(ResultField{OneOf(received)});
        } else {
          call->bytes.emplace_back(Chance(3) ? "" : DrawBytes());
        }
      }
      if (!call->raw && Chance(2)) call->txid = DrawNumber();
      if (!call->raw && !received.empty() && Chance(2)) call->txid = ResultField{OneOf(received)};
    }
    if (call->kind == CallKind::kChannelWriteEtc || call->kind == CallKind::kChannelCallEtc) {
      call->dispositions = DrawList<Disposition>([this] { return DrawDisposition(); });
    } else {
      call->handles = DrawList<HandleArgument>([this] { return DrawHandleArgument(); });
    }
    call->count = DrawOptional();
    call->handle_count = DrawOptional();
    call->buffers.bytes = DrawMemory();
    call->buffers.handles = DrawMemory();
  }

  void DrawRoom(Call* call) {
    call->max_bytes = DrawOptional();
    call->max_handles = DrawOptional();
    for (Memory Buffers::*memory : {&Buffers::rd_bytes, &Buffers::rd_handles,
                                    &Buffers::actual_bytes, &Buffers::actual_handles}) {
      call->buffers.*memory = DrawMemory();
    }
    if (!Sends(call->kind)) return;
    call->deadline = DrawDeadline();
    call->buffers.args = DrawMemory();
    if (call->kind == CallKind::kChannelCall) call->buffers.read_status = DrawMemory();
  }

  void DrawOther(Call* call) {
    switch (call->kind) {
      case CallKind::kChannelCreate:
      case CallKind::kEventPairCreate:
        call->buffers.second_out = DrawMemory();
        [[fallthrough]];
      case CallKind::kEventCreate:
      case CallKind::kPortCreate:
        call->options = DrawOptions(call->kind);
        call->buffers.out = DrawMemory();
        return;
      case CallKind::kHandleCloseMany:
        call->handles = DrawList<HandleArgument>([this] { return DrawHandleArgument(); });
        call->buffers.handles = DrawMemory();
        call->handle_count = DrawOptional();
        return;
      case CallKind::kThreadKill:
      case CallKind::kThreadSuspend:
      case CallKind::kThreadResume:
        call->target_thread = Below(program_.threads.size());
        return;
      case CallKind::kProcessKill:
        call->target_process = Below(program_.processes.size());
        return;
      case CallKind::kObjectWaitMany:
        call->items = DrawList<WaitItem>(
            [this] { return WaitItem{.handle = DrawHandleArgument(), .signals = DrawNumber()}; });
        call->deadline = DrawDeadline();
        call->count = DrawOptional();
        call->buffers.out = DrawMemory();
        return;
      default:
        call->handle = DrawHandleArgument();
        return DrawOfHandle(call);
    }
  }

  void DrawOfHandle(Call* call) {
    switch (call->kind) {
      case CallKind::kHandleDuplicate:
      case CallKind::kHandleReplace:
        call->rights = DrawRights(std::holds_alternative<NamedHandle>(call->handle));
        call->buffers.out = DrawMemory();
        return;
      case CallKind::kObjectWaitOne:
        call->signals = DrawNumber();
        [[fallthrough]];
      case CallKind::kPortWait:
        call->deadline = DrawDeadline();
        call->buffers.out = DrawMemory();
        return;
      case CallKind::kObjectWaitAsync:
        call->signals = DrawNumber();
        call->options = DrawOptions(call->kind);
        [[fallthrough]];
      case CallKind::kPortCancel:
        call->port = DrawHandleArgument();
        call->key = DrawKey();
        return;
      case CallKind::kPortQueue:
        call->key = DrawKey();
        call->buffers.out = DrawMemory();
        return;
      case CallKind::kObjectSignal:
      case CallKind::kObjectSignalPeer:
        call->clear = DrawNumber();
        call->signals = DrawNumber();
        return;
      case CallKind::kObjectGetInfo:
        call->topic = OneOf<uint32_t>(
            {core::kInfoHandleValid, core::kInfoHandleBasic, core::kInfoHandleCount, DrawNumber()});
        call->buffers.out = DrawMemory();
        return;
      default:
        return;  // Closing and checking take a handle only.
    }
  }

  template <typename Item, typename Draw>
  static std::vector<Item> DrawList(Draw draw) {
    std::vector<Item> items;
    const uint32_t count = Below(4);
    for (uint32_t i = 0; i < count; ++i) items.push_back(draw());
    return items;
  }

  static uint64_t DrawKey() { return Chance(2) ? DrawNumber() : *rc::gen::arbitrary<uint64_t>(); }

  static Deadline DrawDeadline() {
    Deadline deadline;
    deadline.kind = static_cast<Deadline::Kind>(Below(4));
    if (deadline.kind != Deadline::Kind::kAt) return deadline;
    deadline.at_ns = OneOf<core::Time>(
        {0, 1, 1'500, 15'000'000, 2'000'000'000, core::kTimeInfinite - 1, DrawNumber()});
    return deadline;
  }

  Iovec DrawIovec() const {
    Iovec iovec;
    iovec.memory = DrawMemory();
    if (iovec.memory == Memory::kFine) iovec.bytes = DrawBytes();
    iovec.capacity = DrawOptional();
    iovec.reserved = Chance(5);
    return iovec;
  }

  Disposition DrawDisposition() const {
    Disposition disposition;
    disposition.operation = static_cast<Disposition::Operation>(Below(3));
    disposition.handle = DrawHandleArgument();
    disposition.type = OneOf<core::ObjectType>({core::ObjectType::kNone, core::ObjectType::kChannel,
                                                core::ObjectType::kEventPair,
                                                static_cast<core::ObjectType>(DrawNumber())});
    disposition.rights = DrawRights(std::holds_alternative<NamedHandle>(disposition.handle));
    return disposition;
  }

  template <typename Predicate>
  std::vector<VariableIndex> Results(Predicate predicate) const {
    std::vector<VariableIndex> results;
    std::ranges::copy_if(visible_, std::back_inserter(results), [&](VariableIndex index) {
      return predicate(thread_.variables[index].kind);
    });
    return results;
  }

  HandleArgument DrawHandleArgument() const {
    std::vector<HandleArgument> choices = {RawHandle{DrawNumber()}};
    for (EndpointIndex i = 0; i < program_.handles.size(); ++i) {
      if (program_.handles[i].process == thread_.process) choices.push_back(NamedHandle{i});
    }
    for (VariableIndex i : Results([](CallKind kind) { return MaxResultHandles(kind) > 0; })) {
      choices.push_back(ResultHandle{i, Below(MaxResultHandles(thread_.variables[i].kind))});
    }
    return OneOf(choices);
  }

  const Program& program_;
  ThreadProgram& thread_;
  std::vector<VariableIndex> visible_;  // The results that a call here may use.
};

}  // namespace

void DrawCalls(Program* program, ThreadIndex index) {
  CallsDrawing(program, index).Draw();
}

}  // namespace model
