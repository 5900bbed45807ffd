// The search for an order of steps that explains a history: depth first, configurations once.
//
// Map: Prepared is the program with a variable for every result, so that the model's state shows
// each answer, and the history sorted by call; Searcher walks. A configuration is a place in the
// history and a state of the model. Events are taken as soon as they can be, since nothing is won
// by waiting: an invocation only lets a thread begin, and a return only lets later invocations
// come.
#include "model/linearizability.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <string>
#include <unordered_set>
#include <utility>

#include "model/arguments.h"
#include "model/independence.h"
#include "model/message_fates.h"
#include "model/partition.h"
#include "model/spec.h"
#include "model/state.h"

namespace model {

namespace {

constexpr size_t kNever = std::numeric_limits<size_t>::max();

// What the history says of one call.
struct RecordedCall {
  size_t invoked = kNever;  // Index of the event.
  size_t returned = kNever;
  bool is_write = false;
  size_t read = kNever;           // Writes: of the event that received the message.
  bool is_used = false;           // A later call names the result.
  Independence::Horizon horizon;  // What may begin before it returns.
};

class Prepared {
 public:
  Prepared(const Litmus& litmus, const History& history)
      : litmus_(litmus), history_(history), program_(litmus.program), fates_(litmus, history) {
    for (ThreadProgram& thread : program_.threads) {
      std::vector<RecordedCall>& calls = calls_.emplace_back(thread.calls.size());
      ShareVariables(&thread, &calls);
    }
    for (size_t i = 0; i < history.events.size(); ++i) {
      const HistoryEvent& event = history.events[i];
      RecordedCall& call = calls_[event.thread][event.call];
      (event.kind == HistoryEvent::Kind::kInvoke ? call.invoked : call.returned) = i;
    }
    RankWrites();
    FindHorizons();
  }

  const Program& program() const { return program_; }
  const History& history() const { return history_; }
  const MessageFates& fates() const { return fates_; }
  const RecordedCall& call(ThreadIndex thread, uint32_t index) const {
    return calls_[thread][index];
  }
  State Start() const { return InitialState(program_, litmus_.generation, FaultsWithin(litmus_)); }

  /// Takes note of a step that led to `after`, if it answered call `index`: false if the history
  /// says otherwise. The answer is forgotten unless a later call needs it, so that states stay
  /// small.
  bool AcceptAnswer(State* after, ThreadIndex thread, uint32_t index) const {
    ThreadState& state = after->threads[thread];
    if (state.next_call == index) return true;
    const RecordedCall& recorded = call(thread, index);
    const Call& made = program_.threads[thread].calls[index];
    VariableState& variable = state.variables[*made.result];
    if (recorded.returned == kNever) return !history_.end;
    const HistoryEvent& event = history_.events[recorded.returned];
    if (made.kind == CallKind::kChoose) {
      return state.next_call == ChosenCall(program_.threads[thread], index, event.block);
    }
    if (made.kind == CallKind::kNote) return true;  // It answers nothing.
    if (!variable.result || *variable.result != event.result) return false;
    if (!recorded.is_used) variable = VariableState{};
    return true;
  }

  /// What the model shows at the end, with the answers that were accepted.
  Observation ObserveEnd(const State& state) const {
    Observation observation = Observe(program_, state);
    observation.results = history_.end->results;
    return observation;
  }

 private:
  // Keeps variables only for results that later calls name; all others share one. States are copied
  // at every step, and results are most of what is in them.
  static void ShareVariables(ThreadProgram* thread, std::vector<RecordedCall>* calls) {
    std::vector<char> used(thread->variables.size());
    const auto note = [&](VariableIndex variable) { used[variable] = 1; };
    for (const Call& call : thread->calls) ForEachUse(call, note);
    std::vector<VariableIndex> places(used.size());
    VariableIndex next = 0;
    for (size_t i = 0; i < used.size(); ++i) places[i] = used[i] != 0 ? next++ : 0;
    const auto move = [&](VariableIndex& variable) { variable = places[variable]; };
    for (Call& call : thread->calls) ForEachUse(call, move);
    for (size_t i = 0; i < thread->calls.size(); ++i) {
      std::optional<VariableIndex>& result = thread->calls[i].result;
      (*calls)[i].is_used = result && used[*result] != 0;
      result = (*calls)[i].is_used ? places[*result] : next;
    }
    thread->variables.assign(next + 1, Variable{});
  }

