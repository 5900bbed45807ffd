// Inputs that are not what they should be, are not there, or outputs that cannot be written.
#include <gtest/gtest.h>

#include <regex>
#include <string>
#include <vector>

#include "tests/tools/command.h"

namespace tools {
namespace {

std::string InThread(const std::string& calls) {
  return "Zircon T\n{ process p; channel a : p.a0 <-> p.a1; event e : p.e0; }\nthread p.t {\n" +
         calls + "\n}\n";
}

TEST(CliInputs, EveryKindOfLitmusMistakeIsShownWithItsPlaceAndACaret) {
  const std::vector<std::string> mistakes = {
      "",
      "Zirkon T\n",
      "Zircon T\n{ process p; ",
      "Zircon T\n{ process p, p; }\n",
      "Zircon T\n{ process p; channel a : p.a0 <-> q.a1; }\n",
      "Zircon T\n{ process p; }\nthread q.t { }\n",
      "\xff\xfe\n",
      InThread("zx_channel_wrote(a0, \"x\");"),
      InThread("zx_channel_write(a7, \"x\");"),
      InThread("zx_channel_write(a0, \"x);"),
      InThread("zx_channel_write(a0, \"\\q\");"),
      InThread("zx_channel_write(a0 \"x\");"),
      InThread("zx_channel_read(a0, max_bytes: 99999999999999999999);"),
      InThread("zx_object_wait_one(a0, READABEL, deadline: never);"),
      InThread("zx_object_wait_one(a0, READABLE, deadline: soon);"),
      InThread("zx_handle_close(x.handles[0]);"),
      InThread("x = zx_handle_close(a0);\nx = zx_handle_close(a0);"),
      InThread("$"),
      InThread("") + "locations [ t:x; ]\n",
      InThread("x = zx_channel_read(a0);") + "exists (t:x = ZX_ERR_SHOULD_WEIGHT)\n",
      InThread("x = zx_channel_read(a0);") + "exists (t:x = ZX_OK\n",
      InThread("x = zx_channel_read(a0);") + "locations [ t:x; ]\noutcomes exact { t:y=ZX_OK; }\n",
      InThread("") + "Zircon T\n",
  };
  const std::regex form("bad\\.litmus:[0-9]+:[0-9]+: error: [^\n]+\n[^\n]*\n *\\^\n");
  const TempFolder folder;
  for (const std::string& text : mistakes) {
    folder.Write("bad.litmus", text);
    const Said said = Heddle(folder, {"explore", "bad.litmus"});
    EXPECT_EQ(said.code, 65) << text << "\n" << said.All();
    EXPECT_TRUE(std::regex_match(said.err, form)) << text << "\n" << said.All();
    EXPECT_EQ(said.out, "");
  }
}

TEST(CliInputs, AMistakeStandsWhereItIs) {
  const TempFolder folder;
  folder.Write("bad.litmus", InThread("  zx_handle_close(a0);\n  zx_handle_close(a2);"));
  const Said said = Heddle(folder, {"explore", "bad.litmus"});
  EXPECT_TRUE(said.err.starts_with("bad.litmus:5:19: error: ")) << said.All();
  EXPECT_TRUE(said.err.ends_with("\n  zx_handle_close(a2);\n                  ^\n")) << said.All();
}

TEST(CliInputs, ABadTraceIsRefusedByEveryCommandWithItsLine) {
  const TempFolder folder;
  const std::string trace = ReadFile(Source("traces/corpus/two-readers.trace"));
  for (const std::string command : {"replay", "minimize", "show"}) {
    folder.Write("bad.trace", "Zircon T\n");
    Said said = Heddle(folder, {command, "bad.trace"});
    EXPECT_EQ(said.code, 65) << said.All();
    EXPECT_EQ(said.err,
              "bad.trace:1:1: error: not a trace: the first line should be 'heddle-trace 1'\n");
    std::string edited = trace;
    edited.replace(edited.find("\n7 "), 3, "\n8 ");
    folder.Write("bad.trace", edited);
    said = Heddle(folder, {command, "bad.trace"});
    EXPECT_EQ(said.code, 65) << said.All();
    EXPECT_TRUE(said.err.ends_with(":1: error: expected event 7, not 8\n")) << said.All();
    edited = trace;
    edited.replace(edited.find("process client"), 7, "progress");
    folder.Write("bad.trace", edited);
    said = Heddle(folder, {command, "bad.trace"});
    EXPECT_EQ(said.code, 65) << said.All();
    EXPECT_TRUE(said.err.starts_with("bad.trace (program):5:3: error: ")) << said.All();
    EXPECT_EQ(said.out, "");
  }
}

TEST(CliInputs, ATraceAboutAThreadThatTheProgramDoesNotHaveIsNotShown) {
  const std::string trace = ReadFile(Source("traces/corpus/two-readers.trace"));
  for (const std::string line : {"\n1 ", "\n> ", "\n< "}) {
    const TempFolder folder;
    std::string edited = trace;
    edited.replace(edited.find(line) + line.size(), 1, "zz");
    folder.Write("bad.trace", edited);
    const Said said = Heddle(folder, {"show", "bad.trace"});
    EXPECT_EQ(said.code, 65) << said.All();
    EXPECT_TRUE(said.err.ends_with(":1: error: the program has no thread 'zz'\n")) << said.All();
  }
}

TEST(CliInputs, WhatIsNotThereIsMissing) {
  const TempFolder folder;
  folder.Write("folder/x", "");
  for (const std::string command : {"explore", "replay", "minimize", "show"}) {
    Said said = Heddle(folder, {command, "nowhere.litmus"});
    EXPECT_EQ(said.code, 66) << said.All();
    EXPECT_EQ(said.err, "nowhere.litmus: error: there is no such file\n");
    said = Heddle(folder, {command, "folder"});
    EXPECT_EQ(said.code, 66) << said.All();
    EXPECT_EQ(said.err, "folder: error: this is a folder; name a file in it\n");
    EXPECT_EQ(said.out, "");
  }
  const Said said = Heddle(folder, {"replay", "--schedule", "w", "nowhere.litmus"});
  EXPECT_EQ(said.code, 66) << said.All();
}

TEST(CliInputs, WithoutASavedFailureThereIsNoLatest) {
  const TempFolder folder;
  for (const std::string command : {"replay", "minimize", "show"}) {
    for (const std::string output : {".heddle", "x/y"}) {
      const Said said = Heddle(folder, {command, "-o", output});
      EXPECT_EQ(said.code, 66) << said.All();
      EXPECT_EQ(said.err, "heddle: no failure has been saved in " + output +
                              "; name a trace, or find a failure first with heddle explore\n");
    }
  }
}

TEST(CliInputs, AFileThatIsMissingDoesNotHideTheOthers) {
  const TempFolder folder;
  const Said said = Heddle(folder, {"explore", "nowhere.litmus", Source("props/litmus/mp.litmus")});
  EXPECT_EQ(said.code, 66);
  EXPECT_NE(said.out.find("Test MP"), std::string::npos);
}

TEST(CliInputs, AFailureThatCannotBeSavedIsStillPrinted) {
  const TempFolder folder;
  folder.Write("file", "not a folder");
  const Said said = Heddle(folder, {"explore", "-q", "-o", "file/x", Source(kRace)});
  EXPECT_EQ(said.code, 74) << said.All();
  EXPECT_TRUE(said.err.starts_with("file/x/failures/two-readers/")) << said.All();
  EXPECT_TRUE(said.err.ends_with(".trace: error: cannot be written: Not a directory\n"));
  EXPECT_NE(said.out.find("HD102  who saw READABLE gets a message"), std::string::npos);
  EXPECT_EQ(said.out.find("  saved  "), std::string::npos);
  EXPECT_EQ(folder.Files(), std::vector<std::string>{"file"});
}

TEST(CliInputs, AMinimizedTraceThatCannotBeSavedIsAnError) {
  const TempFolder folder;
  folder.Write("file", "not a folder");
  const Said said =
      Heddle(folder, {"minimize", "-o", "file", Source("traces/corpus/two-readers.trace")});
  EXPECT_EQ(said.code, 74) << said.All();
}

}  // namespace
}  // namespace tools
