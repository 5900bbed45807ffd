// Who may include whom. A folder is a layer; the layers and what each may see are a table below.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "tests/lint/source_tree.h"

namespace lint {
namespace {

using Names = std::vector<std::string_view>;

// The first layer whose folder a path begins with is the file's layer, so the platforms come
// before the folders that they live in. An entry of `sees` is a folder or one file.
struct Layer {
  std::string_view folder;
  Names sees;
};

const std::vector<Layer>& Layers() {
  static const std::vector<Layer> layers = {
      {"core/include/", {"heddle/", "magenta/", "zircon/"}},
      {"core/on_threads/", {"core/", "platform/", "heddle/", "magenta/", "zircon/"}},
      {"sim/on_sim/", {"sim/", "platform/"}},
      // api -> engine, object; strategies -> order -> engine -> object.
      {"sim/object/", {"sim/object/"}},
      {"sim/engine/", {"sim/engine/", "sim/object/"}},
      {"sim/api/", {"sim/api/", "sim/engine/", "sim/object/"}},
      {"sim/order/", {"sim/order/", "sim/engine/", "sim/object/"}},
      {"sim/strategies/", {"sim/strategies/", "sim/order/", "sim/engine/", "sim/object/"}},
      {"core/", {"core/", "platform/"}},
      {"sim/", {"sim/"}},
      {"model/", {"core/abi.h", "model/"}},
      {"traces/", {"sim/", "model/", "traces/"}},
      {"props/", {"core/", "sim/", "model/", "traces/", "props/"}},
      {"tools/",
       {"core/", "heddle/", "magenta/", "zircon/", "sim/", "model/", "traces/", "props/",
        "tools/"}},
      {"tests/",
       {"core/", "platform/", "heddle/", "magenta/", "zircon/", "sim/", "model/", "traces/",
        "props/", "tools/", "tests/"}},
  };
  return layers;
}

// Every standard header that brings locks, threads, clocks, atomics or random numbers.
constexpr std::array<std::string_view, 15> kSystemConcurrency = {
    "atomic", "barrier",    "chrono",    "condition_variable", "future",
    "latch",  "mutex",      "random",    "semaphore",          "shared_mutex",
    "thread", "stop_token", "pthread.h", "threads.h",          "semaphore.h",
};

bool IsUnderOneOf(std::string_view path, const Names& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](std::string_view prefix) { return path.starts_with(prefix); });
}

struct Include {
  size_t line;
  std::string_view path;
  bool quoted;
};

std::vector<Include> IncludesOf(std::string_view text) {
  std::vector<Include> includes;
  const std::string code = TakeApart(text).code;
  const std::vector<std::string_view> code_lines = Lines(code);
  const std::vector<std::string_view> text_lines = Lines(text);
  for (size_t i = 0; i < code_lines.size(); ++i) {
    const std::string_view line = code_lines[i];
    const size_t hash = line.find_first_not_of(" \t");
    if (hash == std::string_view::npos || line[hash] != '#') continue;
    const size_t word = line.find_first_not_of(" \t", hash + 1);
    if (word == std::string_view::npos || !line.substr(word).starts_with("include")) continue;
    const size_t open = line.find_first_of("\"<", word);
    if (open == std::string_view::npos) continue;
    const bool quoted = line[open] == '"';
    const size_t close = line.find(quoted ? '"' : '>', open + 1);
    if (close == std::string_view::npos) continue;
    includes.push_back({i + 1, text_lines[i].substr(open + 1, close - open - 1), quoted});
  }
  return includes;
}

bool IsOurs(std::string_view include) {
  return IsUnderOneOf(include, {"core/", "platform/", "heddle/", "magenta/", "zircon/", "sim/",
                                "model/", "traces/", "props/", "tools/", "tests/"});
}