  // Overlapping writes are best tried in the order in which their messages came out, or lie in the
  // queue at the end: a wrong order might show only then, perhaps after very many other steps.
  void RankWrites() {
    for (ThreadIndex thread = 0; thread < program_.threads.size(); ++thread) {
      const std::vector<Call>& calls = program_.threads[thread].calls;
      for (size_t i = 0; i < calls.size(); ++i) {
        calls_[thread][i].is_write =
            calls[i].kind == CallKind::kChannelWrite || calls[i].kind == CallKind::kChannelCall;
        if (!calls_[thread][i].is_write || calls[i].bytes.size() != 1) continue;
        const auto* text = std::get_if<std::string>(&calls[i].bytes[0]);
        if (text != nullptr) calls_[thread][i].read = fates_.FateOf(*text).latest;
      }
    }
  }

  // The calls of blocks that were not chosen never began; others may have begun after them.
  void FindHorizons() {
    for (std::vector<RecordedCall>& calls : calls_) {
      for (RecordedCall& call : calls) {
        for (const std::vector<RecordedCall>& others : calls_) {
          auto end = static_cast<uint32_t>(others.size());
          while (end > 0 && others[end - 1].invoked >= call.returned) --end;
          call.horizon.push_back(end);
        }
      }
    }
  }

  const Litmus& litmus_;
  const History& history_;
  Program program_;
  const MessageFates fates_;
  std::vector<std::vector<RecordedCall>> calls_;
};

// A step of a thread, before the event at `position`.
struct PlacedStep {
  ThreadIndex thread = 0;
  size_t position = 0;
};

class Searcher {
 public:
  Searcher(const Prepared& prepared, const ExplainOptions& options)
      : prepared_(prepared), options_(options), independence_(prepared.program()) {}

  Explanation Run() {
    Enter(prepared_.Start(), 0);
    while (!stack_.empty() && !stopped_) TryNext();
    if (!stopped_) explanation_.verdict = Verdict::kNotExplained;
    return explanation_;
  }
  /// kExplained: the order that explains.
  const std::vector<PlacedStep>& steps() const { return steps_; }

 private:
  enum class Advance : uint8_t { kNone, kSome, kWrong };
  struct Frame {
    State state;
    size_t position = 0;               // Events before it are explained.
    size_t path_length = 0;            // Steps that lead here.
    std::string key;                   // Of the state and the position, as far as it is known.
    std::vector<ThreadIndex> threads;  // Those that may step, to be tried from the back.
    ThreadIndex stepping = 0;          // Whose steps `successors` are.
    std::vector<State> successors;     // Still to be entered, from the back.
    bool stepped = false;
  };

  void TryNext() {
    Frame& frame = stack_.back();
    if (!frame.successors.empty()) {
      State next = std::move(frame.successors.back());
      frame.successors.pop_back();
      steps_.resize(frame.path_length);
      steps_.push_back({frame.stepping, frame.position});
      Enter(std::move(next), frame.position);  // `frame` is invalid from here on.
    } else if (!frame.threads.empty()) {
      Expand(frame);
    } else if (!frame.stepped && IsTheEnd(frame)) {
      steps_.resize(frame.path_length);
      Stop(Verdict::kExplained);
    } else {
      Abandon(frame);
    }
  }

  // No step leads back to where it came from, so that what lies on the stack is not met again, but
  // what has been in vain may be. Most histories are explained without that, and so without a key.
  void Abandon(Frame& frame) {
    if (frame.key.empty()) frame.key = KeyOf(frame.state, frame.position);
    seen_.insert(std::move(frame.key));
    stack_.pop_back();
  }

  static std::string KeyOf(const State& state, size_t position) {
    std::string key = Encode(state);
    key.append(reinterpret_cast<const char*>(&position), sizeof(position));
    return key;
  }

