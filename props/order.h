// The order in which messages arrive, read off payloads: a check that needs no model.
//
// A payload that only one call of the program sends tells who wrote it. Two payloads are ordered if
// one thread wrote them, one after the other, through the handle that it has from the start (O2,
// O11); or if one was written through that handle by the first owner of the endpoint, and the other
// by a process that received the endpoint and does not send it on (O11, O12).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/history.h"
#include "model/litmus.h"

namespace props {

/// Two messages that came in the wrong order.
struct Disorder {
  bool of_owners = false;  // Else of one writer.
  std::string message;
};

class ArrivalOrder {
 public:
  explicit ArrivalOrder(const model::Litmus& litmus);

  bool has_claims() const { return !claims_.empty(); }
  std::optional<Disorder> Find(const model::History& history) const;

 private:
  /// What an endpoint was received with, if the order depends on that.
  struct Receipt {
    model::ThreadIndex thread = 0;
    model::VariableIndex variable = 0;
    std::string payload;
  };
  struct Claim {
    std::string first;
    std::string second;
    std::optional<Receipt> receipt;
  };
  struct Sent {
    model::ThreadIndex thread = 0;
    const model::Call* call = nullptr;
    std::string payload;
  };
  /// Where a message was last seen: read by a call, or queued at the end.
  struct Arrival {
    bool queued = false;
    size_t begin = 0;  // Of the call; of what is queued: its place.
    size_t end = 0;
  };
  using Arrivals = std::map<std::string, Arrival>;

  std::vector<Sent> Senders(const model::Program& program) const;
  void AddClaimsOfWriters(const std::vector<Sent>& sent);
  void AddClaimsOfOwners(const model::Program& program, const std::vector<Sent>& sent);
  Arrivals ArrivalsIn(const model::History& history) const;
  static bool ComesBefore(const Arrival& a, const Arrival& b);

  const model::Litmus& litmus_;
  std::vector<Claim> claims_;
};

}  // namespace props
