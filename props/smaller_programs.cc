#include "props/smaller_programs.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <variant>

#include "props/bounds.h"
#include "props/scenario.h"
#include "props/simpler_calls.h"

namespace props {

namespace {

using model::Call;
using model::CallKind;
using model::Litmus;

// How many calls a statement has with all its blocks.
uint32_t LengthOf(const Call& call) {
  return std::accumulate(call.blocks.begin(), call.blocks.end(), uint32_t{1});
}

uint64_t FaultsOf(const model::Faults& faults) {
  return uint64_t{faults.allocation} + faults.user_memory;
}

// What a call is about, if that can be told from the program alone: the object of the handle that
// it is made on, and which end of it.
struct Subject {
  model::ObjectIndex object = 0;
  uint32_t side = 0;
};
std::optional<Subject> SubjectOf(const model::Program& program, const Call& call) {
  const auto* named = std::get_if<model::NamedHandle>(&call.handle);
  if (named == nullptr) return std::nullopt;
  const model::DeclaredHandle& handle = program.handles[named->handle];
  return Subject{handle.object, handle.side};
}

bool IsInterruption(CallKind kind) {
  return kind == CallKind::kThreadSuspend || kind == CallKind::kThreadResume;
}

// One of two calls may be what makes the other possible, so that neither can go alone: a message
// and its receipt, the two ends of a suspension, a signal and its wait.
bool BelongTogether(const model::Program& program, const Call& a, const Call& b) {
  if (IsInterruption(a.kind) || IsInterruption(b.kind)) {
    return IsInterruption(a.kind) && a.kind != b.kind && IsInterruption(b.kind) &&
           a.target_thread == b.target_thread;
  }
  if (a.kind == b.kind) return false;
  const std::optional<Subject> left = SubjectOf(program, a);
  const std::optional<Subject> right = SubjectOf(program, b);
  return left && right && left->object == right->object;
}

// None, one, half. Between those only compilers tell depths apart: by the size of their frames.
std::vector<uint32_t> ShallowerDepths(uint32_t nested) {
  std::vector<uint32_t> depths;
  for (const uint32_t fewer : {uint32_t{0}, uint32_t{1}, nested / 2}) {
    if (fewer < nested && (depths.empty() || depths.back() < fewer)) depths.push_back(fewer);
  }
  return depths;
}

// Handles that some call names.
class Uses {
 public:
  explicit Uses(const model::Program& program) : program_(program) {
    for (const model::ThreadProgram& thread : program.threads) {
      processes_.insert(thread.process);
      for (const Call& call : thread.calls) Add(call);
    }
  }

  bool UsesHandle(model::EndpointIndex handle) const { return handles_.contains(handle); }
  bool UsesObject(const model::DeclaredObject& object) const {
    return std::any_of(object.handles.begin(), object.handles.end(),
                       [&](model::EndpointIndex handle) { return UsesHandle(handle); });
  }
  bool UsesProcess(model::ProcessIndex process) const {
    const auto is_there = [&](const auto& handle) { return handle.process == process; };
    return processes_.contains(process) ||
           std::any_of(program_.handles.begin(), program_.handles.end(), is_there);
  }

 private:
  void Add(const Call& call) {
    Add(call.handle);
    Add(call.port);
    for (const model::HandleArgument& handle : call.handles) Add(handle);
    for (const model::Disposition& disposition : call.dispositions) Add(disposition.handle);
    for (const model::WaitItem& item : call.items) Add(item.handle);
    if (call.kind == CallKind::kProcessKill) processes_.insert(call.target_process);
  }
  void Add(const model::HandleArgument& argument) {
    const auto* named = std::get_if<model::NamedHandle>(&argument);
    if (named != nullptr) handles_.insert(named->handle);
  }

  const model::Program& program_;
  std::set<model::EndpointIndex> handles_;
  std::set<model::ProcessIndex> processes_;
};

class Enumeration {
 public:
  explicit Enumeration(const Litmus& litmus)
      : litmus_(litmus),
        program_(litmus.program),
        size_(SizeOf(litmus)),
        names_(SameNames(program_)) {}

  std::vector<Reduced> Run() {
    for (size_t i = program_.threads.size(); i-- > 0;) {
      Without([&](Removal& removal) { removal.threads[i] = true; });
    }
    WithoutHalves();
    WithoutCalls();
    WithOneBlock();
    WithoutPairs();
    WithoutTheUnused();
    WithoutMessages();
    SimplifyHead();
    SimplifyRights();
    SimplifyCalls();
    return std::move(smaller_);
  }

