// Where failures are kept.
#include "traces/files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace traces {
namespace {

namespace fs = std::filesystem;

std::string Content(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// A folder of this test alone, empty.
fs::path Folder() {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  fs::path folder = fs::path(testing::TempDir()) / "files_test" / test->name();
  fs::remove_all(folder);
  return folder;
}

TEST(Files, AFailureHasAFolderOfItsProgramWhateverThatIsCalled) {
  EXPECT_EQ(FailurePath("d", "xfer+wr", "5b0e7c", false), "d/failures/xfer+wr/5b0e7c.trace");
  EXPECT_EQ(FailurePath("d", "xfer+wr", "5b0e7c", true), "d/failures/xfer+wr/5b0e7c.min.trace");
  EXPECT_EQ(FailurePath("d", "..", "0", false), "d/failures/_../0.trace");
  EXPECT_EQ(FailurePath("d", "a/b c", "0", false), "d/failures/a_b_c/0.trace");
}

TEST(Files, AFileIsWrittenWholeAndReplacesWhatWasThere) {
  const fs::path folder = Folder();
  const std::string path = folder / "a" / "b.trace";
  EXPECT_EQ(WriteFile(path, "one"), std::nullopt);
  EXPECT_EQ(WriteFile(path, "two"), std::nullopt);
  EXPECT_EQ(Content(path), "two");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder / "a"), fs::directory_iterator()), 1);
}

TEST(Files, TheLatestNamesTheFileLastSet) {
  const fs::path folder = Folder();
  for (const std::string name : {"one", "two"}) {
    const std::string path = folder / "failures" / name;
    ASSERT_EQ(WriteFile(path, name), std::nullopt);
    EXPECT_EQ(SetLatest(folder, path), std::nullopt);
    EXPECT_EQ(Content(folder / "latest"), name);
  }
}

TEST(Files, WhatCannotBeWrittenIsTold) {
  const fs::path folder = Folder();
  ASSERT_EQ(WriteFile(folder / "file", ""), std::nullopt);
  const std::string path = folder / "file" / "b.trace";
  const std::optional<std::string> complaint = WriteFile(path, "x");
  ASSERT_TRUE(complaint.has_value());
  EXPECT_TRUE(complaint->starts_with(path + ": error: cannot be written: ")) << *complaint;
}

}  // namespace
}  // namespace traces
