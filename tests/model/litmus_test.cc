// The litmus language: what a good file means and how it is printed.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "model/litmus.h"
#include "tests/model/litmus_texts.h"

namespace model {
namespace {

const Call& FirstCall(const Litmus& litmus) {
  return litmus.program.threads.at(0).calls.at(0);
}

std::string FirstCallPrinted(std::string_view call) {
  const Litmus litmus = Parsed(InThread(call));
  return litmus.program.threads.empty() ? "" : PrintCall(litmus.program, 0, FirstCall(litmus));
}

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(Litmus, TheCatalogueIsCanonicalButForComments) {
  const std::filesystem::path folder = std::filesystem::path(HEDDLE_SOURCE_DIR) / "props/litmus";
  size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".litmus") continue;
    ++files;
    const std::string text = ReadFile(entry.path());
    const Litmus litmus = Parsed(text);
    const bool has_comments = text.find("//") != std::string::npos;
    if (!has_comments) {
      EXPECT_EQ(PrintLitmus(litmus), text) << entry.path();
    }
    EXPECT_FALSE(litmus.title.empty()) << entry.path();
    EXPECT_FALSE(litmus.conditions.empty()) << entry.path();
  }
  EXPECT_GE(files, 16u);
}

TEST(Litmus, AFileWithEverythingIsCanonical) {
  const std::string text =
      ReadFile(std::filesystem::path(HEDDLE_SOURCE_DIR) / "tests/model/everything.litmus");
  EXPECT_EQ(PrintLitmus(Parsed(text)), text);
}

TEST(Litmus, AWholeFileIsReadIntoItsParts) {
  const Litmus litmus = Parsed(
      "// Before.\nZircon MP+2  // the name is one word\n\"Title\"\nDoc = \"why\"\n"
      "Allow = \"leak, blocked\"\n"
      "{ process p, q; channel c : p.x [READ, WAIT] <-> q.y [-TRANSFER]; event e : q.v;"
      " y.queue = [\"1\", \"2\"]; }\n"
      "thread q.t { m = zx_channel_read(y); zx_handle_close(v); }\n"
      "locations [ t:m.bytes; x.owner; ]\n"
      "~exists \"n\" (blocked(t) \\/ ~(t:m = ZX_OK))\n"
      "outcomes { x.owner=p; t:m.bytes=\"1\";\n t:m.bytes=none; x.owner=gone; }");
  const Program& program = litmus.program;
  EXPECT_EQ(program.name, "MP+2");
  EXPECT_EQ(litmus.title, "Title");
  ASSERT_EQ(litmus.metadata.size(), 2u);
  EXPECT_EQ(litmus.metadata[0].second, "why");
  EXPECT_TRUE(litmus.allow_blocked && litmus.allow_leak);
  EXPECT_EQ(program.processes, (std::vector<std::string>{"p", "q"}));
  ASSERT_EQ(program.handles.size(), 3u);
  EXPECT_EQ(program.handles[0].rights,
            (RightsArgument{RightsArgument::Kind::kExactly, core::kRightRead | core::kRightWait}));
  EXPECT_EQ(program.handles[1].rights,
            (RightsArgument{RightsArgument::Kind::kWithout, core::kRightTransfer}));
  EXPECT_EQ(program.handles[1].side, 1u);
  EXPECT_EQ(program.handles[1].process, 1u);
  EXPECT_EQ(program.handles[2].rights, RightsArgument{});
  ASSERT_EQ(program.queues.size(), 1u);
  EXPECT_EQ(program.queues[0].messages, (std::vector<InitialMessage>{{"1"}, {"2"}}));
  ASSERT_EQ(program.threads.size(), 1u);
  EXPECT_EQ(program.threads[0].calls.size(), 2u);
  EXPECT_EQ(program.threads[0].calls[0].position.line, 7u);
  ASSERT_EQ(litmus.conditions.size(), 1u);
  EXPECT_EQ(litmus.conditions[0].proposition.kind, Proposition::Kind::kOr);
  ASSERT_TRUE(litmus.outcomes);
  EXPECT_FALSE(litmus.outcomes->exact);
  EXPECT_EQ(litmus.outcomes->outcomes,
            (std::vector<Outcome>{{std::string("1"), Owner{"p"}}, {Value(), Owner{"gone"}}}));
}

