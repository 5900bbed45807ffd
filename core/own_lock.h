// The lock of an object that has no peer to share one with.
#pragma once

#include "core/platform_contract.h"

namespace core {
inline namespace CORE_PLATFORM {

/// To be the first base, so that it exists before the Dispatcher that refers to it.
class OwnLock {
 protected:
  explicit OwnLock(const char* role) : own_lock_(role) {}
  ~OwnLock() = default;
  platform::Mutex own_lock_;
};

}  // namespace CORE_PLATFORM
}  // namespace core
