#include "core/message_waiter.h"

#include <cstring>

#include "core/channel_dispatcher.h"

namespace core {
inline namespace CORE_PLATFORM {

MessageWaiter::MessageWaiter() = default;

MessageWaiter::~MessageWaiter() {
  ASSERT(!is_linked());
}

bool MessageWaiter::Arm(RefPtr<ChannelDispatcher> channel) {
  if (is_armed()) return false;
  channel_ = std::move(channel);
  status_ = Status::kShouldWait;
  ended_.emplace("reply");
  return true;
}

void MessageWaiter::Disarm() {
  ASSERT(!is_linked());
  channel_ = nullptr;
}

void MessageWaiter::DeliverLocked(MessagePacketPtr reply) {
  ASSERT(!is_linked());
  ASSERT(status_ == Status::kShouldWait);
  reply_ = std::move(reply);
  status_ = Status::kOk;
  ended_->Signal();
}

void MessageWaiter::CancelLocked(Status why) {
  ASSERT(!is_linked());
  ASSERT(status_ == Status::kShouldWait);
  status_ = why;
  ended_->Signal();
}

Status MessageWaiter::Finish(MessagePacketPtr* reply) {
  ASSERT(!is_linked());
  ASSERT(status_ != Status::kShouldWait);
  *reply = std::move(reply_);
  channel_ = nullptr;
  return status_;
}

}  // namespace CORE_PLATFORM
}  // namespace core
