#include "sim/engine/arena.h"

#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>
#include <cassert>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string_view>

#include "sim/engine/sanitizer.h"

namespace sim {

namespace {

constexpr size_t kAlignment = 16;
constexpr size_t RoundUp(size_t bytes) {
  return (bytes + kAlignment - 1) & ~(kAlignment - 1);
}

// Before and after each block lies a gap. Its last bytes are the number of the block that follows,
// which finds it without a search.
using Number = uint32_t;
constexpr size_t kGapBytes = kAlignment;
constexpr size_t kGapFillBytes = kGapBytes - sizeof(Number);

HEDDLE_UNSANITIZED Number NumberBefore(const std::byte* block) {
  return *reinterpret_cast<const Number*>(block - sizeof(Number));
}

}  // namespace

Arena::Arena(size_t capacity_bytes) : capacity_(capacity_bytes) {
  assert(capacity_ >= kGapBytes);
  void* memory = mmap(nullptr, capacity_, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    fmt::print(stderr, "heddle: cannot reserve {} bytes of address space\n", capacity_);
    std::abort();
  }
  base_ = static_cast<std::byte*>(memory);
  Reset();
}

Arena::~Arena() {
  UnpoisonMemory(base_, used_);
  munmap(base_, capacity_);
}

void Arena::Reset() {
  UnpoisonMemory(base_, used_);
  blocks_.clear();
  live_blocks_ = 0;
  refused_.reset();
  std::memset(base_, kNothing, kGapFillBytes);
  MarkNext(kGapBytes);
  PoisonMemory(base_, kGapBytes);
}

// What comes before `end` is taken; the next block has the next number.
void Arena::MarkNext(size_t end) {
  const auto number = static_cast<Number>(blocks_.size());
  std::memcpy(base_ + end - sizeof(number), &number, sizeof(number));
  used_ = end;
}

void* Arena::Allocate(size_t bytes, const char* what) {
  const size_t rounded = RoundUp(bytes);
  const size_t left = capacity_ - used_;
  if (rounded < bytes || left < kGapBytes || left - kGapBytes < rounded) return nullptr;
  std::byte* block = base_ + used_;
  std::memset(block, kNothing, rounded + kGapFillBytes);
  blocks_.push_back({used_, bytes, what, /*freed=*/false});
  ++live_blocks_;
  MarkNext(used_ + rounded + kGapBytes);
  PoisonMemory(block + bytes, rounded - bytes + kGapBytes);
  return block;
}

bool Arena::Free(void* block) {
  if (block == nullptr) return true;
  auto* known = const_cast<Block*>(Find(block));
  if (known == nullptr) {
    const Block* around = Before(OffsetOf(block));
    if (around == nullptr) return Refuse(nullptr, "freed what was never allocated");
    return Refuse(around->what, "freed at an address that is not its beginning");
  }
  if (known->freed) return Refuse(known->what, "freed twice");
  known->freed = true;
  assert(live_blocks_ > 0);
  --live_blocks_;
  std::memset(block, kNothing, known->bytes);
  PoisonMemory(block, known->bytes);
  return true;
}

bool Arena::Refuse(const char* block, const char* what) {
  if (!refused_) refused_ = {block, what};
  return false;
}

// Not below used_ if the address is elsewhere.
size_t Arena::OffsetOf(const void* address) const {
  return reinterpret_cast<uintptr_t>(address) - reinterpret_cast<uintptr_t>(base_);
}

// The block that begins there, freed or not.
const Arena::Block* Arena::Find(const void* block) const {
  const size_t offset = OffsetOf(block);
  if (offset < kGapBytes || offset >= used_ || offset % kAlignment != 0) return nullptr;
  const Number number = NumberBefore(static_cast<const std::byte*>(block));
  if (number < blocks_.size() && blocks_[number].begin == offset) return &blocks_[number];
  // The number may have been overwritten.
  const Block* before = Before(offset);
  return before != nullptr && before->begin == offset ? before : nullptr;
}

// The last block that begins there or before.
const Arena::Block* Arena::Before(size_t offset) const {
  if (offset >= used_) return nullptr;
  const auto after = std::ranges::upper_bound(blocks_, offset, {}, &Block::begin);
  return after == blocks_.begin() ? nullptr : &*std::prev(after);
}

bool Arena::IsLive(const void* block) const {
  const Block* known = Find(block);
  return known != nullptr && !known->freed;
}

std::string Arena::DescribeLiveBlocks() const {
  std::vector<std::string_view> order;
  std::map<std::string_view, uint32_t> counts;
  for (const Block& block : blocks_) {
    if (!block.freed && ++counts[block.what] == 1) order.push_back(block.what);
  }
  std::string text;
  for (std::string_view what : order) {
    text += fmt::format("{}{} x {}", text.empty() ? "" : ", ", counts[what], what);
  }
  return text;
}

std::string Arena::Describe(const void* address) const {
  const size_t offset = OffsetOf(address);
  if (offset >= capacity_ || blocks_.empty()) return "";
  const Block* block = offset < used_ ? Before(offset) : &blocks_.back();
  if (block == nullptr) block = &blocks_.front();
  return fmt::format("{}{}", block->what, block->freed ? ", freed" : "");
}

bool Arena::IsUntouched(size_t begin, size_t end) const {
  if (begin == end) return true;
  // Each byte is the one before it, and the first is right.
  const std::byte* first = base_ + begin;
  return *first == std::byte{kNothing} && std::memcmp(first, first + 1, end - begin - 1) == 0;
}

std::optional<Arena::Error> Arena::FindDamage() const {
  for (size_t i = 0; i < blocks_.size(); ++i) {
    const Block& block = blocks_[i];
    const size_t end = block.begin + block.bytes;
    const size_t next = block.begin + RoundUp(block.bytes) + kGapBytes;
    if (IsUntouched(block.freed ? block.begin : end, next - sizeof(Number)) &&
        NumberBefore(base_ + next) == i + 1) {
      continue;
    }
    const bool is_past_end = !block.freed || IsUntouched(block.begin, end);
    return Error{block.what,
                 is_past_end ? "written to past its end" : "written to after it was freed"};
  }
  return std::nullopt;
}

std::optional<std::string> Arena::FindError() {
  UnpoisonMemory(base_, used_);
  const std::optional<Error> error = refused_ ? refused_ : FindDamage();
  if (!error) return std::nullopt;
  if (error->block == nullptr) return error->what;
  return fmt::format("{}: {}", error->block, error->what);
}

}  // namespace sim
