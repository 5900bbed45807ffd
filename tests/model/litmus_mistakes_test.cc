// What mistakes in litmus files are answered with, and where the limits are. In the texts, `<!>`
// stands right before the mistake and is taken out.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "model/litmus.h"
#include "tests/model/litmus_texts.h"

namespace model {
namespace {

TEST(LitmusMistake, AnEmptyFileIsToldHowToBegin) {
  for (const char* text : {"<!>", "\n\n // only a comment\n<!>"}) {
    ExpectMistake(text, "the file is empty; a litmus file starts with 'Zircon NAME'");
  }
}

TEST(LitmusMistake, TheFirstLineNamesTheArchitectureAndTheTest) {
  ExpectMistake("<!>X86 MP\n{}", "expected 'Zircon NAME' in the first line, found 'X86'");
  ExpectMistake("Zircon<!>\n{}", "expected the name of the test");
  ExpectMistake("Zircon a <!>b\n{}",
                "expected the end of the line: the name of a test is one word of ASCII characters");
}

TEST(LitmusMistake, WhatIsNotTextIsRefused) {
  ExpectMistake(InThread("<!>\x01"), "control character U+0001 in the text");
  ExpectMistake(InThread("// <!>\xC2\x9B"), "control character U+009B in the text");
  ExpectMistake(InThread("// \xC3\xA4 <!>\xFF"), "byte 0xff is not valid UTF-8 here");
  ExpectMistake(InThread("// <!>\xC0\x80 too long"), "byte 0xc0 is not valid UTF-8 here");
  ExpectMistake(InThread("zx_channel_write(a0, \"ä<!>\xED\xA0\x80\");"),
                "byte 0xed is not valid UTF-8 here");
  ExpectMistake(InThread("<!>é"),
                "unexpected character 'é'; only strings and comments may hold characters beyond "
                "ASCII");
  ExpectMistake(InThread("<!>$"), "unexpected character '$'");
}

TEST(LitmusMistake, StringsAndNumbersAreWellFormed) {
  ExpectMistake(InThread("zx_channel_write(a0, <!>\"x);"),
                "this string does not end on its line; expected '\"'");
  ExpectMistake(InThread("zx_channel_write(a0, \"<!>\\q\");"),
                "unknown escape; expected \\\", \\\\, \\n, \\t or \\xHH");
  ExpectMistake(InThread("zx_channel_write(a0, \"<!>\\x1\");"),
                "expected two hexadecimal digits after \\x");
  ExpectMistake(InThread("zx_handle_close(<!>3x);"),
                "malformed number; numbers are written 15 or 0xF");
  ExpectMistake(InThread("zx_handle_close(<!>99999999999999999999);"),
                "this number does not fit into 64 bits");
  ExpectMistake(InThread("zx_handle_close(<!>0x100000000);"),
                "0x100000000 is too large for the value of a handle; the largest is 4294967295");
}

TEST(LitmusMistake, TimesHaveAUnitAndAnEnd) {
  ExpectMistake(InThread("zx_object_wait_one(a0, 1, deadline: <!>@15);"),
                "a time ends with its unit: ns, us, ms or s");
  ExpectMistake(InThread("zx_object_wait_one(a0, 1, deadline: <!>@10000000000s);"),
                "this time is beyond the end of the clock");
  ExpectMistake(InThread("zx_object_wait_one(a0, 1, deadline: <!>15);"),
                "expected a deadline: never, now, may or a time such as @15ms, found the number "
                "15");
}

TEST(LitmusMistake, SyntaxErrorsSayWhatWasExpectedAndFound) {
  ExpectMistake("Zircon T\n<!>thread",
                "expected a title in quotes, 'KEY = \"value\"', or the '{' of the initial state, "
                "found 'thread'");
  ExpectMistake("Zircon T\n{ process p <!>}",
                "expected ';' after the names of the processes, found '}'");
  ExpectMistake("Zircon T\n{ process p; channel c : p.x <!>, p.y; }",
                "expected '<->' between the two ends of the channel, found ','");
  ExpectMistake(InThread("zx_handle_close(a0)<!>"), "expected ';' after the call, found '}'");
  ExpectMistake(std::string(kInit) + "thread client.w {\n<!>",
                "expected a system call, 'choose', 'repeat', 'note' or '}', found the end of the "
                "file");
  ExpectMistake(WithClaims("exists (w:st <!>== ZX_OK)"), "unexpected '=='; it is written '=' here");
  ExpectMistake(WithClaims("exists (w:st = ZX_OK <!>&& blocked(w))"),
                "unexpected '&&'; it is written '/\\' here");
  ExpectMistake(
      WithClaims("exists (<!>)"),
      "expected a comparison, '\"...\" in ENDPOINT.queue', 'blocked(THREAD)', '~' or '(', "
      "found ')'");
  ExpectMistake(WithClaims("forall (blocked(w)) <!>locations [ w:st; ]"),
                "expected 'thread', 'locations', 'exists', '~exists', 'forall', 'outcomes' or "
                "'within', in this order, found 'locations'");
}

TEST(LitmusMistake, UnknownSystemCallsGetASuggestion) {
  ExpectMistake(InThread("<!>zx_chanel_write(a0, \"x\");"),
                "unknown system call 'zx_chanel_write'; did you mean 'zx_channel_write'?");
  ExpectMistake(InThread("r = <!>frobnicate(a0);"), "unknown system call 'frobnicate'");
}

TEST(LitmusMistake, WhatZirconHasAndLitmusFilesLackIsToldApartFromTypingErrors) {
  ExpectMistake(InThread("<!>zx_fifo_create();"),
                "'zx_fifo_create' is a system call of Zircon, but none that litmus files have");
}

TEST(LitmusMistake, UnknownStatusIsRefusedWithASuggestion) {
  ExpectMistake(WithClaims("exists (w:st = <!>ZX_ERR_BAD_HANDEL)"),
                "unknown status 'ZX_ERR_BAD_HANDEL'; did you mean 'ZX_ERR_BAD_HANDLE'?");
  ExpectMistake(WithClaims("exists (w:st = <!>PEER_CLOSED)"),
                "unknown status 'PEER_CLOSED'; did you mean 'ZX_ERR_PEER_CLOSED'?");
}

TEST(LitmusMistake, UnknownNamesGetASuggestionOfTheirKind) {
  ExpectMistake(InThread("zx_handle_close(<!>a00);"), "unknown handle 'a00'; did you mean 'a0'?");
  ExpectMistake(InThread("zx_handle_close(<!>a);"),
                "'a' is a channel; name one of its handles, such as 'a0'");
  ExpectMistake(std::string(kInit) + "thread <!>clint.w { }",
                "unknown process 'clint'; did you mean 'client'?");
  ExpectMistake(WithClaims("exists (<!>v:st = ZX_OK)"), "unknown thread 'v'");
  ExpectMistake(WithClaims("exists (w:<!>ts = ZX_OK)"),
                "unknown result of thread 'w', 'ts'; did you mean 'st'?");
  ExpectMistake(WithClaims("exists (<!>w.st = ZX_OK)"),
                "'w' is a thread; its results are written w:RESULT");
  ExpectMistake(InThread("zx_object_wait_one(a0, <!>READBLE);"),
                "unknown signal 'READBLE'; did you mean 'READABLE'?");
  ExpectMistake("Zircon T\n{ process p; event e : p.x [<!>TRASNFER]; }",
                "unknown right 'TRASNFER'; did you mean 'TRANSFER'?");
}

TEST(LitmusMistake, NamesAreDeclaredOnce) {
  ExpectMistake("Zircon T\n{ process p, <!>p; }", "there is already a process 'p', in line 2");
  ExpectMistake("Zircon T\n{ process p;\n channel c : p.x <-> p.<!>x; }",
                "there is already a handle 'x', in line 3");
  ExpectMistake(InThread("") + "thread server.<!>w { }",
                "there is already a thread 'w', in line 8");
  ExpectMistake(InThread("r = zx_event_create();\n<!>r = zx_event_create();"),
                "there is already a result 'r', in line 9");
  ExpectMistake("Zircon T\nDoc = \"\" <!>Doc = \"\" { }", "'Doc' is given twice");
  ExpectMistake("Zircon T\n{ process <!>gone; }",
                "'gone' is a word of the language and cannot name a process");
}

TEST(LitmusMistake, AHandleMeansNothingInAnotherProcess) {
  ExpectMistake(InThread("zx_handle_close(<!>a1);"),
                "'a1' belongs to process 'server', but this is thread client.w");
}

TEST(LitmusMistake, ResultsAreUsedAfterTheyAreAssigned) {
  ExpectMistake(InThread("m = zx_channel_read(<!>m.handles[0]);"),
                "no earlier call of this thread has a result 'm'");
  ExpectMistake(InThread("msg = zx_channel_read(a0); zx_channel_write(a0, <!>mgs.bytes);"),
                "no earlier call of this thread has a result 'mgs'; did you mean 'msg'?");
  ExpectMistake(InThread("zx_channel_write(a0, <!>a0.bytes);"),
                "'a0' is a handle, not the result of a call");
  ExpectMistake(InThread("m = zx_channel_read(a0); zx_handle_close(<!>m);"),
                "'m' is a result; the handles that it brought are written m.handles[0] and so on");
}

TEST(LitmusMistake, ResultsHaveTheFieldsOfTheirCall) {
  ExpectMistake(InThread("s = zx_handle_close(a0); zx_channel_write(e0, s.<!>bytes);"),
                "'s' is the result of zx_handle_close, which has no 'bytes'");
  ExpectMistake(InThread("s = zx_handle_close(a0); zx_handle_close(s.<!>handles[0]);"),
                "'s' is the result of zx_handle_close, which brings no handles");
  ExpectMistake(InThread("c = zx_channel_create(); zx_handle_close(c.handles[<!>2]);"),
                "zx_channel_create brings at most 2 handles, so the last is c.handles[1]");
  ExpectMistake(WithClaims("exists (w:m.<!>observed = 0)"),
                "zx_channel_read answers with status, bytes, txid, actual_bytes, actual_handles, "
                "found 'observed'");
}

TEST(LitmusMistake, CallsTakeTheirArguments) {
  ExpectMistake(InThread("zx_handle_close(<!>);"),
                "expected the handle of zx_handle_close, found ')'");
  ExpectMistake(InThread("zx_channel_write(a0<!>);"),
                "expected the bytes of zx_channel_write, found ')'");
  ExpectMistake(InThread("zx_handle_close(a0, <!>e0);"),
                "zx_handle_close takes no more unnamed arguments, found 'e0'");
  ExpectMistake(InThread("zx_channel_create(<!>0);"),
                "zx_channel_create takes no unnamed arguments, found the number 0");
  ExpectMistake(InThread("zx_handle_close(<!>\"a0\");"),
                "expected a handle, found the string \"a0\"");
  ExpectMistake(InThread("zx_channel_write(a0, <!>5);"),
                "expected bytes: a string or the bytes of an earlier result, found the number 5");
  ExpectMistake(InThread("zx_channel_read(a0, max_bytes: <!>\"4\");"),
                "expected the number for 'max_bytes', found the string \"4\"");
  ExpectMistake(InThread("zx_channel_read(a0, <!>max_byte: 4);"),
                "zx_channel_read has no argument 'max_byte'; did you mean 'max_bytes'?");
  ExpectMistake(InThread("zx_channel_write(a0, \"\", txid: 1, <!>txid: 2);"),
                "'txid' is given twice");
  ExpectMistake(InThread("zx_object_wait_one(deadline: now, <!>a0, 1);"),
                "unnamed arguments come before named ones");
  ExpectMistake(InThread("zx_object_wait_one(a0, <!>signals: 1);"),
                "zx_object_wait_one takes its signals without a name");
}

TEST(LitmusMistake, RawBytesReplaceTheMessageAndItsId) {
  ExpectMistake(InThread("zx_channel_write(a0, \"x\", <!>raw: \"x\");"),
                "zx_channel_write takes one of bytes, 'raw:' and 'iovecs:'");
  ExpectMistake(InThread("zx_channel_write(a0, raw: \"x\", <!>txid: 1);"),
                "'raw:' is the whole message, so there is no place for 'txid:'");
}

TEST(LitmusMistake, RightsAreAllListedOrAllRemoved) {
  ExpectMistake("Zircon T\n{ process p; event e : p.x [-WAIT, <!>SIGNAL]; }",
                "either every right of a list has a '-' or none has");
  ExpectMistake("Zircon T\n{ process p; event e : p.x [WAIT, <!>WAIT]; }",
                "the right WAIT is listed twice");
  ExpectMistake("Zircon T\n{ process p; event e : p.x [NONE<!>, WAIT]; }",
                "expected ']' after NONE, which stands alone, found ','");
}

TEST(LitmusMistake, OnlyEndsOfChannelsHaveAQueue) {
  ExpectMistake("Zircon T\n{ process p; event e : p.x; <!>x.queue = []; }",
                "'x' is a handle to an event; only the ends of channels have a queue");
  ExpectMistake("Zircon T\n{ process p; port o : p.x; <!>x.queue = []; }",
                "'x' is a handle to a port; only the ends of channels have a queue");
  const std::string queue = "Zircon T\n{ process p; channel c : p.a <-> p.b; a.queue = [\"m\" ";
  ExpectMistake(queue + "nest <!>0]; }",
                "a message that nests no channel is written without 'nest'");
  ExpectMistake(queue + "nest <!>2001]; }",
                "2001 is too large for how many channels are nested; the largest is 2000");
  ExpectMistake(queue + "<!>nests 1]; }",
                "expected ']' or ',' in the list of messages, found 'nests'");
  ExpectMistake(WithClaims("exists (<!>e0.owner = gone)"),
                "'e0' is a handle to an event, of which only e0.signals can be observed");
  ExpectMistake(WithClaims("exists (e0.<!>status = ZX_OK)"),
                "expected signals after 'e0.', found 'status'");
}

TEST(LitmusMistake, AllowTakesTwoWords) {
  ExpectMistake("Zircon T\nAllow = <!>\"blocked, leaks\"\n{ }",
                "expected 'blocked' or 'leak', or both with a comma, in \"blocked, leaks\"");
}

TEST(LitmusMistake, ComparisonsAreWellTyped) {
  ExpectMistake(WithClaims("exists (w:st = <!>\"x\")"),
                "expected a status such as ZX_OK to compare w:st with, found the string \"x\"");
  ExpectMistake(WithClaims("exists (w:m.bytes = <!>ZX_OK)"),
                "expected a string to compare w:m.bytes with, found 'ZX_OK'");
  ExpectMistake(WithClaims("exists (a1.queue = <!>\"x\")"),
                "expected a list of strings to compare a1.queue with, found the string \"x\"");
  ExpectMistake(WithClaims("exists (w:st <!>< ZX_OK)"),
                "'<' compares numbers; w:st is a status such as ZX_OK");
  ExpectMistake(WithClaims("exists (w:st = <!>w:m.bytes)"),
                "cannot compare: w:st is a status such as ZX_OK, w:m.bytes is a string");
  ExpectMistake(WithClaims("exists (a0.owner = <!>sever)"),
                "unknown owner 'sever'; expected a process, transit or gone; did you mean "
                "'server'?");
  ExpectMistake(WithClaims("exists (\"x\" in <!>w:m.bytes)"),
                "only the queue of an endpoint is a list; w:m.bytes is a string");
  ExpectMistake(WithClaims("exists (a1.queue = <!>none)"),
                "expected a list of strings to compare a1.queue with, found 'none'");
}

TEST(LitmusMistake, OutcomesGiveEveryLocationOnce) {
  const auto with_outcomes = [](std::string_view lines) {
    return WithClaims(fmt::format("locations [ w:st; w:m; ]\noutcomes exact {{\n{}\n}}\n", lines));
  };
  ExpectMistake(with_outcomes("<!>w:st=ZX_OK;\nw:m=ZX_OK;"),
                "this outcome has no value for w:m; an outcome is one line with a value for every "
                "location");
  ExpectMistake(with_outcomes("w:st=ZX_OK; <!>w:st.status=ZX_OK;"),
                "this outcome gives w:st.status twice");
  ExpectMistake(with_outcomes("w:st=ZX_OK; <!>a1.queue=[];"),
                "a1.queue is not one of the locations");
  ExpectMistake(with_outcomes("w:st=ZX_OK; w:m=none;\n<!>w:m=none; w:st=ZX_OK;"),
                "this outcome is listed twice");
  ExpectMistake(WithClaims("locations [ w:st; ] outcomes { <!>}"),
                "expected an outcome, found '}'");
  ExpectMistake(WithClaims("<!>outcomes { }"),
                "outcomes are the values of the locations; expected 'locations [ ... ]' before "
                "them");
  ExpectMistake(WithClaims("locations [ w:st; <!>w:st.status; ]"),
                "the location w:st.status is listed twice");
}

TEST(LitmusMistake, TheReportShowsTheLineWithACaretUnderTheMistake) {
  const LitmusError error = Mistake(InThread("\tzx_handle_close(\"é\", ä);"));
  EXPECT_EQ(FormatLitmusError(error, "x.litmus"),
            "x.litmus:9:18: error: expected a handle, found the string \"é\"\n"
            "\tzx_handle_close(\"é\", ä);\n"
            "\t                ^\n");
}

TEST(LitmusMistake, OfALongLineThePartAroundTheMistakeIsShown) {
  const std::string filler(5000, ' ');
  const LitmusError error = Mistake(InThread(filler + "zx_handle_close(nobody);" + filler));
  EXPECT_EQ(error.column, 5017u);
  EXPECT_LE(error.source_line.size(), 130u);
  EXPECT_EQ(error.source_line.substr(error.source_column - 1, 6), "nobody");
  const std::string report = FormatLitmusError(error, "x");
  const size_t caret_line = report.rfind('\n', report.size() - 2) + 1;
  EXPECT_EQ(report.find('^', caret_line) - caret_line, error.source_column - 1);
}

TEST(LitmusMistake, WhatWouldGarbleATerminalIsReplacedInTheReport) {
  const LitmusError error = Mistake(InThread("// \x1B[31m \xFF"));
  EXPECT_EQ(error.source_line, "// \xEF\xBF\xBD[31m \xEF\xBF\xBD");
}

TEST(LitmusMistake, OnlyTheFirstOneIsReported) {
  ExpectMistake(InThread("<!>zx_foo();\nzx_bar();"), "unknown system call 'zx_foo'");
  ExpectMistake(InThread("<!>zx_foo();\n\xFF"), "unknown system call 'zx_foo'");
}

TEST(LitmusLimits, TenMegabytesOfGarbageAreRefusedShortly) {
  const std::string garbage(10 << 20, 'x');
  const LitmusError error = Mistake(garbage);
  EXPECT_EQ(error.message, "the text has 10485760 bytes; a litmus file has at most 1048576");
  EXPECT_LE(FormatLitmusError(error, "x").size(), 500u);
}

TEST(LitmusLimits, AMegabyteOfGarbageGetsAShortReport) {
  for (std::string_view unit :
       {"x", "(", "\"", "\xFF", "\x80", "é", "9", "@", "/", "~", "[ ", "\n"}) {
    for (const std::string& head : {std::string(), std::string("Zircon T\n"), InThread("")}) {
      std::string text = head;
      while (text.size() + unit.size() <= (1 << 20)) text += unit;
      auto result = ParseLitmus(text);
      const LitmusError* error = std::get_if<LitmusError>(&result);
      if (error == nullptr) {
        EXPECT_TRUE(unit == "\n" || unit == "/") << unit;  // Empty lines, a long comment.
        continue;
      }
      EXPECT_LE(FormatLitmusError(*error, "x").size(), 1000u) << error->message;
    }
  }
}

std::string Repeat(size_t count, std::string_view text) {
  std::string all;
  for (size_t i = 0; i < count; ++i) all += text;
  return all;
}

TEST(LitmusLimits, AThreadHasAThousandCalls) {
  const std::string calls = Repeat(1000, "zx_event_create();\n");
  EXPECT_EQ(Parsed(InThread(calls)).program.threads.at(0).calls.size(), 1000u);
  ExpectMistake(InThread(calls + "<!>zx_event_create();"), "thread 'w' has more than 1000 calls");
}

TEST(LitmusLimits, AProgramHasThirtyTwoThreads) {
  std::string text(kInit);
  for (int i = 0; i < 32; ++i) text += fmt::format("thread client.t{} {{ }}\n", i);
  EXPECT_EQ(Parsed(text).program.threads.size(), 32u);
  ExpectMistake(text + "thread client.<!>last { }", "there are more than 32 threads");
}

TEST(LitmusLimits, AProgramHasSixteenProcesses) {
  std::string text = "Zircon T\n{ process p0";
  for (int i = 1; i < 16; ++i) text += fmt::format(", p{}", i);
  EXPECT_EQ(Parsed(text + "; }").program.processes.size(), 16u);
  ExpectMistake(text + ", <!>last; }", "there are more than 16 processes");
}

TEST(LitmusLimits, PropositionsNestSixtyFourDeep) {
  for (std::string_view level : {"~", "(", "~("}) {
    const std::string_view end = level == "~" ? "" : ")";
    const auto nested = [&](size_t depth, std::string_view mark) {
      return WithClaims("exists (" + Repeat(depth, level) + std::string(mark) + "blocked(w)" +
                        Repeat(depth, end) + ")");
    };
    EXPECT_EQ(Parsed(nested(64, "")).conditions.size(), 1u);
    ExpectMistake(WithClaims("exists (" + Repeat(64, level) + "<!>" + Repeat(1000, level)),
                  "this proposition is nested deeper than 64 levels");
  }
}

TEST(LitmusLimits, StringsHoldSixtyFourKibibytes) {
  const std::string longest = Repeat(65535, "x") + "\\x00";
  const Litmus litmus = Parsed(InThread("zx_channel_write(a0, \"" + longest + "\");"));
  const BytesArgument& bytes = litmus.program.threads.at(0).calls.at(0).bytes;
  EXPECT_EQ(std::get<std::string>(bytes.at(0)).size(), 65536u);
  ExpectMistake(InThread("zx_channel_write(a0, <!>\"x" + longest + "\");"),
                "this string is longer than 65536 bytes");
}

TEST(LitmusLimits, NamesHaveSixtyFourCharacters) {
  const std::string longest(64, 'x');
  EXPECT_EQ(Parsed(InThread(longest + " = zx_event_create();")).program.threads.size(), 1u);
  ExpectMistake(InThread("<!>" + longest + "x = zx_event_create();"),
                "this name is longer than 64 characters");
}

TEST(LitmusLimits, WhatIsReadCanBePrintedAndReadAgain) {
  // Short when written like this, too long when printed.
  std::string text(kInit);
  for (int i = 0; i < 20; ++i) {
    text += fmt::format("thread client.t{} {{ {} }}\n", i,
                        Repeat(1000, "zx_object_wait_one(a0,0xFFFFFFFF);"));
  }
  ASSERT_LT(text.size(), 1u << 20);
  ExpectMistake(text + "<!>",
                "the canonical form of this text would have 2360603 bytes; a litmus file has at "
                "most 1048576");
}

}  // namespace
}  // namespace model
