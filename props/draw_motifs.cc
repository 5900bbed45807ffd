// How some programs begin: a few calls of several threads that belong together.
//
// What follows them is drawn freely. Each call takes effect before the next is drawn, except that
// some are left for later, so that the motif is a schedule which the search is likely to leave.
#include <utility>

#include "model/names.h"
#include "model/spec.h"
#include "props/drawer.h"

namespace props {

using core::ObjectType;
using model::CallKind;

// Adds it to the thread in turn; some calls are left for later.
void Drawer::Play(model::ThreadIndex thread, model::Call call, bool at_once) {
  turn_ = thread;
  Add(std::move(call));
  if (at_once) Run(turn_, kManySteps);
}

model::Call Drawer::CallOn(model::ThreadIndex thread, CallKind kind,
                           const model::HandleArgument& handle) {
  turn_ = thread;
  model::Call call;
  call.kind = kind;
  call.handle = handle;
  if (model::Sends(kind)) DrawBytes(&call);
  if (kind == CallKind::kChannelCall) call.deadline = DrawDeadline();
  if (kind == CallKind::kObjectWaitOne) {
    call.signals = dice_.OneOf<core::Signals>(
        {core::kSignalReadable, core::kSignalPeerClosed, core::kSignalPeerClosed});
    call.deadline = DrawDeadline();
  }
  return call;
}

// --- Gifts ---

// One thread makes an object and hands another a name for it, so that they can share what no
// program has from the start.
void Drawer::DrawGift() {
  const auto is_endpoint = [](const Known& each) {
    return each.object->type == core::ObjectType::kChannel && each.object->peer.has_value();
  };
  turn_ = dice_.Below(program_.threads.size());
  const std::optional<Known> end = Live(is_endpoint);
  const CallKind kind =
      dice_.Percent(75) ? CallKind::kPortCreate
                        : dice_.OneOf<CallKind>({CallKind::kEventCreate, CallKind::kEventPairCreate,
                                                 CallKind::kChannelCreate});
  if (end) MakeGift(*end, kind);
}

void Drawer::MakeGift(const Known& end, CallKind kind) {
  const model::ObjectId far = *end.object->peer;
  model::Call make;
  make.kind = kind;
  Play(turn_, make, true);
  const bool pair = kind == CallKind::kChannelCreate || kind == CallKind::kEventPairCreate;
  const auto made = static_cast<model::VariableIndex>(thread().variables.size() - 1);
  model::HandleArgument given = model::ResultHandle{made, 1};
  if (!pair) {
    model::Call duplicate;
    duplicate.kind = CallKind::kHandleDuplicate;
    duplicate.handle = model::ResultHandle{made, 0};
    Play(turn_, duplicate, true);
    given = model::ResultHandle{made + 1, 0};
  }
  model::Call send;
  send.kind = CallKind::kChannelWrite;
  send.handle = end.argument;
  DrawBytes(&send);
  send.handles = {given};
  Play(turn_, send, true);
  shares_ = true;
  const model::ThreadIndex giver = turn_;
  for (turn_ = 0; turn_ < program_.threads.size(); ++turn_) {
    if (turn_ == giver) continue;
    for (const Known& known : Handles()) {
      if (known.object == nullptr || known.object->id != far) continue;
      model::Call read;
      read.kind = CallKind::kChannelRead;
      read.handle = known.argument;
      return Play(turn_, read, true);
    }
  }
}

// --- Hand-overs ---

// One thread sends an endpoint to another process while a second one uses it; who receives it goes
// on to use it.
void Drawer::DrawHandOver() {
  DrawObjects(2);
  const model::ObjectIndex carrier = static_cast<model::ObjectIndex>(program_.objects.size());
  DrawObject(ObjectType::kChannel, "d");
  const model::NamedHandle out{program_.objects[carrier].handles[0]};
  const model::NamedHandle in{program_.objects[carrier].handles[1]};
  const model::NamedHandle moved{0};
  program_.handles[out.handle].process = 0;
  program_.handles[in.handle].process = dice_.Percent(80) ? 1 : 0;
  program_.handles[moved.handle].process = 0;
  DrawThreads(3, 2);
  program_.threads[1].process = program_.handles[in.handle].process;
  program_.threads[2].process = 0;
  state_ = model::InitialState(litmus_);
  const auto use = [&] {
    return dice_.OneOf<CallKind>({CallKind::kChannelWrite, CallKind::kChannelRead,
                                  CallKind::kChannelCall, CallKind::kChannelCall,
                                  CallKind::kObjectWaitOne});
  };
  const CallKind meanwhile = use();
  const bool waits = dice_.Percent(50);
  Play(2, CallOn(2, meanwhile, moved), waits);
  model::Call send = CallOn(0, CallKind::kChannelWrite, out);
  send.handles = {moved};
  Play(0, send, true);
  Play(1, CallOn(1, CallKind::kChannelRead, in), true);
  const auto receipt = static_cast<model::VariableIndex>(thread().variables.size() - 1);
  const CallKind later = use();
  if (dice_.Percent(75)) {
    const bool at_once = dice_.Percent(50);
    Play(1, CallOn(1, later, model::ResultHandle{receipt, 0}), at_once);
  }
  const bool again = dice_.Percent(35);
  if (again) Play(2, CallOn(2, CallKind::kChannelCall, out), false);
  DrawBudget(dice_.Below(2 + size_ / 50));
}

// --- Watches ---

// A thread watches an object through a port, and stops to, or takes the packet, while another makes
// the signal come.
void Drawer::DrawWatch() {
  const uint32_t processes = 1 + dice_.Below(2);
  DrawObjects(processes);
  const model::NamedHandle watched{0};
  const model::NamedHandle far{1};
  program_.handles[watched.handle].process = 0;
  const model::ProcessIndex other = program_.handles[far.handle].process;
  DrawThreads(2, processes);
  program_.threads[0].process = 0;
  program_.threads[1].process = other;
  state_ = model::InitialState(litmus_);
  Play(0, CallOn(0, CallKind::kPortCreate, model::RawHandle{}), true);
  const model::HandleArgument port = model::ResultHandle{0, 0};
  model::Call watch = CallOn(0, CallKind::kObjectWaitAsync, watched);
  watch.port = port;
  watch.key = 1;
  watch.signals = dice_.OneOf<core::Signals>(
      {core::kSignalReadable, core::kSignalReadable | core::kSignalPeerClosed});
  Play(0, watch, true);
  Play(1,
       CallOn(1,
              dice_.OneOf<CallKind>(
                  {CallKind::kChannelWrite, CallKind::kChannelWrite, CallKind::kHandleClose}),
              far),
       false);
  const uint32_t ends = 1 + dice_.Below(2);
  for (uint32_t i = 0; i < ends; ++i) {
    const CallKind kind = dice_.OneOf<CallKind>({CallKind::kPortCancel, CallKind::kPortCancel,
                                                 CallKind::kPortWait, CallKind::kHandleClose});
    const bool closes_port = dice_.Percent(60);
    model::Call end = CallOn(0, kind, port);
    if (kind == CallKind::kPortWait) end.deadline = DrawDeadline();
    if (kind == CallKind::kHandleClose && !closes_port) end.handle = watched;
    if (kind == CallKind::kPortCancel) {
      end.port = port;
      end.handle = watched;
      end.key = 1;
    }
    Play(0, end, false);
  }
  DrawBudget(dice_.Below(1 + size_ / 50));
}

// --- Services ---

// Two threads call over one endpoint, and a third reads what they ask and answers.
void Drawer::DrawService() {
  const uint32_t processes = 1 + dice_.Below(2);
  DrawObjects(processes);
  const model::NamedHandle client{0};
  const model::NamedHandle server{1};
  program_.handles[client.handle].process = 0;
  const model::ProcessIndex far = program_.handles[server.handle].process;
  DrawThreads(3, processes);
  program_.threads[0].process = 0;
  program_.threads[1].process = 0;
  program_.threads[2].process = far;
  state_ = model::InitialState(litmus_);
  for (model::ThreadIndex i = 0; i < 2; ++i) {
    model::Call call = CallOn(i, CallKind::kChannelCall, client);
    const bool chooses = !rules().kernel_picks_txids && !call.raw && !call.iovecs;
    if (chooses) call.txid = 1 + i;
    if (dice_.Percent(20)) DrawRoom(nullptr, &call);
    const bool at_once = dice_.Percent(70);
    Play(i, std::move(call), at_once);
  }
  const uint32_t rounds = 1 + dice_.Below(2);
  for (uint32_t i = 0; i < rounds; ++i) {
    const bool reads = dice_.Percent(70);
    if (reads) Play(2, CallOn(2, CallKind::kChannelRead, server), true);
    model::Call reply = CallOn(2, CallKind::kChannelWrite, server);
    const auto last = static_cast<model::VariableIndex>(thread().variables.size() - 1);
    const bool told = reads && !reply.iovecs && !reply.raw;
    if (told) {
      reply.txid = model::ResultField{last};
    } else if (!reply.iovecs && !reply.raw) {
      reply.txid = (rules().kernel_picks_txids ? core::kKernelTxidBit : 0) + 1 + i;
    }
    const bool at_once = dice_.Percent(70);
    Play(2, std::move(reply), at_once);
  }
  DrawBudget(dice_.Below(1 + size_ / 50));
}

// --- Crowds ---

// Two threads wait for the same, and a third makes it happen, once or twice, and kills or suspends
// one of them before, between or after.
void Drawer::DrawCrowd() {
  program_.processes.emplace_back("p");
  DrawObject(ObjectType::kChannel, "a");
  const ObjectType type = dice_.OneOf<ObjectType>(
      {ObjectType::kPort, ObjectType::kPort, ObjectType::kEvent, ObjectType::kChannel});
  if (type == ObjectType::kPort) DrawObject(type, "o");
  if (type == ObjectType::kEvent) DrawObject(type, "e");
  DrawThreads(3, 1);
  state_ = model::InitialState(litmus_);
  for (model::ThreadIndex i = 0; i < 2; ++i) Play(i, WaitIn(i, type), true);
  const uint32_t wakes = 1 + dice_.Below(2);
  for (uint32_t i = 0; i < wakes; ++i) Play(2, WakeIn(2, type), true);
  interrupter_ = 2;
  DrawBudget(dice_.Below(1 + size_ / 50));
}

// On the object that was declared last.
model::Call Drawer::WaitIn(model::ThreadIndex thread, ObjectType type) {
  const model::NamedHandle handle{program_.objects.back().handles.front()};
  switch (type) {
    case ObjectType::kPort: {
      model::Call wait = CallOn(thread, CallKind::kPortWait, handle);
      wait.deadline = DrawDeadline();
      return wait;
    }
    case ObjectType::kEvent: {
      model::Call wait = CallOn(thread, CallKind::kObjectWaitOne, handle);
      wait.signals = core::kSignalSignaled;
      return wait;
    }
    default:
      return CallOn(thread, CallKind::kChannelCall, handle);
  }
}

model::Call Drawer::WakeIn(model::ThreadIndex thread, ObjectType type) {
  const model::NamedHandle handle{program_.objects.back().handles.back()};
  switch (type) {
    case ObjectType::kPort: {
      model::Call wake = CallOn(thread, CallKind::kPortQueue, handle);
      wake.key = 1 + this->thread().calls.size();
      return wake;
    }
    case ObjectType::kEvent: {
      model::Call wake = CallOn(thread, CallKind::kObjectSignal, handle);
      wake.signals = core::kSignalSignaled;
      return wake;
    }
    default: {
      model::Call wake = CallOn(thread, CallKind::kChannelWrite, handle);
      const model::HandleRecord& record = *state_.FindHandle({model::kDeclared, handle.handle});
      if (!wake.raw && !wake.iovecs) {
        DrawTxid({handle, &record, state_.FindObject(record.object)}, &wake);
      }
      return wake;
    }
  }
}

// --- Nests ---

// Ends lie in each other's queues, one channel in the next, and the last in the first as often as
// not; then the outermost queue is destroyed, in one of the ways there are.
void Drawer::DrawNest(uint32_t threads) {
  program_.processes.emplace_back("p");
  const uint32_t channels = 2 + dice_.Below(2);
  for (uint32_t i = 0; i < channels; ++i) {
    DrawObject(ObjectType::kChannel, std::string(1, "abc"[i]));
  }
  for (model::DeclaredHandle& handle : program_.handles) handle.rights = {};
  DrawThreads(threads, 1);
  state_ = model::InitialState(litmus_);
  const auto end = [&](uint32_t channel, uint32_t side) {
    return model::NamedHandle{program_.objects[channel].handles[side]};
  };
  for (uint32_t i = 0; i < channels; ++i) {
    const bool leaves_open = i + 1 == channels && dice_.Percent(30);
    if (leaves_open) break;
    // Into the queue of the end that was sent before.
    const model::ThreadIndex sender = dice_.Below(threads);
    model::Call send = CallOn(sender, CallKind::kChannelWrite, end(i, i == 0 ? 0 : 1));
    send.handles = {end((i + 1) % channels, 0)};
    Play(turn_, std::move(send), true);
  }
  const model::ThreadIndex last = dice_.Below(threads);
  turn_ = last;
  const bool at_once = dice_.Percent(50);
  Play(last, EndOf(end(0, 1)), at_once);
  for (uint32_t i = 0; i < threads; ++i) left_[i] = program_.threads[i].calls.empty() ? 1 : 0;
  if (threads > 1) DrawBudget(dice_.Below(2));
}

// A message is discarded or cannot be handed over, or the endpoint goes.
model::Call Drawer::EndOf(const model::NamedHandle& outer) {
  const size_t how = dice_.Weighted({4, 2, 2, 1});
  if (how == 2) return CallOn(turn_, CallKind::kHandleClose, outer);
  model::Call call = CallOn(turn_, CallKind::kChannelRead, outer);
  if (how == 3) {
    call.kind = CallKind::kHandleCloseMany;
    call.handle = model::RawHandle{};
    call.handles = {outer};
  } else if (how == 1) {
    call.buffers.rd_handles = model::Memory::kUnmapped;
  } else {
    call.max_handles = 0;
    call.options = core::kReadMayDiscard;
  }
  return call;
}

}  // namespace props
