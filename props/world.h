// The world that runs a Program on the core: the one place where core, engine and programs meet.
//
// A World is a scenario of the engine. Each execution starts from a new kernel, sets up the
// processes, objects and queues of the program, runs its threads, and leaves an Observation, which
// is what a run of the reference model leaves as well. At every choice at which no lock is held it
// checks the invariants of the kernel.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/kernel.h"
#include "model/history.h"
#include "model/litmus.h"
#include "props/bodies.h"
#include "props/caller.h"
#include "props/kernel_view.h"
#include "props/scenario.h"
#include "props/setting.h"
#include "sim/engine/execution.h"
#include "sim/engine/runtime.h"

namespace props {

/// Something worth telling about an execution, between two of its events.
struct Note {
  enum class Kind : uint8_t {
    kCall,    // `thread` makes a call: its text.
    kReturn,  // The call of `thread` was answered: the result.
    kQueue,   // A queue changed: "a1.queue" and its payloads.
    kRemark,  // Anything else: "owner of a0: client -> heir".
  };
  Kind kind = Kind::kRemark;
  uint32_t step = 0;  // How many events had happened.
  model::ThreadIndex thread = 0;
  std::string subject;  // Calls: the result's name, if any. Queues: the location.
  std::string text;
  bool operator==(const Note&) const = default;
};

/// An invocation or a return, and how many events had happened before it.
struct HistoryMark {
  sim::EventIndex step = 0;
  model::HistoryEvent event;
};

/// A call of an execution, with the events that begin and end it: its own, or the one before if it
/// has none.
struct CallSpan {
  model::ThreadIndex thread = 0;
  uint32_t call = 0;
  size_t invoked = 0;              // The marks.
  std::optional<size_t> returned;  // None: it never ended.
  // None: it was over before the thread's first event, or, if it never ended, has none yet.
  std::optional<sim::EventIndex> first;
  std::optional<sim::EventIndex> last;  // If it ended.
  bool has_events = false;
};

/// The limits of an execution of the program, within its bounds: its faults, and the given number
/// of events.
sim::ExecutionLimits LimitsOf(const model::Litmus& litmus, uint32_t max_steps);

class World final : public sim::Scenario {
 public:
  /// `litmus` must outlive the world. If it names a scenario, that must be there and start so.
  explicit World(const model::Litmus& litmus);
  ~World() override;

  void Start(sim::Runtime& runtime) override;
  void AtBoundary(sim::Runtime& runtime) override;
  /// Each invariant is about what one lock of the kernel protects: whoever changes one part of it
  /// conflicts with whoever changes another.
  bool ChecksAreLocal() const override { return true; }
  void Finish(sim::Runtime& runtime) override;
  bool AllowsBlocked() const override { return litmus_.allow_blocked; }
  bool AllowsLeaks() const override { return litmus_.allow_leak; }

  /// Of the last execution that ran to its end.
  const model::Observation& observation() const { return observation_; }

  /// What the threads of that execution saw. An invocation counts from the first event of its call,
  /// since nothing before it can have had an effect; this makes the order as strict as it can be.
  model::History HistoryOf(const sim::Execution& execution) const;

  /// The calls of that execution, in the order in which they were made.
  std::vector<CallSpan> SpansOf(const sim::Execution& execution) const;
  /// Its history, with the marks in another order.
  model::History HistoryIn(const std::vector<size_t>& order, const sim::Execution& execution) const;

  /// The program, with the calls that bodies made in that execution.
  const model::Litmus& litmus() const { return litmus_; }
  bool is_scenario() const { return bodies_ != nullptr; }
  /// Why a body ended the execution.
  const std::optional<BodyFailure>& body_failure() const { return bodies_->failure(); }
  /// The call that the thread is in, or was in last; 0 before the first.
  uint32_t call_of(model::ThreadIndex thread) const { return calls_[thread]; }

  /// The kernel of the execution in progress.
  core::Kernel& kernel() const { return *kernel_; }

  /// While set, notes are taken; they cost time, so only for one execution.
  void set_recording(bool recording) { recording_ = recording; }
  const std::vector<Note>& notes() const { return notes_; }

 private:
  class Host;  // Of the callers.
  struct ShownEndpoint {
    std::vector<std::string> queue;
    core::Koid owner = 0;
  };

  void AddNote(Note::Kind kind, model::ThreadIndex thread, std::string subject, std::string text);
  void NoteObjects();
  void TakeView();
  void NoteChanges();
  void Observe();
  void CheckConservation(sim::Runtime& runtime) const;
  std::string NameOfProcess(core::Koid koid) const;

  const props::Scenario* scenario_;    // Null: the program has all its calls.
  std::optional<model::Litmus> made_;  // Of a scenario: with calls as its bodies make them.
  const model::Litmus& litmus_;
  const model::Program& program_;
  const std::unique_ptr<Bodies> bodies_;
  const bool has_interruptions_;
  Setting setting_;
  std::unique_ptr<Host> host_;
  std::vector<std::unique_ptr<Caller>> callers_;
  core::Kernel* kernel_ = nullptr;
  sim::Runtime* runtime_ = nullptr;
  KernelView view_;
  std::vector<const core::Dispatcher*> known_;  // Every object that was ever seen, alive or not.
  std::vector<const core::Dispatcher*> open_;   // Those of them that have a handle.
  model::Observation observation_;
  std::vector<HistoryMark> marks_;
  size_t mark_count_ = 0;
  std::vector<uint32_t> calls_;  // By thread: which it began last.
  std::vector<Note> notes_;
  std::vector<ShownEndpoint> shown_;  // By declared handle: what the notes said last.
  bool recording_ = false;
};

}  // namespace props
