// A random program as a machine: its state, and the steps that a thread can take in it.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "tests/sim/random_program.h"

namespace sim {

inline constexpr int32_t kNobody = -1;
inline constexpr int32_t kNoEnd = 2'000'000;  // Deadlines that are no times.
inline constexpr int32_t kSomeTime = 1'000'000;

/// Numbers of one size only, so that equal states have equal bytes.
struct ThreadModel {
  int32_t is_started = 0;
  int32_t has_ended = 0;
  int32_t pc = 0;
  int32_t step = 0;  // Within the operation.
  int32_t deadline = kNoEnd;
  int32_t is_armed = 0;
  int32_t has_fired = 0;
  int32_t is_idle = 0;  // The wait may end for nothing, in place of its deadline.
  int32_t is_told = 0;
  int32_t in_section = 0;
  int32_t memory = 0;  // Of a step for the next one.
  std::array<int32_t, 2> holds{};
  std::array<int32_t, 16> notes{};
  int32_t note_count = 0;
};

struct StateModel {
  std::array<ThreadModel, 3> threads;
  std::array<int32_t, 2> owner = {kNobody, kNobody};
  int32_t table_writer = kNobody;
  int32_t table_readers = 0;
  int32_t tried_writer = kNobody;
  int32_t tried_readers = 0;
  int32_t nested_owner = kNobody;
  std::array<int32_t, 2> words{};
  std::array<int32_t, 2> data{};
  std::array<int32_t, 3> cells{};
  int32_t references = RandomProgram::kReferences;
  int32_t count = 20;
  std::array<int32_t, 3> flags{};
  std::array<std::array<int32_t, 3>, 2> queues{};  // Of those who wait, who came first.
  std::array<int32_t, 2> queued{};
  int32_t semaphore = 0;
  int32_t arrived = 0;
  int32_t once = 0;  // Not done, in progress, done.
  int32_t gate = 0;
  int32_t now = 0;
  int32_t idle_left = 0;

  std::string Bytes() const {
    std::string bytes(sizeof(*this), '\0');
    std::memcpy(bytes.data(), this, sizeof(*this));
    return bytes;
  }
};

/// What one thread does in one state. An object makes one move.
class Move {
 public:
  /// Successors of `state` go to `next`. Both, and the program, must outlive the object.
  Move(const RandomProgram& program, const StateModel& state, int32_t self,
       std::vector<StateModel>& next)
      : program_(program),
        next_(next),
        state_(state),
        self_(self),
        me_(state_.threads[static_cast<size_t>(self)]) {}
  /// Its next step, if it can take one.
  void Make();
  /// The end of its wait by the deadline, if that may pass.
  void Fire();

 private:
  const std::vector<ProgramOp>& ops() const { return program_.threads[static_cast<size_t>(self_)]; }
  const ProgramOp& op() const { return ops()[static_cast<size_t>(me_.pc)]; }
  int32_t Mark(int32_t before) const { return before * 4 + self_ + 1; }
  void Note(int32_t value) { me_.notes.at(static_cast<size_t>(me_.note_count++)) = value; }
  void Emit() { next_.push_back(state_); }
  void GoTo(int32_t step) {
    me_.step = step;
    Emit();
  }
  void Done(int32_t skipped = 0);
  void DoneWith(int32_t note) {
    Note(note);
    Done();
  }
  void Unwind();
  void StepWord();
  void StepMutex();
  void StepCondWait();
  void EnterQueue();
  void StepNotify();
  void StepTable();
  void StepTried(bool shares);
  void StepOther();
  void StepMade();
  // A wait in two steps: 0, 1. What `is_there` says wins over a deadline that has passed.
  template <typename Take>
  void StepBounded(bool is_there, Take take, int32_t success = 1);
  void Disarm();
  bool IsOver(int32_t thread) const;
  bool MayFire() const;

  const RandomProgram& program_;
  std::vector<StateModel>& next_;
  StateModel state_;
  const int32_t self_;
  ThreadModel& me_;
};

}  // namespace sim
