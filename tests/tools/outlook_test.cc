// What the line of progress says about the end.
#include "tools/outlook.h"

#include <gtest/gtest.h>

namespace tools {
namespace {

TEST(Outlook, TellsShareSizeErrorAndRest) {
  Outlook outlook;
  EXPECT_EQ(outlook.Describe(412'883, Size{1.3e6, 4e5}, 10), "32% of ~1.3M ±400k eta 21s");
  EXPECT_EQ(Outlook().Describe(50, Size{200, 0}, 1), "25% of ~200 eta 3s");
}

TEST(Outlook, IsOpenWhereNobodyCanTell) {
  EXPECT_EQ(Outlook().Describe(50, std::nullopt, 1), "~?");
  EXPECT_EQ(Outlook().Describe(50, Size{200, 101}, 1), "~?") << "the error is too large";
  EXPECT_EQ(Outlook().Describe(261, Size{200, 30}, 1), "~?") << "there are more already";
}

TEST(Outlook, NeverRunsBackwardsNorToTheEnd) {
  Outlook outlook;
  EXPECT_EQ(outlook.Describe(500, Size{1000, 0}, 1).substr(0, 3), "50%");
  EXPECT_EQ(outlook.Describe(510, Size{2000, 0}, 1).substr(0, 3), "50%");
  EXPECT_EQ(outlook.Describe(2000, Size{2000, 0}, 1).substr(0, 3), "99%");
}

TEST(Numbers, AreGroupedAndRounded) {
  EXPECT_EQ(Grouped(0), "0");
  EXPECT_EQ(Grouped(999), "999");
  EXPECT_EQ(Grouped(1000), "1,000");
  EXPECT_EQ(Grouped(12'345'678), "12,345,678");
  EXPECT_EQ(Rounded(18), "18");
  EXPECT_EQ(Rounded(9999), "9999");
  EXPECT_EQ(Rounded(12'345), "12k");
  EXPECT_EQ(Rounded(1.34e6), "1.3M");
  EXPECT_EQ(Rounded(2.5e10), "25G");
}

}  // namespace
}  // namespace tools
