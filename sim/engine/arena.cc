#include "sim/engine/arena.h"

#include <fmt/format.h>
#include <sys/mman.h>

#include <cassert>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string_view>
#include <vector>

#include "sim/engine/sanitizer.h"

namespace sim {

struct alignas(16) Arena::Header {
  const char* what;  // Null once freed.
  size_t bytes;      // Of the block, rounded up.
};

namespace {

constexpr size_t kAlignment = 16;
constexpr size_t RoundUp(size_t bytes) {
  return (bytes + kAlignment - 1) & ~(kAlignment - 1);
}

}  // namespace

Arena::Arena(size_t capacity_bytes) : capacity_(capacity_bytes) {
  void* memory = mmap(nullptr, capacity_, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    fmt::print(stderr, "heddle: cannot reserve {} bytes of address space\n", capacity_);
    std::abort();
  }
  base_ = static_cast<std::byte*>(memory);
}

Arena::~Arena() {
  Reset();
  munmap(base_, capacity_);
}

void* Arena::Allocate(size_t bytes, const char* what) {
  const size_t rounded = RoundUp(bytes);
  const size_t left = capacity_ - used_;
  if (rounded < bytes || left < sizeof(Header) || left - sizeof(Header) < rounded) return nullptr;
  auto* header = reinterpret_cast<Header*>(base_ + used_);
  used_ += sizeof(Header) + rounded;
  *header = {what, rounded};
  ++live_blocks_;
  return header + 1;
}

void Arena::Free(void* block) {
  auto* header = static_cast<Header*>(block) - 1;
  assert(header->what != nullptr);  // Freed twice otherwise.
  header->what = nullptr;
  assert(live_blocks_ > 0);
  --live_blocks_;
  PoisonMemory(block, header->bytes);
}

void Arena::Reset() {
  UnpoisonMemory(base_, used_);
  used_ = 0;
  live_blocks_ = 0;
}

bool Arena::IsLive(const void* block) const {
  return (static_cast<const Header*>(block) - 1)->what != nullptr;
}

std::string Arena::DescribeLiveBlocks() const {
  std::vector<std::string_view> order;
  std::map<std::string_view, uint32_t> counts;
  for (size_t offset = 0; offset < used_;) {
    const auto* header = reinterpret_cast<const Header*>(base_ + offset);
    offset += sizeof(Header) + header->bytes;
    if (header->what == nullptr) continue;
    if (++counts[header->what] == 1) order.push_back(header->what);
  }
  std::string text;
  for (std::string_view what : order) {
    text += fmt::format("{}{} x {}", text.empty() ? "" : ", ", counts[what], what);
  }
  return text;
}

}  // namespace sim