TEST(Litmus, MessagesNestChannelsAndPortsHaveHandlesInSeveralProcesses) {
  const Litmus litmus = Parsed(
      "Zircon T\n{ process p, q; channel c : p.a <-> q.b; port o : p.o0, q.o1 [READ];\n"
      " b.queue = [\"deep\" nest 7, \"\"]; }");
  EXPECT_EQ(litmus.program.queues[0].messages, (std::vector<InitialMessage>{{"deep", 7}, {""}}));
  ASSERT_EQ(litmus.program.objects.size(), 2u);
  EXPECT_EQ(litmus.program.objects[1].type, core::ObjectType::kPort);
  EXPECT_EQ(litmus.program.objects[1].handles.size(), 2u);
  EXPECT_EQ(
      PrintLitmus(litmus),
      "Zircon T\n{\n  process p, q;\n  channel c : p.a <-> q.b;\n  port o : p.o0, q.o1 [READ];\n"
      "  b.queue = [\"deep\" nest 7, \"\"];\n}\n");
}

TEST(Litmus, CallsArePrintedAsTheyAreRead) {
  for (std::string_view call : {
           "zx_channel_create()",
           "zx_event_create()",
           "zx_handle_close(a0)",
           "zx_handle_close(handle: 0x3)",
           "zx_channel_write(a0, \"old\")",
           "zx_channel_write(a0, raw: \"ab\", handles: [e0, 0x0, a0], options: 5)",
           "zx_channel_write(a0, \"x\", handles: [e0], txid: 0x80000001)",
           "zx_channel_read(a0, max_bytes: 4, max_handles: 0, options: MAY_DISCARD)",
           "zx_channel_read(a0, options: 6)",
           "zx_object_wait_one(a0, READABLE | PEER_CLOSED | 0x01000000, deadline: never)",
           "zx_object_wait_one(a0, 0, deadline: @15ms)",
           "zx_object_wait_one(e0, SIGNALED, deadline: @1500us)",
           "zx_object_wait_one(e0, SIGNALED, deadline: @0ns)",
           "zx_object_wait_one(e0, SIGNALED, deadline: now)",
       }) {
    EXPECT_EQ(FirstCallPrinted(std::string(call) + ";"), call);
  }
}

TEST(Litmus, NamedArgumentsComeInAnyOrder) {
  EXPECT_EQ(FirstCallPrinted("zx_channel_write(a0, \"x\", options: 1, txid: 2, handles: [ ]);"),
            "zx_channel_write(a0, \"x\", txid: 2, options: 1)");
  EXPECT_EQ(FirstCallPrinted("zx_channel_write(options: 1, raw: \"x\", handle: a0);"),
            "zx_channel_write(a0, raw: \"x\", options: 1)");
}

TEST(Litmus, AWaitWithoutADeadlineWaitsForEver) {
  EXPECT_EQ(FirstCallPrinted("zx_object_wait_one(a0, 1);"),
            "zx_object_wait_one(a0, READABLE, deadline: never)");
}

TEST(Litmus, ABareNumberIsAHandleValue) {
  const Litmus litmus = Parsed(InThread("zx_handle_close(7);"));
  EXPECT_EQ(FirstCall(litmus).handle, HandleArgument(RawHandle{7}));
}

TEST(Litmus, ResultsFeedLaterCalls) {
  const Litmus litmus = Parsed(InThread(
      "m = zx_channel_read(a0);\n"
      "zx_channel_write(m.handles[1], \"re:\" + m.bytes, txid: m.txid, handles: [m.handles[0]]);"));
  const Call& call = litmus.program.threads.at(0).calls.at(1);
  EXPECT_EQ(call.handle, HandleArgument(ResultHandle{.variable = 0, .index = 1}));
  EXPECT_EQ(call.bytes, (BytesArgument{"re:", ResultField{0}}));
  EXPECT_EQ(call.txid, TxidArgument(ResultField{0}));
  EXPECT_EQ(PrintCall(litmus.program, 0, call),
            "zx_channel_write(m.handles[1], \"re:\" + m.bytes, handles: [m.handles[0]], "
            "txid: m.txid)");
}

