// How far a search goes. A file bounds preemptions, events and faults `within { ... }`. Two more
// bounds are keys of its head, since they change nothing that the model knows of: `Delays = "2"`
// and `Early = "1"`. What a bound leaves out the model allows all the same.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/litmus.h"
#include "props/search.h"

namespace props {

/// How many preemptions an execution of the search may have; none: any number. A complete search
/// keeps to the file's bound, and then the file's claims are about the executions within it.
std::optional<uint32_t> PreemptionBound(const model::Litmus& litmus, Search search);
/// The same of delays: enabled threads that are passed over, while each thread in turn runs for as
/// long as it can.
std::optional<uint32_t> DelayBound(const model::Litmus& litmus, Search search);
/// How many deadlines may pass while some thread could still run; none: any number, which is what
/// the model says. Of every execution, however it was found.
std::optional<uint32_t> EarlyBound(const model::Litmus& litmus);

/// A complete search within a bound of preemptions or delays.
bool IsBounded(const model::Litmus& litmus, Search search);
/// "2 delays and 1 early deadline": of a complete search; empty without any bound.
std::string BoundsText(const model::Litmus& litmus, Search search);

/// Sets a bound that is a key, or takes it away.
void SetDelayBound(model::Litmus* litmus, std::optional<uint32_t> delays);
void SetEarlyBound(model::Litmus* litmus, std::optional<uint32_t> deadlines);

/// What is wrong with the bounds that are keys, in words.
std::optional<std::string> FindBoundMistake(const model::Litmus& litmus);

}  // namespace props
