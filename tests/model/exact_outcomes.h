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
#include "model/rules.h"
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

/// Calls `visit` for every state that the program can reach, by every interleaving of all steps and
/// every way they can go: slow and without any thought, to compare the search with. False if there
/// are too many.
inline bool VisitAllStates(const Litmus& litmus, uint64_t max_states,
                           const std::function<void(const State&)>& visit) {
  std::unordered_set<std::string> seen;
  std::vector<State> todo = {InitialState(litmus)};
  while (!todo.empty()) {
    const State state = std::move(todo.back());
    todo.pop_back();
    if (!seen.insert(Encode(state)).second) continue;
    if (seen.size() > max_states) return false;
    visit(state);
    for (ThreadIndex i = 0; i < StepperCount(litmus.program); ++i) {
      for (Transition& transition : Steps(litmus.program, state, i)) {
        todo.push_back(std::move(transition.next));
      }
    }
  }
  return true;
}

/// Whether nobody can step.
inline bool IsEnd(const Program& program, const State& state) {
  for (ThreadIndex i = 0; i < StepperCount(program); ++i) {
    if (CanStep(program, state, i)) return false;
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

/// What holds of a thread's calls and waits: a call is on its endpoint's list until something ends
/// it, and then both ends of the channel are there; what is listed can still be found.
inline void ExpectThreadInvariants(const State& state, ThreadIndex index) {
  const ThreadState& thread = state.threads[index];
  const bool accumulates = RulesOf(state.generation).observed_accumulates;
  for (const Wait& wait : thread.waits) {
    if (!wait.listed) continue;
    if (!accumulates) {
      EXPECT_FALSE(wait.over());
      EXPECT_EQ(state.FindObject(wait.object)->signals & wait.signals, 0u);
    }
    EXPECT_TRUE(wait.canceled || state.FindHandle(wait.handle) != nullptr);
  }
  uint32_t listed = 0;
  for (const Object& object : state.objects) {
    const auto count = std::ranges::count(object.callers, index);
    listed += static_cast<uint32_t>(count);
    const auto closes = [&](const ThreadState& other) {
      return other.delivery.closed == object.id;
    };
    const bool is_closing = std::ranges::any_of(state.threads, closes) || closes(state.worker);
    EXPECT_TRUE(count == 0 || object.peer.has_value() || is_closing);
  }
  EXPECT_EQ(listed, thread.call && thread.call->end == PendingCall::End::kNone ? 1u : 0u);
}

/// Whether some thread is about to forget the waits of the port.
inline bool IsEnding(const State& state, ObjectId port) {
  const auto ends = [port](const ThreadState& thread) {
    return std::ranges::count(thread.closing.port_ends, port, &PortEnd::port) != 0;
  };
  return std::ranges::any_of(state.threads, ends) || ends(state.worker);
}

inline void ExpectObjectInvariants(const State& state, const Object& object) {
  EXPECT_TRUE(state.IsReferenced(object.id) || IsPendingFree(state, object.id));
  EXPECT_EQ((object.signals & core::kSignalReadable) != 0, !object.queue.empty());
  for (const AsyncWait& wait : object.async_waits) {
    EXPECT_NE(state.FindHandle(wait.handle), nullptr);
    ASSERT_NE(state.FindObject(wait.port), nullptr);
    EXPECT_TRUE(state.HandleCount(wait.port) != 0 || IsEnding(state, wait.port));
  }
  if (!object.peer) return;
  ASSERT_NE(state.FindObject(*object.peer), nullptr);
  EXPECT_EQ(state.FindObject(*object.peer)->peer, object.id);
  EXPECT_EQ(object.signals & core::kSignalPeerClosed, 0u);
  EXPECT_NE(state.HandleCount(object.id), 0u);
}

/// Who is yet to be told of a change sleeps, or is on its way to, with the wait that it is about.
inline void ExpectDeliveryInvariants(const State& state, const Delivery& delivery) {
  EXPECT_EQ(delivery.idle(), delivery.locked.empty());
  for (const Delivery::Item& item : delivery.items) {
    if (item.port) continue;
    const std::vector<Wait>& waits = state.threads[item.thread].waits;
    ASSERT_LT(item.wait, waits.size());
    EXPECT_EQ(waits[item.wait].object, delivery.locked.front());
    EXPECT_FALSE(waits[item.wait].matched);
  }
}

/// What holds in every state: each handle is in exactly one place, READABLE shows exactly a queue
/// with messages (S-4), links are mutual, and a registered wait is not satisfied already.
inline void ExpectInvariants(const State& state) {
  std::multiset<HandleId> in_messages;
  std::multiset<HandleId> in_hands;
  const auto add_closing = [&](const Closing& closing) {
    in_hands.insert(closing.outer.begin(), closing.outer.end());
    in_hands.insert(closing.inner.begin(), closing.inner.end());
    for (const auto& handles : closing.left_behind) in_hands.insert(handles.begin(), handles.end());
  };
  for (const Object& object : state.objects) {
    ExpectObjectInvariants(state, object);
    for (const Message& message : object.queue) {
      in_messages.insert(message.handles.begin(), message.handles.end());
    }
  }
  for (ThreadIndex i = 0; i < state.threads.size(); ++i) {
    const ThreadState& thread = state.threads[i];
    ExpectThreadInvariants(state, i);
    in_hands.insert(thread.hands.begin(), thread.hands.end());
    in_hands.insert(thread.rest.begin(), thread.rest.end());
    add_closing(thread.closing);
    ExpectDeliveryInvariants(state, thread.delivery);
    if (!thread.call) continue;
    in_messages.insert(thread.call->reply.handles.begin(), thread.call->reply.handles.end());
  }
  add_closing(state.worker.closing);
  ExpectDeliveryInvariants(state, state.worker.delivery);
  for (const HandleRecord& handle : state.handles) {
    EXPECT_EQ(in_messages.count(handle.id),
              handle.place == HandleRecord::Place::kMessage ? 1u : 0u);
    EXPECT_EQ(in_hands.count(handle.id), handle.place == HandleRecord::Place::kHands ? 1u : 0u);
  }
}

/// The same answer as EnumerateOutcomes, by visiting all states; without example orders.
inline AllowedOutcomes OutcomesOfAllStates(const Litmus& litmus, uint64_t max_states = 2'000'000) {
  AllowedOutcomes all;
  all.complete = VisitAllStates(litmus, max_states, [&](const State& state) {
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

/// The end that an order of steps leads to.
inline State Replay(const Litmus& litmus, const std::vector<Choice>& order) {
  State state = InitialState(litmus);
  for (const Choice& step : order) {
    EXPECT_TRUE(TakeStep(litmus.program, &state, step.thread, step.choice));
  }
  EXPECT_TRUE(IsEnd(litmus.program, state));
  return state;
}

/// The search must find what visiting all states finds, and its example orders must lead there.
inline void ExpectSearchIsRight(const Litmus& litmus, const AllowedOutcomes& allowed,
                                const AllowedOutcomes& all) {
  EXPECT_EQ(Printed(litmus, allowed), Printed(litmus, all));
  EXPECT_LE(allowed.states, all.states);
  EXPECT_EQ(allowed.blocked_sets.size(), all.blocked_sets.size());
  for (const auto& [blocked, order] : allowed.blocked_sets) {
    EXPECT_TRUE(all.blocked_sets.contains(blocked));
    EXPECT_EQ(BlockedSet(Observe(litmus.program, Replay(litmus, order))), blocked);
  }
  for (const auto& [outcome, order] : allowed.outcomes) {
    EXPECT_EQ(OutcomeOf(litmus, Observe(litmus.program, Replay(litmus, order))), outcome);
  }
}

inline void ExpectSearchIsRight(const Litmus& litmus, const AllowedOutcomes& allowed) {
  const AllowedOutcomes all = OutcomesOfAllStates(litmus);
  EXPECT_TRUE(all.complete);
  ExpectSearchIsRight(litmus, allowed, all);
}

/// Fails unless the model allows exactly the outcomes that the text lists.
inline AllowedOutcomes ExpectExactly(const Litmus& litmus) {
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
inline AllowedOutcomes ExpectExactly(std::string_view text,
                                     Generation generation = Generation::kCurrent) {
  Litmus litmus = ParseOrFail(text);
  litmus.generation = generation;
  return ExpectExactly(litmus);
}

}  // namespace model
