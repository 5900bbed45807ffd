#include "sim/api/mutex.h"
#include "sim/api/thread.h"
#include "tests/sim/examples/example.h"
#include "tests/sim/examples/programs.h"

namespace sim::examples {

namespace {

class StackProgram {
 public:
  void Main() {
    const Thread pusher = Thread::Spawn("pusher", push_);
    const Thread popper = Thread::Spawn("popper", pop_);
    pusher.Join();
    popper.Join();
  }

 private:
  static constexpr int kRounds = 5;

  void Push() {
    for (int i = 0; i < kRounds; ++i) {
      lock_.Acquire();
      size_.Set(size_.Get() + 1);
      pushed_.Set(1);
      lock_.Release();
    }
  }
  void Pop() {
    for (int i = 0; i < kRounds; ++i) {
      lock_.Acquire();
      if (pushed_.Get() == 1) {
        const int size = size_.Get();
        Require(size != 0, "popped more than was pushed");
        size_.Set(size - 1);
      }
      lock_.Release();
    }
  }

  Mutex lock_{"stack lock"};
  Variable size_{"size"};
  Variable pushed_{"pushed"};
  Method<StackProgram> push_{this, &StackProgram::Push};
  Method<StackProgram> pop_{this, &StackProgram::Pop};
};

}  // namespace

std::unique_ptr<Scenario> Stack() {
  return MakeScenario<StackProgram>();
}

}  // namespace sim::examples
