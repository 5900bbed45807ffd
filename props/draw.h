// Random programs: what the properties are tried on.
//
// A program depends on a seed and a size alone, on every compiler and machine. While it is drawn
// the reference model runs what is there already, so that the next call knows who holds which
// handle, what is queued, and who waits for what: most calls then do something worth seeing. Some
// calls are drawn before others take effect, which is what makes them race. Each program first
// draws what it is made of, and so is about little at a time: Groce and others, "Swarm testing",
// ISSTA 2012.
#pragma once

#include <cstdint>

#include "model/litmus.h"

namespace props {

/// The largest size.
inline constexpr uint32_t kMaxDrawSize = 100;

/// One to three processes and two to four threads with a few calls each.
model::Litmus DrawConcurrent(uint64_t seed, uint32_t size);

/// One thread, which makes many calls, none of which waits for ever.
model::Litmus DrawSequential(uint64_t seed, uint32_t size);

/// Whether nothing in the program can happen in two orders or two ways.
bool IsSequential(const model::Litmus& litmus);

/// Program `index` of a run with this seed: now one kind, now the other, of growing size.
model::Litmus DrawProgram(uint64_t seed, uint64_t index);

}  // namespace props
