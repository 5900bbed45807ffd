// Each file includes what it uses of the headers that the build reads once for all, by itself or
// with headers of ours. No compiler would miss them: they are there before the first line.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/lint/source_tree.h"

namespace lint {
namespace {

using Texts = std::map<std::string, std::string, std::less<>>;  // By path.
using Names = std::vector<std::string_view>;

struct Header {
  std::string_view path;
  Names names;  // In std, but for those of formatting and of tests, which are whole.
};

const std::vector<Header>& Headers() {
  static const std::vector<Header> headers = {
      {"algorithm",
       {"adjacent_find", "all_of",      "any_of",       "binary_search", "clamp",
        "copy",          "copy_if",     "copy_n",       "count",         "count_if",
        "equal",         "equal_range", "fill",         "fill_n",        "find",
        "find_end",      "find_if",     "find_if_not",  "for_each",      "generate",
        "includes",      "is_sorted",   "lower_bound",  "max",           "max_element",
        "merge",         "min",         "min_element",  "minmax",        "mismatch",
        "none_of",       "nth_element", "partial_sort", "partition",     "remove",
        "remove_if",     "replace",     "reverse",      "rotate",        "search",
        "sort",          "stable_sort", "transform",    "unique",        "upper_bound"}},
      {"array", {"array", "to_array"}},
      {"functional", {"bind_front", "function", "invoke"}},
      {"map", {"map", "multimap"}},
      {"memory",
       {"addressof", "allocator", "allocator_traits", "enable_shared_from_this", "make_shared",
        "make_unique", "shared_ptr", "unique_ptr", "weak_ptr"}},
      {"optional", {"make_optional", "nullopt", "optional"}},
      {"set", {"multiset", "set"}},
      {"span", {"as_bytes", "as_writable_bytes", "dynamic_extent", "span"}},
      {"string", {"stoi", "stol", "stoul", "stoull", "string", "to_string"}},
      {"string_view", {"string_view"}},
      {"variant", {"get_if", "holds_alternative", "monostate", "variant", "visit"}},
      {"vector", {"vector"}},
      {"fmt/format.h", {"fmt"}},
      {"gtest/gtest.h", {"INSTANTIATE_TEST_SUITE_P", "TEST", "TEST_F", "TEST_P", "testing"}},
  };
  return headers;
}

bool IsWhole(const Header& header) {
  return header.path.find('/') != std::string_view::npos;
}

// What is between the brackets or quotes of each #include.
std::vector<std::string> IncludesOf(std::string_view text) {
  std::vector<std::string> includes;
  const std::string code = TakeApart(text).code;
  size_t start = 0;
  for (const std::string_view line : Lines(code)) {
    const size_t open = line.starts_with("#include ") ? line.find_first_of("<\"") : line.npos;
    const size_t close = open == line.npos ? open : line.find_first_of(">\"", open + 1);
    if (close != line.npos) {
      includes.emplace_back(text.substr(start + open + 1, close - open - 1));
    }
    start += line.size() + 1;
  }
  return includes;
}

// All that comes with a file: what it includes, and what headers of ours bring with them.
std::set<std::string> Reached(const Texts& tree, const std::string& path) {
  std::set<std::string> reached;
  std::vector<std::string> left = {path};
  while (!left.empty()) {
    const auto file = tree.find(left.back());
    left.pop_back();
    if (file == tree.end()) continue;
    for (const std::string& include : IncludesOf(file->second)) {
      if (!reached.insert(include).second) continue;
      for (const char* root : {"", "core/include/", "core/on_threads/", "sim/on_sim/"}) {
        left.push_back(root + include);
      }
    }
  }
  return reached;
}

// The words of a code, each with "std::" in front if it is there.
std::set<std::string, std::less<>> WordsOf(std::string_view code) {
  std::set<std::string, std::less<>> words;
  for (size_t i = 0; i < code.size();) {
    if (!IsWordChar(code[i])) {
      ++i;
      continue;
    }
    size_t end = i;
    while (end < code.size() && IsWordChar(code[end])) ++end;
    const bool is_std = i >= 5 && code.substr(i - 5, 5) == "std::";
    words.insert((is_std ? "std::" : "") + std::string(code.substr(i, end - i)));
    i = end;
  }
  return words;
}

std::vector<std::string> CheckFile(const Texts& tree, const std::string& path) {
  std::vector<std::string> findings;
  const auto words = WordsOf(TakeApart(tree.at(path)).code);
  const std::set<std::string> reached = Reached(tree, path);
  for (const Header& header : Headers()) {
    if (reached.contains(std::string(header.path))) continue;
    for (const std::string_view name : header.names) {
      const std::string word = (IsWhole(header) ? "" : "std::") + std::string(name);
      if (!words.contains(word)) continue;
      findings.push_back(Finding(path, 1, word + " without <" + std::string(header.path) + ">"));
    }
  }
  return findings;
}

Texts Tree() {
  Texts tree;
  for (SourceFile& file : ReadTree()) {
    if (IsCpp(file.path)) tree.emplace(std::move(file.path), std::move(file.text));
  }
  return tree;
}

TEST(UsedHeaders, AreIncludedByEachFileOrByHeadersOfOurs) {
  const Texts tree = Tree();
  EXPECT_GT(tree.size(), 0u);
  std::vector<std::string> findings;
  for (const auto& [path, text] : tree) {
    for (const std::string& finding : CheckFile(tree, path)) findings.push_back(finding);
  }
  EXPECT_TRUE(findings.empty()) << Joined(findings);
}

TEST(UsedHeaders, AreAllThatTheBuildReadsOnce) {
  std::set<std::string> known = {"tools/cmake/headers.h"};
  for (const Header& header : Headers()) known.insert(std::string(header.path));
  std::set<std::string> read;
  for (const char* path : {"tools/cmake/headers.h", "tests/headers.h"}) {
    for (const std::string& include : IncludesOf(ReadSource(path))) read.insert(include);
  }
  EXPECT_EQ(read, known);
}

TEST(UsedHeadersCheck, FindsWhatNoHeaderOfOursBrings) {
  const Texts tree = {{"sim/on_sim/platform/a.h", "#include <string>\n"},
                      {"model/b.h", "#include <vector>\n#include \"platform/a.h\"\n"},
                      {"model/good.cc", "#include \"model/b.h\"\nstd::vector<std::string> x;\n"},
                      {"model/bad.cc", "#include \"model/b.h\"\nstd::map<int, std::string> x;\n"},
                      {"model/worse.cc", "// #include <set>\nstd::set<int> x; fmt::print(x);\n"}};
  EXPECT_TRUE(CheckFile(tree, "model/good.cc").empty());
  EXPECT_EQ(CheckFile(tree, "model/bad.cc"),
            std::vector<std::string>{"model/bad.cc:1: std::map without <map>"});
  EXPECT_EQ(CheckFile(tree, "model/worse.cc").size(), 2u);
}

TEST(UsedHeadersCheck, LeavesNamesOfOurOwnAndTextAlone) {
  const Texts tree = {
      {"a.cc", "int max = Sort(array, map);  // As std::max does.\nauto x = \"std::vector\";\n"}};
  EXPECT_TRUE(CheckFile(tree, "a.cc").empty()) << Joined(CheckFile(tree, "a.cc"));
}

}  // namespace
}  // namespace lint
