// As allocation_test.cc, with the memory of real threads: the address sanitizer knows every byte of
// it.
#include <gtest/gtest.h>

#include <memory>
#include "platform/memory.h"
#include "tests/core/allocation_session.h"

namespace core {
namespace {

// C18, W14, H3, H9, CR-2, HO-3, HO-4
TEST(Allocation, EveryCallAnswersNoMemoryOrSucceedsAndLeavesNothingOfTheSystemsMemory) {
  const int64_t blocks_before = platform::live_blocks;
  Names made;
  Names failed;
  bool has_failed = true;
  for (int64_t k = 0; has_failed; ++k) {
    auto kernel = std::make_unique<Kernel>();
    User user(*kernel);
    AllocationSession session(user, &made);
    platform::allocations_before_failure = k;
    session.Run();
    has_failed = platform::allocations_before_failure < 0;
    platform::allocations_before_failure = -1;
    if (!session.failed().empty()) failed.emplace(session.failed());
    kernel.reset();
    ASSERT_EQ(platform::live_blocks, blocks_before) << "without allocation " << k;
  }
  EXPECT_EQ(failed, kNeedMemory);
}

}  // namespace
}  // namespace core
