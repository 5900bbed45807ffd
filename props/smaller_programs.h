// Programs that are a step smaller than a given one: how failures of programs are shrunk.
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "model/litmus.h"
#include "props/removal.h"

namespace props {

/// What shrinking makes less of, the most important first. Well-founded: it cannot fall for ever.
struct ProgramSize {
  uint64_t threads = 0;
  uint64_t calls = 0;
  uint64_t processes = 0;
  uint64_t objects = 0;
  uint64_t handles = 0;
  uint64_t messages = 0;  // Already queued.
  uint64_t weight = 0;    // Of arguments, rights, payloads, faults, and another generation.
  auto operator<=>(const ProgramSize&) const = default;
};
ProgramSize SizeOf(const model::Litmus& litmus);

/// Candidates in the order in which they should be tried: without a thread, without calls, without
/// what nobody uses, with simpler arguments. Each is valid and has a smaller size; its claims are
/// those of `litmus` about what remains.
std::vector<Reduced> SmallerReductions(const model::Litmus& litmus);
std::vector<model::Litmus> SmallerPrograms(const model::Litmus& litmus);

}  // namespace props
