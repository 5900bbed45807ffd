#include "tools/part_workers.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <new>
#include <optional>
#include <stdexcept>
#include <utility>

#include "props/summary_text.h"
#include "tools/exit_codes.h"
#include "tools/workers.h"

namespace tools {

namespace {

using std::chrono::milliseconds;

constexpr int kLookEveryMs = 100;
constexpr milliseconds kTellEvery{100};   // A worker, of a part that it is in.
constexpr milliseconds kFirstSave{100};   // Then less and less often,
constexpr milliseconds kSaveEvery{2000};  // up to this.
constexpr int kShare = 20;  // Telling and saving take at most one part in so many of the time.
constexpr uint64_t kExecutionsPerTelling = 64;  // The clock is looked at before.

void WriteAll(int pipe, const char* data, size_t size) {
  while (size != 0) {
    const ssize_t written = write(pipe, data, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) Fail("a worker cannot tell what it saw");
    data += written;
    size -= static_cast<size_t>(written);
  }
}

}  // namespace

// Memory that the coordinator and its workers share.
struct PartWorkers::Shared {
  std::atomic<uint32_t> next{0};                    // Into the list of parts.
  std::atomic<uint32_t> first_failure{UINT32_MAX};  // Parts after this one do not count.
  std::atomic<bool> stop{false};
  struct Counters {
    std::atomic<uint32_t> part{UINT32_MAX};  // That the worker is in.
    std::atomic<uint64_t> executions{0};
    std::atomic<uint64_t> cut_short{0};
    std::atomic<uint64_t> findings{0};
  };
  std::array<Counters, kMaxWorkers> workers;
};

// What runs in a worker process.
class PartWorkers::InWorker {
 public:
  InWorker(const Setup& setup, const props::Summary& summary, Shared& shared,
           Shared::Counters& counters, int pipe)
      : setup_(setup),
        summary_(summary),
        shared_(shared),
        counters_(counters),
        pipe_(pipe),
        options_(setup.check),
        checker_(setup.litmus, options_, setup.allowed) {
    options_.progress = [this](const props::Progress& progress) { return Report(progress); };
  }

  void Run(const std::vector<uint32_t>& todo) {
    while (!shared_.stop) {
      const uint32_t index = shared_.next++;
      if (index >= todo.size()) return;
      Search(todo[index]);
    }
  }

 private:
  void Search(uint32_t part) {
    if (part > shared_.first_failure) return;
    counters_.part = part;
    props::PartReport before;
    before.report.end = props::CheckEnd::kInterrupted;
    if (const auto found = summary_.parts.find(part); found != summary_.parts.end()) {
      before = found->second;
    }
    search_.emplace(setup_.parts, part, std::move(before));
    part_ = part;
    last_ = search_->before();
    next_telling_ = Clock::now() + kTellEvery;
    const props::PartReport report = search_->Run(checker_);
    if (report.report.end == props::CheckEnd::kFirstFailure) {
      uint32_t first = shared_.first_failure;
      while (part < first && !shared_.first_failure.compare_exchange_weak(first, part)) {
      }
    }
    Tell(report);
    counters_.part = UINT32_MAX;
  }

  props::Interruption Report(const props::Progress& progress) {
    counters_.executions += progress.executions - last_.executions;
    counters_.cut_short += progress.cut_short - last_.cut_short;
    counters_.findings += progress.findings - last_.findings;
    last_ = progress;
    if (shared_.stop || part_ > shared_.first_failure) return props::Interruption::kSignal;
    const bool may_tell = setup_.save && ++calls_ % kExecutionsPerTelling == 0;
    if (may_tell && Clock::now() >= next_telling_) {
      const Clock::time_point start = Clock::now();
      Tell(search_->Snapshot(checker_));
      const Clock::time_point end = Clock::now();
      next_telling_ = end + std::max<Clock::duration>(kTellEvery, kShare * (end - start));
    }
    return props::Interruption::kNone;
  }

  void Tell(const props::PartReport& report) {
    const std::string text = props::PrintPart(setup_.litmus, part_, report);
    const auto size = static_cast<uint32_t>(text.size());
    std::array<char, sizeof size> header;
    std::memcpy(header.data(), &size, sizeof size);
    WriteAll(pipe_, header.data(), header.size());
    WriteAll(pipe_, text.data(), text.size());
  }

  const Setup& setup_;
  const props::Summary& summary_;
  Shared& shared_;
  Shared::Counters& counters_;
  const int pipe_;
  props::CheckOptions options_;
  props::Checker checker_;
  std::optional<props::PartSearch> search_;
  uint32_t part_ = 0;
  props::Progress last_;
  uint64_t calls_ = 0;
  Clock::time_point next_telling_;
};

PartWorkers::PartWorkers(const Setup& setup, props::Summary& summary)
    : setup_(setup), summary_(summary), start_(Clock::now()), next_save_(start_ + kFirstSave) {
  void* const memory =
      mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) Fail("no memory to share with workers");
  shared_ = new (memory) Shared;
  ListParts();
}

PartWorkers::~PartWorkers() {
  for (const Worker& worker : workers_) {
    if (worker.pipe == -1) continue;
    close(worker.pipe);
    kill(worker.pid, SIGKILL);
    waitpid(worker.pid, nullptr, 0);
  }
  munmap(shared_, sizeof(Shared));
}