// What is wrong with one include of a file in a layer; empty if nothing is.
std::string Complaint(const Layer& layer, std::string_view path, const Include& include) {
  const std::string name(include.path);
  if (include.quoted && !IsOurs(include.path)) {
    return "\"" + name + "\": quotes are for our own files, named from the top of the repository";
  }
  if (IsOurs(include.path) && !IsUnderOneOf(include.path, layer.sees)) {
    return std::string(layer.folder) + " must not include " + name;
  }
  if (include.path == "core/platform_contract.h" && !IsUnderOneOf(path, {"core/", "tests/"})) {
    return "only core and its tests include core/platform_contract.h";
  }
  // The platform is found by include path; naming one would bind the code to it.
  const Names platforms = {"core/on_threads/", "sim/on_sim/"};
  if (IsUnderOneOf(include.path, platforms) && layer.folder != "tests/" &&
      !IsUnderOneOf(layer.folder, platforms)) {
    return "must not name a platform: " + name;
  }
  if (include.path.starts_with("rapidcheck") &&
      !IsUnderOneOf(path, {"props/generators.", "props/properties.", "tests/"})) {
    return "only props/generators, props/properties and tests include RapidCheck";
  }
  const bool concurrent = std::find(kSystemConcurrency.begin(), kSystemConcurrency.end(),
                                    include.path) != kSystemConcurrency.end();
  if (concurrent &&
      !IsUnderOneOf(path, {"core/on_threads/", "core/include/heddle/", "tests/stress/",
                           "tests/core/", "tools/", "tests/model/litmus_fuzz_test."})) {
    return "<" + name + ">: threads, locks, clocks and chance come from the platform or from sim";
  }
  return "";
}

std::vector<std::string> CheckIncludes(std::string_view path, std::string_view text) {
  std::vector<std::string> findings;
  if (!IsCpp(path)) return findings;
  const auto layer = std::find_if(Layers().begin(), Layers().end(), [&](const Layer& candidate) {
    return path.starts_with(candidate.folder);
  });
  if (layer == Layers().end()) {
    findings.push_back(Finding(path, 1, "this folder has no line in the table of layers"));
    return findings;
  }
  for (const Include& include : IncludesOf(text)) {
    const std::string complaint = Complaint(*layer, path, include);
    if (!complaint.empty()) findings.push_back(Finding(path, include.line, complaint));
  }
  return findings;
}

std::vector<std::string> CheckCoreNames(std::string_view path, std::string_view text) {
  std::vector<std::string> findings;
  if (!IsCpp(path) || !path.starts_with("core/")) return findings;
  const std::string code = TakeApart(text).code;
  const std::vector<std::string_view> lines = Lines(code);
  for (size_t i = 0; i < lines.size(); ++i) {
    if (FindWord(lines[i], "sim") == std::string_view::npos) continue;
    findings.push_back(Finding(path, i + 1, "core never names sim"));
  }
  return findings;
}

TEST(IncludeRules, EveryFileKeepsThem) {
  size_t checked = 0;
  std::vector<std::string> findings;
  for (const SourceFile& file : ReadTree()) {
    checked += IsCpp(file.path) ? 1 : 0;
    for (const std::string& finding : CheckIncludes(file.path, file.text)) {
      findings.push_back(finding);
    }
  }
  EXPECT_TRUE(findings.empty()) << Joined(findings);
  EXPECT_GT(checked, 0u);
}

TEST(IncludeRules, CoreNeverNamesSim) {
  std::vector<std::string> findings;
  for (const SourceFile& file : ReadTree()) {
    for (const std::string& finding : CheckCoreNames(file.path, file.text)) {
      findings.push_back(finding);
    }
  }
  EXPECT_TRUE(findings.empty()) << Joined(findings);
}

struct Sample {
  std::string_view path;
  std::string_view include;
};

std::vector<std::string> Judge(const Sample& sample) {
  return CheckIncludes(sample.path,
                       "// A comment.\n#include " + std::string(sample.include) + "\n");
}

