#include "sim/strategies/portfolio.h"

#include <cstdint>

#include "sim/strategies/pct.h"
#include "sim/strategies/pos.h"
#include "sim/strategies/random_walk.h"
#include "sim/strategies/surw.h"
#include "sim/strategies/urw.h"

namespace sim {

namespace {

// Who has a turn, as an index into the members; each is spread over the round.
constexpr std::array<uint8_t, 20> kRound = {0, 1, 2, 0, 6, 1, 0, 3, 7, 0,
                                            1, 4, 0, 6, 1, 0, 5, 7, 0, 1};

}  // namespace

Portfolio::Portfolio()
    : members_{{{"surw", std::make_unique<Surw>()},
                {"pos", std::make_unique<Pos>()},
                {"pct 2", std::make_unique<Pct>(2)},
                {"pct 3", std::make_unique<Pct>(3)},
                {"pct 5", std::make_unique<Pct>(5)},
                {"pct 10", std::make_unique<Pct>(10)},
                {"urw", std::make_unique<Urw>()},
                {"random walk", std::make_unique<UniformSampler>()}}} {}

const Portfolio::Member& Portfolio::MemberOf(uint64_t index) const {
  return members_[kRound[index % kRound.size()]];
}

const char* Portfolio::NameOf(uint64_t index) const {
  return MemberOf(index).name;
}

void Portfolio::Begin(const Profile& profile, uint64_t index, Random random) {
  current_ = MemberOf(index).sampler.get();
  current_->Begin(profile, index, random);
}

void Portfolio::Observe(const Event& event, const SchedulePoint& point) {
  current_->Observe(event, point);
}

ThreadId Portfolio::Pick(const SchedulePoint& point) {
  return current_->Pick(point);
}

}  // namespace sim
