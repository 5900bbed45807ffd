#include "tests/sim/state_moves.h"

#include <algorithm>
#include <utility>

namespace sim {

namespace {

using Kind = ProgramOp::Kind;

int32_t EndOf(Time deadline) {
  if (deadline == kForever) return kNoEnd;
  return deadline == kAtAnyMoment ? kSomeTime : static_cast<int32_t>(deadline);
}
bool IsTime(int32_t deadline) {
  return deadline < kSomeTime;
}

}  // namespace

// --- The end of an operation, and of a thread ---

void Move::Done(int32_t skipped) {
  me_.pc += 1 + skipped;
  me_.step = 0;
  me_.memory = 0;
  me_.in_section = 0;
  Emit();
}

// Past the last operation: each release is a step, and so is the end.
void Move::Unwind() {
  for (size_t i = 0; i < 2 && !program_.leaks_locks; ++i) {
    if (me_.holds[i] == 0) continue;
    me_.holds[i] = 0;
    state_.owner[i] = kNobody;
    return Emit();
  }
  me_.has_ended = 1;
  Emit();
}

// --- Waits and deadlines ---

void Move::Disarm() {
  me_.is_armed = 0;
  me_.has_fired = 0;
  me_.is_idle = 0;
  me_.is_told = 0;
  me_.deadline = kNoEnd;
}

bool Move::IsOver(int32_t thread) const {
  const ThreadModel& who = state_.threads[static_cast<size_t>(thread)];
  switch (program_.threads[static_cast<size_t>(thread)][static_cast<size_t>(who.pc)].kind) {
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

bool Move::MayFire() const {
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

void Move::Fire() {
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
void Move::StepBounded(bool is_there, Take take, int32_t success) {
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

void Move::StepWord() {
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

void Move::StepMutex() {
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

void Move::EnterQueue() {
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

void Move::StepCondWait() {
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

void Move::StepNotify() {
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
  for (int32_t i = 0; i < (program_.wakes_any ? waiting : 1); ++i) {
    state_ = before;
    auto& queue = state_.queues[object];
    const int32_t waiter = queue[static_cast<size_t>(i)];
    std::copy(queue.begin() + i + 1, queue.begin() + waiting, queue.begin() + i);
    queue[static_cast<size_t>(--state_.queued[object])] = 0;
    state_.threads[static_cast<size_t>(waiter)].is_told = 1;
    GoTo(2);
  }
}

void Move::StepTable() {
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

void Move::StepTried(bool shares) {
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
void Move::StepMade() {
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

void Move::StepOther() {
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

void Move::Make() {
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

}  // namespace sim
