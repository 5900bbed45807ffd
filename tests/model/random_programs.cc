// Map: the objects; the threads; one function per group of calls; bad arguments; the locations.
#include "tests/model/random_programs.h"

#include <string>
#include <utility>
#include <vector>

namespace model {
namespace {

using Kind = CallKind;

constexpr Kind kFewKinds[] = {Kind::kChannelWrite,  Kind::kChannelWrite, Kind::kChannelRead,
                              Kind::kChannelRead,   Kind::kHandleClose,  Kind::kHandleClose,
                              Kind::kObjectWaitOne, Kind::kChannelCreate};
// What races most stands more than once.
constexpr Kind kAllKinds[] = {Kind::kChannelWrite,     Kind::kChannelWrite,
                              Kind::kChannelWriteEtc,  Kind::kChannelRead,
                              Kind::kChannelRead,      Kind::kChannelReadEtc,
                              Kind::kChannelCall,      Kind::kChannelCall,
                              Kind::kChannelCall,      Kind::kChannelCallEtc,
                              Kind::kHandleClose,      Kind::kHandleClose,
                              Kind::kHandleCloseMany,  Kind::kHandleDuplicate,
                              Kind::kHandleReplace,    Kind::kHandleReplace,
                              Kind::kHandleCheckValid, Kind::kObjectWaitOne,
                              Kind::kObjectWaitMany,   Kind::kObjectWaitMany,
                              Kind::kObjectWaitAsync,  Kind::kObjectWaitAsync,
                              Kind::kObjectSignal,     Kind::kObjectSignalPeer,
                              Kind::kObjectGetInfo,    Kind::kPortQueue,
                              Kind::kPortWait,         Kind::kPortWait,
                              Kind::kPortCancel,       Kind::kChannelCreate,
                              Kind::kEventPairCreate,  Kind::kPortCreate,
                              Kind::kChoose,           Kind::kNote};
constexpr Kind kInterruptions[] = {Kind::kThreadKill,   Kind::kThreadSuspend, Kind::kThreadSuspend,
                                   Kind::kThreadResume, Kind::kThreadResume,  Kind::kProcessKill};

class Drawing {
 public:
  Drawing(uint64_t seed, const DrawOptions& options)
      : options_(options), state_(seed * 2654435769u + 1) {}

  Litmus Draw() {
    Litmus litmus;
    program_ = &litmus.program;
    program_->processes = {"p", "q"};
    AddObject("a", core::ObjectType::kChannel, 2);
    AddObject("b", core::ObjectType::kChannel, 2);
    AddObject("e", core::ObjectType::kEvent, 1);
    if (options_.all_calls) {
      AddObject("x", core::ObjectType::kEventPair, 2);
      AddObject("o", core::ObjectType::kPort, 2);  // No text can declare one.
    }
    if (Below(2) == 0) program_->queues.push_back({Below(4), {{"first"}}});
    for (uint32_t i = 0; i < options_.threads; ++i) AddThread();
    AddLocations(&litmus);
    litmus.generation = options_.generation;
    litmus.faults = options_.faults;
    return litmus;
  }

 private:
  uint32_t Below(uint32_t limit) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<uint32_t>(state_ >> 33) % limit;
  }
  bool OneIn(uint32_t limit) { return Below(limit) == 0; }
  template <typename T, size_t kSize>
  T OneOf(const T (&values)[kSize]) {
    return values[Below(kSize)];
  }

  // --- Objects ---

  void AddObject(const std::string& name, core::ObjectType type, uint32_t handles) {
    DeclaredObject object{name, type, {}};
    for (uint32_t side = 0; side < handles; ++side) {
      object.handles.push_back(static_cast<EndpointIndex>(program_->handles.size()));
      DeclaredHandle& handle = program_->handles.emplace_back();
      handle.name = name + std::to_string(side);
      handle.process = OneIn(10) ? 1 : 0;
      handle.object = static_cast<ObjectIndex>(program_->objects.size());
      handle.side = side;
    }
    program_->objects.push_back(object);
  }

  // --- Threads ---

  void AddThread() {
    ThreadProgram& thread = program_->threads.emplace_back();
    thread.name = "t" + std::to_string(program_->threads.size() - 1);
    thread.process = OneIn(10) ? 1 : 0;
    thread_ = &thread;
    for (uint32_t i = 0; i < options_.calls_per_thread; ++i) AddCall(DrawKind());
  }

