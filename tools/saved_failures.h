// Failures of a program that were saved before: they are tried before anything is searched.
#pragma once

#include <optional>
#include <string>

#include "model/litmus.h"
#include "props/record.h"
#include "tools/options.h"

namespace tools {

struct SavedFailure {
  std::string path;
  props::Recording recording;  // Of today.
};

/// The first saved minimal failure of this very program that happens again; traces that cannot be
/// read, or no longer fit, are passed over.
std::optional<SavedFailure> FindSavedFailure(const Options& options, const model::Litmus& litmus);

}  // namespace tools
