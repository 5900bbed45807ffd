#include <array>

#include "sim/api/mutex.h"
#include "sim/api/thread.h"
#include "tests/sim/examples/example.h"
#include "tests/sim/examples/programs.h"

namespace sim::examples {

namespace {

class WrongLockProgram {
 public:
  explicit WrongLockProgram(uint32_t others) : others_(others) {}

  void Main() {
    threads_[0] = Thread::Spawn("right lock", with_right_lock_);
    for (uint32_t i = 1; i <= others_; ++i) {
      threads_.at(i) = Thread::Spawn("wrong lock", with_wrong_lock_);
    }
    for (uint32_t i = 0; i <= others_; ++i) threads_.at(i).Join();
  }

 private:
  void WithRightLock() {
    right_.Acquire();
    const int before = data_.Get();
    data_.Set(data_.Get() + 1);
    Require(data_.Get() == before + 1, "somebody else was here");
    right_.Release();
  }
  void WithWrongLock() {
    wrong_.Acquire();
    data_.Set(data_.Get() + 1);
    wrong_.Release();
  }

  uint32_t others_;
  Mutex right_{"right lock"};
  Mutex wrong_{"wrong lock"};
  Variable data_{"data"};
  Method<WrongLockProgram> with_right_lock_{this, &WrongLockProgram::WithRightLock};
  Method<WrongLockProgram> with_wrong_lock_{this, &WrongLockProgram::WithWrongLock};
  std::array<Thread, kMaxThreads> threads_;
};

}  // namespace

std::unique_ptr<Scenario> WrongLock(uint32_t others) {
  return MakeScenario<WrongLockProgram>(others);
}

}  // namespace sim::examples
