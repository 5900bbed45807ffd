// What the progress line says of the end of a search.
#include "tools/outlook.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tools {
namespace {

constexpr Size Counted(double executions) {
  return {.source = Size::Source::kCounted, .executions = executions};
}

constexpr Size Drawn(double executions, double error) {
  return {.source = Size::Source::kDrawn, .executions = executions, .error = error};
}

// Of a search that had nothing at its beginning.
Outlook After(const std::vector<Size>& sizes) {
  Outlook outlook;
  outlook.Describe(0, 0);
  for (const Size& size : sizes) outlook.Measured(size);
  return outlook;
}

TEST(Outlook, TellsShareSizeErrorAndRest) {
  EXPECT_EQ(After({Drawn(1.35e6, 2e5), Drawn(1.3e6, 1e5)}).Describe(412'883, 10),
            "31% of ~1.3M ±100k eta 22s");
  EXPECT_EQ(After({Counted(200)}).Describe(50, 1), "25% of ~200 eta 3s");
}

TEST(Outlook, IsOpenUntilTwoMeasurementsAgree) {
  EXPECT_EQ(After({}).Describe(50, 1), "~?");
  EXPECT_EQ(After({Size()}).Describe(50, 1), "~?");
  EXPECT_EQ(After({Drawn(200, 10)}).Describe(50, 1), "~?") << "there is only one";
  EXPECT_EQ(After({Drawn(200, 10), Drawn(300, 20)}).Describe(50, 1), "~?") << "they differ";
  EXPECT_EQ(After({Size(), Drawn(200, 10)}).Describe(50, 1), "~?") << "the first says nothing";
  EXPECT_EQ(After({Drawn(200, 10), Drawn(200, 10), Size()}).Describe(50, 1), "~?")
      << "the last says nothing";
  EXPECT_EQ(After({Drawn(200, 50), Drawn(200, 50)}).Describe(50, 1), "~?")
      << "the error is too large";
  EXPECT_NE(After({Drawn(200, 10), Drawn(215, 10)}).Describe(50, 1), "~?");
}

TEST(Outlook, IsOpenWhereWhatIsLeftIsWithinTheError) {
  const std::vector<Size> sizes = {Drawn(1000, 50), Drawn(1000, 50)};
  EXPECT_EQ(After(sizes).Describe(890, 10), "89% of ~1000 ±50 eta 2s");
  for (uint64_t done : {901, 999, 1000, 1200}) {
    EXPECT_EQ(After(sizes).Describe(done, 10), "~?") << done;
  }
  EXPECT_EQ(After({Counted(200)}).Describe(200, 1), "~?") << "all, but it goes on";
}

TEST(Outlook, NeverRunsBackwardsNorToTheEnd) {
  Outlook outlook = After({Counted(1000)});
  EXPECT_EQ(outlook.Describe(500, 1).substr(0, 3), "50%");
  outlook.Measured(Counted(2000));
  EXPECT_EQ(outlook.Describe(510, 1).substr(0, 3), "50%");
  EXPECT_EQ(outlook.Describe(1999, 1), "99% of ~2000 eta 1s");
}

TEST(Outlook, ASearchThatIsResumedIsAsFastAsItIsNow) {
  Outlook outlook;
  outlook.Measured(Counted(1000));
  EXPECT_EQ(outlook.Describe(500, 5), "~?");
  EXPECT_EQ(outlook.Describe(600, 15), "60% of ~1000 eta 40s");
}

}  // namespace
}  // namespace tools
