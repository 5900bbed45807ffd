#include "props/evidence.h"

#include <algorithm>
#include <variant>

#include "model/spec.h"

namespace props {

using core::Status;
using model::CallKind;

bool Done::OneOf(std::initializer_list<Status> statuses) const {
  return answered() && std::find(statuses.begin(), statuses.end(), result.status) != statuses.end();
}

bool Done::writes() const {
  return call->kind == CallKind::kChannelWrite || call->kind == CallKind::kChannelWriteEtc;
}
bool Done::calls() const {
  return call->kind == CallKind::kChannelCall || call->kind == CallKind::kChannelCallEtc;
}
bool Done::reads() const {
  return call->kind == CallKind::kChannelRead || call->kind == CallKind::kChannelReadEtc;
}
bool Done::waits() const {
  return call->kind == CallKind::kObjectWaitOne || call->kind == CallKind::kObjectWaitMany;
}

bool Done::FailedAfterSending(Status status) const {
  return Is(status) || (Is(Status::kCallFailed) && result.read_status == status);
}

std::optional<model::EndpointIndex> Done::named() const {
  if (const auto* handle = std::get_if<model::NamedHandle>(&call->handle)) return handle->handle;
  return std::nullopt;
}

std::vector<model::HandleArgument> Done::cargo() const {
  std::vector<model::HandleArgument> cargo = sends() ? call->handles : decltype(call->handles){};
  for (const model::Disposition& each : call->dispositions) {
    if (each.operation == model::Disposition::Operation::kMove) cargo.push_back(each.handle);
  }
  return cargo;
}

bool Done::Gives(model::EndpointIndex handle) const {
  const std::vector<model::HandleArgument> given = cargo();
  const model::HandleArgument wanted = model::NamedHandle{handle};
  return std::find(given.begin(), given.end(), wanted) != given.end();
}

std::optional<std::string> Done::payload() const {
  const bool whole = sends() && !call->raw && !call->iovecs && !call->count &&
                     call->bytes.size() == 1 && std::holds_alternative<std::string>(call->bytes[0]);
  if (!whole || std::get<std::string>(call->bytes[0]).empty()) return std::nullopt;
  return std::get<std::string>(call->bytes[0]);
}

Evidence::Evidence(const model::Litmus& litmus, const model::History& history)
    : litmus_(litmus),
      program_(litmus.program),
      history_(history),
      rules_(model::RulesOf(litmus.generation)) {
  std::vector<size_t> current(program_.threads.size());
  for (size_t i = 0; i < history.events.size(); ++i) {
    const model::HistoryEvent& event = history.events[i];
    if (event.kind == model::HistoryEvent::Kind::kInvoke) {
      current[event.thread] = done_.size();
      Done& done = done_.emplace_back();
      done.thread = event.thread;
      done.call = &program_.threads[event.thread].calls[event.call];
      done.begin = i;
    } else {
      done_[current[event.thread]].end = i;
      done_[current[event.thread]].result = event.result;
    }
  }
}

bool Evidence::Any(const Test& test) const {
  return std::any_of(done_.begin(), done_.end(), test);
}

bool Evidence::AnyTwo(const PairTest& test) const {
  for (const Done& a : done_) {
    for (const Done& b : done_) {
      if (&a != &b && test(a, b)) return true;
    }
  }
  return false;
}

model::ProcessIndex Evidence::ProcessOf(const Done& done) const {
  return program_.threads[done.thread].process;
}

bool Evidence::IsChannel(model::EndpointIndex handle) const {
  return program_.objects[program_.handles[handle].object].type == core::ObjectType::kChannel;
}

model::EndpointIndex Evidence::PeerOf(model::EndpointIndex handle) const {
  const model::DeclaredHandle& declared = program_.handles[handle];
  const model::DeclaredObject& object = program_.objects[declared.object];
  return object.handles.size() == 2 ? object.handles[1 - declared.side] : handle;
}

bool Evidence::Permits(model::EndpointIndex handle, core::Rights right) const {
  return (model::StartRights(program_, handle, litmus_.generation) & right) != 0;
}

const model::EndpointObservation* Evidence::AtEnd(model::EndpointIndex handle) const {
  return history_.end ? &history_.end->endpoints[handle] : nullptr;
}

bool Evidence::IsGone(model::EndpointIndex handle) const {
  const model::EndpointObservation* end = AtEnd(handle);
  return end != nullptr && end->place == model::EndpointObservation::Place::kGone;
}

bool Evidence::IsQueued(model::EndpointIndex handle, const std::string& payload) const {
  const model::EndpointObservation* end = AtEnd(handle);
  return end != nullptr &&
         std::find(end->queue.begin(), end->queue.end(), payload) != end->queue.end();
}

bool Evidence::AnyEndpoint(
    const std::function<bool(model::EndpointIndex, const model::EndpointObservation&)>& test)
    const {
  for (model::EndpointIndex i = 0; i < program_.handles.size(); ++i) {
    const model::EndpointObservation* end = AtEnd(i);
    if (IsChannel(i) && end != nullptr && test(i, *end)) return true;
  }
  return false;
}

bool Evidence::WasRead(const std::string& payload) const {
  return Any([&](const Done& done) {
    return model::Receives(done.call->kind) && done.ok() && done.result.bytes == payload;
  });
}

bool Evidence::Receives(const Done& receipt, const Done& carrier) {
  return carrier.ok() && receipt.reads() && receipt.ok() && receipt.begin < receipt.end &&
         carrier.begin < receipt.end && carrier.payload() == receipt.result.bytes;
}

}  // namespace props
