#include "tests/lint/source_tree.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace lint {
namespace {

TEST(SourceTree, CommentsAndLiteralsAreNoCode) {
  const CppParts parts = TakeApart("f(\"a // b\"); // c \"d\"\n/* e\n*/ g('\\'', '\"');\n");
  EXPECT_EQ(parts.code, "f(\"      \");         \n    \n   g('  ', ' ');\n");
  EXPECT_EQ(parts.comments, "             // c \"d\"\n/* e\n*/              \n");
}

TEST(SourceTree, ARawStringEndsAtItsOwnDelimiter) {
  const std::string text = "x = R\"z(\n#include \"a\" )\" // no\n)z\"; // yes\n";
  const CppParts parts = TakeApart(text);
  EXPECT_EQ(parts.code.find("include"), std::string::npos);
  EXPECT_EQ(parts.comments.find("no"), std::string::npos);
  EXPECT_NE(parts.comments.find("yes"), std::string::npos);
}

TEST(SourceTree, ADigitSeparatorOpensNoLiteral) {
  const CppParts parts = TakeApart("int a = 10'000; int b = 0x1'f; // c\n");
  EXPECT_NE(parts.code.find("int b = 0x1'f;"), std::string::npos);
  EXPECT_NE(parts.comments.find("// c"), std::string::npos);
}

TEST(SourceTree, AWordEndsWhereTheNextBegins) {
  EXPECT_EQ(FindWord("simple sim::x", "sim"), 7u);
  EXPECT_EQ(FindWord("on_sim sims", "sim"), std::string_view::npos);
}

TEST(SourceTree, TheTreeHoldsThisFileAndNoBuildFolder) {
  const std::vector<SourceFile> tree = ReadTree();
  EXPECT_TRUE(std::any_of(tree.begin(), tree.end(), [](const SourceFile& file) {
    return file.path == "tests/lint/source_tree_test.cc";
  }));
  EXPECT_TRUE(std::none_of(tree.begin(), tree.end(),
                           [](const SourceFile& file) { return file.path.starts_with("build/"); }));
}

}  // namespace
}  // namespace lint
