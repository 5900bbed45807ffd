// For tests of the reference model: a program in litmus text, and all outcomes it may have.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <variant>

#include "model/litmus.h"
#include "model/outcomes.h"
#include "model/spec.h"
#include "model/state.h"

namespace model {

/// Parses a text without its first line. A backslash at the end of a line joins it to the next, for
/// outcomes, which must be one line each.
inline Litmus ParseOrFail(std::string_view text) {
  std::string whole = "Zircon test\n" + std::string(text);
  for (size_t at = 0; (at = whole.find("\\\n", at)) != std::string::npos;) whole.erase(at, 2);
  std::variant<Litmus, LitmusError> parsed = ParseLitmus(whole);
  if (const auto* error = std::get_if<LitmusError>(&parsed)) {
    ADD_FAILURE() << FormatLitmusError(*error, "test");
    return {};
  }
  return std::get<Litmus>(std::move(parsed));
}

/// Calls `visit` for every state that the program can reach, by every interleaving of all steps:
/// slow and without any thought, to compare the search with.
inline void VisitAllStates(const Program& program, const std::function<void(const State&)>& visit) {
  std::unordered_set<std::string> seen;
  std::vector<State> todo = {InitialState(program)};
  while (!todo.empty()) {
    const State state = std::move(todo.back());
    todo.pop_back();
    if (!seen.insert(Encode(state)).second) continue;
    visit(state);
    for (ThreadIndex i = 0; i < program.threads.size(); ++i) {
      for (Transition& transition : Steps(program, state, i)) {
        todo.push_back(std::move(transition.next));
      }
    }
  }
}

/// Whether no thread can step.
inline bool IsEnd(const Program& program, const State& state) {
  for (ThreadIndex i = 0; i < program.threads.size(); ++i) {
    if (!Steps(program, state, i).empty()) return false;
  }
  return true;
}

inline uint64_t BlockedSet(const Observation& observation) {
  uint64_t blocked = 0;
  for (size_t i = 0; i < observation.blocked.size(); ++i) {
    if (observation.blocked[i]) blocked |= uint64_t{1} << i;
  }
  return blocked;
}

/// Whether the object is dead and waits for its queue to be destroyed.
inline bool IsPendingFree(const State& state, ObjectId id) {
  return std::any_of(state.threads.begin(), state.threads.end(), [id](const ThreadState& thread) {
    const std::vector<ObjectId>& pending = thread.closing.pending_frees;
    return std::count(pending.begin(), pending.end(), id) == 1;
  });
}

/// What holds in every state: each handle is in exactly one place, READABLE shows exactly a queue
/// with messages (S-4), links are mutual, and a registered wait is not satisfied already.
inline void ExpectInvariants(const State& state) {
  std::multiset<HandleId> in_messages;
  for (const Object& object : state.objects) {
    EXPECT_TRUE(state.IsReferenced(object.id) || IsPendingFree(state, object.id));
    EXPECT_EQ((object.signals & core::kSignalReadable) != 0, !object.queue.empty());
    if (object.peer) {
      ASSERT_NE(state.FindObject(*object.peer), nullptr);
      EXPECT_EQ(state.FindObject(*object.peer)->peer, object.id);
      EXPECT_EQ(object.signals & core::kSignalPeerClosed, 0u);
    }
    for (const Message& message : object.queue) {
      in_messages.insert(message.handles.begin(), message.handles.end());
    }
  }
  std::multiset<HandleId> in_hands;
  for (const ThreadState& thread : state.threads) {
    in_hands.insert(thread.hands.begin(), thread.hands.end());
    in_hands.insert(thread.closing.outer.begin(), thread.closing.outer.end());
    in_hands.insert(thread.closing.inner.begin(), thread.closing.inner.end());
    if (!thread.wait || !thread.wait->registered()) continue;
    EXPECT_EQ(state.FindObject(thread.wait->object)->signals & thread.wait->signals, 0u);
    EXPECT_NE(state.FindHandle(thread.wait->handle), nullptr);
  }
  for (const HandleRecord& handle : state.handles) {
    EXPECT_EQ(in_messages.count(handle.id),
              handle.place == HandleRecord::Place::kMessage ? 1u : 0u);
    EXPECT_EQ(in_hands.count(handle.id), handle.place == HandleRecord::Place::kHands ? 1u : 0u);
  }
}

/// The same answer as EnumerateOutcomes, by visiting all states; without example orders.
inline AllowedOutcomes OutcomesOfAllStates(const Litmus& litmus) {
  AllowedOutcomes all;
  VisitAllStates(litmus.program, [&](const State& state) {
    ++all.states;
    ExpectInvariants(state);
    if (!IsEnd(litmus.program, state)) return;
    const Observation observation = Observe(litmus.program, state);
    all.outcomes[OutcomeOf(litmus, observation)];
    all.blocked_sets[BlockedSet(observation)];
  });
  return all;
}

inline std::set<std::string> Printed(const Litmus& litmus, const AllowedOutcomes& allowed) {
  std::set<std::string> printed;
  for (const auto& [outcome, order] : allowed.outcomes)
    printed.insert(PrintOutcome(litmus, outcome));
  return printed;
}

/// The end that an order of threads leads to.
inline State Replay(const Program& program, const std::vector<ThreadIndex>& order) {
  State state = InitialState(program);
  for (ThreadIndex thread : order) EXPECT_TRUE(TakeStep(program, &state, thread));
  EXPECT_TRUE(IsEnd(program, state));
  return state;
}

/// The search must find what visiting all states finds, and its example orders must lead there.
inline void ExpectSearchIsRight(const Litmus& litmus, const AllowedOutcomes& allowed) {
  const AllowedOutcomes all = OutcomesOfAllStates(litmus);
  EXPECT_EQ(Printed(litmus, allowed), Printed(litmus, all));
  EXPECT_LE(allowed.states, all.states);
  EXPECT_EQ(allowed.blocked_sets.size(), all.blocked_sets.size());
  for (const auto& [blocked, order] : allowed.blocked_sets) {
    EXPECT_TRUE(all.blocked_sets.contains(blocked));
    EXPECT_EQ(BlockedSet(Observe(litmus.program, Replay(litmus.program, order))), blocked);
  }
  for (const auto& [outcome, order] : allowed.outcomes) {
    EXPECT_EQ(OutcomeOf(litmus, Observe(litmus.program, Replay(litmus.program, order))), outcome);
  }
}

/// Fails unless the model allows exactly the outcomes that the text lists.
inline AllowedOutcomes ExpectExactly(std::string_view text) {
  const Litmus litmus = ParseOrFail(text);
  const AllowedOutcomes allowed = EnumerateOutcomes(litmus);
  if (!litmus.outcomes) {
    ADD_FAILURE() << "The text lists no outcomes.";
    return allowed;
  }
  EXPECT_TRUE(litmus.outcomes->exact);
  EXPECT_TRUE(allowed.complete);
  AllowedOutcomes expected;
  for (const Outcome& outcome : litmus.outcomes->outcomes) expected.outcomes[outcome];
  EXPECT_EQ(Printed(litmus, allowed), Printed(litmus, expected));
  ExpectSearchIsRight(litmus, allowed);
  return allowed;
}

}  // namespace model
