// Map: what joins calls; parts in the order of their first calls; cutting one out.
#include "model/partition.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <optional>
#include <utility>

#include "model/arguments.h"
#include "model/rules.h"
#include "model/stepper.h"

namespace model {

namespace {

// Union-find.
class Groups {
 public:
  explicit Groups(size_t count) : leaders_(count) {
    std::iota(leaders_.begin(), leaders_.end(), size_t{0});
  }
  size_t LeaderOf(size_t member) {
    while (leaders_[member] != member) {
      leaders_[member] = leaders_[leaders_[member]];
      member = leaders_[member];
    }
    return member;
  }
  void Join(size_t a, size_t b) { leaders_[LeaderOf(a)] = LeaderOf(b); }

 private:
  std::vector<size_t> leaders_;
};

bool IsAimedAtThreads(const Call& call) {
  return call.kind == CallKind::kThreadKill || call.kind == CallKind::kThreadSuspend ||
         call.kind == CallKind::kThreadResume || call.kind == CallKind::kProcessKill;
}

// Whether the table stays locked for more than one step (WT-12, WT-20, WT-22, WE-8).
bool LocksTable(const Call& call) {
  const bool is_many = call.kind == CallKind::kObjectWaitMany && ItemCount(call) > 1;
  return is_many || (HasDispositions(call) && SentHandleCount(call) > 1) ||
         call.kind == CallKind::kObjectWaitAsync || call.kind == CallKind::kPortCancel;
}

// It looks one handle up, which is none, and answers.
bool NamesNoHandle(const Call& call) {
  switch (call.kind) {
    case CallKind::kChannelWrite:
    case CallKind::kChannelWriteEtc:
    case CallKind::kChannelRead:
    case CallKind::kChannelReadEtc:
    case CallKind::kHandleCheckValid:
    case CallKind::kHandleClose:
    case CallKind::kHandleDuplicate:
    case CallKind::kHandleReplace:
    case CallKind::kObjectGetInfo:
    case CallKind::kObjectSignal:
    case CallKind::kObjectSignalPeer:
    case CallKind::kPortQueue:
      return std::holds_alternative<RawHandle>(call.handle) && call.handles.empty() &&
             call.dispositions.empty();
    default:
      return false;
  }
}

bool SharesMore(const Litmus& litmus) {
  const bool is_interrupted =
      std::ranges::any_of(litmus.program.threads, [](const ThreadProgram& thread) {
        return std::ranges::any_of(thread.calls, IsAimedAtThreads);
      });
  return is_interrupted || FaultsWithin(litmus) != Faults{} ||
         RulesOf(litmus.generation).destroyed_messages_close_later;
}

// Joins what belongs together. Members are all calls, objects and processes, and one more:
// whatever it is that all share.
class Joiner {
 public:
  explicit Joiner(const Litmus& litmus)
      : program_(litmus.program), groups_(CountMembers(litmus.program)) {
    size_t first_call = 0;
    for (const ThreadProgram& thread : program_.threads) {
      first_calls_.push_back(first_call);
      first_call += thread.calls.size();
    }
    first_object_ = first_call;
    first_process_ = first_object_ + program_.objects.size();
    shared_ = first_process_ + program_.processes.size();
    const bool is_one = SharesMore(litmus);
    const std::vector<char> locks = LocksOfProcesses();
    for (ThreadIndex i = 0; i < program_.threads.size(); ++i) {
      const ThreadProgram& thread = program_.threads[i];
      for (uint32_t j = 0; j < thread.calls.size(); ++j) {
        if (is_one) groups_.Join(CallMember(i, j), shared_);
        if (locks[thread.process] != 0) {
          groups_.Join(CallMember(i, j), first_process_ + thread.process);
        }
        JoinObjects(i, j);
      }
      if (!thread.calls.empty()) JoinWithinThread(i);
    }
  }

  size_t OfCall(ThreadIndex thread, uint32_t call) {
    return groups_.LeaderOf(CallMember(thread, call));
  }
  size_t OfObject(ObjectIndex object) { return groups_.LeaderOf(first_object_ + object); }

 private:
  static size_t CountMembers(const Program& program) {
    size_t count = program.objects.size() + program.processes.size() + 1;
    for (const ThreadProgram& thread : program.threads) count += thread.calls.size();
    return count;
  }
  size_t CallMember(ThreadIndex thread, uint32_t call) const { return first_calls_[thread] + call; }

