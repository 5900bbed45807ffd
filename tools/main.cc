// The heddle command. See README.md for a session with it.
#include <fmt/format.h>

#include <cstdio>
#include <exception>

#include "tools/commands.h"
#include "tools/exit_codes.h"
#include "tools/options.h"

namespace {

int Run(const tools::Options& options) {
  switch (options.command) {
    case tools::Command::kExplore:
      return tools::Explore(options);
    case tools::Command::kFuzz:
      return tools::Fuzz(options);
    case tools::Command::kMerge:
      return tools::Merge(options);
    case tools::Command::kEstimate:
      return tools::Estimate(options);
    case tools::Command::kModel:
      return tools::Model(options);
    case tools::Command::kReplay:
      return tools::Replay(options);
    case tools::Command::kMinimize:
      return tools::Minimize(options);
    case tools::Command::kShow:
      return tools::Show(options);
    case tools::Command::kCorpus:
      return tools::Corpus(options);
    case tools::Command::kList:
      return tools::List(options);
  }
  return tools::kExitInternal;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto parsed = tools::ParseCommandLine(argc, argv);
    const auto* options = std::get_if<tools::Options>(&parsed);
    const int code = options != nullptr ? Run(*options) : std::get<int>(parsed);
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
    fmt::print(stderr, "heddle: the output could not be written\n");
    return tools::kExitIo;
  } catch (const std::exception& error) {
    fmt::print(stderr, "heddle: internal error: {}\n", error.what());
    return tools::kExitInternal;
  }
}
