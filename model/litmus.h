// Litmus files: a program together with the claims about its outcomes, and its text form.
//
// The grammar is described in the top-level README ("Writing a litmus file").
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/generation.h"
#include "model/observation.h"
#include "model/program.h"

namespace model {

/// Something that can be observed at the end: `w:st.status`, `s:m.bytes`, `a1.queue`.
struct Location {
  enum class Field : uint8_t {
    kStatus,
    kBytes,
    kTxid,
    kActualBytes,
    kActualHandles,
    kObserved,
    kReadStatus,
    kResults,       // One of them, by `index`.
    kPending,       // One of them, by `index`.
    kHandleType,    // `.type`: of object_get_info, or by `index` of the _etc forms.
    kHandleRights,  // `.rights`: the same.
    kInfoCount,     // `.handle_count` of object_get_info.
    kKey,
    kFromUser,
    kTrigger,
    kCount,
    kQueue,
    kSignals,
    kOwner,
  };
  Field field = Field::kStatus;
  // Results: thread and variable. Endpoints: handle.
  ThreadIndex thread = 0;
  VariableIndex variable = 0;
  EndpointIndex handle = 0;
  uint32_t index = 0;
  // `w:st` and `w:st.status` observe the same, but print as written. True for kStatus only.
  bool names_field = false;
  bool operator==(const Location&) const = default;
};

/// The value of a location: unset (its call was never answered, or wrote no such value), a status,
/// a number (txids, sizes, signals, rights, types, keys; 1 for true), a string (payload bytes), a
/// list of payloads, or an owner ("client", "transit", "gone").
struct Owner {
  std::string name;
  bool operator==(const Owner&) const = default;
  auto operator<=>(const Owner&) const = default;
};
using Value = std::variant<std::monostate, core::Status, uint64_t, std::string,
                           std::vector<std::string>, Owner>;

/// A proposition over the end of an execution.
struct Proposition {
  enum class Kind : uint8_t {
    kEqual,
    kNotEqual,
    kLess,
    kLessEqual,
    kGreater,
    kGreaterEqual,
    kIn,
    kBlocked,
    kAnd,
    kOr,
    kNot
  };
  Kind kind = Kind::kEqual;
  std::optional<Location> left;         // kIn: the list.
  std::variant<Value, Location> right;  // kIn: the payload that is looked for.
  ThreadIndex thread = 0;               // kBlocked.
  std::vector<Proposition> operands;    // kAnd, kOr: two or more; kNot: one.
  bool operator==(const Proposition&) const = default;
};

/// A claim about all executions together.
struct Condition {
  enum class Quantifier : uint8_t { kExists, kNotExists, kForall };
  Quantifier quantifier = Quantifier::kForall;
  std::string name;  // May be empty.
  Proposition proposition;
  SourcePosition position;
  bool operator==(const Condition&) const = default;
};

/// An outcome: the values of the file's locations, in their order.
using Outcome = std::vector<Value>;

/// `outcomes { … }`: at least these; `outcomes exact { … }`: these and no others.
struct ExpectedOutcomes {
  bool exact = false;
  std::vector<Outcome> outcomes;
  SourcePosition position;
  bool operator==(const ExpectedOutcomes&) const = default;
};

/// How many faults of each kind an execution may have; where each strikes is a choice.
struct Faults {
  uint32_t allocation = 0;   // Memory that cannot be had.
  uint32_t user_memory = 0;  // A copy from or to the caller's memory that fails.
  bool operator==(const Faults&) const = default;
};

/// `within { ... }`: what the claims are about, and how far an exploration goes: executions with at
/// most so many preemptions (complete searches), events, and faults of each kind. A bound that is
/// not given is left to whoever explores.
struct Within {
  static constexpr uint32_t kAny = 0xFFFFFFFF;  // `any`: as many as there are.
  std::optional<uint32_t> preemptions;
  std::optional<uint32_t> steps;
  std::optional<uint32_t> faults;
  bool operator==(const Within&) const = default;
};

struct Litmus {
  std::string architecture;  // "Zircon".
  std::string title;         // The quoted line under the name; may be empty.
  std::vector<std::pair<std::string, std::string>> metadata;  // Key = "value", in order.
  Program program;
  std::vector<Location> locations;
  std::vector<Condition> conditions;
  std::optional<ExpectedOutcomes> outcomes;
  bool allow_blocked = false;  // From `Allow = "blocked"`.
  bool allow_leak = false;
  Generation generation = Generation::kCurrent;  // From `Abi = "zircon-2018-04"`.
  Faults faults;                                 // From `Faults = "nomem=1, memory=1"`.
  Within within;
  bool operator==(const Litmus&) const = default;
};

/// One mistake in a litmus text.
struct LitmusError {
  uint32_t line = 0;    // From 1.
  uint32_t column = 0;  // From 1, in code points.
  std::string message;  // What is wrong and what would be right; no position, no final full stop.
  std::string source_line;  // The line of the text that holds the mistake, shortened if very long.
  uint32_t source_column = 0;  // From 1: where the mistake is in source_line, in code points.
};

/// The mistake as printed for a person: `NAME:LINE:COLUMN: error: MESSAGE`, the line, a caret.
std::string FormatLitmusError(const LitmusError& error, std::string_view file_name);

/// Reads a litmus text. Never throws and never crashes, whatever the text; reports the first
/// mistake.
std::variant<Litmus, LitmusError> ParseLitmus(std::string_view text);

/// Prints the canonical text: parsing it gives an equal Litmus, and printing that the same bytes.
std::string PrintLitmus(const Litmus& litmus);

/// 64-bit hash of the canonical text, so that comments and layout do not change it.
uint64_t LitmusHash(const Litmus& litmus);

/// The faults that an execution may have: those of the file, within its bound.
Faults FaultsWithin(const Litmus& litmus);

/// Evaluates a location or proposition over the end of one execution.
Value Evaluate(const Location& location, const Program& program, const Observation& observation);
bool Holds(const Proposition& proposition, const Program& program, const Observation& observation);
Outcome OutcomeOf(const Litmus& litmus, const Observation& observation);
/// Everything that can be observed of the program: each field of each named result, of a list its
/// first for received handles and all for the others, then the state of each declared handle.
std::vector<Location> EveryLocation(const Program& program);

/// `w:st=ZX_OK; a1.queue=["old"];`: the outcome as the outcomes block and the tables show it.
std::string PrintOutcome(const Litmus& litmus, const Outcome& outcome);
std::string PrintLocation(const Litmus& litmus, const Location& location);
std::string PrintValue(const Value& value);
/// A call as it stands in the file, without its result: `zx_channel_write(a0, "old")`.
std::string PrintCall(const Program& program, ThreadIndex thread, const Call& call);
std::string_view StatusName(core::Status status);  // "ZX_ERR_BAD_HANDLE".
std::optional<core::Status> StatusByName(std::string_view name);

}  // namespace model