  // By process: whether some call does that.
  std::vector<char> LocksOfProcesses() const {
    std::vector<char> locks(program_.processes.size());
    for (const ThreadProgram& thread : program_.threads) {
      for (const Call& call : thread.calls) {
        if (LocksTable(call)) locks[thread.process] = 1;
      }
    }
    return locks;
  }

  void JoinObjects(ThreadIndex thread, uint32_t index) {
    const size_t member = CallMember(thread, index);
    const Call& call = program_.threads[thread].calls[index];
    ForEachHandle(call, [&](const HandleArgument& argument) {
      const auto* named = std::get_if<NamedHandle>(&argument);
      if (named == nullptr) return;
      groups_.Join(member, first_object_ + program_.handles[named->handle].object);
    });
  }

  void JoinWithinThread(ThreadIndex index) {
    const ThreadProgram& thread = program_.threads[index];
    const bool chooses = std::ranges::any_of(
        thread.calls, [](const Call& call) { return call.kind == CallKind::kChoose; });
    std::vector<std::optional<uint32_t>> setters(thread.variables.size());  // By variable.
    const auto last = static_cast<uint32_t>(thread.calls.size() - 1);
    for (uint32_t i = 0; i < thread.calls.size(); ++i) {
      const Call& call = thread.calls[i];
      if (call.result) setters[*call.result] = i;
      // A note is nobody's business; with a neighbour it makes no part of its own.
      if (!chooses && call.kind != CallKind::kNote) continue;
      const uint32_t neighbour = i == 0 ? std::min<uint32_t>(1, last) : i - 1;
      groups_.Join(CallMember(index, i), CallMember(index, neighbour));
    }
    for (uint32_t i = 0; i < thread.calls.size(); ++i) {
      ForEachUse(thread.calls[i], [&](VariableIndex variable) {
        if (!setters[variable]) return;
        groups_.Join(CallMember(index, i), CallMember(index, *setters[variable]));
      });
    }
  }

  const Program& program_;
  Groups groups_;
  std::vector<size_t> first_calls_;  // By thread.
  size_t first_object_ = 0;
  size_t first_process_ = 0;
  size_t shared_ = 0;
};

}  // namespace

Partition PartitionOf(const Litmus& litmus) {
  const Program& program = litmus.program;
  Joiner joiner(litmus);
  Partition partition;
  std::vector<size_t> leaders;  // By part.
  const auto find = [&](size_t leader) {
    return static_cast<uint32_t>(std::ranges::find(leaders, leader) - leaders.begin());
  };
  for (ThreadIndex i = 0; i < program.threads.size(); ++i) {
    std::vector<uint32_t>& parts = partition.part_of_call.emplace_back();
    for (uint32_t j = 0; j < program.threads[i].calls.size(); ++j) {
      const size_t leader = joiner.OfCall(i, j);
      parts.push_back(find(leader));
      if (parts.back() == leaders.size()) leaders.push_back(leader);
    }
  }
  partition.count = static_cast<uint32_t>(std::max<size_t>(leaders.size(), 1));
  for (const DeclaredHandle& handle : program.handles) {
    const uint32_t part = find(joiner.OfObject(handle.object));
    // What nobody names stays as it is, in any part.
    partition.part_of_handle.push_back(part == leaders.size() ? 0 : part);
  }
  return partition;
}

bool IsNobodysBusiness(const Program& program, ThreadIndex thread, uint32_t call) {
  if (MayBeInterrupted(program, thread)) return false;
  const ProcessIndex process = program.threads[thread].process;
  // Nobody can get at a table while another thread keeps it locked.
  for (ThreadIndex i = 0; i < program.threads.size(); ++i) {
    const ThreadProgram& other = program.threads[i];
    const bool may_wait =
        i != thread && other.process == process && std::ranges::any_of(other.calls, LocksTable);
    if (may_wait) return false;
  }
  const Call& made = program.threads[thread].calls[call];
  switch (made.kind) {
    case CallKind::kChannelCreate:
    case CallKind::kEventCreate:
    case CallKind::kEventPairCreate:
    case CallKind::kPortCreate:
    case CallKind::kNote:
      return true;
    default:
      return NamesNoHandle(made);
  }
}

// --- Cutting one out ---

namespace {

constexpr uint32_t kElsewhere = 0xFFFFFFFF;

class Cut {
 public:
  Cut(const Litmus& litmus, const History& history, const Partition& partition, uint32_t part)
      : whole_(litmus.program), history_(history), partition_(partition), part_(part) {
    result_.litmus.generation = litmus.generation;
    TakeObjects();
    for (ThreadIndex i = 0; i < whole_.threads.size(); ++i) TakeThread(i);
    TakeEvents();
    if (history_.end) TakeEnd();
  }

