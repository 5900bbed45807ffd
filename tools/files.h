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
/// A litmus file, or the scenario of that name if there is no such file.
Loaded<model::Litmus> LoadLitmus(const std::string& path);
/// Reports mistakes as standing in `name`.
Loaded<model::Litmus> ParseProgram(const std::string& text, const std::string& name);
/// The program of a trace that is to run. That its scenario is unknown, or starts with something
/// else now, is reported.
Loaded<model::Litmus> ProgramToRun(const traces::Trace& trace, const std::string& path);
/// What the lines of the program's claims refer to: the source of its scenario, or `file`.
std::string SourceOf(const model::Litmus& litmus, const std::string& file);
Loaded<traces::Trace> LoadTrace(const std::string& path);

Loaded<props::Summary> LoadSummary(const std::string& path);

/// DIR/latest, or the path given. The mistake is reported: no failure has been saved yet.
Loaded<std::string> TracePath(const std::string& output_dir,
                              const std::vector<std::string>& inputs);

/// Makes folders as needed; the file is there whole, or as it was before. False has been reported.
[[nodiscard]] bool WriteFile(const std::string& path, const std::string& content);

}  // namespace tools
