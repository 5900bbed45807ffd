// Several ways to sample, in turn by the index of the execution: no single one is good at
// everything. SURW 35 %, POS 25 %, PCT of depths 2, 3, 5 and 10 together 20 %, URW 10 %, and a
// plain random walk 10 %; they share the profile.
#pragma once

#include <array>
#include <memory>

#include "sim/strategies/sampling.h"

namespace sim {

class Portfolio final : public Sampler {
 public:
  Portfolio();

  bool needs_profile() const override { return true; }
  void Begin(const Profile& profile, uint64_t index, Random random) override;
  void Observe(const Event& event, const SchedulePoint& point) override;
  ThreadId Pick(const SchedulePoint& point) override;

  /// "surw", "pct 3", ...: who draws execution `index`.
  const char* NameOf(uint64_t index) const;

 private:
  struct Member {
    const char* name;
    std::unique_ptr<Sampler> sampler;
  };
  const Member& MemberOf(uint64_t index) const;

  std::array<Member, 8> members_;
  Sampler* current_ = nullptr;
};

}  // namespace sim