 private:
  // Only what prints, and parses back as the same: a location may count something that is no more.
  void Add(Reduced reduced) {
    auto parsed = model::ParseLitmus(model::PrintLitmus(reduced.litmus));
    auto* canonical = std::get_if<Litmus>(&parsed);
    if (canonical == nullptr || *canonical != reduced.litmus) return;
    if (SizeOf(*canonical) >= size_) return;
    reduced.litmus = std::move(*canonical);  // Its positions are those of its own text.
    smaller_.push_back(std::move(reduced));
  }

  template <typename Choice>
  void Without(Choice choose) {
    Removal removal(program_);
    choose(removal);
    Add(Remove(litmus_, std::move(removal)));
  }

  template <typename Change>
  void With(Change change) {
    Reduced reduced{litmus_, names_};
    change(reduced.litmus);
    Add(std::move(reduced));
  }

  static void MarkCalls(Removal& removal, size_t thread, size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) removal.calls[thread][i] = true;
  }

  // Most calls of a long thread have nothing to do with the failure.
  void WithoutHalves() {
    constexpr size_t kLong = 4;
    for (size_t t = program_.threads.size(); t-- > 0;) {
      const size_t count = program_.threads[t].calls.size();
      if (count < kLong) continue;
      Without([&](Removal& removal) { MarkCalls(removal, t, count / 2, count); });
      Without([&](Removal& removal) { MarkCalls(removal, t, 0, count / 2); });
    }
  }

  void WithoutCalls() {
    for (size_t t = program_.threads.size(); t-- > 0;) {
      const std::vector<Call>& calls = program_.threads[t].calls;
      for (size_t i = calls.size(); i-- > 0;) {
        Without([&](Removal& removal) { MarkCalls(removal, t, i, i + LengthOf(calls[i])); });
      }
    }
  }

  void WithOneBlock() {
    for (size_t t = 0; t < program_.threads.size(); ++t) {
      const std::vector<Call>& calls = program_.threads[t].calls;
      for (size_t i = 0; i < calls.size(); ++i) {
        if (calls[i].kind != CallKind::kChoose) continue;
        size_t begin = i + 1;
        for (const uint32_t length : calls[i].blocks) {
          Without([&](Removal& removal) {
            MarkCalls(removal, t, i, begin);
            MarkCalls(removal, t, begin + length, i + LengthOf(calls[i]));
          });
          begin += length;
        }
      }
    }
  }

  void WithoutPairs() {
    struct Place {
      size_t thread;
      size_t call;
    };
    std::vector<Place> places;
    for (size_t t = 0; t < program_.threads.size(); ++t) {
      for (size_t i = 0; i < program_.threads[t].calls.size(); ++i) places.push_back({t, i});
    }
    const auto call_at = [&](const Place& place) -> const Call& {
      return program_.threads[place.thread].calls[place.call];
    };
    for (size_t b = places.size(); b-- > 0;) {
      for (size_t a = b; a-- > 0;) {
        if (!BelongTogether(program_, call_at(places[a]), call_at(places[b]))) continue;
        Without([&](Removal& removal) {
          for (const Place& place : {places[a], places[b]}) {
            removal.calls[place.thread][place.call] = true;
          }
        });
      }
    }
  }

  void WithoutTheUnused() {
    const Uses uses(program_);
    for (size_t i = program_.objects.size(); i-- > 0;) {
      if (uses.UsesObject(program_.objects[i])) continue;
      Without([&](Removal& removal) { removal.objects[i] = true; });
    }
    for (model::EndpointIndex i = static_cast<uint32_t>(program_.handles.size()); i-- > 0;) {
      const model::DeclaredObject& object = program_.objects[program_.handles[i].object];
      const bool is_one_of_many = !model::IsPaired(object.type) && object.handles.size() > 1;
      if (!is_one_of_many || uses.UsesHandle(i)) continue;
      Without([&](Removal& removal) { removal.handles[i] = true; });
    }
    for (model::ProcessIndex i = static_cast<uint32_t>(program_.processes.size()); i-- > 0;) {
      if (uses.UsesProcess(i)) continue;
      Without([&](Removal& removal) { removal.processes[i] = true; });
    }
  }

