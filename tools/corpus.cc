// heddle corpus: traces that are kept, and whether their violations happen today.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string>
#include <vector>

#include "props/failure_text.h"
#include "tools/commands.h"
#include "tools/exit_codes.h"
#include "tools/files.h"
#include "tools/replayed.h"
#include "traces/files.h"
#include "traces/text.h"

namespace tools {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kExtension = ".trace";

// Names of traces are paths in the corpus without the extension, sorted.
std::vector<std::string> NamesIn(const std::string& corpus) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::recursive_directory_iterator it(corpus, error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().extension() != kExtension || it->is_directory()) continue;
    std::string name = fs::path(it->path()).lexically_relative(corpus).generic_string();
    name.resize(name.size() - kExtension.size());
    names.push_back(std::move(name));
  }
  std::ranges::sort(names);
  return names;
}

std::string PathOf(const std::string& corpus, const std::string& name) {
  return fmt::format("{}/{}{}", corpus, name, kExtension);
}

std::string VerdictText(const traces::Verdict& verdict) {
  return verdict.name.empty() ? verdict.id : fmt::format("{} {}", verdict.id, verdict.name);
}

// The table's columns are as wide as they need to be.
class Table {
 public:
  void Add(std::vector<std::string> row) {
    widths_.resize(std::max(widths_.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) widths_[i] = std::max(widths_[i], row[i].size());
    rows_.push_back(std::move(row));
  }
  void Print() const {
    for (const std::vector<std::string>& row : rows_) {
      std::string line;
      for (size_t i = 0; i < row.size(); ++i) {
        line += i + 1 == row.size() ? row[i] : fmt::format("{:<{}}  ", row[i], widths_[i]);
      }
      fmt::print("{}\n", line);
    }
  }

 private:
  std::vector<std::vector<std::string>> rows_;
  std::vector<size_t> widths_;
};

int NoTraces(const std::string& corpus) {
  fmt::print(stderr, "heddle: there are no traces in {}; --corpus names another folder\n", corpus);
  return kExitMissing;
}

int ListCorpus(const Options& options) {
  const std::vector<std::string> names = NamesIn(options.corpus);
  if (names.empty()) return NoTraces(options.corpus);
  int code = kExitHolds;
  Table table;
  for (const std::string& name : names) {
    Loaded<traces::Trace> loaded = LoadTrace(PathOf(options.corpus, name));
    if (const int* failure = std::get_if<int>(&loaded)) {
      code = *failure;
      continue;
    }
    const traces::Trace& trace = std::get<traces::Trace>(loaded);
    table.Add({name, trace.program, VerdictText(trace.verdict), trace.schedule});
  }
  table.Print();
  return code;
}

// The most telling answer of any trace: an input that is broken, a violation that happens, a trace
// that fits no more.
int RankOf(int code) {
  constexpr int kOrder[] = {kExitNotReproduced, kExitDiverged, kExitViolation};
  return static_cast<int>(std::find(std::begin(kOrder), std::end(kOrder), code) - kOrder);
}

int RerunCorpus(const Options& options) {
  const std::vector<std::string> names = NamesIn(options.corpus);
  if (names.empty()) return NoTraces(options.corpus);
  int code = kExitNotReproduced;
  size_t counts[3] = {};
  Table table;
  for (const std::string& name : names) {
    Loaded<Replayed> loaded = ReplayTrace(PathOf(options.corpus, name), options.max_steps);
    const auto* replayed = std::get_if<Replayed>(&loaded);
    const int one = replayed != nullptr ? replayed->code : std::get<int>(loaded);
    if (RankOf(one) > RankOf(code)) code = one;
    if (replayed == nullptr) continue;
    ++counts[RankOf(one)];
    table.Add({std::string(ReplayVerdict(one)), name, VerdictText(replayed->trace.verdict)});
  }
  table.Print();
  fmt::print("{}: {} reproduced, {} not reproduced, {} diverged\n",
             props::CountOf(names.size(), "trace"), counts[RankOf(kExitViolation)],
             counts[RankOf(kExitNotReproduced)], counts[RankOf(kExitDiverged)]);
  return code;
}

// "who saw READABLE gets a message" as part of a file's name.
std::string Slug(std::string_view claim) {
  std::string slug;
  for (const char c : claim) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && std::isalnum(byte) != 0) {
      slug += static_cast<char>(std::tolower(byte));
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
    }
  }
  while (slug.ends_with('-')) slug.pop_back();
  return slug;
}

int AddToCorpus(const Options& options, const std::vector<std::string>& arguments) {
  Loaded<std::string> path = TracePath(options.output_dir, arguments);
  if (const int* code = std::get_if<int>(&path)) return *code;
  const std::string& from = std::get<std::string>(path);
  Loaded<Replayed> loaded = ReplayTrace(from, options.max_steps);
  if (const int* code = std::get_if<int>(&loaded)) return *code;
  const Replayed& replayed = std::get<Replayed>(loaded);
  if (replayed.code != kExitViolation) {
    fmt::print(stderr, "{}: {}; only what happens is kept. See heddle replay.\n", from,
               ReplayVerdict(replayed.code));
    return replayed.code;
  }
  if (replayed.trace.strategy != props::MinimizedProvenance().strategy ||
      !replayed.trace.finished) {
    fmt::print(stderr, "{}: this trace is not minimal; run heddle minimize first\n", from);
    return kExitMalformed;
  }
  const std::string to =
      PathOf(options.corpus, fmt::format("{}.{}", traces::FolderName(replayed.trace.program),
                                         Slug(replayed.trace.verdict.name)));
  std::error_code error;
  if (fs::exists(to, error)) {
    fmt::print(stderr, "{}: error: this trace exists; remove it first if it is to be replaced\n",
               to);
    return kExitUsage;
  }
  if (!WriteFile(to, traces::PrintTrace(replayed.trace))) return kExitIo;
  fmt::print("{}\n", to);
  return kExitHolds;
}

int RemoveFromCorpus(const Options& options, std::string name) {
  if (name.ends_with(kExtension)) name.resize(name.size() - kExtension.size());
  const std::vector<std::string> names = NamesIn(options.corpus);
  if (!std::ranges::binary_search(names, name)) {
    fmt::print(stderr, "heddle: there is no trace '{}' in {}; see heddle corpus list\n", name,
               options.corpus);
    return kExitMissing;
  }
  const std::string path = PathOf(options.corpus, name);
  std::error_code error;
  if (!fs::remove(path, error)) {
    fmt::print(stderr, "{}: error: cannot be removed: {}\n", path, error.message());
    return kExitIo;
  }
  return kExitHolds;
}

}  // namespace

int Corpus(const Options& options) {
  const std::string action = options.inputs.empty() ? "list" : options.inputs.front();
  if (action == "rerun") return RerunCorpus(options);
  if (action == "add") {
    return AddToCorpus(options, {options.inputs.begin() + 1, options.inputs.end()});
  }
  return action == "rm" ? RemoveFromCorpus(options, options.inputs[1]) : ListCorpus(options);
}

}  // namespace tools
