#include "props/pairs.h"

#include <fmt/format.h>

#include <array>
#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace props {

namespace {

// A form makes one system call that matters. Others come before it where it needs what they bring,
// or after it where its effect would not be seen otherwise.
struct Form {
  std::string_view name;
  std::string_view process;
  std::string_view calls;        // `@` is the name of the other thread.
  std::string_view helper = {};  // What a third thread, of process p, does.
};

// Forms on a0 and what p holds, then those of its peer's side, then those on threads.
constexpr Form kForms[] = {
    {"write", "p", "r = zx_channel_write(a0, \"w\");"},
    {"write_handle", "p", "r = zx_channel_write(a0, \"w\", handles: [e0]);"},
    {"write_self", "p", "r = zx_channel_write(a0, \"w\", handles: [e0, a0]);"},
    {"write_twice", "p", "r = zx_channel_write(a0, \"w\", handles: [e0, e0]);"},
    {"write_etc", "p",
     "r = zx_channel_write_etc(a0, \"w\", dispositions: [move e0: [TRANSFER], duplicate f0]);"},
    {"read", "p", "r = zx_channel_read(a0);"},
    {"read_etc", "p", "r = zx_channel_read_etc(a0);"},
    {"read_small", "p", "r = zx_channel_read(a0, max_bytes: 4, max_handles: 0);"},
    {"read_discard", "p",
     "r = zx_channel_read(a0, max_bytes: 4, max_handles: 0, options: MAY_DISCARD);"},
    {"call", "p", "r = zx_channel_call(a0, \"c\", deadline: may);"},
    {"call_handle", "p", "r = zx_channel_call(a0, \"c\", deadline: may, handles: [e0]);"},
    {"call_etc", "p",
     "r = zx_channel_call_etc(a0, \"c\", deadline: never, max_bytes: 4, dispositions: [move e0]);"},
    {"wait_readable", "p", "r = zx_object_wait_one(a0, READABLE, deadline: may);"},
    {"wait_closed", "p", "r = zx_object_wait_one(a0, PEER_CLOSED | 0x01000000, deadline: may);"},
    {"wait_event", "p", "r = zx_object_wait_one(e0, SIGNALED, deadline: may);"},
    {"wait_many", "p",
     "r = zx_object_wait_many([a0: PEER_CLOSED | 0x01000000, e0: SIGNALED], deadline: may);"},
    {"wait_async", "p",
     "po = zx_port_create();"
     "r = zx_object_wait_async(a0, po.handles[0], key: 1, signals: PEER_CLOSED | READABLE);"
     "pw = zx_port_wait(po.handles[0], deadline: may);"},
    {"port_cancel", "p",
     "po = zx_port_create();"
     "wa = zx_object_wait_async(a0, po.handles[0], key: 1, signals: PEER_CLOSED | 0x01000000);"
     "r = zx_port_cancel(po.handles[0], a0, key: 1);"
     "pw = zx_port_wait(po.handles[0], deadline: now);"},
    {"signal", "p", "r = zx_object_signal(a0, 0, 0x01000000);"},
    {"signal_peer", "p", "r = zx_object_signal_peer(a0, 0, 0x01000000);"},
    {"signal_event", "p", "r = zx_object_signal(e0, 0, SIGNALED);"},
    {"get_info", "p", "r = zx_object_get_info(a0, HANDLE_BASIC);"},
    {"count", "p", "r = zx_object_get_info(a0, HANDLE_COUNT);"},
    {"count_event", "p", "r = zx_object_get_info(e0, HANDLE_COUNT);"},
    {"check_valid", "p", "r = zx_handle_check_valid(a0);"},
    {"duplicate", "p", "r = zx_handle_duplicate(a0);"},
    {"duplicate_event", "p", "r = zx_handle_duplicate(e0, rights: [TRANSFER, WAIT]);"},
    {"replace", "p", "r = zx_handle_replace(a0, rights: [READ, WRITE, TRANSFER, WAIT]);"},
    {"replace_wrong", "p", "r = zx_handle_replace(a0, rights: [DUPLICATE]);"},
    {"replace_event", "p", "r = zx_handle_replace(e0, rights: [TRANSFER, WAIT]);"},
    {"close", "p", "r = zx_handle_close(a0);"},
    {"close_many", "p", "r = zx_handle_close_many([e0, a0]);"},
    {"close_event", "p", "r = zx_handle_close(e0);"},
    {"send", "p", "r = zx_channel_write(c0, \"s\", handles: [a0]);"},
    {"send_etc", "p",
     "r = zx_channel_write_etc(c0, \"s\", dispositions: [move a0: [READ, WRITE, WAIT]]);"},
    {"send_back", "p", "s = zx_channel_write(d0, \"s\", handles: [a0]); r = zx_channel_read(d1);"},
    {"receive", "q", "zx_object_wait_one(c1, READABLE, deadline: never); r = zx_channel_read(c1);",
     "r = zx_channel_write(c0, \"t\", handles: [a0]);"},
    {"peer_write", "q", "r = zx_channel_write(a1, \"v\");"},
    {"peer_write_handle", "q", "r = zx_channel_write(a1, \"v\", handles: [e1]);"},
    {"peer_reply", "q", "r = zx_channel_write(a1, \"y\", txid: 0x80000001);"},
    {"peer_read", "q", "r = zx_channel_read(a1);"},
    {"peer_call", "q", "r = zx_channel_call(a1, \"k\", deadline: may);"},
    {"peer_wait", "q", "r = zx_object_wait_one(a1, READABLE | PEER_CLOSED, deadline: may);"},
    {"peer_signal", "q", "r = zx_object_signal_peer(a1, 0, 0x01000000);"},
    {"peer_close", "q", "r = zx_handle_close(a1);"},
    {"carrier_close", "q", "r = zx_handle_close(c1);"},
    {"suspend", "p", "r = zx_thread_suspend(@);"},
    {"suspend_resume", "p", "r = zx_thread_suspend(@); s = zx_thread_resume(@);"},
    {"kill", "p", "r = zx_thread_kill(@);"},
    {"process_kill", "q", "r = zx_process_kill(p);"},
    {"peer_process_kill", "p", "r = zx_process_kill(q);"},
};

constexpr std::string_view kObjects = R"({
  process p, q;
  channel a : p.a0 <-> q.a1;
  channel c : p.c0 <-> q.c1;
  channel d : p.d0 <-> p.d1;
  event e : p.e0, q.e1;
  event f : p.f0;
)";