  void Expand(Frame& frame) {
    const ThreadIndex thread = frame.threads.back();
    frame.threads.pop_back();
    frame.stepping = thread;
    const bool is_worker = thread == WorkerOf(prepared_.program());
    const uint32_t call = is_worker ? 0 : frame.state.threads[thread].next_call;
    const bool in_program = !is_worker && call < prepared_.program().threads[thread].calls.size();
    for (Transition& transition : Steps(prepared_.program(), frame.state, thread)) {
      // A call that was not invoked does not begin: its thread was killed before.
      const bool may_begin = is_worker || IsInvoked(frame.state, thread, frame.position);
      if (!may_begin && !transition.next.threads[thread].ended) continue;
      frame.stepped = true;
      if (in_program && !prepared_.AcceptAnswer(&transition.next, thread, call)) continue;
      const bool sends = !is_worker && frame.state.threads[thread].phase == Phase::kPublish;
      if (sends && prepared_.fates().Contradict(transition.next)) continue;
      frame.successors.push_back(std::move(transition.next));
    }
  }

  void Enter(State state, size_t position) {
    if (!GoAhead(&state, &position)) return;
    const History& history = prepared_.history();
    if (position == history.events.size() && !history.end) return Stop(Verdict::kExplained);
    Frame frame;
    if (!seen_.empty()) {
      frame.key = KeyOf(state, position);
      if (seen_.contains(frame.key)) return;
    }
    if (++explanation_.states > options_.max_states) return Stop(Verdict::kUnknown);
    frame.threads = WhoMayStep(state, position);
    frame.state = std::move(state);
    frame.position = position;
    frame.path_length = steps_.size();
    stack_.push_back(std::move(frame));
  }

  /// Takes events, and steps that may as well come now as later. False: nothing can come of it.
  bool GoAhead(State* state, size_t* position) {
    for (;;) {
      *position = TakeEvents(*state, *position);
      explanation_.explained_events = std::max(explanation_.explained_events, *position);
      const Advance advance = StepLocally(state, *position);
      if (advance == Advance::kWrong) return false;
      if (advance == Advance::kNone) return true;
    }
  }

  /// Takes a local step (see independence.h). If it gives another answer than was recorded, it
  /// would do so later, too.
  Advance StepLocally(State* state, size_t position) {
    for (ThreadIndex i = 0; i < state->threads.size(); ++i) {
      if (!IsInvoked(*state, i, position)) continue;
      const uint32_t call = state->threads[i].next_call;
      if (!independence_.IsLocal(*state, i, prepared_.call(i, call).horizon)) continue;
      const bool stepped = TakeStep(prepared_.program(), state, i);
      assert(stepped);
      static_cast<void>(stepped);
      steps_.push_back({i, position});
      return prepared_.AcceptAnswer(state, i, call) ? Advance::kSome : Advance::kWrong;
    }
    return Advance::kNone;
  }

  size_t TakeEvents(const State& state, size_t position) const {
    const std::vector<HistoryEvent>& events = prepared_.history().events;
    for (; position < events.size(); ++position) {
      const HistoryEvent& event = events[position];
      if (event.kind == HistoryEvent::Kind::kInvoke) continue;
      if (state.threads[event.thread].next_call <= event.call) break;
    }
    return position;
  }

  static bool HasYetToSend(Phase phase) {
    return phase == Phase::kStart || phase == Phase::kTakeHandles || phase == Phase::kPublish;
  }

  bool IsInvoked(const State& state, ThreadIndex thread, size_t position) const {
    const uint32_t call = state.threads[thread].next_call;
    const bool in_program = call < prepared_.program().threads[thread].calls.size();
    return in_program && prepared_.call(thread, call).invoked < position;
  }

  /// Those in a call that has been invoked, those that have yet to go, and the
  /// worker. Tried first, that is last in the list: the thread whose call returned first, or, if
  /// that is a write, the writer whose message came out first.
  std::vector<ThreadIndex> WhoMayStep(const State& state, size_t position) const {
    struct Candidate {
      size_t read = kNever;
      size_t returned = kNever;
      ThreadIndex thread = 0;
      bool is_write = false;
    };
    std::vector<Candidate> candidates;
    for (ThreadIndex i = 0; i < state.threads.size(); ++i) {
      if (IsInvoked(state, i, position)) {
        const RecordedCall& recorded = prepared_.call(i, state.threads[i].next_call);
        const bool sends = recorded.is_write && HasYetToSend(state.threads[i].phase);
        candidates.push_back({sends ? recorded.read : kNever, recorded.returned, i, sends});
      } else if (state.threads[i].killed || IsFinished(prepared_.program(), state, i)) {
        candidates.push_back({kNever, kNever, i, false});
      }
    }
    candidates.push_back({kNever, kNever, WorkerOf(prepared_.program()), false});
    std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
      return std::pair(a.returned, a.thread) < std::pair(b.returned, b.thread);
    });
    const auto write =
        std::min_element(candidates.begin(), candidates.end(),
                         [](const Candidate& a, const Candidate& b) { return a.read < b.read; });
    if (candidates.front().is_write) std::rotate(candidates.begin(), write, write + 1);
    std::vector<ThreadIndex> order;
    for (auto it = candidates.rbegin(); it != candidates.rend(); ++it) order.push_back(it->thread);
    return order;
  }

