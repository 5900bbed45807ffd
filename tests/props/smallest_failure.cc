#include "tests/props/smallest_failure.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "props/failure_text.h"
#include "props/minimize.h"
#include "tools/shelter.h"

namespace props {

namespace {

std::string ReportOfMinimized(const model::Litmus& litmus, const Finding& finding,
                              const ShrinkOptions& shrink) {
  const MinimizedFailure small = MinimizeFailure(litmus, finding, shrink);
  const std::string folder = std::filesystem::absolute(".heddle").string();
  const SavedFailure saved = SaveFailure(folder, small, shrink.max_steps);
  std::string text =
      "\n" + FailureText(small.finding, saved.recording.trace, small.litmus, saved.path);
  if (saved.error) text += "\n" + *saved.error;
  return text;
}

}  // namespace

std::string SmallestFailure(const model::Litmus& litmus, const Finding& finding) {
  if (!finding.schedule) return finding.id + " " + finding.message;
  // The text comes from another process.
  const std::filesystem::path file =
      fmt::format("{}smallest-failure-{}.txt", testing::TempDir(), getpid());
  const int code =
      tools::RunSheltered([&](const std::set<uint64_t>& crashes, const tools::TellMark& tell) {
        ShrinkOptions shrink;
        shrink.avoided = crashes;
        shrink.about_to_search = tell;
        std::ofstream(file) << ReportOfMinimized(litmus, finding, shrink);
        return 0;
      });
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  std::filesystem::remove(file);
  if (code == 0) return text.str();
  return fmt::format("\n{}\n{} {}\nthe core crashes when this is run again\n",
                     model::PrintLitmus(litmus), finding.id, finding.message);
}

}  // namespace props
