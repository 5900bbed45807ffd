// What counts as reached: what happened in an execution, and nothing that only could have.
#include "props/reached.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "props/evidence.h"
#include "props/world.h"
#include "sim/engine/explorer.h"
#include "sim/strategies/dpor.h"
#include "tests/props/programs.h"

namespace props {
namespace {

Reached ReachedBy(const model::Litmus& litmus) {
  Reached reached;
  World world(litmus);
  sim::Dpor strategy;
  sim::ExploreOptions options;
  options.limits = LimitsOf(litmus, 20'000);
  sim::Explore(world, strategy, options, [&](const sim::Execution& execution) {
    reached.Note(litmus, world.HistoryOf(execution));
    return true;
  });
  return reached;
}

// All of the list, in its order.
TEST(Reached, KnowsEveryClause) {
  std::ifstream in(std::string(HEDDLE_SOURCE_DIR) + "/tests/lint/clauses.txt");
  std::vector<std::string> listed;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line[0] != '#') listed.push_back(line.substr(0, line.find(' ')));
  }
  const std::vector<std::string_view> known = ClausesKnown();
  EXPECT_EQ(std::vector<std::string>(known.begin(), known.end()), listed);
}

// O11 to O13 need an endpoint that changes hands while it is used.
TEST(Reached, ATransferCountsOnlyIfTheEndpointIsInUse) {
  const Reached moved = ReachedBy(FromCatalogue("xfer+wr.litmus"));
  EXPECT_GT(moved.clauses().at("O11"), 0u);
  EXPECT_GT(moved.clauses().at("O12"), 0u);
  EXPECT_EQ(moved.clauses().at("O13"), 0u);
  EXPECT_GT(ReachedBy(FromCatalogue("xfer+rd.litmus")).clauses().at("O13"), 0u);
  EXPECT_EQ(ReachedBy(FromCatalogue("mp.litmus")).clauses().at("O11"), 0u);
}

TEST(Reached, IsReadFromItsText) {
  const Reached reached = ReachedBy(WriteAndRead(""));
  Reached read;
  std::istringstream lines(reached.Print());
  for (std::string line; std::getline(lines, line);) EXPECT_TRUE(read.Read(line)) << line;
  EXPECT_EQ(read.answers(), reached.answers());
  EXPECT_EQ(read.clauses(), reached.clauses());
  EXPECT_FALSE(read.Read("programs 3"));
}

}  // namespace
}  // namespace props
