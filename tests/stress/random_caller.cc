// Lives, what is drawn, and what messages are made of. The steps are in random_steps.cc.
#include "tests/stress/random_caller.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace core {
inline namespace CORE_PLATFORM {

namespace {

// A value that no handle ever has: threads are numbered from 1.
constexpr HandleValue kBogus = 0x13;

// The same for both ends of a pair, and larger for what a thread makes later. The threads have
// different numbers, so it is an order, if not that of time.
Koid AgeOf(const InfoHandleBasic& info) {
  return info.related_koid == 0 ? info.koid : std::min(info.koid, info.related_koid);
}

}  // namespace

std::string_view NameOf(Syscall call) {
  constexpr std::array<std::string_view, kSyscalls> kNames = {
      "ChannelCreate",     "ChannelWrite",    "ChannelWriteEtc",  "ChannelRead",
      "ChannelReadEtc",    "ChannelCall",     "ChannelCallEtc",   "ChannelCallNoRetry",
      "ChannelCallFinish", "EventCreate",     "EventPairCreate",  "ObjectSignal",
      "ObjectSignalPeer",  "ObjectGetInfo",   "HandleClose",      "HandleCloseMany",
      "HandleDuplicate",   "HandleReplace",   "HandleCheckValid", "ObjectWaitOne",
      "ObjectWaitMany",    "ObjectWaitAsync", "PortCreate",       "PortQueue",
      "PortWait",          "PortCancel"};
  return kNames[static_cast<size_t>(call)];
}

void RandomCaller::Run(uint32_t steps) {
  while (steps > 0) {
    self_ = population_.BeginLife(caller_, &home_);
    if (self_ == nullptr) return;
    gives_up_ = false;
    for (; steps > 0 && !gives_up_ && !self_->IsKilled(); --steps) (this->*DrawStep().make)();
    population_.EndLife(caller_);
  }
}

// --- What is drawn -------------------------------------------------------------------------------

const RandomCaller::Step& RandomCaller::DrawStep() {
  uint32_t total = 0;
  for (const Step& step : Steps()) total += step.weight;
  uint32_t drawn = Below(total);
  for (const Step& step : Steps()) {
    if (drawn < step.weight) return step;
    drawn -= step.weight;
  }
  return Steps().back();
}

Time RandomCaller::DrawDeadline(uint32_t longest_wait_ns) {
  // Only a signal or a kill ends these, so there are few.
  if (Chance(4000)) return kTimeInfinite;
  return Chance(4) ? kTimeInfinitePast : platform::Now() + Below(longest_wait_ns);
}

Signals RandomCaller::DrawSignals() {
  constexpr std::array<Signals, 6> kDrawn = {
      kSignalReadable, kSignalPeerClosed, kSignalReadable | kSignalPeerClosed,
      kSignalSignaled, Signals{1} << 24,  kSignalWritable};
  return kDrawn[Below(kDrawn.size())];
}

template <size_t kCount>
HandleValue RandomCaller::LoadOne(const Home::Places<kCount>& places) {
  constexpr int kAttempts = 3;  // Many places are empty at first.
  HandleValue value = kInvalidHandle;
  for (int i = 0; i < kAttempts && value == kInvalidHandle; ++i) {
    value = places[Below(kCount)].load(std::memory_order_relaxed);
  }
  return value;
}

HandleValue RandomCaller::PickChannel() {
  if (Chance(20)) return PickAny();
  return Chance(2) ? LoadOne(home_->links) : LoadOne(home_->channels);
}

HandleValue RandomCaller::PickEvent() {
  return Chance(20) ? PickAny() : LoadOne(home_->events);
}

HandleValue RandomCaller::PickPort() {
  return Chance(20) ? PickAny() : LoadOne(home_->ports);
}

HandleValue RandomCaller::PickAny() {
  switch (Below(8)) {
    case 0:
      return Chance(8) ? kBogus : kInvalidHandle;
    case 1:
      return LoadOne(home_->ports);
    case 2:
    case 3:
      return LoadOne(home_->events);
    case 4:
      return LoadOne(home_->links);
    default:
      return LoadOne(home_->channels);
  }
}

RandomCaller::Room RandomCaller::DrawRoom() {
  Room room;
  if (Chance(16)) room.num_bytes = 0;
  if (Chance(16)) room.num_handles = 0;
  return room;
}

// --- Messages ------------------------------------------------------------------------------------

Status RandomCaller::Note(Syscall call, Status status, std::initializer_list<Status> expected) {
  const auto index = static_cast<size_t>(call);
  ++counts_.made[index];
  if (status == Status::kOk) {
    ++counts_.fine[index];
  } else if (std::find(expected.begin(), expected.end(), status) == expected.end()) {
    ADD_FAILURE() << NameOf(call) << " answered " << static_cast<int>(status);
  }
  return status;
}

Status RandomCaller::GetBasicInfo(HandleValue handle, InfoHandleBasic* info) {
  const Status status =
      ObjectGetInfo(*self_, handle, kInfoHandleBasic, UserPtr(reinterpret_cast<std::byte*>(info)),
                    sizeof(*info), nullptr, nullptr);
  return Note(Syscall::kObjectGetInfo, status, {Status::kBadHandle});
}

bool RandomCaller::MayTravel(HandleValue handle, HandleValue channel) {
  // A value names one object for ever, so what is true now stays true.
  InfoHandleBasic what;
  InfoHandleBasic over;
  if (GetBasicInfo(handle, &what) != Status::kOk) return false;
  if (what.type != ObjectType::kChannel) return true;
  if (GetBasicInfo(channel, &over) != Status::kOk) return false;
  // An endpoint over itself: refused.
  return AgeOf(what) > AgeOf(over) || what.koid == over.koid;
}

RandomCaller::Parcel RandomCaller::Pack(HandleValue channel) {
  Parcel parcel;
  parcel.stamp = ledger_.NewMessage(*self_, &parcel.handles[0]);
  parcel.num_handles = 1;
  while (parcel.num_handles < parcel.handles.size() && Chance(2)) {
    const HandleValue handle = PickAny();
    if (handle == kBogus || MayTravel(handle, channel)) {
      parcel.handles[parcel.num_handles++] = handle;
    }
  }
  return parcel;
}

std::array<HandleDisposition, 4> RandomCaller::DispositionsOf(const Parcel& parcel) {
  std::array<HandleDisposition, 4> entries{};
  for (uint32_t i = 0; i < parcel.num_handles; ++i) {
    entries[i] = {kHandleOpMove, parcel.handles[i], ObjectType::kNone, kRightSameRights,
                  Status::kOk};
    if (i == 0) continue;
    if (Chance(4)) entries[i].operation = kHandleOpDuplicate;
    if (Chance(4)) entries[i].rights = kRightTransfer | kRightRead | kRightWait;
    if (Chance(32)) entries[i].type = ObjectType::kPort;
  }
  return entries;
}

void RandomCaller::OnGiven(const Parcel& parcel, Told told) {
  EXPECT_EQ(HandleClose(*self_, parcel.handles[0]), Status::kBadHandle);  // H3
  for (uint32_t i = 1; i < parcel.num_handles; ++i) Forget(parcel.handles[i]);
  ledger_.OnTold(parcel.stamp, told);
}

void RandomCaller::OnWritten(const Parcel& parcel, Status status) {
  OnGiven(parcel, status == Status::kOk ? Told::kSent : Told::kRefused);
}

void RandomCaller::Unpack(const Stamp& stamp, std::span<const HandleValue> handles) {
  ledger_.OnRead(stamp);
  ASSERT_FALSE(handles.empty());
  EXPECT_EQ(Note(Syscall::kHandleClose, HandleClose(*self_, handles[0])), Status::kOk);
  for (HandleValue handle : handles.subspan(1)) Put(handle);
}

void RandomCaller::Put(HandleValue handle) {
  InfoHandleBasic info;
  if (GetBasicInfo(handle, &info) != Status::kOk) return;
  switch (info.type) {
    case ObjectType::kChannel:
      return PutInto(home_->channels, handle);
    case ObjectType::kPort:
      return PutInto(home_->ports, handle);
    default:
      return PutInto(home_->events, handle);
  }
}

void RandomCaller::PutInto(std::span<std::atomic<HandleValue>> places, HandleValue handle) {
  const HandleValue old = places[Below(static_cast<uint32_t>(places.size()))].exchange(
      handle, std::memory_order_relaxed);
  Note(Syscall::kHandleClose, HandleClose(*self_, old), {Status::kBadHandle});
}

void RandomCaller::Forget(HandleValue handle) {
  const auto forget = [handle](std::span<std::atomic<HandleValue>> places) {
    for (std::atomic<HandleValue>& place : places) {
      HandleValue expected = handle;
      place.compare_exchange_strong(expected, kInvalidHandle, std::memory_order_relaxed);
    }
  };
  forget(home_->links);
  forget(home_->channels);
  forget(home_->events);
  forget(home_->ports);
}

Status RandomCaller::ReadInto(HandleValue channel, uint32_t options, Room* room) {
  const Status status = ChannelRead(
      *self_, channel, options, UserPtr(room->stamp.bytes()), UserPtr(room->handles.data()),
      room->num_bytes, room->num_handles, UserPtr(&room->num_bytes), UserPtr(&room->num_handles));
  return Note(Syscall::kChannelRead, status,
              {Status::kBadHandle, Status::kWrongType, Status::kAccessDenied, Status::kShouldWait,
               Status::kPeerClosed, Status::kBufferTooSmall});
}

}  // namespace CORE_PLATFORM
}  // namespace core
