// What the calls of a litmus file mean, and that each is printed as it is read.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "model/litmus.h"
#include "tests/model/litmus_texts.h"

namespace model {
namespace {

// The last call of a thread that has results of every kind.
Call Read(std::string_view call) {
  const Litmus litmus = Parsed(InThread(fmt::format("{}{}", kResults, call)));
  return litmus.program.threads.empty() ? Call() : litmus.program.threads[0].calls.back();
}

std::string Printed(std::string_view call) {
  const Litmus litmus = Parsed(InThread(fmt::format("{}{};", kResults, call)));
  if (litmus.program.threads.empty()) return "";
  return PrintCall(litmus.program, 0, litmus.program.threads[0].calls.back());
}

TEST(LitmusCalls, ArePrintedAsTheyAreRead) {
  for (std::string_view call : {
           "zx_channel_create(options: 1, second_out: null)",
           "zx_event_create(out: unmapped)",
           "zx_eventpair_create()",
           "zx_port_create(options: 4)",
           "zx_channel_write(a0, \"b\", handles: [e0, c.handles[1], 0x3], txid: 7, count: 2, "
           "handle_count: 9, bytes: unmapped)",
           "zx_channel_write(a0, null, count: 0)",
           "zx_channel_write(a0, raw: \"abc\", handles: unmapped, options: 4)",
           "zx_channel_write(a0, iovecs: [\"ab\", \"ab\": 5, null: 4, reserved unmapped])",
           "zx_channel_write(a0, iovecs: [], count: 2, iovecs: null)",
           "zx_channel_write_etc(a0, \"x\", dispositions: [move e0: [READ, WRITE], duplicate x0: "
           "[-TRANSFER], unknown 0x7, move a0 as CHANNEL: [NONE], move 0x3 as 77])",
           "zx_channel_write_etc(a0, \"x\", dispositions: unmapped, handle_count: 1)",
           "zx_channel_read(a0, rd_bytes: null, rd_handles: unmapped, actual_bytes: unmapped, "
           "actual_handles: null)",
           "zx_channel_read_etc(r.handles[63], max_bytes: 4, options: MAY_DISCARD)",
           "zx_channel_call(a0, \"re:\" + r.bytes, deadline: @3ms, handles: [e0], txid: r.txid, "
           "max_bytes: 8, max_handles: 0, args: unmapped, read_status: null)",
           "zx_channel_call_etc(a0, iovecs: [\"abcd\"], deadline: may, dispositions: [move e0])",
           "zx_handle_close_many([a0, 0x0, r.handles[0]], handle_count: 65)",
           "zx_handle_close_many([a0], handles: unmapped)",
           "zx_handle_close_many(null, handle_count: 1)",
           "zx_handle_duplicate(e0, rights: [READ, WAIT, 0x00000400], out: null)",
           "zx_handle_replace(d.handles[0], rights: [NONE])",
           "zx_handle_replace(x0, rights: [-WAIT])",
           "zx_handle_check_valid(handle: 0x3)",
           "zx_object_wait_one(a0, 0, deadline: now, observed: unmapped)",
           "zx_object_wait_many([a0: READABLE | 0x01000000, 0x3: 0], deadline: may)",
           "zx_object_wait_many([], deadline: @1s, count: 65)",
           "zx_object_wait_many(unmapped, deadline: never, count: 1)",
           "zx_object_wait_async(a0, p.handles[0], key: 0xffffffffffffffff, signals: READABLE, "
           "options: TIMESTAMP | EDGE)",
           "zx_object_wait_async(a0, port: 0x3)",
           "zx_port_queue(p.handles[0], key: 3, packet: null)",
           "zx_port_wait(port: 0x7, deadline: never)",
           "zx_port_cancel(p.handles[0], a0, key: 3)",
           "zx_port_cancel(port: 0x3, handle: 0x7)",
           "zx_object_signal(e0, SIGNALED, 0)",
           "zx_object_signal_peer(x0, 0, SIGNALED)",
           "zx_object_get_info(a0, HANDLE_VALID)",
           "zx_object_get_info(a0, HANDLE_BASIC, buffer: unmapped)",
           "zx_object_get_info(a0, HANDLE_COUNT)",
           "zx_object_get_info(a0, 99)",
           "zx_thread_kill(w)",
           "zx_thread_suspend(w)",
           "zx_thread_resume(w)",
           "zx_process_kill(server)",
       }) {
    EXPECT_EQ(Printed(call), call);
  }
}

TEST(LitmusCalls, SynonymsHaveOneCanonicalForm) {
  EXPECT_EQ(Printed("zx_handle_replace(a0, rights: NONE)"),
            "zx_handle_replace(a0, rights: [NONE])");
  EXPECT_EQ(Printed("zx_handle_replace(a0, rights: SAME_RIGHTS)"), "zx_handle_replace(a0)");
  EXPECT_EQ(Printed("zx_handle_replace(a0, rights: [4, WRITE])"),
            "zx_handle_replace(a0, rights: [READ, WRITE])");
  EXPECT_EQ(Printed("zx_channel_write(a0, \"\", bytes: null)"), "zx_channel_write(a0, null)");
  EXPECT_EQ(Printed("zx_object_get_info(a0, 2)"), "zx_object_get_info(a0, HANDLE_BASIC)");
  EXPECT_EQ(Printed("zx_object_wait_async(a0, 3, options: 2)"),
            "zx_object_wait_async(a0, port: 0x3, options: EDGE)");
}

TEST(LitmusCalls, AddressesGoToTheBuffersOfTheCall) {
  EXPECT_EQ(Read("zx_object_wait_one(a0, 1, observed: null);").buffers.out, Memory::kNull);
  EXPECT_EQ(Read("zx_object_wait_many([], items: null);").buffers.out, Memory::kNull);
  EXPECT_EQ(Read("zx_object_get_info(a0, 1, buffer: null);").buffers.out, Memory::kNull);
  EXPECT_EQ(Read("zx_port_wait(p.handles[0], packet: null);").buffers.out, Memory::kNull);
  EXPECT_EQ(Read("zx_handle_replace(a0, out: null);").buffers.out, Memory::kNull);
  const Call call = Read(
      "zx_channel_call(a0, unmapped, handles: null, rd_bytes: unmapped, rd_handles: null,"
      " actual_bytes: unmapped, actual_handles: null, args: unmapped, read_status: null);");
  EXPECT_EQ(call.buffers, (Buffers{.args = Memory::kUnmapped,
                                   .bytes = Memory::kUnmapped,
                                   .handles = Memory::kNull,
                                   .rd_bytes = Memory::kUnmapped,
                                   .rd_handles = Memory::kNull,
                                   .actual_bytes = Memory::kUnmapped,
                                   .actual_handles = Memory::kNull,
                                   .read_status = Memory::kNull}));
}

// The bytes of a message at a bad address are an empty payload: as long as its id.
TEST(LitmusCalls, AnAddressInsteadOfBytesIsAnEmptyPayload) {
  const Call call = Read("zx_channel_write(a0, unmapped);");
  EXPECT_EQ(call.bytes, (BytesArgument{""}));
  EXPECT_FALSE(call.raw);
  EXPECT_EQ(call.buffers.bytes, Memory::kUnmapped);
}

TEST(LitmusCalls, IovecsAreTheWholeMessage) {
  const Call call = Read("zx_channel_write(a0, iovecs: [\"ab\": 5, reserved null: 4]);");
  ASSERT_TRUE(call.iovecs);
  EXPECT_EQ(*call.iovecs,
            (std::vector<Iovec>{
                {.bytes = "ab", .memory = Memory::kFine, .capacity = 5, .reserved = false},
                {.bytes = "", .memory = Memory::kNull, .capacity = 4, .reserved = true}}));
  EXPECT_TRUE(call.bytes.empty());
}

TEST(LitmusCalls, DispositionsSayWhatBecomesOfAHandle) {
  const Call call = Read(
      "zx_channel_write_etc(a0, \"x\", dispositions: [duplicate e0 as EVENT:"
      " [-WAIT], unknown d.handles[0]]);");
  ASSERT_EQ(call.dispositions.size(), 2u);
  EXPECT_EQ(call.dispositions[0].operation, Disposition::Operation::kDuplicate);
  EXPECT_EQ(call.dispositions[0].type, core::ObjectType::kEvent);
  EXPECT_EQ(call.dispositions[0].rights,
            (RightsArgument{RightsArgument::Kind::kWithout, core::kRightWait}));
  EXPECT_EQ(call.dispositions[1].operation, Disposition::Operation::kUnknown);
  EXPECT_EQ(call.dispositions[1].rights, RightsArgument{});
  EXPECT_TRUE(std::holds_alternative<ResultHandle>(call.dispositions[1].handle));
}

TEST(LitmusCalls, ThePortIsTheMainHandleOnlyIfThereIsNoOther) {
  const Call wait = Read("zx_port_wait(7, deadline: now);");
  EXPECT_EQ(wait.handle, HandleArgument(RawHandle{7}));
  const Call cancel = Read("zx_port_cancel(7, a0, key: 0x100000000);");
  EXPECT_EQ(cancel.port, HandleArgument(RawHandle{7}));
  EXPECT_EQ(cancel.handle, HandleArgument(NamedHandle{0}));
  EXPECT_EQ(cancel.key, 0x100000000u);
  const Call async = Read("zx_object_wait_async(a0, 7, signals: READABLE);");
  EXPECT_EQ(async.port, HandleArgument(RawHandle{7}));
  EXPECT_EQ(async.handle, HandleArgument(NamedHandle{0}));
  EXPECT_EQ(async.signals, core::kSignalReadable);
}

TEST(LitmusCalls, SignalsAreClearedFirstThenSet) {
  const Call call = Read("zx_object_signal(e0, SIGNALED, 0x01000000);");
  EXPECT_EQ(call.clear, core::kSignalSignaled);
  EXPECT_EQ(call.signals, 0x01000000u);
}

TEST(LitmusCalls, AThreadMayBeNamedBeforeItIsDeclared) {
  const Litmus litmus =
      Parsed(std::string(kInit) +
             "thread client.w { zx_event_create(); zx_thread_kill(s); }\n"
             "thread server.s { zx_thread_suspend(w); zx_process_kill(server); }");
  ASSERT_EQ(litmus.program.threads.size(), 2u);
  EXPECT_EQ(litmus.program.threads[0].calls[1].target_thread, 1u);
  EXPECT_EQ(litmus.program.threads[1].calls[0].target_thread, 0u);
  EXPECT_EQ(litmus.program.threads[1].calls[1].target_process, 1u);
  EXPECT_EQ(PrintCall(litmus.program, 0, litmus.program.threads[0].calls[1]), "zx_thread_kill(s)");
}

}  // namespace
}  // namespace model
