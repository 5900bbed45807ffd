// What drawn programs made happen: answers by system call, and situations by clause.
//
// A clause counts as reached if what it speaks of happened in an execution, not if a program
// merely could show it.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/abi.h"
#include "model/history.h"
#include "model/litmus.h"

namespace props {

class Reached {
 public:
  using Answers = std::map<std::pair<model::CallKind, core::Status>, uint64_t>;

  void Note(const model::Litmus& litmus, const model::History& history);
  void Add(const Reached& other);

  const Answers& answers() const { return answers_; }
  /// By clause; those that were never reached with 0.
  const std::map<std::string, uint64_t>& clauses() const { return clauses_; }
  std::vector<std::string> NeverReached() const;

  /// A line each, and back. False: no such text.
  std::string Print() const;
  bool Read(std::string_view line);

 private:
  Answers answers_;
  std::map<std::string, uint64_t> clauses_ = AllClauses();

  static std::map<std::string, uint64_t> AllClauses();
};

/// The clauses that the execution shows.
std::set<std::string_view> ClausesShown(const model::Litmus& litmus, const model::History& history);
/// All that can be shown so.
std::vector<std::string_view> ClausesKnown();

}  // namespace props