  void WithoutMessages() {
    for (size_t q = program_.queues.size(); q-- > 0;) {
      const std::vector<model::InitialMessage>& messages = program_.queues[q].messages;
      if (messages.size() != 1) {
        Without([&](Removal& removal) { removal.messages[q].assign(messages.size(), true); });
      }
      for (size_t i = messages.size(); i-- > 0;) {
        Without([&](Removal& removal) { removal.messages[q][i] = true; });
        for (const std::string& text : ShorterTexts(messages[i].payload)) {
          With([&](Litmus& litmus) { litmus.program.queues[q].messages[i].payload = text; });
        }
        for (const uint32_t fewer : ShallowerDepths(messages[i].nested)) {
          With([&](Litmus& litmus) { litmus.program.queues[q].messages[i].nested = fewer; });
        }
      }
    }
  }

  static void EraseKey(Litmus& litmus, std::string_view key) {
    std::erase_if(litmus.metadata, [&](const auto& entry) { return entry.first == key; });
  }

  void SimplifyHead() {
    if (FaultsOf(litmus_.faults) != 0) {
      WithFaults({});
      const uint32_t allocation = litmus_.faults.allocation;
      const uint32_t memory = litmus_.faults.user_memory;
      for (const uint32_t fewer : {uint32_t{0}, uint32_t{1}, allocation / 2}) {
        if (fewer < allocation) WithFaults({fewer, memory});
      }
      for (const uint32_t fewer : {uint32_t{0}, uint32_t{1}, memory / 2}) {
        if (fewer < memory) WithFaults({allocation, fewer});
      }
    }
    if (EarlyBound(litmus_)) With([](Litmus& litmus) { SetEarlyBound(&litmus, std::nullopt); });
    if (litmus_.generation == model::Generation::kCurrent) return;
    With([](Litmus& litmus) {
      litmus.generation = model::Generation::kCurrent;
      EraseKey(litmus, "Abi");
    });
  }

  void WithFaults(const model::Faults& faults) {
    With([&](Litmus& litmus) {
      litmus.faults = faults;
      std::string text;
      if (faults.allocation != 0) text = fmt::format("nomem={}", faults.allocation);
      if (faults.user_memory != 0) {
        text += fmt::format("{}memory={}", text.empty() ? "" : ", ", faults.user_memory);
      }
      for (auto& [key, value] : litmus.metadata) {
        if (key == "Faults") value = text;
      }
      if (!text.empty()) return;
      EraseKey(litmus, "Faults");
      litmus.within.faults.reset();
    });
  }

  void SimplifyRights() {
    for (size_t i = 0; i < program_.handles.size(); ++i) {
      if (props::WeightOf(program_.handles[i].rights) == 0) continue;
      With([&](Litmus& litmus) { litmus.program.handles[i].rights = {}; });
    }
  }

  void SimplifyCalls() {
    for (size_t t = 0; t < program_.threads.size(); ++t) {
      for (size_t i = 0; i < program_.threads[t].calls.size(); ++i) {
        for (Call& call : SimplerCalls(program_.threads[t].calls[i])) {
          With([&](Litmus& litmus) { litmus.program.threads[t].calls[i] = std::move(call); });
        }
      }
    }
  }

  const Litmus& litmus_;
  const model::Program& program_;
  const ProgramSize size_;
  const Renaming names_;
  std::vector<Reduced> smaller_;
};

}  // namespace

ProgramSize SizeOf(const Litmus& litmus) {
  const model::Program& program = litmus.program;
  ProgramSize size;
  size.threads = program.threads.size();
  size.processes = program.processes.size();
  size.objects = program.objects.size();
  size.handles = program.handles.size();
  size.weight = FaultsOf(litmus.faults);
  size.weight += EarlyBound(litmus) ? 1 : 0;
  size.weight += litmus.generation == model::Generation::kCurrent ? 0 : 1;
  for (const model::ThreadProgram& thread : program.threads) {
    size.calls += thread.calls.size();
    for (const Call& call : thread.calls) size.weight += props::WeightOf(call);
  }
  for (const model::InitialQueue& queue : program.queues) {
    size.messages += 1 + queue.messages.size();
    for (const model::InitialMessage& message : queue.messages) {
      size.weight += message.payload.size() + message.nested;
    }
  }
  for (const model::DeclaredHandle& handle : program.handles) {
    size.weight += props::WeightOf(handle.rights);
  }
  return size;
}

std::vector<Reduced> SmallerReductions(const Litmus& litmus) {
  if (!ScenarioNameOf(litmus).empty()) return {};  // Its calls are written in C++.
  return Enumeration(litmus).Run();
}

std::vector<Litmus> SmallerPrograms(const Litmus& litmus) {
  std::vector<Litmus> programs;
  for (Reduced& reduced : SmallerReductions(litmus)) programs.push_back(std::move(reduced.litmus));
  return programs;
}

}  // namespace props
