// The zx_ and mx_ functions on bound and unbound threads, across generations.
#include <gtest/gtest.h>
#include <magenta/syscalls.h>
#include <zircon/syscalls.h>
#include <zircon/syscalls/object.h>
#include <zircon/syscalls/port.h>

#include <atomic>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "tests/core/native_fixture.h"

extern "C" int HeadersCompileAsC11(void);

namespace native {
namespace {

using heddle::Kernel;
using heddle::Process;
using heddle::ThreadBinding;

TEST(ZirconHeaders, CompileAsC11WithTheSameLayouts) {
  EXPECT_EQ(HeadersCompileAsC11(), 0);
}

TEST(ZirconAbi, OnAnUnboundThreadEveryCallAnswersBadState) {
  zx_handle_t handles[2] = {7, 7};
  uint32_t actual[2] = {7, 7};
  size_t sizes[2] = {7, 7};
  zx_channel_call_args_t args = {};
  zx_channel_call_etc_args_t etc_args = {};
  zx_handle_disposition_t disposition = {};
  zx_handle_info_t handle_info = {};
  zx_wait_item_t item = {};
  zx_port_packet_t packet = {};
  zx_status_t read_status = 7;
  const std::vector<zx_status_t> answers = {
      zx_channel_create(0, &handles[0], &handles[1]),
      zx_channel_write(3, 0, "x", 1, handles, 1),
      zx_channel_write_etc(3, 0, "x", 1, &disposition, 1),
      zx_channel_read(3, 0, nullptr, handles, 0, 2, &actual[0], &actual[1]),
      zx_channel_read_etc(3, 0, nullptr, &handle_info, 0, 1, &actual[0], &actual[1]),
      zx_channel_call(3, 0, ZX_TIME_INFINITE, &args, &actual[0], &actual[1]),
      zx_channel_call_2018(3, 0, ZX_TIME_INFINITE, &args, &actual[0], &actual[1], &read_status),
      zx_channel_call_etc(3, 0, ZX_TIME_INFINITE, &etc_args, &actual[0], &actual[1]),
      zx_handle_close(3),
      zx_handle_close(ZX_HANDLE_INVALID),
      zx_handle_close_many(handles, 2),
      zx_handle_duplicate(3, ZX_RIGHT_SAME_RIGHTS, &handles[0]),
      zx_handle_replace(3, ZX_RIGHT_SAME_RIGHTS, &handles[0]),
      zx_handle_check_valid(3),
      zx_object_signal(3, 0, ZX_USER_SIGNAL_0),
      zx_object_signal_peer(3, 0, ZX_USER_SIGNAL_0),
      zx_object_get_info(3, ZX_INFO_HANDLE_VALID, nullptr, 0, &sizes[0], &sizes[1]),
      zx_event_create(0, &handles[0]),
      zx_eventpair_create(0, &handles[0], &handles[1]),
      zx_object_wait_one(3, 1, ZX_TIME_INFINITE, &actual[0]),
      zx_object_wait_many(&item, 1, ZX_TIME_INFINITE),
      zx_object_wait_async(3, 7, 1, 1, ZX_WAIT_ASYNC_ONCE),
      zx_port_create(0, &handles[0]),
      zx_port_queue(3, &packet),
      zx_port_wait(3, ZX_TIME_INFINITE, &packet),
      zx_port_cancel(3, 7, 1)};
  for (size_t i = 0; i < answers.size(); ++i) EXPECT_EQ(answers[i], ZX_ERR_BAD_STATE) << i;
  EXPECT_EQ(handles[0], 7u);
  EXPECT_EQ(actual[0], 7u);
  EXPECT_EQ(sizes[0], 7u);
  EXPECT_EQ(read_status, 7);
}

TEST(ZirconAbi, TimeNeedsNoBinding) {
  const zx_time_t before = zx_clock_get_monotonic();
  const zx_time_t soon = zx_deadline_after(ZX_SEC(1));
  EXPECT_GE(soon, before + ZX_SEC(1));
  EXPECT_LT(soon, before + ZX_SEC(60));
  EXPECT_EQ(zx_deadline_after(ZX_TIME_INFINITE), ZX_TIME_INFINITE);
  EXPECT_LT(zx_deadline_after(ZX_TIME_INFINITE_PAST), 0);
}

TEST(ZirconAbi, StatusCodesHaveNames) {
  EXPECT_STREQ(zx_status_get_string(ZX_OK), "ZX_OK");
  EXPECT_STREQ(zx_status_get_string(ZX_ERR_PEER_CLOSED), "ZX_ERR_PEER_CLOSED");
  EXPECT_STREQ(zx_status_get_string(-502), "(UNKNOWN)");
  EXPECT_STREQ(zx_status_get_string(1), "(UNKNOWN)");
}

// W15, H1, H4, H7: each pointer and number reaches its place, however the call orders them.
TEST(ZirconAbi, ArgumentsReachTheirPlaces) {
  const ThreadBinding binding(MakeProcess(MakeKernel()));
  const Ends ends = MakeChannel();
  zx_handle_t sent = 0;
  ASSERT_EQ(zx_event_create(0, &sent), ZX_OK);
  ASSERT_EQ(zx_channel_write(ends.a, 0, "four", 4, &sent, 1), ZX_OK);
  EXPECT_EQ(zx_handle_check_valid(sent), ZX_ERR_BAD_HANDLE);
  uint32_t actual_bytes = 0;
  uint32_t actual_handles = 0;
  EXPECT_EQ(zx_channel_read(ends.b, 0, nullptr, nullptr, 0, 0, &actual_bytes, &actual_handles),
            ZX_ERR_BUFFER_TOO_SMALL);
  EXPECT_EQ(actual_bytes, 4u);
  EXPECT_EQ(actual_handles, 1u);
  char bytes[8] = {};
  zx_handle_info_t info = {};
  EXPECT_EQ(zx_channel_read_etc(ends.b, 0, bytes, &info, 8, 1, &actual_bytes, &actual_handles),
            ZX_OK);
  EXPECT_STREQ(bytes, "four");
  EXPECT_EQ(info.type, ZX_OBJ_TYPE_EVENT);
  EXPECT_EQ(info.rights, ZX_DEFAULT_EVENT_RIGHTS);
  EXPECT_EQ(info.unused, 0u);
  EXPECT_EQ(zx_object_signal(info.handle, 0, ZX_EVENT_SIGNALED | ZX_USER_SIGNAL_3), ZX_OK);
  EXPECT_EQ(SignalsOf(info.handle), ZX_EVENT_SIGNALED | ZX_USER_SIGNAL_3);
}

TEST(ZirconAbi, DispositionsAndIovecsReachTheCore) {
  const ThreadBinding binding(MakeProcess(MakeKernel()));
  const Ends ends = MakeChannel();
  zx_handle_t event = 0;
  ASSERT_EQ(zx_event_create(0, &event), ZX_OK);
  zx_handle_disposition_t good = {ZX_HANDLE_OP_DUPLICATE, event, ZX_OBJ_TYPE_EVENT,
                                  ZX_RIGHT_SAME_RIGHTS, ZX_OK};
  const zx_channel_iovec_t pieces[2] = {{"in two ", 7, 0}, {"pieces", 6, 0}};
  EXPECT_EQ(zx_channel_write_etc(ends.a, ZX_CHANNEL_WRITE_USE_IOVEC, pieces, 2, &good, 1), ZX_OK);
  char bytes[16] = {};
  zx_handle_t received = 0;
  EXPECT_EQ(zx_channel_read(ends.b, 0, bytes, &received, 16, 1, nullptr, nullptr), ZX_OK);
  EXPECT_STREQ(bytes, "in two pieces");
  EXPECT_EQ(zx_handle_check_valid(event), ZX_OK);
  zx_handle_disposition_t bad = {ZX_HANDLE_OP_DUPLICATE, event, ZX_OBJ_TYPE_CHANNEL,
                                 ZX_RIGHT_SAME_RIGHTS, ZX_OK};
  EXPECT_EQ(zx_channel_write_etc(ends.a, 0, nullptr, 0, &bad, 1), ZX_ERR_WRONG_TYPE);
  EXPECT_EQ(bad.result, ZX_ERR_WRONG_TYPE);
}

TEST(ZirconAbi, WaitsAndPortsReachTheCore) {
  const ThreadBinding binding(MakeProcess(MakeKernel()));
  const Ends ends = MakeChannel();
  zx_handle_t port = 0;
  ASSERT_EQ(zx_port_create(0, &port), ZX_OK);
  ASSERT_EQ(zx_object_wait_async(ends.a, port, 42, ZX_CHANNEL_READABLE, ZX_WAIT_ASYNC_ONCE), ZX_OK);
  ASSERT_EQ(Write(ends.b, "x"), ZX_OK);
  zx_port_packet_t packet = {};
  ASSERT_EQ(zx_port_wait(port, ZX_TIME_INFINITE, &packet), ZX_OK);
  EXPECT_EQ(packet.key, 42u);
  EXPECT_EQ(packet.type, ZX_PKT_TYPE_SIGNAL_ONE);
  EXPECT_EQ(packet.signal.observed, ZX_CHANNEL_READABLE | ZX_CHANNEL_WRITABLE);
  zx_port_packet_t user = {};
  user.key = 43;
  user.user.u64[3] = 44;
  ASSERT_EQ(zx_port_queue(port, &user), ZX_OK);
  ASSERT_EQ(zx_port_wait(port, ZX_TIME_INFINITE_PAST, &packet), ZX_OK);
  EXPECT_EQ(packet.user.u64[3], 44u);
  EXPECT_EQ(zx_port_cancel(port, ends.a, 42), ZX_ERR_NOT_FOUND);
  zx_wait_item_t items[2] = {{ends.a, ZX_CHANNEL_READABLE, 0}, {ends.b, ZX_CHANNEL_READABLE, 0}};
  EXPECT_EQ(zx_object_wait_many(items, 2, ZX_TIME_INFINITE), ZX_OK);
  EXPECT_EQ(items[0].pending, ZX_CHANNEL_READABLE | ZX_CHANNEL_WRITABLE);
  EXPECT_EQ(items[1].pending, ZX_CHANNEL_WRITABLE);
  EXPECT_EQ(zx_object_wait_many(items, size_t{1} << 32, 0), ZX_ERR_OUT_OF_RANGE);
}

TEST(ZirconAbi, HandlesAndObjectsReachTheCore) {
  const ThreadBinding binding(MakeProcess(MakeKernel()));
  zx_handle_t pair[3] = {};
  ASSERT_EQ(zx_eventpair_create(0, &pair[0], &pair[1]), ZX_OK);
  ASSERT_EQ(zx_handle_duplicate(pair[0], ZX_RIGHT_SAME_RIGHTS, &pair[2]), ZX_OK);
  zx_info_handle_count_t count = {};
  size_t actual = 0;
  size_t avail = 0;
  EXPECT_EQ(
      zx_object_get_info(pair[0], ZX_INFO_HANDLE_COUNT, &count, sizeof(count), &actual, &avail),
      ZX_OK);
  EXPECT_EQ(count.handle_count, 2u);
  EXPECT_EQ(actual, 1u);
  EXPECT_EQ(avail, 1u);
  EXPECT_EQ(zx_object_signal_peer(pair[0], 0, ZX_EVENTPAIR_SIGNALED), ZX_OK);
  EXPECT_EQ(SignalsOf(pair[1]), ZX_EVENTPAIR_SIGNALED);
  EXPECT_EQ(zx_handle_close_many(pair, 3), ZX_OK);
  EXPECT_EQ(zx_handle_close_many(pair, 1), ZX_ERR_BAD_HANDLE);
  EXPECT_EQ(zx_handle_close(ZX_HANDLE_INVALID), ZX_OK);
}

// --- Two threads and more ------------------------------------------------------------------------

// O1, O3, O8, S1, S2
TEST(ZirconThreads, TwoProcessesPlayPingPong) {
  constexpr int kRounds = 2000;
  const Kernel kernel = MakeKernel();
  Pair pair(kernel);
  std::thread server;
  const auto echo = [&] {
    for (int i = 0; i < kRounds; ++i) {
      ASSERT_EQ(AwaitReadable(pair.b), ZX_OK);
      ASSERT_EQ(Write(pair.b, Read(pair.b) + "!"), ZX_OK);
    }
  };
  ASSERT_EQ(pair.server.StartThread(echo, &server), ZX_OK);
  const ThreadBinding binding(pair.client);
  for (int i = 0; i < kRounds; ++i) {
    const std::string ball = std::to_string(i);
    ASSERT_EQ(Write(pair.a, ball), ZX_OK);
    ASSERT_EQ(AwaitReadable(pair.a), ZX_OK);
    ASSERT_EQ(Read(pair.a), ball + "!");
  }
  server.join();
}

// Takes requests and answers each two in reverse, until the client's side closes.
void AnswerInReverse(zx_handle_t channel) {
  std::vector<std::string> open;
  for (;;) {
    const zx_time_t deadline = open.empty() ? ZX_TIME_INFINITE : zx_deadline_after(ZX_MSEC(1));
    const zx_status_t waited = zx_object_wait_one(
        channel, ZX_CHANNEL_READABLE | ZX_CHANNEL_PEER_CLOSED, deadline, nullptr);
    if (waited == ZX_OK) {
      const std::string request = Read(channel);
      if (request.starts_with("status ZX_ERR_SHOULD_WAIT")) continue;  // Another server was first.
      if (request.starts_with("status")) return;
      open.push_back(request);
      open.back().back() = static_cast<char>(open.back().back() + 1);
    }
    if (open.size() < 2 && waited == ZX_OK) continue;
    for (; !open.empty(); open.pop_back()) ASSERT_EQ(Write(channel, open.back()), ZX_OK);
  }
}

// C1, C2, C5, C6, C7, C9, C11
TEST(ZirconThreads, CallsOfManyThreadsGetTheirOwnReplies) {
  const Kernel kernel = MakeKernel();
  Pair pair(kernel);
  std::vector<std::thread> servers(2);
  std::vector<std::thread> clients(4);
  for (std::thread& server : servers) {
    ASSERT_EQ(pair.server.StartThread([&] { AnswerInReverse(pair.b); }, &server), ZX_OK);
  }
  for (size_t c = 0; c < clients.size(); ++c) {
    const auto body = [&, c] {
      for (int i = 0; i < 100; ++i) {
        const auto content = static_cast<char>('A' + c * 10 + static_cast<size_t>(i % 9));
        const Call call = MakeCall(pair.a, content);
        ASSERT_EQ(call.status, ZX_OK);
        ASSERT_EQ(call.reply, std::string(1, static_cast<char>(content + 1)));
      }
    };
    ASSERT_EQ(pair.client.StartThread(body, &clients[c]), ZX_OK);
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(pair.client.Kill(), ZX_OK);
  for (std::thread& server : servers) server.join();
}

// C15
TEST(ZirconThreads, ACallTimesOutOnTheRealClock) {
  const ThreadBinding binding(MakeProcess(MakeKernel()));
  const Ends ends = MakeChannel();
  const zx_time_t deadline = zx_deadline_after(ZX_MSEC(20));
  EXPECT_EQ(MakeCall(ends.a, 'x', deadline).status, ZX_ERR_TIMED_OUT);
  EXPECT_GE(zx_clock_get_monotonic(), deadline);
  EXPECT_EQ(SignalsOf(ends.b), ZX_CHANNEL_READABLE | ZX_CHANNEL_WRITABLE);
}

// --- Generations ---------------------------------------------------------------------------------

//
TEST(ZirconGenerations, AFreshEndpointHasTheRightsOfItsTime) {
  const std::vector<std::pair<std::string_view, zx_rights_t>> expected = {
      {"magenta-2017", 0x300E},
      {"zircon-2018-04", 0xF0CE},
      {"zircon-2018-10", 0xF0CE},
      {"current", ZX_DEFAULT_CHANNEL_RIGHTS}};
  for (const auto& [generation, rights] : expected) {
    const ThreadBinding binding(MakeProcess(MakeKernel(generation)));
    zx_info_handle_basic_t info = {};
    ASSERT_EQ(zx_object_get_info(MakeChannel().a, ZX_INFO_HANDLE_BASIC, &info, sizeof(info),
                                 nullptr, nullptr),
              ZX_OK);
    EXPECT_EQ(info.rights, rights) << generation;
    EXPECT_EQ(info.type, ZX_OBJ_TYPE_CHANNEL);
  }
}

// X-5, C12, C13: once the request was sent, the cause of a failure comes by itself.
TEST(ZirconGenerations, EarlyCallsTellTheCauseInReadStatus) {
  for (std::string_view generation : {"magenta-2017", "zircon-2018-04"}) {
    const Kernel kernel = MakeKernel(generation);
    Pair pair(kernel);
    std::thread server;
    const auto hang_up = [&] {
      EXPECT_EQ(AwaitReadable(pair.b), ZX_OK);
      EXPECT_EQ(zx_handle_close(pair.b), ZX_OK);
    };
    ASSERT_EQ(pair.server.StartThread(hang_up, &server), ZX_OK);
    const ThreadBinding binding(pair.client);
    char reply[8];
    zx_channel_call_args_t args = {"txidx", nullptr, reply, nullptr, 5, 0, 8, 0};
    uint32_t actual[2] = {};
    zx_status_t read_status = ZX_OK;
    EXPECT_EQ(zx_channel_call_2018(pair.a, 0, ZX_TIME_INFINITE, &args, &actual[0], &actual[1],
                                   &read_status),
              ZX_ERR_CALL_FAILED)
        << generation;
    EXPECT_EQ(read_status, ZX_ERR_PEER_CLOSED);
    server.join();
    // Not sent: a plain answer.
    read_status = ZX_OK;
    EXPECT_EQ(zx_channel_call_2018(pair.a, 0, ZX_TIME_INFINITE, &args, &actual[0], &actual[1],
                                   &read_status),
              ZX_ERR_PEER_CLOSED);
    EXPECT_EQ(read_status, ZX_OK);
  }
}

// today there is nothing to tell apart.
TEST(ZirconGenerations, LaterCallsLeaveReadStatusAlone) {
  const ThreadBinding binding(MakeProcess(MakeKernel()));
  const Ends ends = MakeChannel();
  ASSERT_EQ(zx_handle_close(ends.b), ZX_OK);
  char reply[8];
  zx_channel_call_args_t args = {"txidx", nullptr, reply, nullptr, 5, 0, 8, 0};
  uint32_t actual[2] = {};
  zx_status_t read_status = 7;
  EXPECT_EQ(zx_channel_call_2018(ends.a, 0, ZX_TIME_INFINITE, &args, &actual[0], &actual[1],
                                 &read_status),
            ZX_ERR_PEER_CLOSED);
  EXPECT_EQ(read_status, 7);
}

// C3, X-1, X-27: the first names, a transaction id of the caller's choice, deadlines without a
// sign.
TEST(ZirconGenerations, MagentaProgramsRunUnderTheirOwnNames) {
  const Kernel kernel = MakeKernel("magenta-2017");
  Pair pair(kernel);
  std::thread server;
  const auto echo = [&] {
    char bytes[8];
    uint32_t size = 0;
    EXPECT_EQ(mx_object_wait_one(pair.b, MX_CHANNEL_READABLE, MX_TIME_INFINITE, nullptr), MX_OK);
    EXPECT_EQ(mx_channel_read(pair.b, 0, bytes, nullptr, 8, 0, &size, nullptr), MX_OK);
    EXPECT_EQ(std::string(bytes, size), "txid");
    EXPECT_EQ(mx_channel_write(pair.b, 0, "other id", 8, nullptr, 0), MX_OK);
    EXPECT_EQ(mx_channel_write(pair.b, 0, "txid!", 5, nullptr, 0), MX_OK);
  };
  ASSERT_EQ(pair.server.StartThread(echo, &server), ZX_OK);
  const ThreadBinding binding(pair.client);
  char reply[8];
  mx_channel_call_args_t args = {"txid", nullptr, reply, nullptr, 4, 0, 8, 0};
  uint32_t num_bytes = 0;
  uint32_t num_handles = 0;
  mx_status_t read_status = MX_OK;
  EXPECT_EQ(
      mx_channel_call(pair.a, 0, MX_TIME_INFINITE, &args, &num_bytes, &num_handles, &read_status),
      MX_OK);
  EXPECT_EQ(std::string(reply, num_bytes), "txid!");
  EXPECT_EQ(Read(pair.a), "other id");
  server.join();
  EXPECT_EQ(mx_object_wait_one(pair.a, MX_CHANNEL_READABLE, 0, nullptr), MX_ERR_TIMED_OUT);
  mx_handle_t out = 0;
  EXPECT_EQ(mx_handle_duplicate(pair.a, MX_RIGHT_SAME_RIGHTS, &out), MX_ERR_ACCESS_DENIED);
  EXPECT_EQ(mx_handle_close(pair.a), MX_OK);
}

}  // namespace
}  // namespace native