  Kind DrawKind() {
    if (options_.interruptions && OneIn(4)) return OneOf(kInterruptions);
    return options_.all_calls ? OneOf(kAllKinds) : OneOf(kFewKinds);
  }

  void AddCall(Kind kind) {
    Call call;
    call.kind = kind;
    if (kind == Kind::kChoose) return AddChoose();
    if (kind != Kind::kNote) {
      DrawArguments(&call);
      if (options_.bad_arguments && OneIn(3)) Spoil(&call);
      call.result = static_cast<VariableIndex>(thread_->variables.size());
      thread_->variables.push_back({"r" + std::to_string(*call.result), kind});
    }
    thread_->calls.push_back(std::move(call));
  }

  /// Two blocks, one call each.
  void AddChoose() {
    Call call;
    call.kind = Kind::kChoose;
    call.blocks = {1, 1};
    thread_->calls.push_back(call);
    AddCall(OneOf(kFewKinds));
    thread_->calls.back().skip = 1;
    AddCall(OneOf(kFewKinds));
  }

  HandleArgument DrawHandle() {
    if (!thread_->variables.empty() && OneIn(3)) {
      return ResultHandle{Below(static_cast<uint32_t>(thread_->variables.size())), 0};
    }
    return NamedHandle{Below(static_cast<uint32_t>(program_->handles.size()))};
  }
  HandleArgument DrawEndpoint() { return OneIn(6) ? DrawHandle() : NamedHandle{Below(4)}; }
  HandleArgument DrawPort() {
    const auto handles = static_cast<uint32_t>(program_->handles.size());
    return OneIn(6) ? DrawHandle() : NamedHandle{handles - 1 - Below(2)};
  }

  // --- Arguments ---

  void DrawArguments(Call* call) {
    switch (call->kind) {
      case Kind::kChannelWrite:
      case Kind::kChannelCall:
      case Kind::kChannelWriteEtc:
      case Kind::kChannelCallEtc:
        return DrawSend(call);
      case Kind::kChannelRead:
      case Kind::kChannelReadEtc:
        call->handle = DrawEndpoint();
        if (OneIn(4)) call->max_handles = 0;
        if (OneIn(2)) call->options = core::kReadMayDiscard;
        return;
      case Kind::kHandleCloseMany:
        for (uint32_t count = Below(3); count > 0; --count) call->handles.push_back(DrawHandle());
        return;
      case Kind::kHandleDuplicate:
      case Kind::kHandleReplace:
        call->handle = DrawHandle();
        call->rights = DrawRights();
        return;
      case Kind::kHandleClose:
      case Kind::kHandleCheckValid:
        call->handle = DrawHandle();
        return;
      case Kind::kObjectGetInfo:
        call->handle = DrawHandle();
        call->topic = OneIn(2) ? core::kInfoHandleCount : core::kInfoHandleBasic;
        return;
      case Kind::kThreadKill:
      case Kind::kThreadSuspend:
      case Kind::kThreadResume:
        call->target_thread = Below(options_.threads);
        return;
      case Kind::kProcessKill:
        call->target_process = Below(2);
        return;
      default:
        return DrawWaiting(call);
    }
  }

  void DrawWaiting(Call* call) {
    call->deadline = DrawDeadline();
    switch (call->kind) {
      case Kind::kObjectWaitOne:
        call->handle = DrawHandle();
        call->signals = DrawSignals();
        return;
      case Kind::kObjectWaitMany:
        for (uint32_t count = Below(3); count > 0; --count) {
          call->items.push_back({DrawHandle(), DrawSignals()});
        }
        return;
      case Kind::kObjectWaitAsync:
      case Kind::kPortCancel:
        call->deadline = {};
        call->handle = DrawHandle();
        call->port = DrawPort();
        call->key = Below(2);
        if (call->kind == Kind::kPortCancel) return;
        call->signals = DrawSignals();
        if (OneIn(4)) call->options = core::kWaitAsyncEdge;
        return;
      case Kind::kPortQueue:
        call->deadline = {};
        [[fallthrough]];
      case Kind::kPortWait:
        call->handle = DrawPort();
        return;
      case Kind::kObjectSignal:
      case Kind::kObjectSignalPeer:
        call->deadline = {};
        call->handle = DrawHandle();
        call->signals = OneIn(2) ? 1u << 24 : 0;
        call->clear = OneIn(2) ? 1u << 24 : 0;
        return;
      default:
        call->deadline = {};
        return;
    }
  }

