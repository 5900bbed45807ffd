// The memory of an execution: handed out in order, taken back all at once.
//
// The same schedule gets the same addresses, a new execution costs one assignment, and what is
// still allocated after the tear-down is a leak, by name. Freed memory is not handed out again
// before the next execution; under the address sanitizer it is poisoned, so that a use after free
// is caught at the access.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace sim {

class Arena {
 public:
  /// Reserves address space only; pages are used as they are touched.
  explicit Arena(size_t capacity_bytes);
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  /// Aligned to 16. `what` is static text that names the block in leak reports.
  /// Null when the capacity is used up.
  void* Allocate(size_t bytes, const char* what);
  /// `block` came from Allocate of the same execution and was not freed since.
  void Free(void* block);
  void Reset();

  /// Whether the block was not freed; it came from Allocate of the same execution.
  bool IsLive(const void* block) const;
  uint32_t live_blocks() const { return live_blocks_; }
  /// "2 x channel endpoint, 1 x message": what is still allocated, in order of allocation.
  std::string DescribeLiveBlocks() const;

 private:
  struct Header;

  std::byte* base_;
  size_t capacity_;
  size_t used_ = 0;
  uint32_t live_blocks_ = 0;
};

}  // namespace sim
