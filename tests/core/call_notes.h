// What calls and reads of a race leave in its outcome.
#pragma once

#include <string_view>

#include "tests/core/call_ops.h"
#include "tests/core/message_ops.h"
#include "tests/core/race.h"

namespace core {
inline namespace CORE_PLATFORM {

/// A call that asks `text`, and whose answer goes to `note`: "kOk re:?", or the status.
inline void NoteCall(Notes& note, User& user, HandleValue channel, Time deadline,
                     std::string_view text = "?") {
  CallMemory call(WithTxid(0, text));
  note(call.Run(user, channel, deadline));
  if (!call.reply().empty()) note(TextOf(call.reply()));
}

/// What was read, or the status.
inline void NoteText(Notes& note, const ReadResult& read) {
  read.status == Status::kOk ? note(TextOf(read.bytes)) : note(read.status);
}

}  // namespace CORE_PLATFORM
}  // namespace core