TEST(IncludeRulesCheck, FindsWhatTheTableForbids) {
  const std::vector<Sample> samples = {
      {"core/channel.cc", "\"sim/api/mutex.h\""},
      {"core/channel.cc", "<sim/api/mutex.h>"},
      {"core/channel.cc", "\"model/program.h\""},
      {"core/channel.cc", "\"core/on_threads/platform/sync.h\""},
      {"core/channel.cc", "\"handle.h\""},
      {"core/channel.cc", "<mutex>"},
      {"core/channel.cc", "<zircon/types.h>"},
      {"core/include/zircon/types.h", "\"core/abi.h\""},
      {"core/include/zircon/types.h", "<thread>"},
      {"sim/mutex.cc", "\"core/abi.h\""},
      {"sim/mutex.cc", "\"platform/sync.h\""},
      {"sim/scheduler.cc", "<thread>"},
      {"sim/on_sim/platform/sync.h", "\"core/platform_contract.h\""},
      {"sim/on_sim/platform/sync.h", "<atomic>"},
      {"model/spec.cc", "\"core/kernel.h\""},
      {"model/spec.cc", "\"sim/object/ids.h\""},
      {"model/spec.cc", "<random>"},
      {"traces/text.cc", "\"core/abi.h\""},
      {"traces/text.cc", "\"props/world.h\""},
      {"props/world.cc", "\"tools/options.h\""},
      {"props/world.cc", "\"core/platform_contract.h\""},
      {"props/world.cc", "<rapidcheck.h>"},
      {"props/shrink.cc", "<rapidcheck/gtest.h>"},
      {"tools/main.cc", "\"tests/lint/source_tree.h\""},
      {"tools/main.cc", "<rapidcheck.h>"},
      {"tests/sim/mutex_test.cc", "<mutex>"},
      {"elsewhere/x.cc", "<vector>"}};
  for (const Sample& sample : samples) {
    EXPECT_EQ(Judge(sample).size(), 1u) << sample.path << " includes " << sample.include;
  }
}

TEST(IncludeRulesCheck, AcceptsWhatTheTableAllows) {
  const std::vector<Sample> samples = {{"core/channel.cc", "\"core/handle.h\""},
                                       {"core/channel.cc", "\"platform/sync.h\""},
                                       {"core/channel.cc", "<vector>"},
                                       {"core/on_threads/platform/sync.h", "<mutex>"},
                                       {"core/on_threads/zircon_abi.cc", "<zircon/syscalls.h>"},
                                       {"core/include/magenta/types.h", "<zircon/types.h>"},
                                       {"core/include/heddle/native.h", "<thread>"},
                                       {"sim/on_sim/platform/sync.h", "\"sim/api/mutex.h\""},
                                       {"sim/on_sim/platform/sync.h", "\"platform/assert.h\""},
                                       {"model/spec.cc", "\"core/abi.h\""},
                                       {"traces/text.cc", "\"model/program.h\""},
                                       {"props/world.cc", "\"core/kernel.h\""},
                                       {"props/generators.cc", "<rapidcheck.h>"},
                                       {"props/properties.h", "<rapidcheck.h>"},
                                       {"tools/explore.cc", "<chrono>"},
                                       {"tests/props/world_test.cc", "<rapidcheck/gtest.h>"},
                                       {"tests/stress/channel_test.cc", "<thread>"},
                                       {"tests/core/channel_test.cc", "<thread>"},
                                       {"README.md", "\"sim/api/mutex.h\""}};
  for (const Sample& sample : samples) EXPECT_TRUE(Judge(sample).empty()) << Joined(Judge(sample));
}

TEST(IncludeRulesCheck, AnIncludeInACommentOrAStringIsNone) {
  EXPECT_TRUE(CheckIncludes("core/a.cc", "// #include \"sim/a.h\"\n").empty());
  EXPECT_TRUE(CheckIncludes("core/a.cc", "/*\n#include <mutex>\n*/\n").empty());
  EXPECT_TRUE(CheckIncludes("core/a.cc", "auto x = R\"(\n#include <mutex>\n)\";\n").empty());
}

TEST(IncludeRulesCheck, AFindingNamesItsLine) {
  const std::vector<std::string> expected = {"core/a.h:3: core/ must not include sim/a.h"};
  EXPECT_EQ(CheckIncludes("core/a.h", "\n\n  #  include \"sim/a.h\"\n"), expected);
}

TEST(IncludeRulesCheck, SimAsAnIdentifierOfCoreIsFound) {
  EXPECT_FALSE(CheckCoreNames("core/a.cc", "void F() { sim::Yield(); }\n").empty());
  EXPECT_FALSE(CheckCoreNames("core/a.cc", "namespace sim {}\n").empty());
  EXPECT_TRUE(CheckCoreNames("core/a.cc", "int simple;  // As sim:: would.\n").empty());
  EXPECT_TRUE(CheckCoreNames("props/a.cc", "sim::Yield();\n").empty());
}

}  // namespace
}  // namespace lint
