#include "sim/api/mutex.h"
#include "sim/api/thread.h"
#include "tests/sim/examples/example.h"
#include "tests/sim/examples/programs.h"

namespace sim::examples {

namespace {

class Deadlock01Program {
 public:
  void Main() {
    const Thread up = Thread::Spawn("a then b", up_);
    const Thread down = Thread::Spawn("b then a", down_);
    up.Join();
    down.Join();
  }

 private:
  void Up() {
    a_.Acquire();
    b_.Acquire();
    counter_.Set(counter_.Get() + 1);
    b_.Release();
    a_.Release();
  }
  void Down() {
    b_.Acquire();
    a_.Acquire();
    counter_.Set(counter_.Get() - 1);
    a_.Release();
    b_.Release();
  }

  Mutex a_{"a"};
  Mutex b_{"b"};
  Variable counter_{"counter", 1};
  Method<Deadlock01Program> up_{this, &Deadlock01Program::Up};
  Method<Deadlock01Program> down_{this, &Deadlock01Program::Down};
};

}  // namespace

std::unique_ptr<Scenario> Deadlock01() {
  return MakeScenario<Deadlock01Program>();
}

}  // namespace sim::examples
