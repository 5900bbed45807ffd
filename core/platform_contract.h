// What a platform must offer to the core: everything that a schedule may decide.
//
// The core is compiled once per platform; only the folder that holds `platform/` differs. The
// contract is compiled with it, so that a platform that lacks something fails here, by name.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "platform/assert.h"
#include "platform/atomic.h"
#include "platform/clock.h"
#include "platform/fault.h"
#include "platform/memory.h"
#include "platform/sync.h"
#include "platform/user_memory.h"

namespace core {
inline namespace CORE_PLATFORM {

/// A lock. The text given to the constructor says in traces what it protects.
template <typename T>
concept MutexContract = std::constructible_from<T, const char*> && requires(T lock) {
  lock.Acquire();
  lock.Release();
  lock.AssertHeld();
};

/// A section with a key takes no other lock, waits for nothing, and touches only what the key
/// names; sections of different keys commute.
template <typename T>
concept SharedMutexContract = std::constructible_from<T, const char*> &&
    requires(T lock, uint32_t key) {
  lock.Acquire();
  lock.Acquire(key);
  lock.Release();
  lock.AcquireShared();
  lock.AcquireShared(key);
  lock.ReleaseShared();
};

template <typename T>
concept EventContract = std::constructible_from<T, const char*> &&
    requires(T event, platform::Time deadline) {
  event.Signal();
  { event.Wait(deadline) } -> std::same_as<platform::WaitResult>;
};

template <typename T>
concept RefCountContract = std::constructible_from<T, const char*> && requires(T count) {
  count.Increment();
  { count.Decrement() } -> std::same_as<bool>;
};

/// Of the operations only the first increment may stand in a section with a key. `peek` is for
/// checks: what the program is told, or decides by, is loaded.
template <typename T>
concept VisibleCountContract = RefCountContract<T> && requires(const T count) {
  { count.Load() } -> std::same_as<uint32_t>;
  { count.peek() } -> std::same_as<uint32_t>;
};

template <typename T>
concept AtomicContract = requires(T word, uint32_t bits, platform::MemoryOrder order) {
  { word.Load(order) } -> std::same_as<uint32_t>;
  { word.LoadOwn() } -> std::same_as<uint32_t>;
  word.Store(bits, order);
};

static_assert(MutexContract<platform::Mutex>);
static_assert(SharedMutexContract<platform::SharedMutex>);
static_assert(EventContract<platform::Event>);
static_assert(RefCountContract<platform::RefCount>);
static_assert(VisibleCountContract<platform::VisibleCount>);
static_assert(AtomicContract<platform::Atomic<uint32_t>>);
static_assert(std::same_as<platform::Time, int64_t>);
static_assert(requires(void* to, const void* from, size_t bytes) {
  { platform::CopyIn(to, from, bytes) } -> std::same_as<bool>;
  { platform::CopyOut(to, from, bytes) } -> std::same_as<bool>;
  { platform::Allocate(bytes, platform::kCacheLine, "") } -> std::same_as<void*>;
  platform::Free(to);
  { platform::ThreadSlot() } -> std::same_as<void*&>;
  { platform::Fails(platform::FaultPoint::kAllocation) } -> std::same_as<bool>;
  { platform::Now() } -> std::same_as<platform::Time>;
});

}  // namespace CORE_PLATFORM
}  // namespace core
