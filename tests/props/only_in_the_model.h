// Outcomes that the model allows and the core never shows: what was seen, and what is known.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "model/litmus.h"
#include "props/check.h"

namespace props {

/// As the report of a complete search says.
inline std::set<std::string> OnlyInTheModel(const model::Litmus& litmus,
                                            const CheckReport& report) {
  std::set<std::string> outcomes;
  for (const auto& [outcome, order] : report.model->outcomes) {
    if (!report.outcomes.contains(outcome)) outcomes.insert(model::PrintOutcome(litmus, outcome));
  }
  return outcomes;
}

/// As props/litmus/MODEL_ONLY.md says of the program under its generation: lines that are indented
/// by four, below one with the names of program and generation.
inline std::set<std::string> ReportedOnlyInTheModel(const model::Litmus& litmus) {
  std::ifstream in(std::filesystem::path(HEDDLE_SOURCE_DIR) / "props/litmus/MODEL_ONLY.md");
  EXPECT_TRUE(in.is_open());
  const std::string heading =
      "### " + litmus.program.name + " " + std::string(model::GenerationName(litmus.generation));
  std::set<std::string> outcomes;
  bool is_ours = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("#")) is_ours = line == heading;
    if (is_ours && line.starts_with("    ")) outcomes.insert(line.substr(4));
  }
  return outcomes;
}

}  // namespace props
