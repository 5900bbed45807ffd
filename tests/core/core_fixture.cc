#include "tests/core/core_fixture.h"

#include <gtest/gtest.h>

#include <new>
#include <optional>
#include <ostream>
#include <utility>

#include "platform/run_body.h"

namespace core {

std::string_view StatusText(Status status) {
  switch (status) {
    case Status::kOk:
      return "kOk";
    case Status::kNotSupported:
      return "kNotSupported";
    case Status::kNoMemory:
      return "kNoMemory";
    case Status::kCallFailed:
      return "kCallFailed";
    case Status::kInvalidArgs:
      return "kInvalidArgs";
    case Status::kBadHandle:
      return "kBadHandle";
    case Status::kWrongType:
      return "kWrongType";
    case Status::kOutOfRange:
      return "kOutOfRange";
    case Status::kBufferTooSmall:
      return "kBufferTooSmall";
    case Status::kTimedOut:
      return "kTimedOut";
    case Status::kShouldWait:
      return "kShouldWait";
    case Status::kCanceled:
      return "kCanceled";
    case Status::kPeerClosed:
      return "kPeerClosed";
    case Status::kAccessDenied:
      return "kAccessDenied";
    case Status::kNotFound:
      return "kNotFound";
    case Status::kBadSyscall:
      return "kBadSyscall";
    case Status::kBadState:
      return "kBadState";
    case Status::kInternalIntrRetry:
      return "kInternalIntrRetry";
    case Status::kInternalIntrKilled:
      return "kInternalIntrKilled";
    default:
      return "a status that these calls never give";
  }
}

void PrintTo(Status status, std::ostream* out) {
  *out << StatusText(status);
}

inline namespace CORE_PLATFORM {

void PrintTo(const WaitAnswer& answer, std::ostream* out) {
  *out << StatusText(answer.status) << " with " << answer.observed;
}

User::User(Kernel& kernel) : User(*kernel.CreateProcess()) {}

User::User(Process& process)
    : process_(process),
      thread_(*process.kernel().CreateThread(process)),
      buffer_(kMaxMessageBytes) {}

Ends User::CreateChannel() {
  Ends ends;
  EXPECT_EQ(ChannelCreate(thread_, 0, UserPtr(&ends.a), UserPtr(&ends.b)), Status::kOk);
  return ends;
}

HandleValue User::CreateEvent() {
  HandleValue event = kInvalidHandle;
  EXPECT_EQ(EventCreate(thread_, 0, UserPtr(&event)), Status::kOk);
  return event;
}

Status User::Write(HandleValue channel, std::string_view bytes,
                   std::initializer_list<HandleValue> handles) {
  return Write(channel, bytes, std::span(handles.begin(), handles.size()));
}

Status User::Write(HandleValue channel, std::string_view bytes,
                   std::span<const HandleValue> handles) {
  return ChannelWrite(thread_, channel, 0,
                      UserPtr(reinterpret_cast<const std::byte*>(bytes.data())),
                      static_cast<uint32_t>(bytes.size()), UserPtr(handles.data()),
                      static_cast<uint32_t>(handles.size()));
}

ReadResult User::Read(HandleValue channel, const ReadArguments& arguments) {
  ReadResult result;
  result.status =
      ChannelRead(thread_, channel, arguments.options, UserPtr(buffer_.data()),
                  UserPtr(result.handles.data()), arguments.num_bytes, arguments.num_handles,
                  UserPtr(&result.actual_bytes), UserPtr(&result.actual_handles));
  if (result.status == Status::kOk) {
    result.bytes.assign(reinterpret_cast<const char*>(buffer_.data()), result.actual_bytes);
  }
  return result;
}

WaitAnswer User::Wait(HandleValue handle, Signals signals, Time deadline) {
  WaitAnswer answer;
  answer.status = ObjectWaitOne(thread_, handle, signals, deadline, UserPtr(&answer.observed));
  return answer;
}

RefPtr<Dispatcher> User::Reference(HandleValue handle) {
  RefPtr<Dispatcher> object;
  const Status found =
      process_.handles().Lookup(handle, ObjectType::kNone, kRightNone, kCurrent, &object);
  EXPECT_EQ(found, Status::kOk);
  return object;
}

ChannelDispatcher& User::Channel(HandleValue handle) {
  return static_cast<ChannelDispatcher&>(*Reference(handle));
}

HandleValue User::MakeAnother(HandleValue handle, Rights rights) {
  HandleValue value = kInvalidHandle;
  EXPECT_TRUE(thread_.NextHandleValues(1, &value));
  process_.handles().Add(MakeHandle(Reference(handle), rights), value);
  return value;
}

HandleValue User::Restrict(HandleValue handle, Rights rights) {
  const HandleValue value = MakeAnother(handle, rights);
  EXPECT_EQ(Close(handle), Status::kOk);
  return value;
}

bool User::Has(HandleValue value) const {
  bool found = false;
  process_.handles().PeekEach([&](const Handle& handle) { found |= handle.value() == value; });
  return found;
}

Rights User::RightsOf(HandleValue value) const {
  Rights rights = kRightSameRights;  // No handle has it.
  process_.handles().PeekEach([&](const Handle& handle) {
    if (handle.value() == value) rights = handle.rights();
  });
  return rights;
}

size_t User::CountHandles() const {
  size_t count = 0;
  process_.handles().PeekEach([&](const Handle&) { ++count; });
  return count;
}

Watcher::Watcher(User& user, HandleValue handle, Signals wanted, std::string name, Log* log)
    : name_(std::move(name)), log_(log) {
  const HandleTable::Still table(user.process().handles(), user.kernel().profile());
  const Handle* found = nullptr;
  EXPECT_EQ(table.FindWaitable(handle, &found), Status::kOk);
  if (found == nullptr) return;
  object_ = RefPtr<Dispatcher>(&found->object());
  object_->AddObserver(*this, *found, wanted);
}

Watcher::~Watcher() {
  if (!object_) return;
  Signals active = kSignalNone;
  static_cast<void>(object_->RemoveObserver(*this, &active));
}

void Watcher::OnMatchLocked(Signals active) {
  observed_ = active;
  log_->push_back(name_);
}

void Watcher::OnCancelLocked(Signals active) {
  observed_ = active;
  log_->push_back(name_ + " cancelled");
}

void RunAlone(const UserCode& body) {
  RunAlone([](User&) {}, body);
}

void RunAlone(const AbiProfile& profile, const UserCode& body) {
  RunAlone([](User&) {}, body, profile);
}

void ForEachGeneration(const UserCode& body) {
  ForEachGeneration([&body](User& user, const AbiProfile&) { body(user); });
}

void ForEachGeneration(const std::function<void(User&, const AbiProfile&)>& body) {
  for (const AbiProfile* profile : kGenerations) {
    SCOPED_TRACE(profile->name);
    RunAlone(*profile, [&](User& user) { body(user, *profile); });
  }
}

void RunAlone(const UserCode& prepare, const UserCode& body, const AbiProfile& profile) {
  // In memory of the platform, like everything of the kernel: after a broken assertion nothing
  // is taken down.
  Kernel* kernel = nullptr;
  std::optional<User> user;
  platform::RunBody(
      [&] {
        kernel = new (AllocateBytes(sizeof(Kernel), "kernel")) Kernel(profile);
        user.emplace(*kernel);
        prepare(*user);
      },
      [&] {
        body(*user);
        kernel->~Kernel();
        platform::Free(kernel);
      });
}

}  // namespace CORE_PLATFORM
}  // namespace core
