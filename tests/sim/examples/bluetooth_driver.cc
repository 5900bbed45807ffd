#include "sim/api/mutex.h"
#include "sim/api/thread.h"
#include "tests/sim/examples/example.h"
#include "tests/sim/examples/programs.h"

namespace sim::examples {

namespace {

// After Qadeer and Wu, "KISS: keep it simple and sequential", PLDI 2004.
class BluetoothProgram {
 public:
  void Main() {
    const Thread stopper = Thread::Spawn("stop", stop_);
    const Thread adder = Thread::Spawn("add", add_);
    stopper.Join();
    adder.Join();
  }

 private:
  void Add() {
    if (stopping_.Get() == 0) {
      lock_.Acquire();
      pending_io_.Set(pending_io_.Get() + 1);
      lock_.Release();
      Require(stopped_.Get() == 0, "works on a driver that was stopped");
    }
    EndIo();
  }
  void Stop() {
    stopping_.Set(1);
    EndIo();
    if (no_more_io_.Get() == 1) stopped_.Set(1);
  }
  void EndIo() {
    lock_.Acquire();
    const int left = pending_io_.Get() - 1;
    pending_io_.Set(left);
    lock_.Release();
    if (left == 0) no_more_io_.Set(1);
  }

  Mutex lock_{"pending lock"};
  Variable pending_io_{"pending i/o", 1};
  Variable stopping_{"stopping"};
  Variable no_more_io_{"no more i/o"};
  Variable stopped_{"stopped"};
  Method<BluetoothProgram> add_{this, &BluetoothProgram::Add};
  Method<BluetoothProgram> stop_{this, &BluetoothProgram::Stop};
};

}  // namespace

std::unique_ptr<Scenario> BluetoothDriver() {
  return MakeScenario<BluetoothProgram>();
}

}  // namespace sim::examples
