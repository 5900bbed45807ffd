// Inputs, and the folder in which failures are kept.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "model/litmus.h"
#include "props/summary.h"
#include "traces/trace.h"

namespace tools {

/// An input that cannot be used has been reported on stderr; the code says why.
template <typename T>
using Loaded = std::variant<T, int>;

Loaded<std::string> ReadInput(const std::string& path);
Loaded<model::Litmus> LoadLitmus(const std::string& path);
/// Reports mistakes as standing in `name`.
Loaded<model::Litmus> ParseProgram(const std::string& text, const std::string& name);
Loaded<traces::Trace> LoadTrace(const std::string& path);

Loaded<props::Summary> LoadSummary(const std::string& path);

/// DIR/latest, or the path given. The mistake is reported: no failure has been saved yet.
Loaded<std::string> TracePath(const std::string& output_dir,
                              const std::vector<std::string>& inputs);

/// DIR/failures/PROGRAM/FINGERPRINT[.min].trace.
std::string FailurePath(const std::string& output_dir, const std::string& program,
                        const std::string& fingerprint, bool minimized);

/// Makes folders as needed; the file is there whole, or as it was before. False has been reported.
[[nodiscard]] bool WriteFile(const std::string& path, const std::string& content);
/// Makes DIR/latest name the file.
[[nodiscard]] bool SetLatest(const std::string& output_dir, const std::string& path);

}  // namespace tools
