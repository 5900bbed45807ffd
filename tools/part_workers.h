// Worker processes that search the parts of a program: each takes the next part from a counter that
// all share, and tells through a pipe what it saw. Processes, not threads, because an execution on
// the core leaves its stacks where a failure ends it; and a crash ends one worker only.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "props/parts.h"
#include "props/summary.h"

namespace tools {

class PartWorkers {
 public:
  struct Setup {
    const model::Litmus& litmus;
    const props::CheckOptions& check;
    const props::Parts& parts;
    const model::AllowedOutcomes* allowed = nullptr;
    uint32_t workers = 1;
    /// Asked a few times per second; its answer ends the search.
    props::ProgressReport progress;
    /// Called every few seconds with all that is known; may be empty.
    std::function<void()> save;
  };

  /// Adds to `summary` the parts of its shard that it does not have.
  PartWorkers(const Setup& setup, props::Summary& summary);
  ~PartWorkers();
  PartWorkers(const PartWorkers&) = delete;
  PartWorkers& operator=(const PartWorkers&) = delete;

  /// Throws if a worker ends before its time.
  void Run();

 private:
  struct Shared;
  struct Worker {
    pid_t pid = -1;
    int pipe = -1;  // -1: it has ended.
    std::string received;
  };
  class InWorker;
  using Clock = std::chrono::steady_clock;

  void ListParts();
  void Start();
  void Receive(size_t worker);
  void Take(std::string_view message);
  void Count(const props::PartReport& report);
  void End(size_t worker);
  void Look();
  void Save();
  props::Progress Sum() const;

  const Setup setup_;
  props::Summary& summary_;
  std::vector<uint32_t> todo_;
  std::vector<Worker> workers_;
  Shared* shared_ = nullptr;
  props::Progress before_;                       // From the summary, at the start.
  std::map<model::Outcome, uint64_t> outcomes_;  // How often each came in parts that are done.
  const Clock::time_point start_;
  Clock::time_point next_save_;
};

}  // namespace tools