std::string ThreadText(std::string_view process, char name, std::string_view calls, char other) {
  std::string text = fmt::format("thread {}.{} {{ ", process, name);
  for (char c : calls) text += c == '@' ? other : c;
  return text + " }\n";
}

}  // namespace

std::vector<std::string_view> PairForms() {
  std::vector<std::string_view> names;
  for (const Form& form : kForms) names.push_back(form.name);
  return names;
}

model::Litmus PairProgram(size_t first, size_t second, PairSetting setting) {
  assert(first < std::size(kForms));
  assert(second < std::size(kForms));
  const Form& x = kForms[first];
  const Form& y = kForms[second];
  const bool queued = setting == PairSetting::kQueued;
  std::string text = fmt::format("Zircon {}+{}{}\nAllow = \"blocked, leak\"\n{}", x.name, y.name,
                                 queued ? "" : "+empty", kObjects);
  if (queued) text += "  a0.queue = [\"m\"];\n";
  text +=
      "}\n" + ThreadText(x.process, 'x', x.calls, 'y') + ThreadText(y.process, 'y', y.calls, 'x');
  const std::string_view helper = x.helper.empty() ? y.helper : x.helper;
  if (!helper.empty()) text += ThreadText("p", 'h', helper, 'x');
  auto parsed = model::ParseLitmus(text);
  assert(std::holds_alternative<model::Litmus>(parsed));
  model::Litmus litmus = std::get<model::Litmus>(std::move(parsed));
  litmus.locations = model::EveryLocation(litmus.program);
  return litmus;
}

}  // namespace props