  void DrawSend(Call* call) {
    call->handle = DrawEndpoint();
    call->bytes = {std::to_string(program_->threads.size()) + std::to_string(Below(2))};
    const bool is_call = call->kind == Kind::kChannelCall || call->kind == Kind::kChannelCallEtc;
    const bool is_etc = call->kind == Kind::kChannelWriteEtc || call->kind == Kind::kChannelCallEtc;
    // So that writes are replies now and then, whoever picks the ids.
    constexpr uint32_t kTxids[] = {0, 1, core::kKernelTxidBit | 1, core::kKernelTxidBit | 2};
    call->txid = OneOf(kTxids);
    if (is_call) {
      call->deadline = DrawDeadline();
      if (OneIn(6)) call->max_handles = 0;
    }
    for (uint32_t count = Below(3); count > 0; --count) {
      if (is_etc) {
        using Operation = Disposition::Operation;
        constexpr Operation kOperations[] = {Operation::kMove, Operation::kMove,
                                             Operation::kDuplicate, Operation::kUnknown};
        call->dispositions.push_back(
            {OneOf(kOperations), DrawHandle(), core::ObjectType::kNone, DrawRights()});
      } else {
        call->handles.push_back(DrawHandle());
      }
    }
  }

  core::Signals DrawSignals() {
    constexpr core::Signals kWanted[] = {core::kSignalReadable, core::kSignalPeerClosed, 1u << 24,
                                         core::kSignalReadable | core::kSignalPeerClosed};
    return OneOf(kWanted);
  }
  Deadline DrawDeadline() {
    constexpr Deadline kDeadlines[] = {{Deadline::Kind::kNever, 0},
                                       {Deadline::Kind::kMay, 0},
                                       {Deadline::Kind::kNow, 0},
                                       {Deadline::Kind::kAt, 5},
                                       {Deadline::Kind::kAt, 7}};
    return OneOf(kDeadlines);
  }
  RightsArgument DrawRights() {
    if (OneIn(2)) return {};
    return {RightsArgument::Kind::kWithout,
            OneIn(2) ? core::kRightTransfer : core::kRightDuplicate};
  }

  /// Makes one argument bad.
  void Spoil(Call* call) {
    constexpr Memory Buffers::*kBuffers[] = {
        &Buffers::args,           &Buffers::bytes,       &Buffers::handles,
        &Buffers::rd_bytes,       &Buffers::rd_handles,  &Buffers::actual_bytes,
        &Buffers::actual_handles, &Buffers::read_status, &Buffers::out,
        &Buffers::second_out};
    const uint32_t what = Below(12);
    if (what < std::size(kBuffers)) {
      call->buffers.*kBuffers[what] = OneIn(2) ? Memory::kNull : Memory::kUnmapped;
    } else if (what == std::size(kBuffers)) {
      call->options = 8;
    } else {
      call->handle_count = static_cast<uint32_t>(call->handles.size()) + 1;
    }
  }

  // --- Locations ---

  static void AddLocations(Litmus* litmus) {
    using Field = Location::Field;
    const auto add = [&](Field field) -> Location& {
      Location& location = litmus->locations.emplace_back();
      location.field = field;
      return location;
    };
    constexpr Field kFields[] = {Field::kStatus,    Field::kBytes,        Field::kTxid,
                                 Field::kObserved,  Field::kKey,          Field::kReadStatus,
                                 Field::kInfoCount, Field::kActualHandles};
    for (ThreadIndex i = 0; i < litmus->program.threads.size(); ++i) {
      for (VariableIndex k = 0; k < litmus->program.threads[i].variables.size(); ++k) {
        for (Field field : kFields) {
          Location& location = add(field);
          location.thread = i;
          location.variable = k;
        }
      }
    }
    for (EndpointIndex i = 0; i < litmus->program.handles.size(); ++i) {
      for (Field field : {Field::kQueue, Field::kSignals, Field::kOwner}) add(field).handle = i;
    }
  }

  const DrawOptions& options_;
  uint64_t state_;
  Program* program_ = nullptr;
  ThreadProgram* thread_ = nullptr;
};

}  // namespace

Litmus DrawProgram(uint64_t seed, const DrawOptions& options) {
  return Drawing(seed, options).Draw();
}

}  // namespace model
