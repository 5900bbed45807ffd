// Spoils one argument of a call.
#include <utility>
#include <vector>

#include "model/names.h"
#include "props/drawer.h"

namespace props {

using model::Buffers;
using model::CallKind;
using model::Memory;

namespace {

// The pointers that such a call takes.
std::vector<Memory Buffers::*> BuffersOf(CallKind kind) {
  const std::vector<Memory Buffers::*> received = {
      &Buffers::rd_bytes, &Buffers::rd_handles, &Buffers::actual_bytes, &Buffers::actual_handles};
  std::vector<Memory Buffers::*> buffers;
  if (model::Sends(kind)) buffers = {&Buffers::bytes, &Buffers::handles};
  if (model::Receives(kind)) buffers.insert(buffers.end(), received.begin(), received.end());
  if (model::Sends(kind) && model::Receives(kind)) buffers.push_back(&Buffers::args);
  switch (kind) {
    case CallKind::kChannelCall:
      buffers.push_back(&Buffers::read_status);
      break;
    case CallKind::kChannelCreate:
    case CallKind::kEventPairCreate:
      buffers.push_back(&Buffers::second_out);
      [[fallthrough]];
    case CallKind::kEventCreate:
    case CallKind::kPortCreate:
    case CallKind::kHandleDuplicate:
    case CallKind::kHandleReplace:
    case CallKind::kObjectWaitOne:
    case CallKind::kObjectWaitMany:
    case CallKind::kPortQueue:
    case CallKind::kPortWait:
    case CallKind::kObjectGetInfo:
      buffers.push_back(&Buffers::out);
      break;
    case CallKind::kHandleCloseMany:
      buffers.push_back(&Buffers::handles);
      break;
    default:
      break;
  }
  return buffers;
}

bool HasOptions(CallKind kind) {
  switch (kind) {
    case CallKind::kChannelCreate:
    case CallKind::kEventCreate:
    case CallKind::kEventPairCreate:
    case CallKind::kPortCreate:
    case CallKind::kObjectWaitAsync:
      return true;
    default:
      return model::Sends(kind) || model::Receives(kind);
  }
}

}  // namespace

void Drawer::SpoilBuffer(model::Call* call) {
  const std::vector<Memory Buffers::*> buffers = BuffersOf(call->kind);
  if (buffers.empty()) return;
  auto which = buffers[dice_.Below(buffers.size())];
  // What matters most about a message that comes is its handles.
  if (model::Receives(call->kind) && dice_.Percent(35)) which = &Buffers::rd_handles;
  call->buffers.*which = dice_.Percent(50) ? Memory::kNull : Memory::kUnmapped;
}

// Says that there is more, or too much. False: the call has no sizes.
bool Drawer::SpoilSizes(model::Call* call) {
  const uint32_t more = dice_.Below(2);
  if (call->kind == CallKind::kObjectWaitMany) {
    call->count = dice_.OneOf<uint32_t>({8, 16, 64, 1024}) + more;
    return true;
  }
  if (call->kind == CallKind::kHandleCloseMany) {
    call->handle_count = static_cast<uint32_t>(call->handles.size()) + more;
    return true;
  }
  if (!model::Sends(call->kind)) return false;
  if (dice_.Percent(60)) {
    call->handle_count = core::kMaxMessageHandles + more;
    const bool is_etc =
        call->kind == CallKind::kChannelWriteEtc || call->kind == CallKind::kChannelCallEtc;
    const bool any = !call->handles.empty() || is_etc;
    if (!any) call->handles.push_back(Handle([](const Known&) { return true; }));
  } else if (call->iovecs) {
    call->count = core::kMaxMessageIovecs + more;
  } else {
    call->count = core::kMaxMessageBytes + more;
  }
  return true;
}

void Drawer::Spoil(model::Call* call) {
  const uint32_t option = dice_.OneOf<uint32_t>({1, 2, 8});
  const size_t what = dice_.Weighted({4, 3, 2, 2, 1});
  if (what == 0) return SpoilBuffer(call);
  if (what == 1 && SpoilSizes(call)) return;
  if (what == 2 && HasOptions(call->kind)) {
    // Without pieces the bytes would be taken for some.
    const bool pieces = !model::Sends(call->kind) || call->iovecs;
    call->options |= option == core::kWriteUseIovec && !pieces ? 1 : option;
    return;
  }
  if (what == 4 && call->iovecs) {
    model::Iovec& piece = (*call->iovecs)[dice_.Below(call->iovecs->size())];
    piece.reserved = dice_.Percent(50);
    if (!piece.reserved) piece.capacity = 0x80000000;
    return;
  }
  // Another kind of object, or one that may not be used so.
  const bool has_handle =
      call->kind != CallKind::kChannelCreate && call->kind != CallKind::kEventCreate &&
      call->kind != CallKind::kEventPairCreate && call->kind != CallKind::kPortCreate &&
      call->kind != CallKind::kHandleCloseMany && call->kind != CallKind::kObjectWaitMany;
  if (has_handle) call->handle = Handle([](const Known&) { return true; });
}

}  // namespace props
