// Programs with some of their parts taken out.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/litmus.h"

namespace props {

/// What is to go. What cannot be without it goes too: the calls of a thread, calls on a handle that
/// a call brought or that interrupt a thread. Bytes and ids that a call brought become plain ones.
struct Removal {
  explicit Removal(const model::Program& program);  // Nothing.

  std::vector<bool> threads;
  std::vector<std::vector<bool>> calls;  // By thread. Of a kChoose: its blocks stay, one by one.
  std::vector<bool> processes;
  std::vector<bool> objects;
  std::vector<bool> handles;                // Of an event that has more of them.
  std::vector<std::vector<bool>> messages;  // By queue.
};

/// The new index of everything; none: it has gone.
struct Renaming {
  using Indices = std::vector<std::optional<uint32_t>>;
  Indices threads;
  Indices processes;
  Indices objects;
  Indices handles;
  std::vector<Indices> calls;      // By thread.
  std::vector<Indices> variables;  // By thread.
};

struct Reduced {
  model::Litmus litmus;
  Renaming renaming;
};

/// Claims that name what has gone are weakened to what they say about the rest, or go.
Reduced Remove(const model::Litmus& litmus, Removal removal);

/// The locations, conditions and outcomes of `litmus` that still mean something, renamed, in place
/// of those of `to`. A broken claim is broken still, or is gone.
void KeepClaims(const model::Litmus& litmus, const Renaming& renaming, model::Litmus* to);

/// Nothing is renamed.
Renaming SameNames(const model::Program& program);

}  // namespace props
