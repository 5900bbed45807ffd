// Programs for long histories: many calls at the same two channels, from several threads.
#include <string>
#include <utility>

#include "tests/model/drawn_histories.h"

namespace model {

namespace {

constexpr EndpointIndex kFirstEvent = 4;

ObjectIndex ChannelOf(const HandleArgument& end) {
  return std::get<NamedHandle>(end).handle / 2;
}

// An end of a channel that the thread's process holds at the start.
HandleArgument DrawEnd(Dice& dice, const ThreadProgram& thread) {
  return NamedHandle{2 * dice.Below(2) + thread.process};
}

void AnswerTheLastRead(const ThreadProgram& thread, Call* call) {
  for (auto i = static_cast<uint32_t>(thread.calls.size()); i > 0; --i) {
    if (thread.calls[i - 1].kind != CallKind::kChannelRead) continue;
    call->handle = thread.calls[i - 1].handle;
    call->txid = ResultField{i - 1};
    return;
  }
}

void AddCall(Dice& dice, bool one_event, bool may_close, ThreadProgram* thread) {
  const auto number = static_cast<uint32_t>(thread->calls.size());
  Call call;
  call.kind = CallKind::kChannelWrite;
  call.handle = DrawEnd(dice, *thread);
  call.deadline.kind = Deadline::Kind::kMay;
  call.bytes = {thread->name + "/" + std::to_string(number)};
  switch (dice.Below(may_close ? 9 : 8)) {
    case 0:
    case 1:
      break;
    case 2:
      AnswerTheLastRead(*thread, &call);
      break;
    case 3:
    case 4:
      call.kind = CallKind::kChannelRead;
      break;
    case 5:
      call.kind = CallKind::kChannelCall;
      break;
    case 6:
      call.kind = CallKind::kObjectWaitOne;
      call.signals = core::kSignalReadable | core::kSignalPeerClosed;
      break;
    case 7:
      call.handles = {NamedHandle{kFirstEvent + (one_event ? 0 : ChannelOf(call.handle))}};
      break;
    default:
      call.kind = CallKind::kHandleClose;
      break;
  }
  call.result = number;
  thread->variables.push_back({"r" + std::to_string(number), call.kind});
  thread->calls.push_back(std::move(call));
}

}  // namespace

Litmus DrawBusyProgram(Dice& dice, uint32_t threads, uint32_t calls) {
  constexpr uint32_t kLastCalls = 5;
  Litmus litmus;
  Program& program = litmus.program;
  program.processes = {"p", "q"};
  program.objects = {{"a", core::ObjectType::kChannel, {0, 1}},
                     {"b", core::ObjectType::kChannel, {2, 3}},
                     {"e", core::ObjectType::kEvent, {kFirstEvent}},
                     {"f", core::ObjectType::kEvent, {kFirstEvent + 1}}};
  program.handles = {{"a0", 0, 0, 0, {}}, {"a1", 1, 0, 1, {}}, {"b0", 0, 1, 0, {}},
                     {"b1", 1, 1, 1, {}}, {"e0", 0, 2, 0, {}}, {"f0", 0, 3, 0, {}}};
  const bool one_event = dice.Below(2) == 0;
  for (uint32_t i = 0; i < threads; ++i) {
    ThreadProgram& thread = program.threads.emplace_back();
    thread.name = "t" + std::to_string(i);
    thread.process = i % 2;
    for (uint32_t j = 0; j < calls; ++j) AddCall(dice, one_event, j + kLastCalls > calls, &thread);
  }
  return litmus;
}

}  // namespace model
