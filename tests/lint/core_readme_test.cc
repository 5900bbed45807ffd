// The table of core/README.md: what it names is there.
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/lint/source_tree.h"

namespace lint {
namespace {

std::vector<std::string> CellsOf(const std::string& row) {
  std::vector<std::string> cells;
  std::istringstream in(row.substr(1));
  for (std::string cell; std::getline(in, cell, '|');) cells.push_back(cell);
  return cells;
}

// Rows of the table, its head and its line left out.
std::vector<std::vector<std::string>> Rows() {
  std::vector<std::vector<std::string>> rows;
  std::istringstream text(ReadSource("core/README.md"));
  for (std::string line; std::getline(text, line);) {
    if (line.starts_with("|")) rows.push_back(CellsOf(line));
  }
  if (rows.size() > 2) rows.erase(rows.begin(), rows.begin() + 2);
  return rows;
}

std::set<std::string> Matches(const std::string& text, const std::regex& pattern) {
  std::set<std::string> found;
  for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it) {
    found.insert((*it)[1]);
  }
  return found;
}

std::set<std::string> AllTests() {
  const std::regex test(R"(TEST(?:_F|_P)?\(\s*(\w+,\s*\w+)\))");
  std::set<std::string> names;
  for (const SourceFile& file : ReadTree()) {
    if (!file.path.starts_with("tests/")) continue;
    for (std::string name : Matches(file.text, test)) {
      name.replace(name.find(','), name.find_first_not_of(", \n", name.find(',')) - name.find(','),
                   ".");
      names.insert(name);
    }
  }
  return names;
}

TEST(CoreReadme, EveryRowHasAnItemAnAnswerAPlaceAndTests) {
  const auto rows = Rows();
  EXPECT_GT(rows.size(), 200u);
  for (const auto& row : rows) EXPECT_EQ(row.size(), 4u) << row.front();
}

TEST(CoreReadme, EveryTestThatItNamesExists) {
  const std::set<std::string> tests = AllTests();
  const std::regex name(R"(\b([A-Z]\w+\.[A-Z]\w+))");
  for (const auto& row : Rows()) {
    for (const std::string& test : Matches(row.back(), name)) {
      EXPECT_TRUE(tests.contains(test)) << row.front() << ": " << test;
    }
  }
}

TEST(CoreReadme, EveryFileThatItNamesExists) {
  std::string paths;
  for (const SourceFile& file : ReadTree()) paths += "/" + file.path + "\n";
  const std::regex name(R"(([\w/]+\.(?:h|cc)\b))");
  for (const auto& row : Rows()) {
    for (const std::string& file : Matches(row[2], name)) {
      EXPECT_NE(paths.find("/" + file + "\n"), std::string::npos) << row.front() << ": " << file;
    }
  }
}

}  // namespace
}  // namespace lint
