#include "sim/api/mutex.h"
#include "sim/api/thread.h"
#include "tests/sim/examples/example.h"
#include "tests/sim/examples/programs.h"

namespace sim::examples {

namespace {

class AccountProgram {
 public:
  void Main() {
    const Thread checker = Thread::Spawn("checker", check_);
    const Thread deposit = Thread::Spawn("deposit", deposit_);
    const Thread withdraw = Thread::Spawn("withdraw", withdraw_);
    checker.Join();
    deposit.Join();
    withdraw.Join();
  }

 private:
  void Deposit() {
    lock_.Acquire();
    balance_.Set(balance_.Get() + amount_in_.Get());
    deposited_.Set(1);
    lock_.Release();
  }
  void Withdraw() {
    lock_.Acquire();
    balance_.Set(balance_.Get() - amount_out_.Get());
    withdrawn_.Set(1);
    lock_.Release();
  }
  void Check() {
    lock_.Acquire();
    if (deposited_.Get() == 1 && withdrawn_.Get() == 1) {
      const int expected = start_.Get() - amount_in_.Get() - amount_out_.Get();
      Require(balance_.Get() == expected, "the balance is another");
    }
    lock_.Release();
  }

  Mutex lock_{"account lock"};
  Variable start_{"start", 1};
  Variable amount_in_{"amount in", 2};
  Variable amount_out_{"amount out", 4};
  Variable balance_{"balance", 1};
  Variable deposited_{"deposited"};
  Variable withdrawn_{"withdrawn"};
  Method<AccountProgram> deposit_{this, &AccountProgram::Deposit};
  Method<AccountProgram> withdraw_{this, &AccountProgram::Withdraw};
  Method<AccountProgram> check_{this, &AccountProgram::Check};
};

}  // namespace

std::unique_ptr<Scenario> Account() {
  return MakeScenario<AccountProgram>();
}

}  // namespace sim::examples
