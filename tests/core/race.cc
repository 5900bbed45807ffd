#include "tests/core/race.h"

#include <gtest/gtest.h>

#include <new>
#include <utility>

#include "sim/engine/explorer.h"
#include "sim/engine/failure.h"
#include "sim/strategies/sleep_sets.h"

namespace core {
inline namespace CORE_PLATFORM {

namespace {

// More than any race here needs; a search that gets there is no search of everything.
constexpr uint64_t kMaxExecutions = 1'000'000;

// What must hold at every moment at which no lock is held, of every endpoint in a table: READABLE
// means a message (S-4), and PEER_CLOSED, without WRITABLE, that no peer is linked (S-5).
bool SignalsAreTrue(const Kernel& kernel) {
  bool fine = true;
  kernel.PeekProcesses([&](const Process& process) {
    process.handles().PeekEach([&](const Handle& handle) {
      if (handle.object().type() != ObjectType::kChannel) return;
      const auto& channel = static_cast<const ChannelDispatcher&>(handle.object());
      size_t messages = 0;
      channel.PeekEach([&](const MessagePacket&) { ++messages; });
      const Signals other = channel.PeekPeer() != nullptr ? kSignalWritable : kSignalPeerClosed;
      const Signals expected = (messages != 0 ? kSignalReadable : kSignalNone) | other;
      fine &= (channel.PeekSignals() & ~kSignalUserMask) == expected;
    });
  });
  return fine;
}

}  // namespace

void Notes::operator()(std::string_view note) {
  if (!text_.empty()) text_ += " ";
  text_ += note;
}

void Notes::operator()(const ReadResult& read) {
  (*this)(read.status == Status::kOk ? std::string_view(read.bytes) : StatusText(read.status));
}

void Notes::operator()(const WaitAnswer& wait) {
  (*this)(wait.status);
  if (wait.observed == kUntouched) return;
  text_ += " ";
  if ((wait.observed & kSignalReadable) != 0) text_ += "R";
  if ((wait.observed & kSignalWritable) != 0) text_ += "W";
  if ((wait.observed & kSignalPeerClosed) != 0) text_ += "P";
  if ((wait.observed & kSignalHandleClosed) != 0) text_ += "H";
}

User& Race::NewUser() {
  return *users_.emplace_back(std::make_unique<User>(kernel_));
}

User& Race::NewColleague(User& user) {
  return *users_.emplace_back(std::make_unique<User>(user.process()));
}

void Race::Spawn(Body body) {
  members_.push_back(std::make_unique<Member>());
  members_.back()->body = std::move(body);
}

class RaceScenario final : public sim::Scenario {
 public:
  RaceScenario(const std::function<void(Race&)>& program, const AbiProfile& profile)
      : program_(program), profile_(profile) {}

  void Start(sim::Runtime& runtime) override {
    // In the arena: an execution that is cut short is not taken down.
    kernel_ = new (AllocateBytes(sizeof(Kernel), "kernel")) Kernel(profile_);
    race_ = std::make_unique<Race>(*kernel_);
    program_(*race_);
    for (const auto& member : race_->members_) {
      runtime.Spawn("t" + std::to_string(runtime.thread_count()), *member);
    }
  }
  bool ChecksAreLocal() const override { return true; }
  void AtBoundary(sim::Runtime& runtime) override {
    if (SignalsAreTrue(*kernel_)) return;
    runtime.Fail(sim::FailureKind::kInvariant, "the signals of an endpoint are not true");
  }
  void Finish(sim::Runtime&) override {
    outcome_.clear();
    bool done = true;
    for (const auto& member : race_->members_) {
      if (!outcome_.empty()) outcome_ += " / ";
      outcome_ += member->notes.text();
      if (!member->done) outcome_ += "...";
      done &= member->done;
    }
    if (!done) return;
    Notes notes;
    race_->at_end_(notes);
    if (!notes.text().empty()) outcome_ += " // " + notes.text();
    kernel_->~Kernel();
    platform::Free(kernel_);
  }
  bool AllowsBlocked() const override { return true; }

  const std::string& outcome() const { return outcome_; }

 private:
  const std::function<void(Race&)>& program_;
  const AbiProfile& profile_;
  Kernel* kernel_ = nullptr;
  std::unique_ptr<Race> race_;
  std::string outcome_;
};

Outcomes ExploreAll(const std::function<void(Race&)>& program, const sim::ExecutionLimits& limits,
                    const AbiProfile& profile) {
  RaceScenario scenario(program, profile);
  sim::SleepSets strategy;
  sim::ExploreOptions options;
  options.limits = limits;
  options.max_executions = kMaxExecutions;
  Outcomes outcomes;
  const sim::Exploration result =
      sim::Explore(scenario, strategy, options, [&](const sim::Execution& execution) {
        if (execution.failure) {
          outcomes.insert(std::string(sim::FailureName(execution.failure->kind)) + ": " +
                          execution.failure->message);
        } else {
          outcomes.insert(scenario.outcome());
        }
        return true;
      });
  EXPECT_EQ(result.end, sim::ExploreEnd::kExhausted);
  testing::Test::RecordProperty("executions", static_cast<int64_t>(result.executions));
  return outcomes;
}

}  // namespace CORE_PLATFORM
}  // namespace core
