#include <array>

#include "sim/api/thread.h"
#include "tests/sim/examples/example.h"
#include "tests/sim/examples/programs.h"

namespace sim::examples {

namespace {

class ReorderProgram {
 public:
  ReorderProgram(uint32_t setters, uint32_t checkers) : setters_(setters), checkers_(checkers) {}

  void Main() {
    const uint32_t count = setters_ + checkers_;
    for (uint32_t i = 0; i < count; ++i) {
      threads_.at(i) =
          i < setters_ ? Thread::Spawn("setter", set_) : Thread::Spawn("checker", check_);
    }
    for (uint32_t i = 0; i < count; ++i) threads_.at(i).Join();
  }

 private:
  void Set() {
    a_.Set(1);
    b_.Set(-1);
  }
  void Check() {
    const bool neither = a_.Get() == 0 && b_.Get() == 0;
    Require(neither || (a_.Get() == 1 && b_.Get() == -1), "a changed and b did not");
  }

  uint32_t setters_;
  uint32_t checkers_;
  Variable a_{"a"};
  Variable b_{"b"};
  Method<ReorderProgram> set_{this, &ReorderProgram::Set};
  Method<ReorderProgram> check_{this, &ReorderProgram::Check};
  std::array<Thread, kMaxThreads> threads_;
};

}  // namespace

std::unique_ptr<Scenario> Reorder(uint32_t setters, uint32_t checkers) {
  return MakeScenario<ReorderProgram>(setters, checkers);
}

}  // namespace sim::examples