  // Nothing can happen any more, as it was in the execution.
  bool IsTheEnd(const Frame& frame) const {
    const History& history = prepared_.history();
    return frame.position == history.events.size() && history.end &&
           prepared_.ObserveEnd(frame.state) == *history.end;
  }

  void Stop(Verdict verdict) {
    explanation_.verdict = verdict;
    stopped_ = true;
  }

  const Prepared& prepared_;
  const ExplainOptions options_;
  const Independence independence_;
  std::vector<Frame> stack_;
  std::unordered_set<std::string> seen_;  // In vain. Asked for membership, never iterated.
  std::vector<PlacedStep> steps_;         // Of the path.
  Explanation explanation_;
  bool stopped_ = false;
};

}  // namespace

namespace {

// A search that refuses a history may do so early: what it knows of later events tells it. So which
// event nothing explains is asked of the beginnings of the history, by bisection.
size_t CountExplained(const Litmus& litmus, const History& history, const ExplainOptions& options) {
  size_t explained = 0;
  size_t end = history.events.size() + 1;
  while (end - explained > 1) {
    const size_t middle = explained + (end - explained) / 2;
    const auto begin = history.events.begin();
    const History beginning{{begin, begin + static_cast<std::ptrdiff_t>(middle)}, std::nullopt};
    const Prepared prepared(litmus, beginning);
    const bool is_explained = Searcher(prepared, options).Run().verdict == Verdict::kExplained;
    (is_explained ? explained : end) = middle;
  }
  return explained;
}

// The explanation of a program that is not divided, with the place of each step.
struct Placed {
  Explanation explanation;
  std::vector<PlacedStep> steps;
};

Placed ExplainOne(const Litmus& litmus, const History& history, const ExplainOptions& options) {
  const Prepared prepared(litmus, history);
  Searcher searcher(prepared, options);
  Placed result{searcher.Run(), searcher.steps()};
  if (result.explanation.verdict == Verdict::kNotExplained) {
    result.explanation.explained_events = CountExplained(litmus, history, options);
  }
  return result;
}

// Adds what the search of a part found.
void Add(const Explanation& part, size_t explained_events, Explanation* all) {
  all->states += part.states;
  all->explained_events = std::min(all->explained_events, explained_events);
  if (all->verdict != Verdict::kNotExplained && part.verdict != Verdict::kExplained) {
    all->verdict = part.verdict;
  }
}

}  // namespace

// Each part by itself; then the steps of all in one order, each where its part has it among the
// events.
Explanation Explain(const Litmus& litmus, const History& history, const ExplainOptions& options) {
  const Partition partition = PartitionOf(litmus);
  Explanation all;
  all.verdict = Verdict::kExplained;
  all.explained_events = history.events.size();
  std::vector<PlacedStep> steps;
  if (partition.count == 1) {
    Placed one = ExplainOne(litmus, history, options);
    Add(one.explanation, one.explanation.explained_events, &all);
    steps = std::move(one.steps);
  } else {
    for (uint32_t i = 0; i < partition.count; ++i) {
      const PartOfHistory part = TakePart(litmus, history, partition, i);
      const Placed one = ExplainOne(part.litmus, part.history, options);
      Add(one.explanation, part.places[one.explanation.explained_events], &all);
      for (const PlacedStep& step : one.steps) {
        steps.push_back({part.threads[step.thread], part.places[step.position]});
      }
    }
    std::ranges::stable_sort(steps, {}, &PlacedStep::position);
  }
  if (all.verdict != Verdict::kExplained) return all;
  for (const PlacedStep& step : steps) all.steps.push_back(step.thread);
  return all;
}

}  // namespace model
