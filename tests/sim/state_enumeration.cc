#include "tests/sim/state_enumeration.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <unordered_set>
#include <utility>
#include <vector>

namespace sim {

namespace {

using Kind = ProgramOp::Kind;

constexpr int32_t kNobody = -1;
constexpr int32_t kNoEnd = 2'000'000;  // Deadlines that are no times.
constexpr int32_t kSomeTime = 1'000'000;

int32_t EndOf(Time deadline) {
  if (deadline == kForever) return kNoEnd;
  return deadline == kAtAnyMoment ? kSomeTime : static_cast<int32_t>(deadline);
}
bool IsTime(int32_t deadline) {
  return deadline < kSomeTime;
}

// Numbers of one size only, so that equal states have equal bytes.
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

class Enumeration {
 public:
  explicit Enumeration(const RandomProgram& program) : program_(program) {}

  std::optional<std::set<std::string>> Run(size_t max_states);

 private:
  // What one thread does in one state: what may come of it is added to next_.
  class Move {
   public:
    Move(Enumeration& all, const StateModel& state, int32_t self)
        : all_(all), state_(state), self_(self), me_(state_.threads[static_cast<size_t>(self)]) {}
    void Make();
    void Fire();

   private:
    const std::vector<ProgramOp>& ops() const {
      return all_.program_.threads[static_cast<size_t>(self_)];
    }
    const ProgramOp& op() const { return ops()[static_cast<size_t>(me_.pc)]; }
    int32_t Mark(int32_t before) const { return before * 4 + self_ + 1; }
    void Note(int32_t value) { me_.notes.at(static_cast<size_t>(me_.note_count++)) = value; }
    void Emit() { all_.next_.push_back(state_); }
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

    Enumeration& all_;
    StateModel state_;
    const int32_t self_;
    ThreadModel& me_;
  };

  std::string Describe(const StateModel& state) const;

