// The memory of an execution: handed out in order, taken back all at once.
//
// The same schedule gets the same addresses, a new execution costs next to nothing, and what is
// still allocated after the tear-down is a leak, by name. Freed memory is not handed out again
// before the next execution.
//
// Memory that belongs to nobody, because it was freed or lies between two blocks, is filled with
// one byte, and so is a block that nobody has written to yet. Who writes to what is not his leaves
// a mark that is seen at the end of the execution; who reads it gets the same in every execution: a
// number that is not plausible, or a pointer that no address space has, so that following it is a
// crash at that very place. Under the address sanitizer such memory is poisoned as well, and the
// access itself is caught.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sim {

class Arena {
 public:
  /// What memory is filled with that holds nothing: not zero, which much code takes for "none".
  static constexpr unsigned char kNothing = 0xDD;

  /// Reserves address space only; pages are used as they are touched.
  explicit Arena(size_t capacity_bytes);
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  /// Aligned to 16. `what` is static text that names the block in reports.
  /// Null when the capacity is used up.
  void* Allocate(size_t bytes, const char* what);
  /// Of null, nothing. False for what is no block, or no longer: that changes nothing, and is what
  /// FindError then answers.
  bool Free(void* block);
  void Reset();

  /// Whether it is a block that was not freed, of the same execution.
  bool IsLive(const void* block) const;
  uint32_t live_blocks() const { return live_blocks_; }
  /// "2 x channel endpoint, 1 x message": what is still allocated, in order of allocation.
  std::string DescribeLiveBlocks() const;
  /// The block that has the address, or the last before it: "message", "message, freed". Empty if
  /// the address is not in the arena.
  std::string Describe(const void* address) const;

  /// The first wrong use of Free, else the first block that was written to after it was freed or
  /// past its end. Nothing if nothing is wrong. Only once nobody uses the memory any more: the
  /// sanitizer does not look after it from here on.
  std::optional<std::string> FindError();

 private:
  // Apart from the memory itself, which the code under test may write all over.
  struct Block {
    size_t begin;  // From the base.
    size_t bytes;
    const char* what;
    bool freed;
  };
  struct Error {
    const char* block;  // Null: it is about none.
    const char* what;
  };

  size_t OffsetOf(const void* address) const;
  const Block* Find(const void* block) const;
  const Block* Before(size_t offset) const;
  bool Refuse(const char* block, const char* what);
  void MarkNext(size_t end);
  bool IsUntouched(size_t begin, size_t end) const;
  std::optional<Error> FindDamage() const;

  std::byte* base_;
  size_t capacity_;
  size_t used_ = 0;  // The next block begins here.
  std::vector<Block> blocks_;
  uint32_t live_blocks_ = 0;
  std::optional<Error> refused_;  // The first.
};

}  // namespace sim
