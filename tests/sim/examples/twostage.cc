#include <array>

#include "sim/api/mutex.h"
#include "sim/api/thread.h"
#include "tests/sim/examples/example.h"
#include "tests/sim/examples/programs.h"

namespace sim::examples {

namespace {

class TwostageProgram {
 public:
  TwostageProgram(uint32_t writers, uint32_t readers) : writers_(writers), readers_(readers) {}

  void Main() {
    const uint32_t count = writers_ + readers_;
    for (uint32_t i = 0; i < count; ++i) {
      threads_.at(i) =
          i < writers_ ? Thread::Spawn("writer", write_) : Thread::Spawn("reader", read_);
    }
    for (uint32_t i = 0; i < count; ++i) threads_.at(i).Join();
  }

 private:
  void Write() {
    first_lock_.Acquire();
    first_.Set(1);
    first_lock_.Release();
    second_lock_.Acquire();
    second_.Set(first_.Get() + 1);
    second_lock_.Release();
  }
  void Read() {
    first_lock_.Acquire();
    const bool untouched = first_.Get() == 0;
    const int first = untouched ? 0 : first_.Get();
    first_lock_.Release();
    if (untouched) return;
    second_lock_.Acquire();
    const int second = second_.Get();
    second_lock_.Release();
    Require(second == first + 1, "the second stage is missing");
  }

  uint32_t writers_;
  uint32_t readers_;
  Mutex first_lock_{"first stage"};
  Mutex second_lock_{"second stage"};
  Variable first_{"first"};
  Variable second_{"second"};
  Method<TwostageProgram> write_{this, &TwostageProgram::Write};
  Method<TwostageProgram> read_{this, &TwostageProgram::Read};
  std::array<Thread, kMaxThreads> threads_;
};

}  // namespace

std::unique_ptr<Scenario> Twostage(uint32_t writers, uint32_t readers) {
  return MakeScenario<TwostageProgram>(writers, readers);
}

}  // namespace sim::examples