TEST(Litmus, EscapesGiveAnyByte) {
  const Litmus litmus = Parsed(InThread(R"(zx_channel_write(a0, "\"\\\n\t\x00\xfFé");)"));
  EXPECT_EQ(FirstCall(litmus).bytes.at(0),
            (std::variant<std::string, ResultField>(std::string("\"\\\n\t\0\xFFé", 8))));
  EXPECT_EQ(PrintCall(litmus.program, 0, FirstCall(litmus)),
            R"(zx_channel_write(a0, "\"\\\n\t\x00\xFFé"))");
}

TEST(Litmus, CommentsAndLayoutDoNotChangeTheHash) {
  const std::string text = InThread("st = zx_handle_close(a0);");
  const std::string other = InThread("st   =   // why\r\n\tzx_handle_close( a0 ) ;  // so");
  EXPECT_EQ(Parsed(text), Parsed(other));
  EXPECT_EQ(LitmusHash(Parsed(text)), LitmusHash(Parsed(other)));
  EXPECT_NE(LitmusHash(Parsed(text)), LitmusHash(Parsed(InThread("st = zx_handle_close(e0);"))));
}

TEST(Litmus, ParenthesesArePrintedOnlyWhereTheyMatter) {
  const Litmus litmus = Parsed(WithClaims(
      "exists ((((w:st = ZX_OK) /\\ (w:st = ZX_OK)) \\/ (~blocked(w))))\n"
      "exists ((w:st = ZX_OK \\/ blocked(w)) /\\ ~w:st = ZX_OK /\\ (blocked(w) /\\ blocked(w)))"));
  const std::string text = PrintLitmus(litmus);
  EXPECT_NE(text.find("exists (w:st = ZX_OK /\\ w:st = ZX_OK \\/ ~blocked(w))\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("exists ((w:st = ZX_OK \\/ blocked(w)) /\\ ~(w:st = ZX_OK) /\\ "
                      "(blocked(w) /\\ blocked(w)))\n"),
            std::string::npos)
      << text;
}

TEST(Litmus, OutcomesArePrintedWithTheNamesOfTheFile) {
  const Litmus litmus =
      Parsed(WithClaims("locations [ w:st.status; a1.queue; w:wt.observed; w:m.txid; ]"));
  const Outcome outcome = {core::Status::kOk, std::vector<std::string>{"old", "new"},
                           uint64_t{core::kSignalSignaled}, uint64_t{0x80000001}};
  EXPECT_EQ(PrintOutcome(litmus, outcome),
            "w:st.status=ZX_OK; a1.queue=[\"old\", \"new\"]; w:wt.observed=SIGNALED; "
            "w:m.txid=0x80000001;");
  EXPECT_EQ(PrintOutcome(litmus, {Value(), std::vector<std::string>{}, Value(), Value()}),
            "w:st.status=none; a1.queue=[]; w:wt.observed=none; w:m.txid=none;");
}

TEST(Litmus, EveryStatusHasANameOfItsOwn) {
  for (int32_t code = -600; code <= 0; ++code) {
    const core::Status status = static_cast<core::Status>(code);
    const std::string_view name = StatusName(status);
    if (name != "ZX_ERR_UNKNOWN") {
      EXPECT_EQ(StatusByName(name), status) << name;
    }
  }
  EXPECT_EQ(StatusName(core::Status::kBadHandle), "ZX_ERR_BAD_HANDLE");
  EXPECT_EQ(StatusByName("ZX_ERR_BAD_HANDEL"), std::nullopt);
}

}  // namespace
}  // namespace model
