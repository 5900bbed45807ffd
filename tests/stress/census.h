// Every handle of a kernel, and every unread message, at a moment at which nothing runs.
#pragma once

#include <string>
#include <vector>

#include "core/kernel.h"
#include "tests/stress/messages.h"

namespace core {
inline namespace CORE_PLATFORM {

struct Census {
  size_t handles = 0;
  size_t objects = 0;               // That have a handle.
  std::vector<Stamp> queued;        // The stamps of the unread messages.
  std::vector<std::string> broken;  // What should not be, in words.
};

/// Walks the tables of all processes, the queues of the endpoints in them, the queues of the
/// endpoints in those, and so on. Each handle must be in one place, and know which; an object must
/// have as many handles as places hold; READABLE must be active where a message is queued,
/// PEER_CLOSED where the peer is gone. S-4, S-5.
Census TakeCensus(const Kernel& kernel);

}  // namespace CORE_PLATFORM
}  // namespace core
