#include "sim/api/mutex.h"
#include "sim/api/thread.h"
#include "tests/sim/examples/example.h"
#include "tests/sim/examples/programs.h"

namespace sim::examples {

namespace {

class Lazy01Program {
 public:
  void Main() {
    const Thread one = Thread::Spawn("adds 1", add_one_);
    const Thread two = Thread::Spawn("adds 2", add_two_);
    const Thread checker = Thread::Spawn("checker", check_);
    one.Join();
    two.Join();
    checker.Join();
  }

 private:
  void Add(int amount) {
    lock_.Acquire();
    data_.Set(data_.Get() + amount);
    lock_.Release();
  }
  void AddOne() { Add(1); }
  void AddTwo() { Add(2); }
  void Check() {
    lock_.Acquire();
    Require(data_.Get() < 3, "everybody else was here before");
    lock_.Release();
  }

  Mutex lock_{"data lock"};
  Variable data_{"data"};
  Method<Lazy01Program> add_one_{this, &Lazy01Program::AddOne};
  Method<Lazy01Program> add_two_{this, &Lazy01Program::AddTwo};
  Method<Lazy01Program> check_{this, &Lazy01Program::Check};
};

}  // namespace

std::unique_ptr<Scenario> Lazy01() {
  return MakeScenario<Lazy01Program>();
}

}  // namespace sim::examples
