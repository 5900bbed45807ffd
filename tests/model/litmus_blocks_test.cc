// The statements of a litmus file that are no calls, and what stands around the threads.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "model/litmus.h"
#include "tests/model/litmus_texts.h"

namespace model {
namespace {

ThreadProgram Thread(std::string_view statements) {
  const Litmus litmus = Parsed(InThread(statements));
  return litmus.program.threads.empty() ? ThreadProgram() : litmus.program.threads[0];
}

std::string ThreadPrinted(std::string_view statements) {
  const std::string text = PrintLitmus(Parsed(InThread(statements)));
  const size_t begin = text.find("thread client.w {\n");
  return begin == std::string::npos ? text : text.substr(begin);
}

TEST(LitmusBlocks, AChoiceIsFollowedByItsBlocks) {
  const ThreadProgram thread = Thread(
      "choose { zx_event_create(); note \"n\"; } or { } or { zx_port_create(); }\n"
      "zx_handle_close(a0);");
  ASSERT_EQ(thread.calls.size(), 5u);
  EXPECT_EQ(thread.calls[0].kind, CallKind::kChoose);
  EXPECT_EQ(thread.calls[0].blocks, (std::vector<uint32_t>{2, 0, 1}));
  EXPECT_EQ(thread.calls[2].kind, CallKind::kNote);
  EXPECT_EQ(thread.calls[2].note, "n");
  EXPECT_EQ(ChosenCall(thread, 0, 0), 1u);
  EXPECT_EQ(NextCall(thread, 2), 4u);
  EXPECT_EQ(ChosenCall(thread, 0, 1), 4u);
  EXPECT_EQ(ChosenCall(thread, 0, 2), 3u);
  EXPECT_EQ(NextCall(thread, 3), 4u);
}

TEST(LitmusBlocks, AreIndentedAndShareTheColumnOfResults) {
  const std::string text =
      "thread client.w {\n"
      "  first = zx_event_create();\n"
      "  choose {\n"
      "    r     = zx_handle_close(a0);\n"
      "    choose {\n"
      "    } or {\n"
      "      note \"deep\";\n"
      "    }\n"
      "  } or {\n"
      "            zx_handle_close(e0);\n"
      "  }\n"
      "}\n";
  EXPECT_EQ(ThreadPrinted(text.substr(18, text.size() - 20)), text);
}

TEST(LitmusBlocks, ResultsOfAChoiceAreKnownAfterIt) {
  const ThreadProgram thread = Thread(
      "choose { r = zx_event_create(); } or { s = zx_event_create(); }\n"
      "zx_handle_close(r.handles[0]); zx_handle_close(s.handles[0]);");
  EXPECT_EQ(thread.calls.size(), 5u);
  EXPECT_EQ(thread.variables.size(), 2u);
}

TEST(LitmusBlocks, ARepeatedBlockIsWrittenOut) {
  EXPECT_EQ(ThreadPrinted("m = zx_channel_read(a0);\n"
                          "repeat 2 { n = zx_event_create();"
                          " repeat 2 { m = zx_channel_read(a0); zx_handle_close(m.handles[0]); }"
                          " zx_handle_close(n.handles[0]); zx_handle_close(m.handles[1]); }"
                          " zx_handle_close(m_2_1.handles[2]);"),
            "thread client.w {\n"
            "  m     = zx_channel_read(a0);\n"
            "  n_1   = zx_event_create();\n"
            "  m_1_1 = zx_channel_read(a0);\n"
            "          zx_handle_close(m_1_1.handles[0]);\n"
            "  m_1_2 = zx_channel_read(a0);\n"
            "          zx_handle_close(m_1_2.handles[0]);\n"
            "          zx_handle_close(n_1.handles[0]);\n"
            "          zx_handle_close(m.handles[1]);\n"
            "  n_2   = zx_event_create();\n"
            "  m_2_1 = zx_channel_read(a0);\n"
            "          zx_handle_close(m_2_1.handles[0]);\n"
            "  m_2_2 = zx_channel_read(a0);\n"
            "          zx_handle_close(m_2_2.handles[0]);\n"
            "          zx_handle_close(n_2.handles[0]);\n"
            "          zx_handle_close(m.handles[1]);\n"
            "          zx_handle_close(m_2_1.handles[2]);\n"
            "}\n");
}

TEST(LitmusBlocks, ChoicesAreRepeatedToo) {
  const ThreadProgram thread = Thread("repeat 2 { choose { r = zx_event_create(); } or { } }");
  ASSERT_EQ(thread.calls.size(), 4u);
  EXPECT_EQ(thread.calls[2].blocks, (std::vector<uint32_t>{1, 0}));
  EXPECT_EQ(thread.variables[1].name, "r_2");
}

TEST(LitmusBlocks, EveryRoundIsAtItsPlaceInTheText) {
  const ThreadProgram thread = Thread("repeat 2 {\nr = zx_event_create(); }\nnote \"after\";");
  ASSERT_EQ(thread.calls.size(), 3u);
  EXPECT_EQ(thread.calls[1].position.line, thread.calls[0].position.line);
  EXPECT_EQ(thread.calls[2].position.line, thread.calls[0].position.line + 1);
}

TEST(LitmusMetadata, AbiNamesTheGeneration) {
  EXPECT_EQ(Parsed("Zircon T\n{ }").generation, Generation::kCurrent);
  for (const Generation generation : kGenerations) {
    const std::string text =
        fmt::format("Zircon T\nAbi = \"{}\"\n{{ }}", GenerationName(generation));
    EXPECT_EQ(Parsed(text).generation, generation);
  }
}

TEST(LitmusMetadata, FaultsAreCountedByKind) {
  EXPECT_EQ(Parsed("Zircon T\n{ }").faults, Faults{});
  EXPECT_EQ(Parsed("Zircon T\nFaults = \"memory = 3\"\n{ }").faults,
            (Faults{.allocation = 0, .user_memory = 3}));
  EXPECT_EQ(Parsed("Zircon T\nFaults = \"memory=3, nomem=1\"\n{ }").faults,
            (Faults{.allocation = 1, .user_memory = 3}));
}

TEST(LitmusWithin, BoundsAreNumbersOrAny) {
  EXPECT_EQ(Parsed("Zircon T\n{ }").within, Within{});
  EXPECT_EQ(Parsed("Zircon T\n{ } within { }").within, Within{});
  const Litmus litmus = Parsed("Zircon T\n{ } within { steps: any; preemptions: 2; }");
  EXPECT_EQ(litmus.within,
            (Within{.preemptions = 2, .steps = Within::kAny, .faults = std::nullopt}));
  EXPECT_EQ(PrintLitmus(litmus), "Zircon T\n{\n}\n\nwithin { preemptions: 2; steps: any; }\n");
}

TEST(LitmusInit, AnEventPairHasTwoEnds) {
  const Litmus litmus = Parsed(
      "Zircon T\n{ process p, q; eventpair x : p.x0 [-WAIT] <-> q.x1; }\n"
      "exists (x1.signals = SIGNALED | PEER_CLOSED)");
  ASSERT_EQ(litmus.program.objects.size(), 1u);
  EXPECT_EQ(litmus.program.objects[0].type, core::ObjectType::kEventPair);
  EXPECT_EQ(litmus.program.handles[1].side, 1u);
  EXPECT_EQ(litmus.program.handles[1].process, 1u);
  EXPECT_EQ(litmus.program.handles[0].rights,
            (RightsArgument{RightsArgument::Kind::kWithout, core::kRightWait}));
}

}  // namespace
}  // namespace model
