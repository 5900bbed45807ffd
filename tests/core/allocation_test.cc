// Memory that runs out once, at the k-th allocation for every k, in a session that makes every
// system call: whatever failed, the others go on, and nothing is left at the end.
#include <gtest/gtest.h>

#include "tests/core/allocation_session.h"
#include "tests/core/race.h"

namespace core {
namespace {

sim::ExecutionLimits MemoryRunsOutOnce() {
  sim::ExecutionLimits limits;
  limits.faults[static_cast<size_t>(sim::FaultKind::kAllocation)] = 1;
  return limits;
}

// C18, W14, H3, H9, CR-2, HO-3, HO-4: every call that can fail for want of memory is seen to, and
// there is one more outcome, that of the session in which nothing failed. A leak would be another.
TEST(Allocation, EveryCallAnswersNoMemoryOrSucceedsAndLeavesNothing) {
  Names made;
  const Outcomes outcomes = ExploreAll(
      [&made](Race& race) {
        User& user = race.NewUser();
        race.Spawn([&](Notes& note) {
          AllocationSession session(user, &made);
          session.Run();
          if (!session.failed().empty()) note(session.failed());
        });
      },
      MemoryRunsOutOnce());
  Outcomes expected(kNeedMemory.begin(), kNeedMemory.end());
  expected.insert("");
  EXPECT_EQ(outcomes, expected);
  Names every = DeclaredSyscalls();
  every.insert({"CreateProcess", "CreateThread"});
  EXPECT_EQ(made, every);
}

}  // namespace
}  // namespace core
