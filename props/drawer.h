// What the parts of the drawer of programs share. Internal to this library.
//
// Map: draw.cc shapes the program and walks through it; draw_motifs.cc begins some programs;
// draw_calls.cc draws calls on handles and
// waits; draw_messages.cc draws what is sent and received; draw_mistakes.cc spoils arguments.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/litmus.h"
#include "model/rules.h"
#include "model/state.h"
#include "sim/engine/random.h"

namespace props {

/// Every draw has a statement of its own: compilers choose the order of arguments.
class Dice {
 public:
  explicit Dice(uint64_t seed) : random_(seed) {}

  uint32_t Below(size_t bound) { return random_.Below(static_cast<uint32_t>(bound)); }
  bool Percent(uint32_t percent) { return random_.Below(100) < percent; }
  template <typename T>
  T OneOf(const std::vector<T>& choices) {
    return choices[Below(choices.size())];
  }
  /// An index, each as often as its weight says; not all may be 0.
  size_t Weighted(const std::vector<uint32_t>& weights);

 private:
  sim::Random random_;
};

/// The system calls that are drawn one by one; kills and suspensions come last of all.
inline constexpr size_t kDrawnKinds = static_cast<size_t>(model::CallKind::kThreadKill);

/// More than any call takes.
inline constexpr uint32_t kManySteps = 1'000;

/// What one program is made of.
struct Taste {
  std::array<uint32_t, kDrawnKinds> weights{};  // By CallKind.
  // In percent:
  uint32_t mistakes = 0;   // Of the calls have one bad argument.
  uint32_t stale = 0;      // Of the handles are not there any more, or never were.
  uint32_t cargo = 0;      // Of the messages carry handles.
  uint32_t lag = 0;        // Of the calls take effect only after others were drawn.
  uint32_t reach_out = 0;  // Of the calls are chosen to end the wait of another thread.
  uint32_t conflict = 0;   // Of the calls are about what another thread is busy with.
  uint32_t deep = 0;       // Of the first messages nest more channels than a stack may have levels.
};

class Drawer {
 public:
  Drawer(uint64_t seed, uint32_t size) : dice_(seed), size_(size) {}

  model::Litmus DrawConcurrent();
  model::Litmus DrawSequential();

 private:
  // A handle that the thread in turn can name.
  struct Known {
    model::HandleArgument argument;
    const model::HandleRecord* record = nullptr;  // Null: not in the table of the process.
    const model::Object* object = nullptr;
  };
  using Wanted = bool (*)(const Known& known);

  // draw.cc
  void DrawTaste();
  void DrawGeneration();
  void DrawObjects(uint32_t processes);
  void DrawObject(core::ObjectType type, const std::string& name);
  model::InitialMessage DrawMessage(std::string payload);
  void DrawThreads(uint32_t threads, uint32_t processes);
  void Walk();
  bool Turn();
  void Append();
  void AppendBounded();
  void DrawFreely();
  void DrawBudget(uint32_t more);
  void Add(model::Call call);
  bool InCall(model::ThreadIndex thread) const;
  void Run(model::ThreadIndex thread, uint32_t steps);
  void DrawInterruptions();
  void DrawChoice();
  void DrawFaults();
  void Finish();

  // draw_calls.cc
  std::vector<Known> Handles() const;
  std::optional<Known> Live(Wanted wanted);
  model::HandleArgument Stale();
  model::HandleArgument Handle(Wanted wanted);
  model::Call DrawCall();
  std::optional<model::Call> DrawAnswer();
  std::optional<model::Call> DrawConflict();
  std::optional<model::Call> DrawOn(const Known& handle, const std::vector<uint32_t>& weights);
  std::optional<model::Call> SendOn(const Known& handle);
  bool IsWaitedFor(const model::Object* object) const;
  bool IsInUse(const Known& handle) const;
  uint32_t WeightOf(model::CallKind kind) const;
  void DrawArguments(model::Call* call);
  void DrawOnHandle(model::Call* call);
  void DrawWait(model::Call* call);
  void DrawPort(model::Call* call);
  core::Signals SignalsOf(const Known& known);
  model::Deadline DrawDeadline();
  model::RightsArgument DrawRights();
  const model::Call* EarlierAsyncWait() const;

  // draw_motifs.cc
  void Play(model::ThreadIndex thread, model::Call call, bool at_once);
  model::Call CallOn(model::ThreadIndex thread, model::CallKind kind,
                     const model::HandleArgument& handle);
  void DrawGift();
  void MakeGift(const Known& end, model::CallKind kind);
  void DrawHandOver();
  void DrawWatch();
  void DrawService();
  void DrawCrowd();
  model::Call WaitIn(model::ThreadIndex thread, core::ObjectType type);
  model::Call WakeIn(model::ThreadIndex thread, core::ObjectType type);
  void DrawNest(uint32_t threads);
  model::Call EndOf(const model::NamedHandle& outer);

  // draw_messages.cc
  void DrawSend(model::Call* call);
  void DrawSendOn(const Known& endpoint, model::Call* call);
  void DrawBytes(model::Call* call);
  void DrawTxid(const Known& endpoint, model::Call* call);
  void DrawCargo(const Known& endpoint, model::Call* call);
  model::HandleArgument CargoItem(const Known& endpoint);
  void DrawRead(model::Call* call);
  void DrawRoom(const model::Message* message, model::Call* call);
  model::TxidArgument TxidOf(uint32_t txid);

  // draw_mistakes.cc
  void Spoil(model::Call* call);
  bool SpoilSizes(model::Call* call);
  void SpoilBuffer(model::Call* call);

  model::ThreadProgram& thread() { return program_.threads[turn_]; }
  const model::ThreadProgram& thread() const { return program_.threads[turn_]; }
  const model::Rules& rules() const { return model::RulesOf(litmus_.generation); }

  Dice dice_;
  const uint32_t size_;
  Taste taste_;
  model::Litmus litmus_;
  model::Program& program_ = litmus_.program;
  model::State state_;
  bool shares_ = false;  // A thread has handed an object of its own to another.
  // Who kills or suspends another, if that is what the program is about.
  std::optional<model::ThreadIndex> interrupter_;
  std::vector<uint32_t> left_;      // By thread: how many calls it still gets.
  model::ThreadIndex turn_ = 0;     // Whose call is drawn.
  std::vector<uint32_t> payloads_;  // By thread: how many it has sent.
};

}  // namespace props
