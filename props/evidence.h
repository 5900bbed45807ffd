// An execution as a list of calls with their answers, to ask what it shows.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/history.h"
#include "model/litmus.h"
#include "model/names.h"
#include "model/rules.h"

namespace props {

/// One call of the execution. Places are into the history.
struct Done {
  static constexpr size_t kNever = SIZE_MAX;

  model::ThreadIndex thread = 0;
  const model::Call* call = nullptr;
  model::CallResult result;
  size_t begin = 0;
  size_t end = kNever;  // kNever: no answer.

  bool answered() const { return end != kNever; }
  bool Is(core::Status status) const { return answered() && result.status == status; }
  bool ok() const { return Is(core::Status::kOk); }
  bool OneOf(std::initializer_list<core::Status> statuses) const;
  bool Overlaps(const Done& other) const { return begin < other.end && other.begin < end; }

  bool writes() const;  // Without waiting for a reply.
  bool calls() const;
  bool sends() const { return writes() || calls(); }
  bool reads() const;
  bool waits() const;  // For signals of objects.
  /// The cause, where older generations keep it apart.
  bool FailedAfterSending(core::Status status) const;

  /// The declared handle that the call is made on.
  std::optional<model::EndpointIndex> named() const;
  /// Everything that it gives away.
  std::vector<model::HandleArgument> cargo() const;
  bool Gives(model::EndpointIndex handle) const;
  /// What it sends, if its program says so in full.
  std::optional<std::string> payload() const;
};

class Evidence {
 public:
  using Test = std::function<bool(const Done&)>;
  using PairTest = std::function<bool(const Done&, const Done&)>;

  Evidence(const model::Litmus& litmus, const model::History& history);

  bool Any(const Test& test) const;
  /// Of two different calls, in both orders.
  bool AnyTwo(const PairTest& test) const;

  const model::Rules& rules() const { return rules_; }
  model::ProcessIndex ProcessOf(const Done& done) const;
  bool IsChannel(model::EndpointIndex handle) const;
  /// The other end of a declared endpoint.
  model::EndpointIndex PeerOf(model::EndpointIndex handle) const;
  /// It may be used so, as declared.
  bool Permits(model::EndpointIndex handle, core::Rights right) const;
  /// Of the declared handle, if the execution was seen to its end.
  const model::EndpointObservation* AtEnd(model::EndpointIndex handle) const;
  bool IsGone(model::EndpointIndex handle) const;
  bool IsQueued(model::EndpointIndex handle, const std::string& payload) const;
  bool AnyEndpoint(const std::function<bool(model::EndpointIndex,
                                            const model::EndpointObservation&)>& test) const;
  /// Some read brought it.
  bool WasRead(const std::string& payload) const;
  /// `receipt` brings the message that `carrier` sent.
  static bool Receives(const Done& receipt, const Done& carrier);

 private:
  const model::Litmus& litmus_;
  const model::Program& program_;
  const model::History& history_;
  const model::Rules& rules_;
  std::vector<Done> done_;
};

}  // namespace props
