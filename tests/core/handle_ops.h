// Short names for the calls that make handles from handles and tell about them.
#pragma once

#include <cstdint>
#include <vector>

#include "tests/core/core_fixture.h"

namespace core {

inline namespace CORE_PLATFORM {

/// A status, and the value that stands in the out-parameter.
struct MadeHandle {
  Status status = Status::kInternal;
  HandleValue value = kUntouched;
};

inline MadeHandle Duplicate(User& user, HandleValue handle, Rights rights = kRightSameRights) {
  MadeHandle made;
  made.status = HandleDuplicate(user.thread(), handle, rights, UserPtr(&made.value));
  return made;
}

inline MadeHandle Replace(User& user, HandleValue handle, Rights rights = kRightSameRights) {
  MadeHandle made;
  made.status = HandleReplace(user.thread(), handle, rights, UserPtr(&made.value));
  return made;
}

inline Ends CreateEventPair(User& user) {
  Ends ends;
  static_cast<void>(EventPairCreate(user.thread(), 0, UserPtr(&ends.a), UserPtr(&ends.b)));
  return ends;
}

/// What a question about an object was answered.
template <typename Record>
struct Told {
  Status status = Status::kInternal;
  Record record = {};
  uint64_t actual = kUntouched;
  uint64_t avail = kUntouched;
};

template <typename Record>
Told<Record> GetInfo(User& user, HandleValue handle, uint32_t topic,
                     size_t buffer_size = sizeof(Record)) {
  Told<Record> told;
  told.status = ObjectGetInfo(user.thread(), handle, topic,
                              UserPtr(reinterpret_cast<std::byte*>(&told.record)), buffer_size,
                              UserPtr(&told.actual), UserPtr(&told.avail));
  return told;
}

inline InfoHandleBasic BasicInfo(User& user, HandleValue handle) {
  return GetInfo<InfoHandleBasic>(user, handle, kInfoHandleBasic).record;
}

/// Uses up every handle value that `user` may still give.
inline void UseUpValues(User& user) {
  std::vector<HandleValue> values(1u << 16);
  for (auto count = static_cast<uint32_t>(values.size()); count > 0; count /= 2) {
    while (user.thread().NextHandleValues(count, values.data())) continue;
  }
}

}  // namespace CORE_PLATFORM
}  // namespace core
