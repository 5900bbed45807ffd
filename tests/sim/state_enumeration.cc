#include "tests/sim/state_enumeration.h"

#include <unordered_set>
#include <vector>

#include "tests/sim/state_moves.h"

namespace sim {

namespace {

std::string DescribeEnd(const StateModel& state) {
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

}  // namespace

std::optional<std::set<std::string>> EndsOf(const RandomProgram& program, size_t max_states) {
  StateModel first;
  first.idle_left = static_cast<int32_t>(program.idle_wakes);
  for (size_t i = 0; i < program.threads.size(); ++i) {
    first.threads[i].is_started = ((program.spawned >> i) & 1) == 0 ? 1 : 0;
  }
  std::unordered_set<std::string> known = {first.Bytes()};
  std::vector<StateModel> open = {first};
  std::set<std::string> ends;
  std::vector<StateModel> successors;
  while (!open.empty()) {
    const StateModel state = open.back();
    open.pop_back();
    successors.clear();
    for (int32_t thread = 0; thread < 3; ++thread) {
      Move(program, state, thread, successors).Make();
      Move(program, state, thread, successors).Fire();
    }
    if (successors.empty()) ends.insert(DescribeEnd(state));
    for (const StateModel& next : successors) {
      if (known.insert(next.Bytes()).second) open.push_back(next);
    }
    if (known.size() > max_states) return std::nullopt;
  }
  return ends;
}

}  // namespace sim
