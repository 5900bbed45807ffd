// Programs under other generations than the one they were written for.
#pragma once

#include <string>
#include <string_view>

#include "model/generation.h"
#include "model/litmus.h"

namespace props {

/// The program of `litmus` under `generation`, as its text would say it. The claims of a file are
/// about its own generation; under another there are none, and threads may be blocked at the end.
model::Litmus UnderGeneration(const model::Litmus& litmus, model::Generation generation);

/// Gives a key of the file's metadata a value, in its place if it is there.
void SetMetadata(model::Litmus* litmus, std::string_view key, const std::string& value);

}  // namespace props
