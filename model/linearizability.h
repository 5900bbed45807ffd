// Does the reference model explain what the threads of a program saw?
//
// A history is explained if the atomic steps of its calls have an order that the model allows, in
// which each call takes all its steps between its invocation and its return, and answers what the
// history says. This is linearizability (Herlihy and Wing, TOPLAS 1990) for calls of several steps:
// the model's steps take the place of the one linearisation point.
//
// The search is that of Wing and Gong (JPDC 1993) with Lowe's memory of visited configurations
// (CCPE 2017). Differs: what is remembered is the place in the history and the model's state, which
// holds how far each call has come; a call's answer is compared as soon as the model gives it;
// steps that commute are not tried in both orders (independence.h); and what messages tell about
// their order is not tried out (message_fates.h).
#pragma once

#include <cstdint>
#include <vector>

#include "model/history.h"
#include "model/litmus.h"

namespace model {

struct ExplainOptions {
  // More distinct configurations than this, for one part of the program: kUnknown.
  uint64_t max_states = 1'000'000;
};

enum class Verdict : uint8_t {
  kExplained,
  kNotExplained,
  kUnknown,  // The budget ended the search.
};

struct Explanation {
  Verdict verdict = Verdict::kUnknown;
  // kExplained: which thread takes each step, in an order that explains the history.
  std::vector<ThreadIndex> steps;
  // The longest prefix of the events that some order explains; if the verdict is unknown, the
  // longest that was found. If it is all of them and the history is not explained, the end of the
  // execution is what nothing explains.
  size_t explained_events = 0;
  uint64_t states = 0;  // Distinct configurations met.
};

/// Whether the model of the litmus file's generation and faults explains the history of its
/// program.
/// Parts that have nothing to do with each other are judged one by one (partition.h).
Explanation Explain(const Litmus& litmus, const History& history,
                    const ExplainOptions& options = {});

}  // namespace model
