// heddle fuzz: random programs on the command line.
#include <gtest/gtest.h>

#include <string>

#include "tests/tools/command.h"

namespace tools {
namespace {

Said Fuzz(Words arguments) {
  const TempFolder folder;
  Words all = {"fuzz", "-q", "--seed", "3"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  Said said = Heddle(folder, all);
  EXPECT_EQ(folder.Files(), Words()) << "left behind";
  return said;
}

// All but the time that it took.
std::string WithoutTime(const std::string& out) {
  const size_t in = out.find(" executions in ");
  const size_t end = out.find('\n', in);
  return in == std::string::npos ? out : out.substr(0, in) + out.substr(end);
}

// The number of executions in a line such as "runs reached: 20 programs, 1,974 executions in 0.2
// s".
uint64_t Executions(const std::string& out) {
  const size_t at = out.find(" programs, ");
  if (at == std::string::npos) return 0;
  std::string number = out.substr(at + 11, out.find(" executions", at) - at - 11);
  std::erase(number, ',');
  return std::stoull(number);
}

TEST(CliFuzz, SaysWhatWasAnsweredWhichClausesWereReachedAndWhyItEnded) {
  const Said said = Fuzz({"--runs", "20"});
  EXPECT_EQ(said.code, 0) << said.All();
  for (const char* part : {"Answers\n  zx_channel_create\n", "\n    ZX_OK ", "\nClauses reached: ",
                           "\nruns reached: 20 programs, ", "not judged: 0\n"}) {
    EXPECT_TRUE(Has(said.out, part)) << part << "\n" << said.out;
  }
}

TEST(CliFuzz, DoesNotDependOnTheNumberOfWorkers) {
  const Said one = Fuzz({"--runs", "30", "-j", "1"});
  const Said three = Fuzz({"--runs", "30", "-j", "3"});
  EXPECT_EQ(one.code, 0) << one.All();
  EXPECT_EQ(WithoutTime(one.out), WithoutTime(three.out));
}

// So that a long run can go on where another one ended.
TEST(CliFuzz, AProgramDependsOnTheSeedAndItsNumberOnly) {
  const uint64_t all = Executions(Fuzz({"--runs", "20"}).out);
  const uint64_t first = Executions(Fuzz({"--runs", "12"}).out);
  const uint64_t rest = Executions(Fuzz({"--first", "12", "--runs", "8"}).out);
  EXPECT_NE(rest, 0u);
  EXPECT_EQ(first + rest, all);
}

TEST(CliFuzz, EndsWithItsBudget) {
  const Said said = Fuzz({"--runs", "100000000", "--budget", "200ms"});
  EXPECT_EQ(said.code, 0) << said.All();
  EXPECT_TRUE(Has(said.out, "\nbudget: ")) << said.out;
}

TEST(CliFuzz, RefusesWhatItDoesNotKnow) {
  const Said property = Fuzz({"--property", "explaned"});
  EXPECT_EQ(property.code, 64) << property.All();
  EXPECT_TRUE(Has(property.err, "'explaned'")) << property.err;
  EXPECT_TRUE(Has(property.err, "did you mean 'explained'?")) << property.err;
  EXPECT_EQ(Fuzz({"--runs", "0"}).code, 64);
  EXPECT_EQ(Fuzz({"--budget", "3parsecs"}).code, 64);
  EXPECT_EQ(Fuzz({"program.litmus"}).code, 64);
}

}  // namespace
}  // namespace tools
