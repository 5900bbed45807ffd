// The parts of a history that have nothing to do with each other.
//
// Linearizability is local (Herlihy and Wing, TOPLAS 1990): a history is explained if what was done
// to each object is explained by itself. Here the place of an object is taken by a part: calls that
// touch no state of the model that calls of other parts touch. Then steps of two parts commute, and
// neither decides whether the other is possible; so if each part has an order of its steps, with a
// place among the events for each step, all of them in the order of their places explain the whole.
// Conversely an order that explains the whole explains every part. Whoever searches meets a sum of
// orders instead of a product.
//
// Two calls belong together if they
// - name the same object, or the two ends of a channel or pair. What a message carries came from a
//   call that named it, and whoever received it names that result, so handles need no rule of their
//   own;
// - are of one thread, and one uses what the other answered, or is in a block that was chosen;
// - are of a process that waits for many: the table stays locked while it looks at one after the
//   other, which others of the process notice whatever their objects are.
//
// Where something else is shared (a budget of faults, kills and suspensions, the worker that closes
// what was in messages) there is one part.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/history.h"
#include "model/litmus.h"

namespace model {

struct Partition {
  std::vector<std::vector<uint32_t>> part_of_call;  // By thread.
  std::vector<uint32_t> part_of_handle;             // By declared handle.
  uint32_t count = 0;
};

Partition PartitionOf(const Litmus& litmus);

/// Whether steps of the call commute with all that other threads can do, and stay possible
/// meanwhile: it makes an object, names no handle that there is, or asks nothing of the kernel.
/// Then it does not matter which calls of others end before it begins, or begin after it ends, as
/// long as their order is kept: between those and those is always a place for it. Only says yes
/// when it is certain, also where all calls are of one part.
bool IsNobodysBusiness(const Program& program, ThreadIndex thread, uint32_t call);

/// One part, as a program of its own and what that did: without the threads that have no call in
/// it, and without the objects of others.
struct PartOfHistory {
  Litmus litmus;  // The program and its generation; parts that share faults are not cut.
  History history;
  std::vector<ThreadIndex> threads;  // By its threads: what they are in the whole program.
  std::vector<size_t> places;        // By event: its index in the whole history; then the end's.
};

PartOfHistory TakePart(const Litmus& litmus, const History& history, const Partition& partition,
                       uint32_t part);

}  // namespace model
