#include "core/thread_names.h"

#include <algorithm>

namespace core {
inline namespace CORE_PLATFORM {

HandleValue ThreadNames::ValueOf(uint64_t count) const {
  const auto number = static_cast<HandleValue>(count % kRound);
  return ((number_ << kValueCountBits | number) << 2) | kHandleFixedBits;
}

bool ThreadNames::NextValues(uint32_t count, const HandleTable& table, HandleValue* out) {
  const uint64_t first_round = reuse_ == NameReuse::kNever ? kRound : kRound - kLookedAhead;
  if (count <= first_round - std::min(next_, first_round)) {
    for (uint32_t i = 0; i < count; ++i) out[i] = ValueOf(next_++);
    return true;
  }
  if (reuse_ == NameReuse::kNever) return false;
  LookAhead(table);
  if (free_count_ < count) {
    // What was in use may have gone since it was looked at.
    free_count_ = 0;
    LookAhead(table);
  }
  if (free_count_ < count) return false;
  for (uint32_t i = 0; i < count; ++i) out[i] = ValueOf(free_[first_free_++ % kLookedAhead]);
  free_count_ -= count;
  return true;
}

void ThreadNames::LookAhead(const HandleTable& table) {
  // A round further on stand the values that are in the ring already.
  const uint64_t first = free_count_ == 0 ? next_ : free_[first_free_ % kLookedAhead];
  for (; free_count_ < kLookedAhead && next_ < first + kRound; ++next_) {
    if (next_ >= kRound && table.Contains(ValueOf(next_))) continue;
    free_[(first_free_ + free_count_++) % kLookedAhead] = next_;
  }
}

}  // namespace CORE_PLATFORM
}  // namespace core
