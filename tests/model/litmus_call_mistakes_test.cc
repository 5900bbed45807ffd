// What mistakes in calls, blocks and bounds are answered with. In the texts, `<!>` stands right
// before the mistake and is taken out.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "model/litmus.h"
#include "tests/model/litmus_texts.h"

namespace model {
namespace {

// The mistake in the last of the calls of a thread that has results of every kind.
void ExpectInCall(std::string_view call, std::string_view message) {
  ExpectMistake(InThread(fmt::format("{}{};", kResults, call)), message);
}

TEST(LitmusCallMistake, UnknownArgumentsAreToldWhatThereIs) {
  ExpectInCall("zx_channel_read(a0, <!>rd_byte: null)",
               "zx_channel_read has no argument 'rd_byte'; did you mean 'rd_bytes'?");
  ExpectInCall("zx_channel_read(a0, <!>buffer: null)",
               "zx_channel_read has no argument 'buffer'; it has handle, options, max_bytes, "
               "max_handles, rd_bytes, rd_handles, actual_bytes, actual_handles");
  ExpectInCall("zx_channel_write(a0, \"x\", <!>read_status: null)",
               "zx_channel_write has no argument 'read_status'; it has handle, raw, iovecs, "
               "options, count, handle_count, txid, bytes, handles");
  ExpectInCall("zx_thread_kill(<!>handle: 3)", "zx_thread_kill has no argument 'handle'");
}

TEST(LitmusCallMistake, PositionalArgumentsComeInTheirOrder) {
  ExpectInCall("zx_object_signal(e0, SIGNALED<!>)",
               "expected the signals to set of zx_object_signal, found ')'");
  ExpectInCall("zx_object_wait_async(a0<!>)",
               "expected the port of zx_object_wait_async, found ')'");
  ExpectInCall("zx_object_get_info(a0<!>)", "expected the topic of zx_object_get_info, found ')'");
  ExpectInCall("zx_object_get_info(a0, <!>topic: 3)",
               "zx_object_get_info takes its topic without a name");
  ExpectInCall("zx_handle_close_many(<!>handles: [a0])",
               "zx_handle_close_many takes its handles without a name");
  ExpectInCall("zx_channel_write(a0, <!>bytes: \"x\")",
               "zx_channel_write takes its bytes without a name");
}

TEST(LitmusCallMistake, AddressesAreNullOrUnmapped) {
  ExpectInCall("zx_channel_read(a0, rd_bytes: <!>nul)",
               "expected null or unmapped after 'rd_bytes:', found 'nul'");
  ExpectInCall("zx_channel_write(a0, null, bytes: <!>null)",
               "the address of the bytes is given twice");
  ExpectInCall("zx_channel_read(a0, rd_bytes: null, <!>rd_bytes: null)",
               "'rd_bytes' is given twice");
  ExpectInCall("zx_channel_write(a0, \"x\", handles: [], <!>handles: [])",
               "'handles' is given twice");
  ExpectInCall("zx_handle_close(<!>null)", "unknown handle 'null'");
  ExpectInCall("zx_channel_write(a0, raw: <!>null)",
               "expected bytes: a string or the bytes of an earlier result, found 'null'");
}

TEST(LitmusCallMistake, AMessageIsGivenInOneWay) {
  ExpectInCall("zx_channel_call(a0, \"x\", <!>iovecs: [])",
               "zx_channel_call takes one of bytes, 'raw:' and 'iovecs:'");
  ExpectInCall("zx_channel_write_etc(a0, raw: \"x\", <!>iovecs: [])",
               "zx_channel_write_etc takes one of bytes, 'raw:' and 'iovecs:'");
  ExpectInCall("zx_channel_call_etc(a0, iovecs: [], <!>txid: 3)",
               "'iovecs:' is the whole message, so there is no place for 'txid:'");
  ExpectInCall("zx_channel_write(a0, \"x\", options: USE_IOVEC<!>)",
               "expected 'iovecs:', the pieces of the message, for USE_IOVEC, found ')'");
  ExpectInCall("zx_channel_call(a0, deadline: now<!>)",
               "expected the bytes of zx_channel_call, found ')'");
}

TEST(LitmusCallMistake, ListsHaveItemsOfTheirKind) {
  ExpectInCall("zx_channel_write(a0, iovecs: [<!>7])",
               "expected a piece of a message: a string, null or unmapped, found the number 7");
  ExpectInCall("zx_channel_write(a0, iovecs: [\"x\": <!>\"y\"])",
               "expected the capacity of the piece, found the string \"y\"");
  ExpectInCall("zx_channel_write_etc(a0, \"x\", dispositions: [<!>e0])",
               "expected what becomes of a handle: move, duplicate or unknown, found 'e0'");
  ExpectInCall("zx_channel_write_etc(a0, \"x\", dispositions: [move e0 as <!>EVNT])",
               "unknown type of objects 'EVNT'; there are CHANNEL, EVENT, PORT, EVENTPAIR; did you "
               "mean 'EVENT'?");
  ExpectInCall("zx_object_wait_many([a0<!>])",
               "expected ':' and signals after the handle, found ']'");
  ExpectInCall("zx_object_wait_many([a0: <!>])",
               "expected signals, by name or as a number, found ']'");
  ExpectInCall("zx_handle_close_many([a0 <!>e0])",
               "expected ']' or ',' in the list of handles, found 'e0'");
  ExpectInCall("zx_channel_write_etc(a0, \"x\", <!>handles: [a0])",
               "zx_channel_write_etc has no argument 'handles'; did you mean 'handle'?");
}

TEST(LitmusCallMistake, WordsForNumbersAreKnown) {
  ExpectInCall("zx_object_get_info(a0, <!>HANDLE_BASE)",
               "unknown topic 'HANDLE_BASE'; there are HANDLE_VALID, HANDLE_BASIC, HANDLE_COUNT; "
               "did you mean 'HANDLE_BASIC'?");
  ExpectInCall("zx_channel_read(a0, options: <!>MAY_DISCRAD)",
               "unknown option 'MAY_DISCRAD'; did you mean 'MAY_DISCARD'?");
  ExpectInCall("zx_object_wait_async(a0, p.handles[0], options: EDGE | <!>ONCE)",
               "unknown option 'ONCE'");
  ExpectInCall("zx_port_queue(p.handles[0], key: <!>k)", "expected a key, a number, found 'k'");
}

TEST(LitmusCallMistake, RightsOfACallAreAListOrAWord) {
  ExpectInCall("zx_handle_replace(a0, rights: <!>READ)",
               "expected rights: SAME_RIGHTS, NONE or a list such as [READ], found 'READ'");
  ExpectInCall("zx_handle_replace(a0, rights: [<!>RAED])",
               "unknown right 'RAED'; did you mean 'READ'?");
  ExpectInCall("zx_handle_replace(a0, rights: [<!>0])",
               "0 is no right; no rights are written NONE");
  ExpectInCall("zx_handle_replace(a0, rights: [READ, <!>5])", "the right 5 is listed twice");
  const std::string_view unknown =
      "a '-' takes away from the rights of a declared handle; for any other, list the rights that "
      "remain";
  ExpectInCall("zx_handle_replace(d.handles[0], rights: [<!>-READ])", unknown);
  ExpectInCall("zx_handle_replace(rights: [<!>-READ], handle: 3)", unknown);
  ExpectInCall("zx_channel_write_etc(a0, \"x\", dispositions: [move 3: [<!>-READ]])", unknown);
}

TEST(LitmusCallMistake, HandlesComeFromCallsThatBringThem) {
  ExpectInCall("zx_handle_close(d.handles[<!>1])",
               "zx_handle_duplicate brings at most one handle, so the last is d.handles[0]");
  ExpectInCall("zx_handle_close(wm.<!>handles[0])",
               "'wm' is the result of zx_object_wait_many, which brings no handles");
}

TEST(LitmusCallMistake, ThreadsAndProcessesExist) {
  ExpectInCall("zx_thread_kill(<!>v)", "unknown thread 'v'");
  ExpectInCall("zx_thread_kill(<!>3)", "expected the name of a thread, found the number 3");
  ExpectInCall("zx_process_kill(<!>sever)", "unknown process 'sever'; did you mean 'server'?");
}

TEST(LitmusBlockMistake, AChoiceHasTwoBlocksAtLeast) {
  ExpectMistake(InThread("choose { note \"x\"; } <!>note \"y\";"),
                "expected 'or' and what else can be chosen, found 'note'");
  ExpectMistake(InThread("choose <!>note \"x\";"),
                "expected '{' before a block of the choice, found 'note'");
  ExpectMistake(InThread("<!>choose = zx_event_create();"),
                "'choose' is a word of the language and cannot name a result");
}

TEST(LitmusBlockMistake, TheBlocksOfAChoiceDoNotKnowEachOther) {
  ExpectMistake(
      InThread("choose { r = zx_event_create(); } or { zx_handle_close(<!>r.handles[0]); }"),
      "'r' is set in another block of this choice, so never here");
  ExpectMistake(InThread("choose { r = zx_event_create(); } or { <!>r = zx_event_create(); }"),
                "there is already a result 'r', in line 9");
}

TEST(LitmusBlockMistake, ABlockIsRepeatedACountedNumberOfTimes) {
  ExpectMistake(InThread("repeat <!>{ }"), "expected how often the block is repeated, found '{'");
  ExpectMistake(InThread("repeat <!>0 { }"), "a block is repeated once at least");
  ExpectMistake(InThread("repeat <!>1001 { }"),
                "1001 is too large for how often the block is repeated; the largest is 1000");
  ExpectMistake(InThread("repeat 2 { zx_handle_close(<!>r_1.handles[0]); r = zx_event_create(); }"),
                "no earlier call of this thread has a result 'r_1'");
  ExpectMistake(InThread("r_2 = zx_event_create();\nrepeat 3 { <!>r = zx_event_create(); }"),
                "there is already a result 'r_2', in line 9");
}

TEST(LitmusBlockMistake, ANoteIsAString) {
  ExpectMistake(InThread("note <!>x;"), "expected the text of the note, a string, found 'x'");
}

TEST(LitmusBlockLimits, WhatIsRepeatedIsLimitedAsIfWrittenOut) {
  EXPECT_EQ(Parsed(InThread("repeat 10 { repeat 100 { zx_event_create(); } }"))
                .program.threads.at(0)
                .calls.size(),
            1000u);
  ExpectMistake(InThread("repeat 11 { <!>repeat 100 { zx_event_create(); } }"),
                "thread 'w' has more than 1000 calls");
  ExpectMistake(InThread("<!>repeat 1000 { // " + std::string(10000, 'x') + "\n }"),
                "written out, what is repeated would have more than 1048576 bytes");
  const std::string name(61, 'x');
  EXPECT_EQ(Parsed(InThread("repeat 10 { " + name + " = zx_event_create(); }"))
                .program.threads.at(0)
                .variables.back()
                .name,
            name + "_10");
  ExpectMistake(InThread("repeat 100 { <!>" + name + " = zx_event_create(); }"),
                fmt::format("in this round the name would be {}_100, which is longer than 64 "
                            "characters",
                            name));
}

TEST(LitmusBlockLimits, WhatIsRepeatedCanBePrintedAndReadAgain) {
  std::string text(kInit);
  for (int i = 0; i < 20; ++i) {
    text += fmt::format(
        "thread client.t{} {{ repeat 1000 {{zx_object_wait_one(a0,0xFFFFFFFF);}} }}\n", i);
  }
  ExpectMistake(text + "<!>",
                "the canonical form of this text would have 2360603 bytes; a litmus file has at "
                "most 1048576");
}

TEST(LitmusBlockLimits, BlocksNestSixteenDeep) {
  const auto nested = [](size_t depth, std::string_view mark) {
    std::string text;
    for (size_t i = 1; i < depth; ++i) text += "repeat 1 { ";
    text += "repeat 1 " + std::string(mark) + "{ ";
    for (size_t i = 0; i < depth; ++i) text += "}";
    return InThread(text);
  };
  EXPECT_EQ(Parsed(nested(16, "")).program.threads.size(), 1u);
  ExpectMistake(nested(17, "<!>"), "blocks are nested deeper than 16 levels");
}

TEST(LitmusMetadataMistake, AbiIsAGeneration) {
  ExpectMistake("Zircon T\nAbi = <!>\"zircon-2018-4\" { }",
                "unknown generation \"zircon-2018-4\"; there are magenta-2017, zircon-2018-04, "
                "zircon-2018-10, current; did you mean 'zircon-2018-04'?");
}

TEST(LitmusMetadataMistake, FaultsAreNamedAndCounted) {
  ExpectMistake(
      "Zircon T\nFaults = <!>\"memori=1\" { }",
      "unknown fault in \"memori=1\"; there are nomem and memory; did you mean 'memory'?");
  ExpectMistake("Zircon T\nFaults = <!>\"nomem\" { }",
                "expected how many faults there may be, as in nomem=1, in \"nomem\"");
  ExpectMistake("Zircon T\nFaults = <!>\"nomem=1x\" { }",
                "expected how many faults there may be, as in nomem=1, in \"nomem=1x\"");
  ExpectMistake("Zircon T\nFaults = <!>\"nomem=1, nomem=2\" { }",
                "the number of nomem faults is given twice in \"nomem=1, nomem=2\"");
  ExpectMistake("Zircon T\nFaults = <!>\"memory=0\" { }",
                "the number of memory faults is 0; leave them out in \"memory=0\"");
}

TEST(LitmusMetadataMistake, AMistypedKeyIsNoAnnotation) {
  ExpectMistake("Zircon T\n<!>Alow = \"leak\" { }", "unknown key 'Alow'; did you mean 'Allow'?");
  ExpectMistake("Zircon T\n<!>faults = \"nomem=1\" { }",
                "unknown key 'faults'; did you mean 'Faults'?");
  EXPECT_EQ(Parsed("Zircon T\nDoc = \"\" Author = \"\" { }").metadata.size(), 2u);
}

TEST(LitmusWithinMistake, BoundsAreKnownAndGivenOnce) {
  ExpectMistake(InThread("") + "within { <!>step: 3; }",
                "unknown bound 'step'; there are preemptions, steps and faults; did you mean "
                "'steps'?");
  ExpectMistake(InThread("") + "within { steps: 3; <!>steps: any; }",
                "the bound 'steps' is given twice");
  ExpectMistake(InThread("") + "within { steps: <!>all; }",
                "expected a bound: any or a number, found 'all'");
  ExpectMistake(InThread("") + "within { steps: 3; } <!>within { }",
                "expected the end of the file after the bounds, found 'within'");
}

TEST(LitmusLocationMistake, ListedFieldsHaveAnIndex) {
  const auto with_claim = [](std::string_view claim) {
    return InThread(kResults) + fmt::format("exists ({})", claim);
  };
  ExpectMistake(with_claim("w:wm.pending <!>= 0"),
                "expected '[' and a number after 'pending', found '='");
  ExpectMistake(with_claim("w:wm.pending[<!>2] = 0"),
                "this zx_object_wait_many has 2 of them, counted from 0");
  ExpectMistake(with_claim("w:we.results[<!>1] = ZX_OK"),
                "this zx_channel_write_etc has 1 of them, counted from 0");
  ExpectMistake(with_claim("w:re.type[<!>64] = EVENT"),
                "this zx_channel_read_etc has 64 of them, counted from 0");
  ExpectMistake(with_claim("w:gi.type<!>[0] = EVENT"),
                "expected one of = != < <= > >= in after the location, found '['");
  ExpectMistake(with_claim("w:gi.<!>pending = 0"),
                "zx_object_get_info answers with status, type, rights, handle_count, found "
                "'pending'");
}

TEST(LitmusLocationMistake, ValuesAreOfTheirType) {
  const auto with_claim = [](std::string_view claim) {
    return InThread(kResults) + fmt::format("exists ({})", claim);
  };
  ExpectMistake(with_claim("w:gi.type = <!>CHANEL"),
                "unknown type of objects 'CHANEL'; there are CHANNEL, EVENT, PORT, EVENTPAIR; did "
                "you mean 'CHANNEL'?");
  ExpectMistake(with_claim("w:gi.rights = READ | <!>WIRTE"),
                "unknown right 'WIRTE'; did you mean 'WRITE'?");
  ExpectMistake(with_claim("w:wm.pending[0] = <!>\"x\""),
                "expected signals such as READABLE | PEER_CLOSED to compare w:wm.pending[0] with, "
                "found the string \"x\"");
  ExpectMistake(
      with_claim("w:gi.rights = <!>w:gi.type"),
      "cannot compare: w:gi.rights is rights such as READ | WRITE, w:gi.type is a type of "
      "objects such as CHANNEL");
  ExpectMistake(with_claim("<!>w:gi in a1.queue"),
                "only bytes can be in a queue; w:gi is a status such as ZX_OK");
}

}  // namespace
}  // namespace model
