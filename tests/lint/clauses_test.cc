// Every promise in clauses.txt is held by a test that names it in a comment. What no test names
// stands in uncited.txt, a list that may only get shorter.
#include <gtest/gtest.h>

#include <iostream>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/lint/source_tree.h"

namespace lint {
namespace {

// The groups of clauses and how many each has.
const std::vector<std::pair<char, int>> kGroups = {{'O', 15}, {'H', 9},  {'K', 4},
                                                   {'W', 15}, {'C', 18}, {'S', 4}};

/// An identifier such as W12. Ordered by group as in clauses.txt, then by number.
struct ClauseId {
  size_t group;
  int number;
  auto operator<=>(const ClauseId&) const = default;
};

std::string Name(ClauseId id) {
  return std::string(1, kGroups[id.group].first) + std::to_string(id.number);
}

std::set<ClauseId> AllClauses() {
  std::set<ClauseId> all;
  for (size_t group = 0; group < kGroups.size(); ++group) {
    for (int number = 1; number <= kGroups[group].second; ++number) all.insert({group, number});
  }
  return all;
}

// The clauses named in a text, as whole words. `-O2` is a flag of the compiler, no clause.
std::set<ClauseId> ClausesIn(std::string_view text) {
  std::set<ClauseId> found;
  for (const ClauseId id : AllClauses()) {
    const std::string name = Name(id);
    for (size_t at = FindWord(text, name); at != std::string_view::npos;
         at = FindWord(text, name, at + 1)) {
      const char before = at == 0 ? ' ' : text[at - 1];
      if (before == '-' || before == '.' || before == '/') continue;
      found.insert(id);
    }
  }
  return found;
}

bool MayCite(std::string_view path) {
  if (path.starts_with("tests/lint/")) return false;  // These talk about citing.
  return (path.starts_with("tests/") && path.ends_with(".cc")) || path.ends_with(".litmus");
}

std::set<ClauseId> Citations(std::string_view path, std::string_view text) {
  if (!MayCite(path)) return {};
  return ClausesIn(TakeApart(text).comments);
}

// The first word of each line that is neither empty nor a comment.
std::vector<std::string> FirstWords(std::string_view text) {
  std::vector<std::string> words;
  for (std::string_view line : Lines(text)) {
    if (line.empty() || line[0] == '#') continue;
    words.emplace_back(line.substr(0, line.find(' ')));
  }
  return words;
}

std::vector<std::string> Names(const std::set<ClauseId>& ids) {
  std::vector<std::string> names;
  for (const ClauseId id : ids) names.push_back(Name(id));
  return names;
}

std::set<ClauseId> Uncited(const std::vector<SourceFile>& tree) {
  std::set<ClauseId> uncited = AllClauses();
  for (const SourceFile& file : tree) {
    for (const ClauseId id : Citations(file.path, file.text)) uncited.erase(id);
  }
  return uncited;
}

TEST(Clauses, TheListHasEachClauseOnceAndInOrder) {
  const std::string text = ReadSource("tests/lint/clauses.txt");
  EXPECT_EQ(FirstWords(text), Names(AllClauses()));
  for (std::string_view line : Lines(text)) {
    if (line.empty() || line[0] == '#') continue;
    EXPECT_NE(line.find(' '), std::string_view::npos) << line << " says nothing";
  }
}

TEST(Clauses, EachIsCitedByATestOrListedAsUncited) {
  const std::vector<std::string> uncited = Names(Uncited(ReadTree()));
  std::cout << uncited.size() << " of " << AllClauses().size() << " clauses cited by no test:";
  for (const std::string& name : uncited) std::cout << " " << name;
  std::cout << std::endl;
  EXPECT_EQ(FirstWords(ReadSource("tests/lint/uncited.txt")), uncited)
      << "A clause that is missing on the left lost its test: write one, and cite it in a "
         "comment.\n"
      << "A clause that is missing on the right has got one: take its line out.\n"
      << "As the tests stand, tests/lint/uncited.txt would be:\n\n"
      << Joined(uncited);
}

TEST(ClausesCheck, FindsCitationsInCommentsOnly) {
  EXPECT_EQ(Names(Citations("tests/core/a_test.cc", "f();  // O12, T-5\ng(\"W3\");\nint H2;\n")),
            std::vector<std::string>{"O12"});
  EXPECT_EQ(Names(Citations("props/litmus/a.litmus", "Zircon C3\n// S4: and K1.\n")),
            (std::vector<std::string>{"K1", "S4"}));
  EXPECT_TRUE(Citations("core/a.cc", "// O12\n").empty());
  EXPECT_TRUE(Citations("tests/lint/a_test.cc", "// O12\n").empty());
}

TEST(ClausesCheck, TakesWholeWordsOnly) {
  EXPECT_TRUE(ClausesIn("-O2 XW3 W33 C0 S-4 gcc.C1 a/C1").empty());
  EXPECT_EQ(Names(ClausesIn("(W3) W15; C1-C2")), (std::vector<std::string>{"W3", "W15", "C1"}));
}

TEST(ClausesCheck, KnowsWhatIsLeft) {
  const std::vector<SourceFile> tree = {{"tests/core/a_test.cc", "// O1 O2\n"},
                                        {"props/litmus/b.litmus", "// O3\n"}};
  EXPECT_EQ(Names(Uncited(tree)).front(), "O4");
  EXPECT_EQ(Uncited(tree).size(), AllClauses().size() - 3);
}

}  // namespace
}  // namespace lint
