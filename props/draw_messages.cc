// Draws what is sent, and the room for what is received.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/spec.h"
#include "props/drawer.h"

namespace props {

using core::ObjectType;
using model::CallKind;

namespace {

bool IsCall(CallKind kind) {
  return kind == CallKind::kChannelCall || kind == CallKind::kChannelCallEtc;
}
bool SendsDispositions(CallKind kind) {
  return kind == CallKind::kChannelWriteEtc || kind == CallKind::kChannelCallEtc;
}

}  // namespace

// --- Sending ---

void Drawer::DrawSend(model::Call* call) {
  const bool stale = dice_.Percent(taste_.stale);
  const std::optional<Known> endpoint =
      Live([](const Known& known) { return known.object->type == ObjectType::kChannel; });
  if (endpoint && !stale) return DrawSendOn(*endpoint, call);
  call->handle = Stale();
  DrawBytes(call);
  if (IsCall(call->kind)) call->deadline = {model::Deadline::Kind::kMay, 0};
  if (dice_.Percent(taste_.cargo)) DrawCargo({call->handle, nullptr, nullptr}, call);
}

void Drawer::DrawSendOn(const Known& endpoint, model::Call* call) {
  call->handle = endpoint.argument;
  DrawBytes(call);
  if (!call->iovecs && !call->raw) DrawTxid(endpoint, call);
  if (dice_.Percent(taste_.cargo)) DrawCargo(endpoint, call);
  if (!IsCall(call->kind)) return;
  call->deadline = DrawDeadline();
  if (dice_.Percent(15)) DrawRoom(nullptr, call);
}

// Each payload is sent once in a program, so that it tells who sent it and when.
void Drawer::DrawBytes(model::Call* call) {
  const std::string payload = fmt::format("{}{}", thread().name, ++payloads_[turn_]);
  const bool plain = !dice_.Percent(12);
  if (plain) {
    call->bytes = {payload};
    return;
  }
  switch (dice_.Weighted({2, 2, 2, 3, 1})) {
    case 0:  // Shorter than a transaction id.
      call->raw = true;
      call->bytes = {std::string(dice_.Below(4), 'x')};
      return;
    case 1:
      call->bytes = {std::string()};
      return;
    case 2:  // The sizes at and past the limit; the rest of the message is zeros.
      call->bytes = {payload};
      call->count = core::kMaxMessageBytes + dice_.Below(2);
      return;
    case 3: {
      call->iovecs.emplace();
      const size_t pieces = dice_.OneOf<size_t>({1, 2, 3, 16, 17, 20});
      call->iovecs->resize(pieces);
      for (model::Iovec& piece : *call->iovecs) piece.bytes = payload;
      call->iovecs->front().bytes = std::string(core::kTxidBytes, '0');
      return;
    }
    default:
      call->bytes = {payload};
      call->count = dice_.Below(8);
      return;
  }
}

// The id as this thread can say it: from what it read, or a number.
model::TxidArgument Drawer::TxidOf(uint32_t txid) {
  const auto& variables = state_.threads[turn_].variables;
  for (model::VariableIndex v = 0; v < variables.size(); ++v) {
    const CallKind kind = thread().variables[v].kind;
    const bool reads = kind == CallKind::kChannelRead || kind == CallKind::kChannelReadEtc;
    if (!reads || !variables[v].result || variables[v].result->txid != txid) continue;
    return model::ResultField{v};
  }
  return txid;
}

void Drawer::DrawTxid(const Known& endpoint, model::Call* call) {
  if (IsCall(call->kind)) {
    const bool chooses = !rules().kernel_picks_txids || dice_.Percent(10);
    const uint32_t txid = dice_.OneOf<uint32_t>({1, 2, 0});
    if (chooses) call->txid = txid;
    return;
  }
  const model::Object* peer =
      endpoint.object->peer ? state_.FindObject(*endpoint.object->peer) : nullptr;
  const bool replies = dice_.Percent(85);
  if (peer != nullptr && !peer->callers.empty() && replies) {
    const model::ThreadIndex caller = dice_.OneOf(peer->callers);
    call->txid = TxidOf(state_.threads[caller].call->txid);
    return;
  }
  // Of a request that has been read, or will come.
  if (!endpoint.object->queue.empty() && dice_.Percent(25)) {
    call->txid = model::TxidOf(endpoint.object->queue.front());
    return;
  }
  const bool guesses = dice_.Percent(12);
  if (guesses) call->txid = dice_.OneOf<uint32_t>({core::kKernelTxidBit | 1, 1});
}

// --- Handles that are sent ---

model::HandleArgument Drawer::CargoItem(const Known& endpoint) {
  if (dice_.Percent(taste_.stale)) return Stale();
  std::vector<Known> known = Handles();
  std::erase_if(known, [&](const Known& each) {
    return each.object == nullptr ||
           (endpoint.record != nullptr && each.record->id == endpoint.record->id);
  });
  const bool self = dice_.Percent(4);
  if (self || known.empty()) return endpoint.argument;
  return dice_.OneOf(known).argument;
}

void Drawer::DrawCargo(const Known& endpoint, model::Call* call) {
  using Operation = model::Disposition::Operation;
  const size_t count = 1 + dice_.Weighted({8, 4, 1});
  for (size_t i = 0; i < count; ++i) {
    const model::HandleArgument item = CargoItem(endpoint);
    if (!SendsDispositions(call->kind)) {
      const bool again =
          std::find(call->handles.begin(), call->handles.end(), item) != call->handles.end();
      const bool twice = dice_.Percent(15);
      if (!again || twice) call->handles.push_back(item);
      continue;
    }
    model::Disposition disposition;
    disposition.handle = item;
    constexpr Operation kOperations[] = {Operation::kMove, Operation::kDuplicate,
                                         Operation::kUnknown};
    disposition.operation = kOperations[dice_.Weighted({12, 6, 1})];
    if (dice_.Percent(12)) {
      disposition.type =
          dice_.OneOf<ObjectType>({ObjectType::kChannel, ObjectType::kEvent, ObjectType::kPort});
    }
    disposition.rights = DrawRights();
    call->dispositions.push_back(disposition);
  }
}

// --- Receiving ---

void Drawer::DrawRead(model::Call* call) {
  const bool ready = dice_.Percent(85);
  std::optional<Known> endpoint =
      Live([](const Known& known) { return !known.object->queue.empty(); });
  if (!endpoint || !ready) {
    endpoint = Live([](const Known& known) { return known.object->type == ObjectType::kChannel; });
  }
  const bool stale = dice_.Percent(taste_.stale);
  call->handle = endpoint && !stale ? endpoint->argument : Stale();
  const bool tight = dice_.Percent(18);
  if (!tight || !endpoint) return;
  const auto& queue = endpoint->object->queue;
  DrawRoom(queue.empty() ? nullptr : &queue.front(), call);
  if (dice_.Percent(60)) call->options = core::kReadMayDiscard;
}

// Just enough, or a little less.
void Drawer::DrawRoom(const model::Message* message, model::Call* call) {
  const auto bytes = static_cast<uint32_t>(message == nullptr ? 6 : message->data.size());
  const auto handles = message == nullptr ? 0 : model::HandleCountOf(*message);
  const bool of_handles = dice_.Percent(handles == 0 ? 30 : 70);
  const uint32_t less = dice_.Percent(70) ? 1 : 0;
  if (of_handles) {
    call->max_handles = handles - std::min(handles, less);
  } else {
    call->max_bytes = bytes - std::min(bytes, less);
  }
}

}  // namespace props
