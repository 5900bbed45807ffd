// event_create, eventpair_create, object_signal, object_signal_peer, object_get_info.
#include "core/event_dispatcher.h"
#include "core/eventpair_dispatcher.h"
#include "core/kernel.h"
#include "core/syscalls.h"

namespace core {
inline namespace CORE_PLATFORM {

namespace {

// Where the answer to a question about an object goes.
struct InfoBuffer {
  UserPtr<std::byte> record;
  size_t size = 0;
  UserPtr<uint64_t> actual;
  UserPtr<uint64_t> avail;
};

// Tells one record of one. How many there are is told even if there is no room for it.
template <typename Record>
Status CopyRecordOut(const InfoBuffer& out, const Record& record) {
  const bool fits = out.size >= sizeof(Record);
  if (fits && !out.record.template As<Record>().CopyOut(&record, 1)) return Status::kInvalidArgs;
  const bool told = out.actual.CopyOutOptional(fits ? 1 : 0) && out.avail.CopyOutOptional(1);
  if (!told) return Status::kInvalidArgs;
  return fits ? Status::kOk : Status::kBufferTooSmall;
}

Status GetHandleBasic(Thread& caller, HandleValue handle, const InfoBuffer& out) {
  RefPtr<Dispatcher> object;
  InfoHandleBasic info = {};
  const Status found = caller.process().handles().Describe(handle, &object, &info.rights);
  if (found != Status::kOk) return found;
  info.koid = object->koid();
  info.type = object->type();
  info.related_koid = object->related_koid();
  return CopyRecordOut(out, info);
}

Status GetHandleCount(Thread& caller, HandleValue handle, const InfoBuffer& out) {
  RefPtr<Dispatcher> object;
  const Status found = caller.process().handles().Lookup(handle, ObjectType::kNone, kRightInspect,
                                                         ProfileOf(caller), &object);
  if (found != Status::kOk) return found;
  return CopyRecordOut(out, InfoHandleCount{object->handle_count()});
}

}  // namespace

Status EventCreate(Thread& caller, uint32_t options, UserPtr<HandleValue> out) {
  if (options != 0) return Status::kInvalidArgs;
  HandleOwner handle;
  const Status created = EventDispatcher::Create(caller, ProfileOf(caller).event_rights, &handle);
  if (created != Status::kOk) return created;
  HandleValue value;
  if (!caller.NextHandleValues(1, &value)) return Status::kNoMemory;
  if (!out.CopyOut(&value, 1)) return Status::kInvalidArgs;
  caller.process().handles().Add(std::move(handle), value);
  return Status::kOk;
}

Status EventPairCreate(Thread& caller, uint32_t options, UserPtr<HandleValue> first,
                       UserPtr<HandleValue> second) {
  if (options != 0) return Status::kNotSupported;
  HandleOwner sides[2];
  const Rights rights = ProfileOf(caller).event_rights | kRightSignalPeer;
  const Status created = EventPairDispatcher::Create(caller, rights, &sides[0], &sides[1]);
  if (created != Status::kOk) return created;
  HandleValue values[2];
  if (!caller.NextHandleValues(2, values)) return Status::kNoMemory;
  if (!first.CopyOut(&values[0], 1) || !second.CopyOut(&values[1], 1)) return Status::kInvalidArgs;
  for (int i = 0; i < 2; ++i) caller.process().handles().Add(std::move(sides[i]), values[i]);
  return Status::kOk;
}

Status ObjectSignal(Thread& caller, HandleValue handle, Signals clear, Signals set) {
  RefPtr<Dispatcher> object;
  const Status found = caller.process().handles().Lookup(handle, ObjectType::kNone, kRightSignal,
                                                         ProfileOf(caller), &object);
  return found == Status::kOk ? object->SignalSelf(clear, set) : found;
}

Status ObjectSignalPeer(Thread& caller, HandleValue handle, Signals clear, Signals set) {
  RefPtr<Dispatcher> object;
  const Status found = caller.process().handles().Lookup(
      handle, ObjectType::kNone, kRightSignalPeer, ProfileOf(caller), &object);
  return found == Status::kOk ? object->SignalPeer(clear, set) : found;
}

Status ObjectGetInfo(Thread& caller, HandleValue handle, uint32_t topic, UserPtr<std::byte> buffer,
                     size_t buffer_size, UserPtr<uint64_t> actual, UserPtr<uint64_t> avail) {
  const InfoBuffer out = {buffer, buffer_size, actual, avail};
  switch (topic) {
    case kInfoHandleValid:
      return HandleCheckValid(caller, handle);
    case kInfoHandleBasic:
      return GetHandleBasic(caller, handle, out);
    case kInfoHandleCount:
      return GetHandleCount(caller, handle, out);
    default:
      return Status::kNotSupported;
  }
}

}  // namespace CORE_PLATFORM
}  // namespace core