  PartOfHistory Take() { return std::move(result_); }

 private:
  Program& program() { return result_.litmus.program; }

  void TakeObjects() {
    program().processes = whole_.processes;
    handles_.assign(whole_.handles.size(), kElsewhere);
    std::vector<ObjectIndex> objects(whole_.objects.size(), kElsewhere);
    for (EndpointIndex i = 0; i < whole_.handles.size(); ++i) {
      if (partition_.part_of_handle[i] != part_) continue;
      handles_[i] = static_cast<EndpointIndex>(program().handles.size());
      DeclaredHandle handle = whole_.handles[i];
      if (objects[handle.object] == kElsewhere) {
        objects[handle.object] = static_cast<ObjectIndex>(program().objects.size());
        program().objects.push_back(whole_.objects[handle.object]);
      }
      handle.object = objects[handle.object];
      program().handles.push_back(std::move(handle));
    }
    for (DeclaredObject& object : program().objects) {
      for (EndpointIndex& handle : object.handles) handle = handles_[handle];
    }
    for (const InitialQueue& queue : whole_.queues) {
      if (handles_[queue.endpoint] == kElsewhere) continue;
      program().queues.push_back({handles_[queue.endpoint], queue.messages});
    }
  }

  // Threads without any call are in the first part.
  void TakeThread(ThreadIndex index) {
    const ThreadProgram& whole = whole_.threads[index];
    const std::vector<uint32_t>& parts = partition_.part_of_call[index];
    std::vector<uint32_t>& calls = calls_.emplace_back(parts.size(), kElsewhere);
    threads_.push_back(kElsewhere);
    if (std::ranges::count(parts, part_) == 0 && !(parts.empty() && part_ == 0)) return;
    threads_.back() = static_cast<ThreadIndex>(program().threads.size());
    result_.threads.push_back(index);
    ThreadProgram& thread = program().threads.emplace_back();
    thread.name = whole.name;
    thread.process = whole.process;
    thread.variables = whole.variables;
    for (size_t i = 0; i < parts.size(); ++i) {
      if (parts[i] != part_) continue;
      calls[i] = static_cast<uint32_t>(thread.calls.size());
      Call& call = thread.calls.emplace_back(whole.calls[i]);
      ForEachHandle(call, [&](HandleArgument& argument) {
        auto* named = std::get_if<NamedHandle>(&argument);
        if (named == nullptr) return;
        assert(handles_[named->handle] != kElsewhere);
        named->handle = handles_[named->handle];
      });
    }
  }

  void TakeEvents() {
    for (size_t i = 0; i < history_.events.size(); ++i) {
      const HistoryEvent& whole = history_.events[i];
      const uint32_t call = calls_[whole.thread][whole.call];
      if (call == kElsewhere) continue;
      HistoryEvent& event = result_.history.events.emplace_back(whole);
      event.thread = threads_[whole.thread];
      event.call = call;
      result_.places.push_back(i);
    }
    result_.places.push_back(history_.events.size());
  }

  void TakeEnd() {
    Observation& end = result_.history.end.emplace();
    for (const ThreadIndex thread : result_.threads) {
      end.results.push_back(history_.end->results[thread]);
      end.blocked.push_back(history_.end->blocked[thread] && MayBlock(thread));
    }
    for (size_t i = 0; i < handles_.size(); ++i) {
      if (handles_[i] != kElsewhere) end.endpoints.push_back(history_.end->endpoints[i]);
    }
  }

  // A thread that is blocked for good has finished with the parts whose calls were all answered.
  // The part of its last call is where it is held against the history that none is open.
  bool MayBlock(ThreadIndex thread) const {
    const std::vector<uint32_t>& parts = partition_.part_of_call[thread];
    if (parts.empty() || parts.back() == part_) return true;
    const auto ended = std::ranges::count_if(result_.history.events, [&](const auto& event) {
      return event.kind == HistoryEvent::Kind::kReturn && event.thread == threads_[thread];
    });
    return ended < std::ranges::count(parts, part_);
  }

  const Program& whole_;
  const History& history_;
  const Partition& partition_;
  const uint32_t part_;
  PartOfHistory result_;
  // What things of the whole are in the part, if they are in it.
  std::vector<EndpointIndex> handles_;
  std::vector<ThreadIndex> threads_;
  std::vector<std::vector<uint32_t>> calls_;
};

}  // namespace

PartOfHistory TakePart(const Litmus& litmus, const History& history, const Partition& partition,
                       uint32_t part) {
  return Cut(litmus, history, partition, part).Take();
}

}  // namespace model
