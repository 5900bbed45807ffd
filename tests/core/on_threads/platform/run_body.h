// Test code on real threads.
#pragma once

#include <gtest/gtest.h>
#include <pthread.h>

#include <cstddef>
#include <functional>

namespace platform {
inline namespace on_threads {

/// What a simulated thread has, too.
inline constexpr size_t kBodyStackBytes = size_t{256} << 10;

/// Runs `prepare` here, then `body` on a thread of its own that has a small stack.
inline void RunBody(std::function<void()> prepare, std::function<void()> body) {
  prepare();
  pthread_attr_t attributes;
  ASSERT_EQ(pthread_attr_init(&attributes), 0);
  EXPECT_EQ(pthread_attr_setstacksize(&attributes, kBodyStackBytes), 0);
  const auto run = [](void* argument) -> void* {
    (*static_cast<std::function<void()>*>(argument))();
    return nullptr;
  };
  pthread_t thread;
  ASSERT_EQ(pthread_create(&thread, &attributes, run, &body), 0);
  EXPECT_EQ(pthread_join(thread, nullptr), 0);
  EXPECT_EQ(pthread_attr_destroy(&attributes), 0);
}

}  // namespace on_threads
}  // namespace platform
