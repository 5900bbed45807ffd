#include "model/message_fates.h"

#include <algorithm>
#include <utility>

#include "model/names.h"

namespace model {

namespace {

bool Reads(CallKind kind) {
  return kind == CallKind::kChannelRead || kind == CallKind::kChannelReadEtc;
}

template <typename Visitor>
void ForEachCall(const Program& program, Visitor visit) {
  for (const ThreadProgram& thread : program.threads) {
    for (const Call& call : thread.calls) visit(call);
  }
}

/// How often each payload may be sent; none if that can't be known from the program alone.
std::map<std::string, int, std::less<>> CountPayloads(const Program& program) {
  std::map<std::string, int, std::less<>> counts;
  bool is_known = true;
  for (const InitialQueue& queue : program.queues) {
    for (const InitialMessage& message : queue.messages) ++counts[message.payload];
  }
  ForEachCall(program, [&](const Call& call) {
    if (!Sends(call.kind)) return;
    const bool is_text = call.bytes.size() == 1 && std::get_if<std::string>(&call.bytes[0]);
    is_known = is_known && is_text && !call.raw && !call.iovecs && !call.count &&
               call.buffers.bytes == Memory::kFine && call.options == 0;
    if (is_known) ++counts[std::get<std::string>(call.bytes[0])];
  });
  if (!is_known) counts.clear();
  return counts;
}

/// Whether a message may leave a queue without an answer that shows it.
bool MayVanish(const Litmus& litmus, const History& history) {
  bool may_vanish = FaultsWithin(litmus).user_memory != 0;
  ForEachCall(litmus.program, [&](const Call& call) {
    const bool is_plain = call.buffers == Buffers{} && call.options == 0;
    if (Reads(call.kind) && !is_plain) may_vanish = true;
  });
  int reads_in_progress = 0;
  for (const HistoryEvent& event : history.events) {
    if (!Reads(litmus.program.threads[event.thread].calls[event.call].kind)) continue;
    reads_in_progress += event.kind == HistoryEvent::Kind::kInvoke ? 1 : -1;
  }
  return may_vanish || reads_in_progress != 0;
}

}  // namespace

MessageFates::MessageFates(const Litmus& litmus, const History& history) {
  const Fate left_alone = {.earliest = MayVanish(litmus, history) ? 0 : kNever};
  for (const auto& [payload, count] : CountPayloads(litmus.program)) {
    if (count == 1 && !payload.empty()) fates_.emplace(payload, left_alone);
  }
  if (history.end) {
    for (const EndpointObservation& endpoint : history.end->endpoints) {
      for (size_t i = 0; i < endpoint.queue.size(); ++i) {
        const auto fate = fates_.find(endpoint.queue[i]);
        const size_t end = history.events.size() + i;
        if (fate != fates_.end()) fate->second = {.earliest = end, .latest = end};
      }
    }
  }
  std::vector<size_t> invoked(litmus.program.threads.size());
  for (size_t i = 0; i < history.events.size(); ++i) {
    const HistoryEvent& event = history.events[i];
    if (event.kind == HistoryEvent::Kind::kInvoke) invoked[event.thread] = i;
    const auto fate = fates_.find(event.result.bytes);
    if (event.kind == HistoryEvent::Kind::kInvoke || fate == fates_.end()) continue;
    const bool is_reply = Sends(litmus.program.threads[event.thread].calls[event.call].kind);
    fate->second = {invoked[event.thread], i, is_reply, event.result.txid};
  }
}

MessageFates::Fate MessageFates::FateOf(std::string_view payload) const {
  const auto fate = fates_.find(payload);
  return fate == fates_.end() ? Fate{} : fate->second;
}

bool MessageFates::Contradict(const State& state) const {
  if (fates_.empty()) return false;
  for (const Object& object : state.objects) {
    size_t latest_start = 0;  // Of the messages ahead.
    for (const Message& message : object.queue) {
      const std::string_view data = message.data;
      const Fate fate = FateOf(data.substr(std::min<size_t>(data.size(), core::kTxidBytes)));
      if (fate.is_reply || latest_start > fate.latest) return true;
      if (fate.txid && *fate.txid != TxidOf(message)) return true;
      latest_start = std::max(latest_start, fate.earliest);
    }
  }
  return false;
}

}  // namespace model
