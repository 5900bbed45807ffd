// Which atomic steps each call has, as a table: the granularity of the reference model.
//
// The table is what the model promises, and a test holds the model to it: no call takes other or
// more steps. Each step but the first names the item of the reference that allows others to come
// between it and the step before.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/program.h"
#include "model/state.h"

namespace model {

enum class StepKind : uint8_t {
  kStart,         // Checks and look-ups; for many calls all there is.
  kConsume,       // Handles of a call that failed early, or a chunk of close_many, leave the table.
  kTakeHandles,   // The handles to be sent leave the table.
  kPublish,       // The message is sent; a call is registered.
  kPutBack,       // Handles that were not sent return to the table.
  kEndSleep,      // A deadline fires, or the sleeper notices that it is suspended.
  kUnpark,        // A suspended call sleeps again.
  kEndCall,       // The call wakes, is taken down if nothing ended it, and takes its reply.
  kTakeMessage,   // A message leaves the queue.
  kReceiveWaits,  // Waits through a received handle end.
  kOwn,           // A received endpoint gets its owner.
  kInstall,       // Received or created handles enter the table.
  kRegister,      // The next item of a wait is registered.
  kTakeDown,      // The waiter wakes, or takes one more item down.
  kTakePacket,    // A packet leaves the port, or the wait for one ends.
  kOperate,       // What a call does to the object that it looked up.
  kDeliver,       // A packet for a change of signals reaches its port, or calls end after that.
  kCloseWaits,    // Closing a handle: waits through it end.
  kCloseHandle,   // Closing a handle: it is gone; the last one cuts links and signals the peer.
  kCloseFree,     // Closing a handle: its reference goes; the last one destroys the queue. Where
                  // that closes handles later, each message of it is left to the worker.
  kRelease,       // A reference of the call's goes; the last one destroys the queue.
  kReturn,        // Back to user code, or to the start of the call, or to the thread's end.
};

struct DeclaredStep {
  StepKind step = StepKind::kStart;
  std::string_view item;  // Why it is not one with the step before. Empty for kStart.
  bool repeats = false;   // May come several times, between others; the rest keeps its order.
  bool operator==(const DeclaredStep&) const = default;
};

/// What one call of this kind may take, in order.
std::vector<DeclaredStep> DeclaredSteps(CallKind kind);

/// What the worker may take, and a thread that closes the table of its process.
std::vector<DeclaredStep> DeclaredStepsOfClosing();

/// The step that the thread takes next. It must be able to step.
StepKind NextStep(const Program& program, const State& state, ThreadIndex thread);

}  // namespace model
