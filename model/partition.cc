#include "model/partition.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "model/rules.h"
#include "model/spec.h"

namespace model {

namespace {

// Union-find over threads and, after them, objects.
class Groups {
 public:
  explicit Groups(size_t count) : leaders_(count) {
    std::iota(leaders_.begin(), leaders_.end(), size_t{0});
  }
  size_t LeaderOf(size_t member) const {
    while (leaders_[member] != member) member = leaders_[member];
    return member;
  }
  void Join(size_t a, size_t b) { leaders_[LeaderOf(a)] = LeaderOf(b); }

 private:
  std::vector<size_t> leaders_;
};

bool SharesMore(const Litmus& litmus) {
  return HasInterruptions(litmus.program) || FaultsWithin(litmus) != Faults{} ||
         RulesOf(litmus.generation).destroyed_messages_close_later;
}

template <typename Visitor>
void ForEachHandle(const Call& call, Visitor visit) {
  const auto note = [&](const HandleArgument& argument) {
    if (const auto* named = std::get_if<NamedHandle>(&argument)) visit(named->handle);
  };
  note(call.handle);
  note(call.port);
  for (const HandleArgument& argument : call.handles) note(argument);
  for (const Disposition& disposition : call.dispositions) note(disposition.handle);
  for (const WaitItem& item : call.items) note(item.handle);
}

}  // namespace

Partition PartitionOf(const Litmus& litmus) {
  const Program& program = litmus.program;
  const size_t threads = program.threads.size();
  const bool is_one = SharesMore(litmus);
  // One more member: the clock, or whatever else it is that all share.
  const size_t shared = threads + program.objects.size();
  Groups groups(shared + 1);
  for (size_t i = 0; i < threads; ++i) {
    if (is_one) groups.Join(i, shared);
    for (const Call& call : program.threads[i].calls) {
      if (call.deadline.kind == Deadline::Kind::kAt) groups.Join(i, shared);
      ForEachHandle(call, [&](EndpointIndex handle) {
        groups.Join(i, threads + program.handles[handle].object);
      });
    }
  }
  Partition partition;
  std::vector<size_t> leaders;  // By part, in order of their first threads.
  for (size_t i = 0; i < threads; ++i) {
    const size_t leader = groups.LeaderOf(i);
    const auto known = std::ranges::find(leaders, leader);
    partition.part_of_thread.push_back(static_cast<uint32_t>(known - leaders.begin()));
    if (known == leaders.end()) leaders.push_back(leader);
  }
  partition.count = static_cast<uint32_t>(std::max<size_t>(leaders.size(), 1));
  for (const DeclaredHandle& handle : program.handles) {
    const auto known = std::ranges::find(leaders, groups.LeaderOf(threads + handle.object));
    // What nobody names stays as it is, in any part.
    const bool is_named = known != leaders.end();
    partition.part_of_handle.push_back(is_named ? static_cast<uint32_t>(known - leaders.begin())
                                                : 0);
  }
  return partition;
}

PartOfHistory HistoryOfPart(const Litmus& litmus, const History& history,
                            const Partition& partition, uint32_t part) {
  PartOfHistory result;
  for (size_t i = 0; i < history.events.size(); ++i) {
    if (partition.part_of_thread[history.events[i].thread] != part) continue;
    result.history.events.push_back(history.events[i]);
    result.places.push_back(i);
  }
  result.places.push_back(history.events.size());
  if (!history.end) return result;
  Observation end = Observe(litmus.program, InitialState(litmus));
  for (size_t i = 0; i < partition.part_of_thread.size(); ++i) {
    if (partition.part_of_thread[i] != part) continue;
    end.results[i] = history.end->results[i];
    end.blocked[i] = history.end->blocked[i];
  }
  for (size_t i = 0; i < partition.part_of_handle.size(); ++i) {
    if (partition.part_of_handle[i] == part) end.endpoints[i] = history.end->endpoints[i];
  }
  result.history.end = std::move(end);
  return result;
}

}  // namespace model
