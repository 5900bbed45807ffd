// The ends of a random program, by trying every step of every thread in every state that can be
// reached: what searches are held to, written from what the primitives promise. It shares nothing
// with the engine, neither its rules nor what it takes for one step: here every access is one, and
// every release.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "tests/sim/random_program.h"

namespace sim {

/// As Census::outcomes tells them. Nothing if more than `max_states` states can be reached. Of
/// programs that cannot fail: without misuse, demands, and what is gone.
std::optional<std::set<std::string>> EndsOf(const RandomProgram& program, size_t max_states);

}  // namespace sim
