// Locks taken in two orders are found by the executions that do not block as well.
#include <gtest/gtest.h>

#include <memory>

#include "sim/api/mutex.h"
#include "tests/sim/lambda_scenario.h"

namespace sim {
namespace {

// Takes the locks in the order of the indexes, then releases them.
using Order = std::vector<size_t>;

LambdaScenario::Factory Takers(const std::vector<Order>& orders) {
  return [orders] {
    static constexpr std::array<const char*, 3> kRoles = {"first", "second", "third"};
    LambdaProgram program;
    auto locks = std::make_shared<std::vector<std::unique_ptr<Mutex>>>();
    for (const char* role : kRoles) locks->push_back(std::make_unique<Mutex>(role));
    for (const Order& order : orders) {
      program.threads.push_back([=]() SIM_THREAD_ATTRIBUTE(no_thread_safety_analysis) {
        for (size_t lock : order) (*locks)[lock]->Acquire();
        for (size_t i = order.size(); i-- > 0;) (*locks)[order[i]]->Release();
      });
    }
    return program;
  };
}

// The failure of the first execution, which leaves no thread that can go on.
std::optional<Failure> FirstFailure(const LambdaScenario::Factory& factory,
                                    bool check_lock_order = true) {
  LambdaScenario scenario(factory);
  ExecutionLimits limits;
  limits.check_lock_order = check_lock_order;
  Runtime runtime(limits);
  Dpor strategy;
  Execution execution;
  EXPECT_TRUE(strategy.BeginExecution());
  runtime.Execute(scenario, strategy, execution);
  return execution.failure;
}

TEST(LockGraph, OppositeOrdersFailWithoutADeadlock) {
  const auto failure = FirstFailure(Takers({{0, 1}, {1, 0}}));
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailureKind::kLockOrder);
  EXPECT_EQ(failure->message, "first is taken while second is held, and second while first");
}

TEST(LockGraph, ACycleOfThreeIsToldLockByLock) {
  const auto failure = FirstFailure(Takers({{0, 1}, {1, 2}, {2, 0}}));
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->message,
            "first is taken while third is held, and second while first, and third while second");
}

TEST(LockGraph, OneOrderIsFine) {
  EXPECT_FALSE(FirstFailure(Takers({{0, 1, 2}, {0, 2}, {1, 2}, {0, 1, 2}})));
}

TEST(LockGraph, IsAskedForByTheLimits) {
  EXPECT_FALSE(FirstFailure(Takers({{0, 1}, {1, 0}}), /*check_lock_order=*/false));
}

TEST(LockGraph, ALockThatIsOnlyTriedForIsNeverWaitedFor) {
  auto factory = [] {
    LambdaProgram program;
    auto first = std::make_shared<Mutex>("first");
    auto second = std::make_shared<Mutex>("second");
    program.threads.push_back([=] {
      first->Acquire();
      second->Acquire();
      second->Release();
      first->Release();
    });
    program.threads.push_back([=] {
      second->Acquire();
      if (first->TryAcquire()) first->Release();
      second->Release();
    });
    return program;
  };
  LambdaScenario scenario(factory);
  ExploreOptions options;
  options.limits.check_lock_order = true;
  options.limits.visible_releases = true;
  Dpor strategy;
  Explore(scenario, strategy, options, [](const Execution& execution) {
    EXPECT_FALSE(execution.failure) << execution.failure->message;
    return true;
  });
}

}  // namespace
}  // namespace sim
