// Failures as files: where they are, that they are whole, and the same bytes for the same failure.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/tools/command.h"

namespace tools {
namespace {

// Where the race is saved; its fingerprint follows from the program and the violation.
std::string Found(const TempFolder& folder, const std::string& output, bool minimized) {
  std::string found;
  for (const std::string& file : folder.Files()) {
    const bool is_min = file.ends_with(".min.trace");
    if (!file.starts_with(output + "/failures/two-readers/") || is_min != minimized) continue;
    EXPECT_EQ(found, "") << "several";
    found = file;
  }
  EXPECT_NE(found, "") << "none in " << output;
  return folder / found;
}

int Explore(const TempFolder& folder, const std::string& output, const Words& arguments) {
  Words words = {"explore", "-q", "-o", output, Source(kRace)};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return Heddle(folder, words).code;
}

TEST(CliFailures, AreSavedAsFoundAndMinimizedAndTheLatestIsTheMinimizedOne) {
  const TempFolder folder;
  ASSERT_EQ(Heddle(folder, {"explore", Source(kRace)}).code, 1);
  const Words files = folder.Files();
  ASSERT_EQ(files.size(), 3u);
  const std::string prefix = ".heddle/failures/two-readers/";
  ASSERT_TRUE(files[0].starts_with(prefix) && files[0].ends_with(".min.trace")) << files[0];
  const std::string fingerprint = files[0].substr(prefix.size(), 6);
  EXPECT_EQ(fingerprint.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_EQ(files[0], prefix + fingerprint + ".min.trace");
  EXPECT_EQ(files[1], prefix + fingerprint + ".trace");
  EXPECT_EQ(files[2], ".heddle/latest");
  const std::filesystem::path latest = folder / files[2];
  EXPECT_EQ(std::filesystem::read_symlink(latest).string(),
            "failures/two-readers/" + fingerprint + ".min.trace");
}

TEST(CliFailures, TheSameFailureTwiceIsTheSameBytes) {
  const TempFolder folder;
  for (const Words& search :
       {Words{}, Words{"--strategy", "dfs"}, Words{"--strategy", "random", "--seed", "7"}}) {
    ASSERT_EQ(Explore(folder, "a", search), 1);
    ASSERT_EQ(Explore(folder, "b", search), 1);
    for (bool minimized : {false, true}) {
      EXPECT_EQ(ReadFile(Found(folder, "a", minimized)), ReadFile(Found(folder, "b", minimized)));
    }
  }
  EXPECT_EQ(folder.Files().size(), 6u);  // One pair per violation, not per schedule.
}

TEST(CliFailures, TheMinimizedTraceIsTheSameWhoeverFoundTheFailure) {
  const TempFolder folder;
  ASSERT_EQ(Explore(folder, "sleep", {}), 1);
  const std::string expected = ReadFile(Found(folder, "sleep", true));
  ASSERT_EQ(Explore(folder, "dfs", {"--strategy", "dfs"}), 1);
  EXPECT_EQ(ReadFile(Found(folder, "dfs", true)), expected);
  for (const std::string seed : {"0", "1", "2", "3", "4"}) {
    ASSERT_EQ(Explore(folder, seed, {"--strategy", "random", "--seed", seed}), 1);
    EXPECT_EQ(ReadFile(Found(folder, seed, true)), expected) << "seed " << seed;
    EXPECT_NE(ReadFile(Found(folder, seed, false)), expected) << "seed " << seed;
  }
}

TEST(CliFailures, MinimizeShrinksTheProgramAsWell) {
  const TempFolder folder;
  ASSERT_EQ(Explore(folder, "a", {}), 1);
  const Said said = Heddle(folder, {"minimize", "-o", "b", Found(folder, "a", false)});
  EXPECT_EQ(said.code, 0) << said.All();
  for (const std::string part :
       {"program of 3 threads and 6 calls minimized to 3 threads and 4 calls",
        "schedule of 40 events minimized to 22 events, 0 preemptions",
        "  saved     b/failures/two-readers/",
        "\nthread client.y {\n  m = zx_channel_read(a0);\n}"}) {
    EXPECT_NE(said.out.find(part), std::string::npos) << part << " in\n" << said.out;
  }
  const Said again = Heddle(folder, {"replay", "-o", "b"});
  EXPECT_EQ(again.code, 1) << again.All();
  EXPECT_TRUE(again.out.starts_with("HD102  who saw READABLE gets a message")) << again.out;
}

TEST(CliFailures, MinimizeMakesTheSameFileWhateverItBeganWith) {
  const TempFolder folder;
  ASSERT_EQ(Explore(folder, "a", {}), 1);
  ASSERT_EQ(Heddle(folder, {"minimize", "-o", "a", Found(folder, "a", true)}).code, 0);
  const std::string expected = ReadFile(folder / "a/latest");
  for (const std::string seed : {"0", "1", "2", "3", "4"}) {
    ASSERT_EQ(Explore(folder, seed, {"--strategy", "random", "--seed", seed}), 1);
    const std::string found = Found(folder, seed, false);
    ASSERT_EQ(Heddle(folder, {"minimize", "-o", seed, found}).code, 0);
    EXPECT_EQ(ReadFile(folder / (seed + "/latest")), expected);
  }
  // Again, from the latest, which is minimal.
  const Said said = Heddle(folder, {"minimize", "-o", "a"});
  ASSERT_EQ(said.code, 0) << said.All();
  EXPECT_NE(said.out.find("program of 3 threads and 4 calls is minimal"), std::string::npos);
  EXPECT_EQ(ReadFile(folder / "a/latest"), expected);
}

TEST(CliFailures, ATraceHoldsTheProgramAndNoPathOfTheMachine) {
  const TempFolder folder;
  ASSERT_EQ(Explore(folder, "a", {}), 1);
  const std::string trace = ReadFile(Found(folder, "a", false));
  EXPECT_TRUE(trace.starts_with("heddle-trace 1\nprogram two-readers\n"));
  EXPECT_TRUE(trace.ends_with("\nend\n"));
  EXPECT_NE(trace.find("\n| Zircon two-readers\n"), std::string::npos);
  EXPECT_EQ(trace.find(folder.path()), std::string::npos);
  EXPECT_EQ(trace.find(HEDDLE_SOURCE_DIR), std::string::npos);
}

TEST(CliFailures, NoHalfWrittenFileIsLeftBehind) {
  const TempFolder folder;
  ASSERT_EQ(Explore(folder, "a", {}), 1);
  for (const std::string& file : folder.Files()) EXPECT_FALSE(file.ends_with(".part")) << file;
}

TEST(CliFailures, ANewFailureReplacesTheLatest) {
  const TempFolder folder;
  ASSERT_EQ(Explore(folder, "a", {}), 1);
  std::string program = ReadFile(Source(kRace));
  program.replace(program.find("Zircon two-readers"), 18, "Zircon other");
  folder.Write("other.litmus", program);
  ASSERT_EQ(Heddle(folder, {"explore", "-q", "-o", "a", "other.litmus"}).code, 1);
  const Said said = Heddle(folder, {"show", "-o", "a"});
  EXPECT_EQ(said.code, 0);
  EXPECT_TRUE(said.out.starts_with("other  ")) << said.out;
}

TEST(CliFailures, AStepLimitIsSavedReplayedAndMinimizedLikeAnyOther) {
  const TempFolder folder;
  ASSERT_EQ(Explore(folder, "a", {"--max-steps", "12", "--strategy", "random"}), 1);
  const std::string found = Found(folder, "a", false);
  const Said again = Heddle(folder, {"replay", found});
  EXPECT_EQ(again.code, 1) << again.All();
  EXPECT_TRUE(again.out.starts_with("HD202  ")) << again.out;
  const Said small = Heddle(folder, {"minimize", "-o", "b", found});
  EXPECT_EQ(small.code, 0) << small.All();
  const Said smallest = Heddle(folder, {"replay", "-o", "b"});
  EXPECT_EQ(smallest.code, 1) << smallest.All();
  EXPECT_TRUE(smallest.out.starts_with("HD202  ")) << smallest.out;
}

}  // namespace
}  // namespace tools