void PartWorkers::ListParts() {
  for (uint32_t part = summary_.shard; part < setup_.parts.count(); part += summary_.shards) {
    const auto found = summary_.parts.find(part);
    if (found == summary_.parts.end() || !found->second.is_done()) {
      todo_.push_back(part);
    } else if (found->second.report.end == props::CheckEnd::kFirstFailure) {
      break;
    }
  }
  for (const auto& [part, report] : summary_.parts) {
    // Some parts that are not done begin anew.
    const props::Progress before = props::PartSearch(setup_.parts, part, report).before();
    before_.executions += report.is_done() ? report.report.executions : before.executions;
    before_.cut_short += report.is_done() ? report.report.cut_short : before.cut_short;
    Count(report);
  }
}

void PartWorkers::Count(const props::PartReport& report) {
  for (const auto& [outcome, row] : report.report.outcomes) {
    outcomes_[outcome] += report.is_done() ? row.count : 0;
  }
}

void PartWorkers::Start() {
  std::fflush(stdout);
  std::fflush(stderr);
  const pid_t parent = getpid();
  const size_t count = std::min<size_t>({setup_.workers, todo_.size(), kMaxWorkers});
  for (size_t i = 0; i < count; ++i) {
    std::array<int, 2> ends;
    if (pipe(ends.data()) != 0) Fail("no pipe for a worker");
    const pid_t pid = fork();
    if (pid < 0) Fail("no worker process");
    if (pid != 0) {
      close(ends[1]);
      workers_.push_back({pid, ends[0], {}});
      continue;
    }
    // The coordinator tells when to stop, and without it there is nothing left to do.
    std::signal(SIGINT, SIG_IGN);
    std::signal(SIGTERM, SIG_IGN);
    EndWithParent(parent);
    for (const Worker& other : workers_) close(other.pipe);
    close(ends[0]);
    try {
      InWorker(setup_, summary_, *shared_, shared_->workers[i], ends[1]).Run(todo_);
    } catch (const std::exception& error) {
      fmt::print(stderr, "heddle: a worker: {}\n", error.what());
      _exit(kExitInternal);
    }
    _exit(kExitHolds);
  }
}

void PartWorkers::Run() {
  Start();
  while (true) {
    std::vector<pollfd> open;
    std::vector<size_t> indices;
    for (size_t i = 0; i < workers_.size(); ++i) {
      if (workers_[i].pipe == -1) continue;
      open.push_back({workers_[i].pipe, POLLIN, 0});
      indices.push_back(i);
    }
    if (open.empty()) break;
    const int ready = poll(open.data(), open.size(), kLookEveryMs);
    if (ready < 0 && errno != EINTR) Fail("waiting for workers");
    for (size_t i = 0; ready > 0 && i < open.size(); ++i) {
      if (open[i].revents != 0) Receive(indices[i]);
    }
    Look();
  }
}

void PartWorkers::Receive(size_t index) {
  Worker& worker = workers_[index];
  std::array<char, 1 << 16> buffer;
  const ssize_t size = read(worker.pipe, buffer.data(), buffer.size());
  if (size < 0 && errno == EINTR) return;
  if (size <= 0) return End(index);
  worker.received.append(buffer.data(), static_cast<size_t>(size));
  size_t begin = 0;
  uint32_t length = 0;
  while (worker.received.size() - begin >= sizeof length) {
    std::memcpy(&length, worker.received.data() + begin, sizeof length);
    if (worker.received.size() - begin - sizeof length < length) break;
    Take(std::string_view(worker.received).substr(begin + sizeof length, length));
    begin += sizeof length + length;
  }
  worker.received.erase(0, begin);
}

void PartWorkers::Take(std::string_view message) {
  auto parsed = props::ParsePart(setup_.litmus, message);
  if (const auto* mistake = std::get_if<std::string>(&parsed)) {
    throw std::runtime_error("what a worker tells makes no sense: " + *mistake);
  }
  auto& [part, report] = std::get<0>(parsed);
  Count(report);
  summary_.parts[part] = std::move(report);
}

// The pipe of a worker was closed: it has nothing left to do, or has crashed.
void PartWorkers::End(size_t index) {
  Worker& worker = workers_[index];
  close(worker.pipe);
  worker.pipe = -1;
  const int status = WaitFor(worker.pid);
  if (WIFEXITED(status) && WEXITSTATUS(status) == kExitHolds && worker.received.empty()) return;
  Save();
  throw std::runtime_error(fmt::format("a worker {} in part {} of {}", DescribeEnd(status),
                                       shared_->workers[index].part.load(), setup_.parts.count()));
}

props::Progress PartWorkers::Sum() const {
  props::Progress sum = before_;
  for (size_t i = 0; i < workers_.size(); ++i) {
    sum.executions += shared_->workers[i].executions;
    sum.cut_short += shared_->workers[i].cut_short;
    sum.findings += shared_->workers[i].findings;
  }
  sum.outcomes = outcomes_.size();
  sum.singletons = static_cast<uint64_t>(
      std::ranges::count_if(outcomes_, [](const auto& entry) { return entry.second == 1; }));
  return sum;
}

void PartWorkers::Look() {
  const props::Interruption interruption = setup_.progress(Sum());
  if (interruption != props::Interruption::kNone && !shared_->stop) {
    summary_.end = interruption == props::Interruption::kBudget ? props::CheckEnd::kBudget
                                                                : props::CheckEnd::kInterrupted;
    shared_->stop = true;
  }
  if (Clock::now() >= next_save_) Save();
}

void PartWorkers::Save() {
  if (!setup_.save) return;
  const Clock::time_point start = Clock::now();
  setup_.save();
  const Clock::time_point end = Clock::now();
  const auto pause = std::min<Clock::duration>(kSaveEvery, kFirstSave + (end - start_) / 8);
  next_save_ = end + std::max<Clock::duration>(pause, kShare * (end - start));
}

}  // namespace tools
