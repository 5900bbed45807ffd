// The table: what an execution must have had in it to count as one that a clause speaks of.
#include <algorithm>
#include <array>
#include <variant>

#include "props/evidence.h"
#include "props/reached.h"

namespace props {

namespace {

using core::Status;
using model::CallKind;
using model::Memory;

struct Clause {
  std::string_view name;
  bool (*shown)(const Evidence& evidence);
};

// --- What several clauses ask ---

bool HasRaw(const std::vector<model::HandleArgument>& handles) {
  return std::any_of(handles.begin(), handles.end(), [](const model::HandleArgument& handle) {
    return std::holds_alternative<model::RawHandle>(handle);
  });
}

bool HasTwice(const std::vector<model::HandleArgument>& handles) {
  for (size_t i = 0; i < handles.size(); ++i) {
    if (std::find(handles.begin(), handles.begin() + static_cast<ptrdiff_t>(i), handles[i]) !=
        handles.begin() + static_cast<ptrdiff_t>(i)) {
      return true;
    }
  }
  return false;
}

bool FailsBeforeSending(const Done& done) {
  return done.sends() && done.answered() &&
         !done.OneOf({Status::kOk, Status::kTimedOut, Status::kCallFailed, Status::kCanceled,
                      Status::kBadSyscall});
}

/// It was sent, and nobody will ever read it.
bool Died(const Evidence& e, const Done& done) {
  const auto payload = done.payload();
  const bool sent = done.sends() && (done.ok() || done.Is(Status::kTimedOut));
  if (!sent || !payload || !done.named() || !e.IsChannel(*done.named())) return false;
  return e.IsGone(e.PeerOf(*done.named())) && !e.WasRead(*payload);
}

/// A declared endpoint changes its owner while `meanwhile`, a call of the old owner's, runs on it;
/// `new_use`, if wanted, is a call of the new owner on it.
bool ChangesOwner(const Evidence& e, bool (Done::*kind)() const, bool used_by_new) {
  return e.AnyTwo([&](const Done& carrier, const Done& receipt) {
    if (!Evidence::Receives(receipt, carrier)) return false;
    if (e.ProcessOf(carrier) == e.ProcessOf(receipt)) return false;
    return e.AnyTwo([&](const Done& meanwhile, const Done& later) {
      const auto handle = meanwhile.named();
      const bool old = (meanwhile.*kind)() && handle && e.IsChannel(*handle) &&
                       carrier.Gives(*handle) && meanwhile.thread != carrier.thread &&
                       e.ProcessOf(meanwhile) == e.ProcessOf(carrier) &&
                       meanwhile.begin < receipt.end && carrier.begin < meanwhile.end;
      if (!old || !used_by_new) return old;
      const auto* received = std::get_if<model::ResultHandle>(&later.call->handle);
      return (later.*kind)() && later.ok() && received != nullptr &&
             later.thread == receipt.thread && receipt.call->result == received->variable;
    });
  });
}

template <Status kStatus>
bool WriteAnswers(const Evidence& e) {
  return e.Any([](const Done& done) { return done.writes() && done.Is(kStatus); });
}

bool CallAnswers(const Evidence& e, Status status) {
  return e.Any([&](const Done& done) { return done.calls() && done.FailedAfterSending(status); });
}

/// A call whose request was read, and answered with the id that was read.
bool IsServed(const Evidence& e) {
  return e.AnyTwo([&](const Done& call, const Done& reply) {
    return call.calls() && call.ok() && reply.writes() && reply.ok() &&
           std::holds_alternative<model::ResultField>(reply.call->txid) &&
           reply.payload() == call.result.bytes;
  });
}

// --- The object, and handles on their way ---

constexpr auto kOfObjects = std::to_array<Clause>({
    {"O1",
     [](const Evidence& e) {
       const auto reads = [&](auto test) {
         return e.Any([&](const Done& done) { return done.reads() && done.ok() && test(done); });
       };
       return reads([](const Done& done) { return done.result.actual_handles != 0; }) ||
              reads([](const Done& done) { return done.result.bytes.empty(); });
     }},
    {"O2",
     [](const Evidence& e) {
       return e.AnyEndpoint([&](model::EndpointIndex i, const model::EndpointObservation& end) {
         const model::EndpointObservation* peer = e.AtEnd(e.PeerOf(i));
         return !end.queue.empty() && !peer->queue.empty();
       });
     }},
    {"O3",
     [](const Evidence& e) {
       return e.AnyEndpoint([](model::EndpointIndex, const model::EndpointObservation& end) {
         return end.queue.size() >= 2;
       });
     }},
    {"O4",
     [](const Evidence& e) {
       return e.AnyTwo([](const Done& a, const Done& b) {
         return a.reads() && b.reads() && a.ok() && b.ok() && a.named() && a.named() == b.named();
       });
     }},
    {"O5",
     [](const Evidence& e) { return e.Any([&](const Done& each) { return Died(e, each); }); }},
    {"O6",
     [](const Evidence& e) {
       return e.Any([&](const Done& each) { return Died(e, each) && !each.cargo().empty(); });
     }},
    {"O7",
     [](const Evidence& e) {
       return e.AnyTwo([&](const Done& write, const Done& read) {
         const auto payload = write.payload();
         const bool sent = write.writes() && write.ok() && payload && write.named() &&
                           e.IsChannel(*write.named()) && e.IsGone(*write.named());
         if (!sent) return false;
         return e.IsQueued(e.PeerOf(*write.named()), *payload) ||
                (read.reads() && read.ok() && read.result.bytes == *payload);
       });
     }},
    {"O8",
     [](const Evidence& e) {
       return e.AnyTwo([](const Done& wait, const Done& write) {
         return wait.waits() && wait.ok() && write.sends() && wait.begin < write.begin &&
                write.begin < wait.end && wait.thread != write.thread &&
                ((wait.result.observed & core::kSignalReadable) != 0 ||
                 std::any_of(wait.result.pending.begin(), wait.result.pending.end(),
                             [](auto each) { return (each & core::kSignalReadable) != 0; }));
       });
     }},
    {"O9",
     [](const Evidence& e) {
       return e.Any([&](const Done& done) {
         return done.call->kind == CallKind::kObjectGetInfo && done.ok() &&
                done.call->topic == core::kInfoHandleCount && done.named() &&
                e.IsChannel(*done.named());
       });
     }},
    {"O10",
     [](const Evidence& e) {
       return e.AnyTwo([&](const Done& carrier, const Done& use) {
         return carrier.ok() && use.named() && carrier.Gives(*use.named()) &&
                e.IsChannel(*use.named()) && (use.sends() || use.reads()) &&
                use.end > carrier.begin && use.Is(Status::kBadHandle);
       });
     }},
    {"O11", [](const Evidence& e) { return ChangesOwner(e, &Done::writes, false); }},
    {"O12", [](const Evidence& e) { return ChangesOwner(e, &Done::writes, true); }},
    {"O13", [](const Evidence& e) { return ChangesOwner(e, &Done::reads, false); }},
    {"O14",
     [](const Evidence& e) {
       return e.AnyTwo([&](const Done& carrier, const Done& signal) {
         return carrier.ok() && signal.call->kind == CallKind::kObjectSignal && signal.ok() &&
                signal.named() && carrier.Gives(*signal.named()) && signal.Overlaps(carrier);
       });
     }},
    {"O15", WriteAnswers<Status::kNotSupported>},
    {"H1",
     [](const Evidence& e) {
       return e.Any([](const Done& done) {
         return done.reads() && done.ok() && !done.result.bytes.empty() &&
                done.result.actual_handles != 0;
       });
     }},
    {"H2",
     [](const Evidence& e) {
       return e.rules().failed_send_keeps_handles && e.Any([](const Done& done) {
         return done.writes() && FailsBeforeSending(done) && !done.cargo().empty();
       });
     }},
    {"H3",
     [](const Evidence& e) {
       return !e.rules().failed_send_keeps_handles && e.Any([](const Done& done) {
         return done.writes() && FailsBeforeSending(done) && !done.cargo().empty();
       });
     }},
    {"H4",
     [](const Evidence& e) {
       return e.Any([](const Done& done) {
         return done.reads() && done.ok() && done.result.handle_count >= 2;
       });
     }},
    {"H5",
     [](const Evidence& e) {
       return e.Any([](const Done& done) {
         return done.reads() && done.Is(Status::kBufferTooSmall) && done.call->options == 0;
       });
     }},
    {"H6",
     [](const Evidence& e) {
       return e.Any([](const Done& done) {
         return done.reads() && done.Is(Status::kBufferTooSmall) && done.call->options != 0;
       });
     }},
    {"H7",
     [](const Evidence& e) {
       return e.AnyTwo([](const Done& send, const Done& use) {
         return send.ok() && use.named() && send.Gives(*use.named()) && send.end < use.begin &&
                use.Is(Status::kBadHandle);
       });
     }},
    {"H8",
     [](const Evidence& e) {
       return e.rules().failed_send_keeps_handles && e.Any([](const Done& done) {
         return done.calls() && done.answered() && !done.ok() && !done.cargo().empty();
       });
     }},
    {"H9",
     [](const Evidence& e) {
       return !e.rules().failed_send_keeps_handles && e.Any([](const Done& done) {
         return done.calls() && done.answered() && !done.ok() && !done.cargo().empty();
       });
     }},
});

// --- Handles, and writing ---

template <CallKind kKind, Status kStatus>
bool Answers(const Evidence& e) {
  return e.Any([](const Done& done) { return done.call->kind == kKind && done.Is(kStatus); });
}

constexpr auto kOfWrites = std::to_array<Clause>({
    {"K1", Answers<CallKind::kChannelCreate, Status::kOk>},
    {"K2",
     [](const Evidence& e) {
       return e.AnyTwo([](const Done& close, const Done& wait) {
         return close.call->kind == CallKind::kHandleClose && close.ok() && close.named() &&
                wait.waits() && wait.Is(Status::kCanceled) && wait.Overlaps(close);
       });
     }},
    {"K3",
     [](const Evidence& e) {
       return e.Any([&](const Done& done) {
         return done.call->kind == CallKind::kHandleDuplicate && done.Is(Status::kAccessDenied) &&
                done.named() && e.IsChannel(*done.named());
       });
     }},
    {"K4",
     [](const Evidence& e) {
       return e.AnyTwo([&](const Done& replace, const Done& use) {
         return replace.call->kind == CallKind::kHandleReplace && replace.ok() && replace.named() &&
                e.IsChannel(*replace.named()) && use.named() == replace.named() &&
                use.Is(Status::kBadHandle);
       });
     }},
    {"W1",
     [](const Evidence& e) {
       return e.Any([](const Done& done) {
         const bool handles = done.call->buffers.handles == Memory::kNull && done.cargo().empty();
         return done.writes() && done.ok() &&
                (handles || done.call->buffers.bytes == Memory::kNull);
       });
     }},
    {"W2",
     [](const Evidence& e) {
       return e.Any([](const Done& done) {
         return done.writes() && done.Is(Status::kOutOfRange) &&
                done.call->handle_count.value_or(0) > core::kMaxMessageHandles;
       });
     }},
    {"W3",
     [](const Evidence& e) {
       return e.Any([](const Done& done) {
         return done.writes() && done.Is(Status::kOutOfRange) && !done.call->iovecs &&
                done.call->count.value_or(0) > core::kMaxMessageBytes;
       });
     }},
    {"W4",
     [](const Evidence& e) {
       return e.Any([&](const Done& done) {
         return done.writes() && done.Is(Status::kAccessDenied) && done.named() &&
                e.IsChannel(*done.named()) && !e.Permits(*done.named(), core::kRightWrite);
       });
     }},
    {"W5",
     [](const Evidence& e) {
       return e.Any([&](const Done& done) {
         return done.writes() && done.Is(Status::kAccessDenied) && done.named() &&
                e.Permits(*done.named(), core::kRightWrite) && !done.cargo().empty();
       });
     }},
    {"W6",
     [](const Evidence& e) {
       return e.Any([](const Done& done) {
         return done.writes() && done.Is(Status::kBadHandle) &&
                std::holds_alternative<model::RawHandle>(done.call->handle);
       });
     }},
    {"W7",
     [](const Evidence& e) {
       return e.Any([](const Done& done) {
         return done.writes() && done.Is(Status::kBadHandle) && done.named() &&
                HasRaw(done.cargo());
       });
     }},
    {"W8",
     [](const Evidence& e) {
       return e.Any([&](const Done& done) {
         return done.writes() && done.Is(e.rules().duplicate_handles) && HasTwice(done.cargo());
       });
     }},
    {"W9", WriteAnswers<Status::kWrongType>},
    {"W10",
     [](const Evidence& e) {
       return e.Any([](const Done& done) {
         const model::Buffers& buffers = done.call->buffers;
         return done.writes() && done.Is(Status::kInvalidArgs) &&
                (buffers.bytes != Memory::kFine || buffers.handles != Memory::kFine);
       });
     }},
    {"W11",
     [](const Evidence& e) {
       return e.Any([](const Done& done) {
         return done.writes() && done.Is(Status::kInvalidArgs) &&
                (done.call->options & ~core::kWriteUseIovec) != 0;
       });
     }},
    {"W12", WriteAnswers<Status::kNotSupported>},
    {"W13", WriteAnswers<Status::kPeerClosed>},
    {"W14", WriteAnswers<Status::kNoMemory>},
    {"W15",
     [](const Evidence& e) {
       return e.Any([](const Done& done) {
         return done.writes() && done.ok() && done.call->handles.size() >= 2;
       });
     }},
});

// --- Calling and waiting ---

constexpr auto kOfCalls = std::to_array<Clause>({
    {"C1", IsServed},
    {"C2",
     [](const Evidence& e) {
       return e.AnyTwo([&](const Done& call, const Done& other) {
         return call.calls() && call.ok() && call.named() && other.writes() && other.ok() &&
                other.named() == e.PeerOf(*call.named()) && other.payload() != call.result.bytes;
       });
     }},
    {"C3",
     [](const Evidence& e) {
       return !e.rules().kernel_picks_txids && e.Any([](const Done& done) {
         return done.calls() && done.ok() && done.call->txid != model::TxidArgument(0u);
       });
     }},
    {"C4",
     [](const Evidence& e) {
       return !e.rules().kernel_picks_txids && e.Any([](const Done& done) {
         return done.calls() && done.call->raw &&
                done.OneOf({Status::kOk, Status::kTimedOut, Status::kCallFailed});
       });
     }},
    {"C5",
     [](const Evidence& e) {
       return e.rules().kernel_picks_txids && e.AnyTwo([](const Done& call, const Done& read) {
         return call.calls() && read.reads() && read.ok() && call.payload() == read.result.bytes &&
                (read.result.txid & core::kKernelTxidBit) != 0;
       });
     }},
    {"C6", IsServed},
    {"C7",
     [](const Evidence& e) {
       return e.AnyTwo([](const Done& call, const Done& other) {
         return call.calls() && call.ok() && call.named() && other.named() == call.named() &&
                (other.reads() || other.waits()) && other.Overlaps(call);
       });
     }},
    {"C8",
     [](const Evidence& e) {
       return e.AnyTwo([&](const Done& call, const Done& reply) {
         const auto payload = reply.payload();
         return call.calls() && call.Is(Status::kTimedOut) && call.named() && reply.writes() &&
                reply.ok() && payload && reply.call->txid != model::TxidArgument(0u) &&
                (e.IsQueued(*call.named(), *payload) || e.WasRead(*payload));
       });
     }},
    {"C9",
     [](const Evidence& e) {
       return e.AnyTwo([](const Done& a, const Done& b) {
         return a.calls() && b.calls() && a.thread != b.thread && a.named() &&
                a.named() == b.named() && a.ok() && b.ok() && a.Overlaps(b);
       });
     }},
    {"C10", [](const Evidence& e) { return CallAnswers(e, Status::kBufferTooSmall); }},
    {"C11",
     [](const Evidence& e) {
       return e.Any([](const Done& done) {
         return done.calls() && done.ok() && done.result.actual_bytes != 0;
       });
     }},
    {"C12",
     [](const Evidence& e) {
       return e.Any([](const Done& done) { return done.calls() && done.Is(Status::kCallFailed); });
     }},
    {"C13", [](const Evidence& e) { return CallAnswers(e, Status::kPeerClosed); }},
    {"C14", [](const Evidence& e) { return CallAnswers(e, Status::kCanceled); }},
    {"C15",
     [](const Evidence& e) {
       return e.Any([&](const Done& done) {
         const auto payload = done.payload();
         return done.calls() && done.Is(Status::kTimedOut) && payload && done.named() &&
                (e.WasRead(*payload) || e.IsQueued(e.PeerOf(*done.named()), *payload));
       });
     }},
    {"C16",
     [](const Evidence& e) {
       return e.Any([](const Done& done) {
         const bool bad = done.call->options != 0 || done.call->buffers != model::Buffers{};
         return done.calls() && done.Is(Status::kInvalidArgs) && bad;
       });
     }},
    {"C17",
     [](const Evidence& e) {
       return e.Any([](const Done& done) {
         return done.calls() &&
                done.OneOf({Status::kBadHandle, Status::kWrongType, Status::kAccessDenied,
                            Status::kOutOfRange, Status::kNotSupported});
       });
     }},
    {"C18", [](const Evidence& e) { return CallAnswers(e, Status::kNoMemory); }},
    {"S1",
     [](const Evidence& e) {
       return e.AnyEndpoint([](model::EndpointIndex, const model::EndpointObservation& end) {
         return (end.signals & core::kSignalReadable) != 0;
       });
     }},
    {"S2",
     [](const Evidence& e) {
       return e.Any([](const Done& done) {
         return done.call->kind == CallKind::kObjectWaitOne &&
                done.OneOf({Status::kOk, Status::kTimedOut});
       });
     }},
    {"S3",
     [](const Evidence& e) {
       return e.AnyEndpoint([](model::EndpointIndex, const model::EndpointObservation& end) {
         return (end.signals & core::kSignalPeerClosed) != 0 && !end.queue.empty();
       });
     }},
    {"S4", Answers<CallKind::kObjectWaitMany, Status::kCanceled>},
});

template <typename Visitor>
void ForEachClause(Visitor visit) {
  for (const Clause& clause : kOfObjects) visit(clause);
  for (const Clause& clause : kOfWrites) visit(clause);
  for (const Clause& clause : kOfCalls) visit(clause);
}

}  // namespace

std::set<std::string_view> ClausesShown(const model::Litmus& litmus,
                                        const model::History& history) {
  const Evidence evidence(litmus, history);
  std::set<std::string_view> shown;
  ForEachClause([&](const Clause& clause) {
    if (clause.shown(evidence)) shown.insert(clause.name);
  });
  return shown;
}

std::vector<std::string_view> ClausesKnown() {
  std::vector<std::string_view> known;
  ForEachClause([&](const Clause& clause) { known.push_back(clause.name); });
  return known;
}

}  // namespace props
