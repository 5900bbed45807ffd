// The parts of a program that have nothing to do with each other.
//
// Linearizability is local (Herlihy and Wing, TOPLAS 1990): a history is explained if what each
// part did is explained by itself, because every part's steps have a place among the events. So
// the judge of histories searches a sum of orders instead of a product.
//
// Threads belong together if they can name the same object or the other end of its channel or
// pair: what they receive came from there as well. So do threads with deadlines on the clock, which
// is one for all. Where something else is shared (a budget of faults, kills and suspensions, the
// worker that closes what was in messages) the program is one part.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/history.h"
#include "model/litmus.h"

namespace model {

struct Partition {
  std::vector<uint32_t> part_of_thread;
  std::vector<uint32_t> part_of_handle;  // By declared handle.
  uint32_t count = 0;
};

Partition PartitionOf(const Litmus& litmus);

/// What one part did. The threads of others have not begun, and their objects are as at the start.
struct PartOfHistory {
  History history;
  std::vector<size_t> places;  // By event: its index in the whole history; then the end's.
};

PartOfHistory HistoryOfPart(const Litmus& litmus, const History& history,
                            const Partition& partition, uint32_t part);

}  // namespace model
