// heddle explore: searches litmus programs, prints what they show, saves and reports failures.
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <sstream>

#include "props/generations.h"
#include "tools/commands.h"
#include "tools/exit_codes.h"
#include "tools/file_explorer.h"
#include "tools/files.h"
#include "tools/progress.h"

namespace tools {

namespace {

// "@LIST" names a file of file names, one per line; "#" starts a comment.
Loaded<std::vector<std::string>> ExpandLists(const std::vector<std::string>& inputs) {
  std::vector<std::string> files;
  for (const std::string& input : inputs) {
    if (!input.starts_with('@')) {
      files.push_back(input);
      continue;
    }
    Loaded<std::string> text = ReadInput(input.substr(1));
    if (const int* code = std::get_if<int>(&text)) return *code;
    std::istringstream lines(std::get<std::string>(text));
    for (std::string line; std::getline(lines, line);) {
      if (line.ends_with('\r')) line.pop_back();
      if (!line.empty() && !line.starts_with('#')) files.push_back(line);
    }
  }
  if (!files.empty()) return files;
  fmt::print(stderr, "heddle: the list names no file, so there is nothing to explore\n");
  return kExitMissing;
}

// All generations side by side: a row per outcome, a column per generation.
class SideBySide {
 public:
  SideBySide(const Options& options, const std::string& file, const model::Litmus& litmus)
      : litmus_(litmus) {
    for (const model::Generation generation : model::kGenerations) {
      variants_.push_back(props::UnderGeneration(litmus, generation));
      explorers_.emplace_back(options, file, variants_.back());
    }
  }

  int Run() {
    for (FileExplorer& explorer : explorers_) {
      if (const std::optional<int> failed = explorer.Search()) return *failed;
    }
    PrintTable();
    int code = kExitHolds;
    for (size_t i = 0; i < explorers_.size(); ++i) {
      const FileExplorer& explorer = explorers_[i];
      fmt::print("{}: ", model::GenerationName(model::kGenerations[i]));
      explorer.PrintEnd();
      int one = explorer.ReportFindings();
      if (one == kExitHolds) one = explorer.CodeOfEnd();
      code = Worse(code, explorer.Expected(one));
    }
    return code;
  }

 private:
  static constexpr size_t kColumn = 16;

  void PrintTable() const {
    std::map<model::Outcome, std::vector<uint64_t>> rows;
    for (size_t i = 0; i < explorers_.size(); ++i) {
      for (const auto& [outcome, row] : explorers_[i].report().outcomes) {
        std::vector<uint64_t>& counts = rows[outcome];
        counts.resize(explorers_.size());
        counts[i] = row.count;
      }
    }
    size_t width = std::string_view("outcome").size();
    for (const auto& [outcome, counts] : rows) {
      width = std::max(width, model::PrintOutcome(litmus_, outcome).size());
    }
    fmt::print("Test {}   ({})   hash {:016x}\n{:<{}}", litmus_.program.name, litmus_.architecture,
               model::LitmusHash(litmus_), "outcome", width);
    for (const model::Generation generation : model::kGenerations) {
      fmt::print("{:>{}}", model::GenerationName(generation), kColumn);
    }
    fmt::print("\n");
    for (const auto& [outcome, counts] : rows) {
      fmt::print("{:<{}}", model::PrintOutcome(litmus_, outcome), width);
      for (const uint64_t count : counts) {
        fmt::print("{:>{}}", count == 0 ? "-" : std::to_string(count), kColumn);
      }
      const bool differs = std::find(counts.begin(), counts.end(), 0) != counts.end();
      fmt::print("{}\n", differs ? "  differs" : "");
    }
  }

  const model::Litmus& litmus_;
  std::deque<model::Litmus> variants_;  // By generation; explorers refer to them.
  std::deque<FileExplorer> explorers_;
};

int ExploreFile(const Options& options, const std::string& file, const model::Litmus& read) {
  const model::Litmus litmus = AsAsked(options, read);
  if (options.all_generations) return SideBySide(options, file, litmus).Run();
  const model::Litmus variant =
      props::UnderGeneration(litmus, options.generation.value_or(litmus.generation));
  return FileExplorer(options, file, variant).Run();
}

}  // namespace

int Explore(const Options& options) {
  Loaded<std::vector<std::string>> files = ExpandLists(options.inputs);
  if (const int* code = std::get_if<int>(&files)) return *code;
  CatchInterrupts();
  int code = kExitHolds;
  bool first = true;
  for (const std::string& file : std::get<std::vector<std::string>>(files)) {
    Loaded<model::Litmus> litmus = LoadLitmus(file);
    if (const int* failure = std::get_if<int>(&litmus)) {
      code = Worse(code, *failure);
      continue;
    }
    if (!first) fmt::print("\n");
    first = false;
    const model::Litmus& program = std::get<model::Litmus>(litmus);
    code = Worse(code, ExploreFile(options, SourceOf(program, file), program));
    std::fflush(stdout);
    if (code == kExitInterrupted || code == kExitTerminated) break;
  }
  return code;
}

}  // namespace tools
