// Every program of two threads that make one system call each on a shared endpoint.
//
// A form is one way to make a system call that can matter to whoever uses the endpoint a0 of the
// setting at the same time: on a0 itself, on its peer a1, on the channel c that can carry a0 away,
// or on the other thread or process. A pair is two forms, one per thread. The idea is diy's, which
// makes litmus tests for memory models out of cycles of relaxations: Alglave and others, TACAS
// 2011.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "model/litmus.h"

namespace props {

/// What the endpoint a0 has at the start.
enum class PairSetting : uint8_t {
  kQueued,  // One message.
  kEmpty,   // None, so that what one thread writes is what the other one reads.
};

/// By form: "write", "read", "close", ...
std::vector<std::string_view> PairForms();

/// The program in which thread x makes the system call of form `first`, and y that of `second`. Its
/// locations are everything that can be observed; threads may be blocked at the end.
model::Litmus PairProgram(size_t first, size_t second, PairSetting setting);

}  // namespace props
