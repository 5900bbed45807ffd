// What a thread calls the things that it makes: koids, and values of handles.
//
// They come from sequences of the thread, not of the kernel: what two threads create gets the same
// names whoever goes first, so creating commutes.
#pragma once

#include <array>
#include <boost/intrusive/list.hpp>
#include <cstdint>
#include <memory>

#include "core/abi.h"
#include "core/handle_table.h"
#include "core/memory.h"

namespace core {
inline namespace CORE_PLATFORM {

/// A handle value is, from the top: the number of the thread that made it, that thread's count of
/// values, and the two bits that every valid value has set.
inline constexpr uint32_t kValueCountBits = 20;
inline constexpr uint32_t kMaxThreadNumber = (1u << (30 - kValueCountBits)) - 1;

/// Whether names are used again.
enum class NameReuse : uint8_t {
  kNever,  // A thread that has used up its values makes no more handles; so many threads, no more.
  kLater,  // Counts go round, and a thread that has ended leaves its names to later ones.
};

class ThreadNames;
using ThreadNamesPtr = std::unique_ptr<ThreadNames>;
using ThreadNamesList = boost::intrusive::list<ThreadNames>;

/// The names that are one thread's to give. They serve the threads of one process, one at a time,
/// until it is killed; after that, those of another.
///
/// A value that somebody still remembers must not soon be the name of something else (B-21). As a
/// rule a whole round of others comes before it does. A handle may go just before its count comes
/// by, though; so the values of a later round are looked at well before they are given, and what
/// still names something then has to wait for the round after it.
class ThreadNames final : public Allocated, public boost::intrusive::list_base_hook<> {
 public:
  /// `number` tells the threads of a kernel apart, from 1.
  ThreadNames(uint32_t number, NameReuse reuse) : number_(number), reuse_(reuse) {}
  ThreadNames(const ThreadNames&) = delete;
  ThreadNames& operator=(const ThreadNames&) = delete;

  /// Of all threads that there are at a time, one has it. Not 0.
  uint32_t number() const { return number_; }

  /// Unique in the life of the kernel.
  Koid NextKoid() { return (Koid{number_} << kKoidCountBits) | ++last_koid_; }

  /// Values for handles that are put into `table` next, which is that of the process; false, with
  /// none given, when there are not that many any more. H-4, HO-6.
  [[nodiscard]] bool NextValues(uint32_t count, const HandleTable& table, HandleValue* out);

 private:
  static constexpr uint32_t kKoidCountBits = 40;
  static constexpr uint64_t kRound = uint64_t{1} << kValueCountBits;
  static constexpr uint32_t kLookedAhead = 256;

  HandleValue ValueOf(uint64_t count) const;
  void LookAhead(const HandleTable& table);

  const uint32_t number_;
  const NameReuse reuse_;
  uint64_t last_koid_ = 0;
  uint64_t next_ = 1;  // Count of the value to be given, or looked at, next.
  // A ring: counts whose values named nothing when they were looked at. The oldest is given first.
  std::array<uint64_t, kLookedAhead> free_;
  uint64_t first_free_ = 0;
  uint32_t free_count_ = 0;
};

}  // namespace CORE_PLATFORM
}  // namespace core
