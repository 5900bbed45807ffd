#include "props/order.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "model/names.h"
#include "model/rules.h"

namespace props {

namespace {

// The payload, if the call says it in full and sends nothing else.
std::optional<std::string> PayloadOf(const model::Call& call) {
  const bool whole = model::Sends(call.kind) && !call.raw && !call.iovecs && !call.count &&
                     call.bytes.size() == 1 &&
                     std::holds_alternative<std::string>(call.bytes.front());
  if (!whole) return std::nullopt;
  return std::get<std::string>(call.bytes.front());
}

// A reply goes past the queue, so only reads tell; and one that is not told how many bytes came
// cannot tell which.
bool TellsPayload(const model::Call& call, const model::CallResult& result) {
  const bool reads =
      call.kind == model::CallKind::kChannelRead || call.kind == model::CallKind::kChannelReadEtc;
  return reads && result.status == core::Status::kOk &&
         call.buffers.actual_bytes == model::Memory::kFine;
}

bool IsMadeThrough(const model::Call& call, const model::HandleArgument& handle) {
  if (std::find(call.handles.begin(), call.handles.end(), handle) != call.handles.end()) {
    return true;
  }
  const bool replaces = call.kind == model::CallKind::kHandleReplace && call.handle == handle;
  return replaces || std::any_of(call.dispositions.begin(), call.dispositions.end(),
                                 [&](const auto& each) { return each.handle == handle; });
}

}  // namespace

ArrivalOrder::ArrivalOrder(const model::Litmus& litmus) : litmus_(litmus) {
  const std::vector<Sent> sent = Senders(litmus.program);
  AddClaimsOfWriters(sent);
  if (model::RulesOf(litmus.generation).tests_owner) AddClaimsOfOwners(litmus.program, sent);
}

// Those of payloads that nobody else can have sent.
std::vector<ArrivalOrder::Sent> ArrivalOrder::Senders(const model::Program& program) const {
  std::vector<Sent> sent;
  std::map<std::string, uint32_t> count;
  for (const model::InitialQueue& queue : program.queues) {
    for (const model::InitialMessage& message : queue.messages) {
      ++count[message.payload];
      if (message.nested > 0) ++count[""];  // What the messages inside of it say.
    }
  }
  for (model::ThreadIndex t = 0; t < program.threads.size(); ++t) {
    for (const model::Call& call : program.threads[t].calls) {
      if (!model::Sends(call.kind)) continue;
      const std::optional<std::string> payload = PayloadOf(call);
      if (!payload) return {};  // It may be what another one sends as well.
      ++count[*payload];
      sent.push_back({t, &call, *payload});
    }
  }
  std::erase_if(sent, [&](const Sent& each) { return count[each.payload] != 1; });
  return sent;
}

void ArrivalOrder::AddClaimsOfWriters(const std::vector<Sent>& sent) {
  for (size_t i = 0; i < sent.size(); ++i) {
    if (!std::holds_alternative<model::NamedHandle>(sent[i].call->handle)) continue;
    for (size_t j = i + 1; j < sent.size(); ++j) {
      const bool same =
          sent[i].thread == sent[j].thread && sent[i].call->handle == sent[j].call->handle;
      if (same) claims_.push_back({sent[i].payload, sent[j].payload, std::nullopt});
    }
  }
}

// Whoever reads the message that `carrier` sent has its handle number `index` by that name.
void ArrivalOrder::AddClaimsOfOwners(const model::Program& program, const std::vector<Sent>& sent) {
  const auto claim = [&](const Sent& carrier, uint32_t index, const model::HandleArgument& old) {
    for (const Sent& second : sent) {
      const model::ThreadProgram& taker = program.threads[second.thread];
      const auto* name = std::get_if<model::ResultHandle>(&second.call->handle);
      const bool received = name != nullptr && name->index == index &&
                            model::Receives(taker.variables[name->variable].kind);
      const bool elsewhere = taker.process != program.threads[carrier.thread].process;
      const bool goes_on = std::any_of(
          taker.calls.begin(), taker.calls.end(),
          [&](const model::Call& call) { return IsMadeThrough(call, second.call->handle); });
      if (!received || !elsewhere || goes_on) continue;
      for (const Sent& first : sent) {
        if (first.call->handle != old || first.thread == second.thread) continue;
        claims_.push_back({first.payload, second.payload,
                           Receipt{second.thread, name->variable, carrier.payload}});
      }
    }
  };
  for (const Sent& carrier : sent) {
    for (uint32_t i = 0; i < carrier.call->handles.size(); ++i) {
      const model::HandleArgument& handle = carrier.call->handles[i];
      if (std::holds_alternative<model::NamedHandle>(handle)) claim(carrier, i, handle);
    }
    for (uint32_t i = 0; i < carrier.call->dispositions.size(); ++i) {
      const model::HandleArgument& handle = carrier.call->dispositions[i].handle;
      if (std::holds_alternative<model::NamedHandle>(handle)) claim(carrier, i, handle);
    }
  }
}

ArrivalOrder::Arrivals ArrivalOrder::ArrivalsIn(const model::History& history) const {
  Arrivals arrivals;
  std::vector<size_t> begun(litmus_.program.threads.size());
  for (size_t i = 0; i < history.events.size(); ++i) {
    const model::HistoryEvent& event = history.events[i];
    if (event.kind == model::HistoryEvent::Kind::kInvoke) {
      begun[event.thread] = i;
      continue;
    }
    const model::Call& call = litmus_.program.threads[event.thread].calls[event.call];
    if (!TellsPayload(call, event.result)) continue;
    arrivals[event.result.bytes] = {false, begun[event.thread], i};
  }
  if (!history.end) return arrivals;
  for (const model::EndpointObservation& endpoint : history.end->endpoints) {
    for (size_t i = 0; i < endpoint.queue.size(); ++i) arrivals[endpoint.queue[i]] = {true, i, i};
  }
  return arrivals;
}

// Both are of one queue.
bool ArrivalOrder::ComesBefore(const Arrival& a, const Arrival& b) {
  if (a.queued && b.queued) return a.begin < b.begin;
  if (a.queued != b.queued) return b.queued;
  return a.end < b.begin;
}

std::optional<Disorder> ArrivalOrder::Find(const model::History& history) const {
  if (claims_.empty()) return std::nullopt;
  const Arrivals arrivals = ArrivalsIn(history);
  const auto received = [&](const Receipt& receipt) {
    return std::any_of(history.events.begin(), history.events.end(), [&](const auto& event) {
      if (event.kind != model::HistoryEvent::Kind::kReturn || event.thread != receipt.thread) {
        return false;
      }
      const model::Call& call = litmus_.program.threads[event.thread].calls[event.call];
      return call.result == receipt.variable && event.result.bytes == receipt.payload;
    });
  };
  for (const Claim& claim : claims_) {
    const auto first = arrivals.find(claim.first);
    const auto second = arrivals.find(claim.second);
    if (first == arrivals.end() || second == arrivals.end()) continue;
    if (!ComesBefore(second->second, first->second)) continue;
    if (claim.receipt && !received(*claim.receipt)) continue;
    const std::string_view what = claim.receipt
                                      ? "of the new owner came before {} of the old owner"
                                      : "came before {}, which the same thread wrote earlier";
    return Disorder{claim.receipt.has_value(),
                    model::PrintValue(claim.second) + " " +
                        fmt::format(fmt::runtime(what), model::PrintValue(claim.first))};
  }
  return std::nullopt;
}

}  // namespace props