  const RandomProgram& program_;
  std::vector<StateModel> next_;
};

// --- The end of an operation, and of a thread ---

void Enumeration::Move::Done(int32_t skipped) {
  me_.pc += 1 + skipped;
  me_.step = 0;
  me_.memory = 0;
  me_.in_section = 0;
  Emit();
}

// Past the last operation: each release is a step, and so is the end.
void Enumeration::Move::Unwind() {
  for (size_t i = 0; i < 2 && !all_.program_.leaks_locks; ++i) {
    if (me_.holds[i] == 0) continue;
    me_.holds[i] = 0;
    state_.owner[i] = kNobody;
    return Emit();
  }
  me_.has_ended = 1;
  Emit();
}

// --- Waits and deadlines ---

void Enumeration::Move::Disarm() {
  me_.is_armed = 0;
  me_.has_fired = 0;
  me_.is_idle = 0;
  me_.is_told = 0;
  me_.deadline = kNoEnd;
}

bool Enumeration::Move::IsOver(int32_t thread) const {
  const ThreadModel& who = state_.threads[static_cast<size_t>(thread)];
  switch (all_.program_.threads[static_cast<size_t>(thread)][static_cast<size_t>(who.pc)].kind) {
    case Kind::kWait:
      return state_.flags[static_cast<size_t>(thread)] != 0;
    case Kind::kCondWait:
      return who.is_told != 0;
    case Kind::kTakeTried:
      return state_.tried_writer == kNobody && state_.tried_readers == 0;
    case Kind::kShareTried:
      return state_.tried_writer == kNobody;
    case Kind::kTake:
      return state_.semaphore > 0;
    default:  // At the gate.
      return state_.gate != 0;
  }
}

bool Enumeration::Move::MayFire() const {
  if (me_.is_armed == 0 || me_.has_fired != 0 || IsOver(self_)) return false;
  if (!IsTime(me_.deadline)) return true;
  for (int32_t other = 0; other < 3; ++other) {
    const ThreadModel& rival = state_.threads[static_cast<size_t>(other)];
    const bool is_first = rival.is_armed != 0 && rival.has_fired == 0 &&
                          rival.deadline < me_.deadline && !IsOver(other);
    if (other != self_ && is_first) return false;
  }
  return true;
}

void Enumeration::Move::Fire() {
  if (!MayFire()) return;
  me_.has_fired = 1;
  if (IsTime(me_.deadline)) state_.now = std::max(state_.now, me_.deadline);
  if (op().kind == Kind::kCondWait) {
    const size_t queue = op().object;
    const auto begin = state_.queues[queue].begin();
    std::remove(begin, begin + state_.queued[queue], self_);
    state_.queues[queue][static_cast<size_t>(--state_.queued[queue])] = 0;
  }
  Emit();
}

template <typename Take>
void Enumeration::Move::StepBounded(bool is_there, Take take, int32_t success) {
  const bool is_late = me_.step == 0 && EndOf(op().deadline) <= state_.now;
  if (me_.has_fired == 0 && is_there) {
    Disarm();
    Note(success);
    take();
  } else if (me_.has_fired != 0 || is_late) {
    Disarm();
    DoneWith(1 - success);
  } else if (me_.step == 0) {
    me_.deadline = EndOf(op().deadline);
    me_.is_armed = me_.deadline == kNoEnd ? 0 : 1;
    GoTo(1);
  }
}

// --- Operations ---

void Enumeration::Move::StepWord() {
  int32_t& word = state_.words[op().object];
  const int32_t value = op().value;
  const int32_t before = word;
  switch (op().kind) {
    case Kind::kStore:
      word = value;
      return Done();
    case Kind::kLoad:
      return DoneWith(before);
    case Kind::kLoadAndSkip:
      Note(before);
      return Done(before % 2 == 0 ? 0 : 1);
    case Kind::kAdd:
      word += value;
      return DoneWith(before);
    case Kind::kExchange:
      word = value;
      return DoneWith(before);
    case Kind::kReplace:
      if (before == value - 1) word = value + 1;
      Note(before == value - 1 ? 1 : 0);
      return DoneWith(before);
    case Kind::kAwait:
      if (before == value - 1) DoneWith(before);
      return;
    default:  // A loop that looks again once the word has changed.
      if (me_.step == 1 && before == me_.memory) return;
      if (before == value - 1) return DoneWith(before);
      me_.memory = before;
      return GoTo(1);
  }
}

void Enumeration::Move::StepMutex() {
  const size_t object = op().object;
  int32_t& owner = state_.owner[object];
  if (op().kind == Kind::kUnlock) {
    if (me_.holds[object] != 0) owner = kNobody;
    me_.holds[object] = 0;
    return Done();
  }
  if (me_.step == 1) {  // Of a try that went well.
    owner = kNobody;
    return Done();
  }
  if (me_.holds[object] != 0) return Done();
  const bool is_free = owner == kNobody;
  const bool tries = op().kind == Kind::kTry;
  if (!is_free && !tries) return;
  if (tries) Note(is_free ? 1 : 0);
  if (!is_free) return Done();
  owner = self_;
  state_.data[object] = Mark(state_.data[object]);
  if (tries) return GoTo(1);
  me_.holds[object] = 1;
  Done();
}

void Enumeration::Move::EnterQueue() {
  const size_t object = op().object;
  state_.owner[object] = kNobody;
  int32_t deadline = EndOf(op().deadline);
  if (op().value % 2 == 1 && IsTime(deadline)) deadline += state_.now;
  if (deadline <= state_.now) {
    me_.memory = 1;  // Timed out: never in the queue.
    return GoTo(3);
  }
  state_.queues[object][static_cast<size_t>(state_.queued[object]++)] = self_;
  me_.deadline = deadline;
  me_.is_armed = deadline == kNoEnd ? 0 : 1;
  GoTo(2);
  if (state_.idle_left == 0) return;
  --state_.idle_left;
  me_.is_idle = 1;
  me_.is_armed = 1;
  me_.deadline = kSomeTime;
  GoTo(2);
}

void Enumeration::Move::StepCondWait() {
  const size_t object = op().object;
  int32_t& owner = state_.owner[object];
  switch (me_.step) {
    case 0:
      if (me_.holds[object] != 0) return GoTo(1);
      if (owner != kNobody) return;
      owner = self_;
      me_.in_section = 1;
      return GoTo(1);
    case 1:
      return EnterQueue();
    case 2:
      if (me_.has_fired == 0 && me_.is_told == 0) return;
      me_.memory = me_.has_fired != 0 && me_.is_idle == 0 ? 1 : 0;
      Disarm();
      return GoTo(3);
    case 3:
      if (owner != kNobody) return;
      owner = self_;
      Note(me_.memory);
      state_.data[object] = Mark(state_.data[object]);
      return me_.in_section != 0 ? GoTo(4) : Done();
    default:
      owner = kNobody;
      return Done();
  }
}

void Enumeration::Move::StepNotify() {
  const size_t object = op().object;
  if (me_.step == 0) {
    if (op().value % 2 == 0 || me_.holds[object] != 0) return GoTo(1);
    if (state_.owner[object] != kNobody) return;
    state_.owner[object] = self_;
    me_.in_section = 1;
    return GoTo(1);
  }
  if (me_.step == 2) {
    if (me_.in_section != 0) state_.owner[object] = kNobody;
    return Done();
  }
  const int32_t waiting = state_.queued[object];
  if (op().kind == Kind::kNotifyAll || waiting == 0) {
    for (int32_t i = 0; i < waiting; ++i) {
      const int32_t waiter = std::exchange(state_.queues[object][static_cast<size_t>(i)], 0);
      state_.threads[static_cast<size_t>(waiter)].is_told = 1;
    }
    state_.queued[object] = 0;
    return GoTo(2);
  }
  const StateModel before = state_;
  for (int32_t i = 0; i < (all_.program_.wakes_any ? waiting : 1); ++i) {
    state_ = before;
    auto& queue = state_.queues[object];
    const int32_t waiter = queue[static_cast<size_t>(i)];
    std::copy(queue.begin() + i + 1, queue.begin() + waiting, queue.begin() + i);
    queue[static_cast<size_t>(--state_.queued[object])] = 0;
    state_.threads[static_cast<size_t>(waiter)].is_told = 1;
    GoTo(2);
  }
}

void Enumeration::Move::StepTable() {
  const bool has_writer = state_.table_writer != kNobody;
  const bool is_free = !has_writer && state_.table_readers == 0;
  const bool writes = op().kind == Kind::kWriteKey || op().kind == Kind::kWriteTable;
  if (me_.step == 0) {
    if (writes ? !is_free : has_writer) return;
    if (writes) state_.table_writer = self_;
    if (!writes) state_.table_readers |= 1 << self_;
    return GoTo(op().kind == Kind::kWriteTable || op().kind == Kind::kReadTable ? 1 : 2);
  }
  if (me_.step == 1) {
    ++state_.words[0];
    return GoTo(2);
  }
  if (op().kind == Kind::kWriteKey) state_.cells[op().object] = Mark(state_.cells[op().object]);
  if (op().kind == Kind::kReadKey) Note(state_.cells[op().object]);
  if (op().kind == Kind::kReadTable) Note(state_.cells[0] + state_.cells[1]);
  if (op().kind == Kind::kWriteTable) {
    for (int32_t& cell : state_.cells) cell = Mark(cell);
  }
  if (writes) state_.table_writer = kNobody;
  state_.table_readers &= ~(1 << self_);
  Done();
}

void Enumeration::Move::StepTried(bool shares) {
  if (me_.step == 2) {
    ++state_.words[op().object];
    return GoTo(3);
  }
  if (me_.step == 3) {
    if (!shares) state_.tried_writer = kNobody;
    state_.tried_readers &= ~(1 << self_);
    return Done();
  }
  const bool is_free = state_.tried_writer == kNobody && (shares || state_.tried_readers == 0);
  const auto take = [&] {
    if (shares) state_.tried_readers |= 1 << self_;
    if (!shares) state_.tried_writer = self_;
    GoTo(2);
  };
  const bool waits = op().kind == Kind::kTakeTried || op().kind == Kind::kShareTried;
  if (waits) return StepBounded(is_free, take);
  Note(is_free ? 1 : 0);
  if (!is_free) return Done();
  take();
}

// What is made of a word.
void Enumeration::Move::StepMade() {
  switch (op().kind) {
    case Kind::kNest:
      if (me_.step == 0 && state_.nested_owner != kNobody) return;
      if (me_.step == 1) ++state_.words[op().object];
      state_.nested_owner = me_.step == 2 ? kNobody : self_;
      return me_.step == 2 ? Done() : GoTo(me_.step + 1);
    case Kind::kArrive:
      if (me_.step == 0) {
        me_.memory = (state_.arrived / 2 + 1) * 2;
        ++state_.arrived;
        return GoTo(1);
      }
      if (state_.arrived >= me_.memory) Done();
      return;
    case Kind::kOnce:
      if (me_.step == 1) {
        ++state_.words[op().object];
        return GoTo(2);
      }
      if (me_.step == 2) {
        state_.once = 2;
        return DoneWith(1);
      }
      if (state_.once == 2) return DoneWith(0);
      if (state_.once == 1) return;
      state_.once = 1;
      return GoTo(1);
    case Kind::kTake:
      return StepBounded(state_.semaphore > 0, [&] {
        --state_.semaphore;
        Done();
      });
    case Kind::kTryTake:
      Note(state_.semaphore > 0 ? 1 : 0);
      if (state_.semaphore > 0) --state_.semaphore;
      return Done();
    case Kind::kGive:
      ++state_.semaphore;
      return Done();
    case Kind::kOpen:
    case Kind::kShut:
      state_.gate = op().kind == Kind::kOpen ? 1 : 0;
      return Done();
    default:
      return StepBounded(state_.gate != 0, [&] {
        if (op().kind == Kind::kPassAndShut) state_.gate = 0;
        Done();
      });
  }
}

void Enumeration::Move::StepOther() {
  switch (op().kind) {
    case Kind::kSignal:
      state_.flags[op().object] = 1;
      return Done();
    case Kind::kWait:  // Says how it ended: 0 is the signal.
      return StepBounded(
          state_.flags[static_cast<size_t>(self_)] != 0, [&] { Done(); }, 0);
    case Kind::kReadClock:
      return DoneWith(state_.now);
    case Kind::kChoose: {
      const StateModel before = state_;
      const int32_t values = op().value;
      for (int32_t value = 0; value < values; ++value) {
        state_ = before;
        DoneWith(value);
      }
      return;
    }
    case Kind::kUnref:
      --state_.references;
      return DoneWith(state_.references == 0 ? 1 : 0);
    case Kind::kCount:
      ++state_.count;
      return Done();
    case Kind::kUncount:
      --state_.count;
      return DoneWith(state_.count == 0 ? 1 : 0);
    case Kind::kAsk:
      return DoneWith(state_.count);
    case Kind::kSpawn:
      state_.threads[op().object].is_started = 1;
      return Done();
    default: {  // A join.
      const ThreadModel& other = state_.threads[op().object];
      if (other.is_started == 0) return Done();
      if (other.has_ended != 0) DoneWith(other.note_count);
      return;
    }
  }
}

void Enumeration::Move::Make() {
  if (me_.is_started == 0 || me_.has_ended != 0) return;
  if (static_cast<size_t>(me_.pc) >= ops().size()) return Unwind();
  switch (op().kind) {
    case Kind::kLock:
    case Kind::kUnlock:
    case Kind::kTry:
      return StepMutex();
    case Kind::kStore:
    case Kind::kLoad:
    case Kind::kLoadAndSkip:
    case Kind::kAdd:
    case Kind::kExchange:
    case Kind::kReplace:
    case Kind::kAwait:
    case Kind::kSpin:
      return StepWord();
    case Kind::kCondWait:
      return StepCondWait();
    case Kind::kNotifyOne:
    case Kind::kNotifyAll:
      return StepNotify();
    case Kind::kWriteKey:
    case Kind::kReadKey:
    case Kind::kWriteTable:
    case Kind::kReadTable:
      return StepTable();
    case Kind::kTakeTried:
    case Kind::kTryTried:
      return StepTried(/*shares=*/false);
    case Kind::kShareTried:
    case Kind::kTryShare:
      return StepTried(/*shares=*/true);
    default:
      return op().kind >= Kind::kNest ? StepMade() : StepOther();
  }
}

// --- All of them ---

std::string Enumeration::Describe(const StateModel& state) const {
  std::string text;
  const auto add = [&text](int32_t value) {
    text += std::to_string(value);
    text += ' ';
  };
  for (const int32_t word : state.words) add(word);
  for (const int32_t value : state.data) add(value);
  for (const int32_t cell : state.cells) add(cell);
  add(state.references);
  add(state.count);
  bool is_blocked = false;
  for (const ThreadModel& thread : state.threads) {
    text += '|';
    for (int32_t i = 0; i < thread.note_count; ++i) add(thread.notes[static_cast<size_t>(i)]);
    is_blocked = is_blocked || (thread.is_started != 0 && thread.has_ended == 0);
  }
  return text + (is_blocked ? " blocked" : "");
}

std::optional<std::set<std::string>> Enumeration::Run(size_t max_states) {
  StateModel first;
  first.idle_left = static_cast<int32_t>(program_.idle_wakes);
  for (size_t i = 0; i < program_.threads.size(); ++i) {
    first.threads[i].is_started = ((program_.spawned >> i) & 1) == 0 ? 1 : 0;
  }
  std::unordered_set<std::string> known = {first.Bytes()};
  std::vector<StateModel> open = {first};
  std::set<std::string> ends;
  while (!open.empty()) {
    const StateModel state = open.back();
    open.pop_back();
    next_.clear();
    for (int32_t thread = 0; thread < 3; ++thread) {
      Move(*this, state, thread).Make();
      Move(*this, state, thread).Fire();
    }
    if (next_.empty()) ends.insert(Describe(state));
    for (const StateModel& next : next_) {
      if (known.insert(next.Bytes()).second) open.push_back(next);
    }
    if (known.size() > max_states) return std::nullopt;
  }
  return ends;
}

}  // namespace

std::optional<std::set<std::string>> EndsOf(const RandomProgram& program, size_t max_states) {
  return Enumeration(program).Run(max_states);
}

}  // namespace sim
