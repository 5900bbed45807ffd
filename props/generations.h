// Programs under other generations than the one they were written for.
#pragma once

#include "model/generation.h"
#include "model/litmus.h"

namespace props {

/// The program of `litmus` under `generation`, as its text would say it. The claims of a file are
/// about its own generation; under another there are none, and threads may be blocked at the end.
model::Litmus UnderGeneration(const model::Litmus& litmus, model::Generation generation);

}  // namespace props
