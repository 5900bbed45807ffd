#include "tests/props/property_check.h"

#include <gtest/gtest.h>

#include <fstream>

namespace props {

namespace {

model::StrictProperty PropertyOf(const PropertyRun& run) {
  const auto body = [run] {
    const model::Litmus litmus = *run.programs;
    std::ofstream(ProgramFile(run.name)) << model::PrintLitmus(litmus);
    if (const std::optional<std::string> broken = run.kept_by(litmus)) RC_FAIL(*broken);
  };
  const std::string hint = "or: heddle explore " + ProgramFile(run.name) + "\n";
  return {run.name, run.count, run.max_size, body, hint};
}

}  // namespace

std::string ProgramFile(std::string_view property) {
  return testing::TempDir() + std::string(property) + ".litmus";
}

RunResult RunProperty(const PropertyRun& run, const std::string& rc_params) {
  return model::RunStrictly(PropertyOf(run), rc_params);
}

void CheckProperty(const PropertyRun& run) {
  model::CheckStrictly(PropertyOf(run));
}

}  // namespace props
