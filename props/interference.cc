#include "props/interference.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "props/bounds.h"
#include "props/generations.h"

namespace props {

namespace {

constexpr std::array<InterferenceKind, 6> kInterferences = {{
    {"nomem", &Interference::nomem, "an allocation of the core fails"},
    {"memory", &Interference::memory, "a copy from or to the caller's memory fails"},
    {"kill", &Interference::kill, "some thread is killed"},
    {"kill-process", &Interference::kill_process, "some process is killed"},
    {"suspend", &Interference::suspend, "some thread is suspended and resumed"},
    {"early", &Interference::early,
     "a deadline passes while some thread could run; any number if not said, never with 0"},
}};

// More threads than the engine has would be refused anyway, later and less clearly.
constexpr uint32_t kMostThreads = 8;
constexpr uint32_t kMostFaults = 100;

uint32_t MostOf(uint32_t Interference::*kind) {
  const bool of_threads = kind == &Interference::kill || kind == &Interference::kill_process ||
                          kind == &Interference::suspend;
  return of_threads ? kMostThreads : kMostFaults;
}

using Block = std::vector<model::Call>;

model::Call OnThread(model::CallKind kind, model::ThreadIndex target) {
  model::Call call;
  call.kind = kind;
  call.target_thread = target;
  return call;
}

std::vector<Block> KillsOf(const model::Program& program) {
  std::vector<Block> blocks;
  for (model::ThreadIndex i = 0; i < program.threads.size(); ++i) {
    blocks.push_back({OnThread(model::CallKind::kThreadKill, i)});
  }
  return blocks;
}

std::vector<Block> ProcessKillsOf(const model::Program& program) {
  std::vector<Block> blocks;
  for (model::ProcessIndex i = 0; i < program.processes.size(); ++i) {
    model::Call call;
    call.kind = model::CallKind::kProcessKill;
    call.target_process = i;
    blocks.push_back({call});
  }
  return blocks;
}

std::vector<Block> SuspensionsOf(const model::Program& program) {
  std::vector<Block> blocks;
  for (model::ThreadIndex i = 0; i < program.threads.size(); ++i) {
    blocks.push_back({OnThread(model::CallKind::kThreadSuspend, i),
                      OnThread(model::CallKind::kThreadResume, i)});
  }
  return blocks;
}

// A name that no process and no thread of the program has.
std::string NewName(const model::Program& program, std::string name) {
  const auto is_taken = [&] {
    for (const std::string& process : program.processes) {
      if (process == name) return true;
    }
    for (const model::ThreadProgram& thread : program.threads) {
      if (thread.name == name) return true;
    }
    return false;
  };
  while (is_taken()) name += '_';
  return name;
}

// Threads of `process` that each choose one of `blocks`, or nothing.
void AddChoosers(model::Program* program, model::ProcessIndex process, std::string_view name,
                 const std::vector<Block>& blocks, uint32_t count) {
  for (uint32_t i = 1; i <= count; ++i) {
    model::ThreadProgram thread;
    thread.name = NewName(*program, fmt::format("{}{}", name, i));
    thread.process = process;
    model::Call& choose = thread.calls.emplace_back();
    choose.kind = model::CallKind::kChoose;
    choose.blocks.push_back(0);
    for (const Block& block : blocks) choose.blocks.push_back(static_cast<uint32_t>(block.size()));
    for (const Block& block : blocks) {
      thread.calls.insert(thread.calls.end(), block.begin(), block.end());
    }
    model::LinkBlocks(&thread);
    program->threads.push_back(std::move(thread));
  }
}

}  // namespace

std::span<const InterferenceKind> InterferenceKinds() {
  return kInterferences;
}

std::variant<Interference, std::string> ParseInterference(std::string_view text) {
  Interference interference;
  while (!text.empty()) {
    const size_t end = std::min(text.find(','), text.size());
    const std::string_view item = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const size_t equals = item.find('=');
    const std::string_view name = item.substr(0, equals);
    uint32_t Interference::*kind = nullptr;
    std::string known;
    for (const InterferenceKind& each : kInterferences) {
      if (each.name == name) kind = each.count;
      known += fmt::format("{}{}", known.empty() ? "" : ", ", each.name);
    }
    if (kind == nullptr) return fmt::format("unknown fault '{}'; there are {}", name, known);
    const bool has_count = equals != std::string_view::npos;
    const std::string_view digits = has_count ? item.substr(equals + 1) : std::string_view();
    const uint32_t most = MostOf(kind);
    const uint32_t least = kind == &Interference::early ? 0 : 1;
    uint32_t count = 0;
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), count);
    const bool is_number = parsed.ec == std::errc() && parsed.ptr == digits.data() + digits.size();
    if (!has_count || !is_number || count < least || count > most) {
      return fmt::format("'{}' should say how often, {} to {}, as in {}=1", item, least, most,
                         name);
    }
    if (interference.*kind != Interference().*kind) return fmt::format("{} is given twice", name);
    interference.*kind = count;
  }
  return interference;
}

model::Litmus WithInterference(const model::Litmus& litmus, const Interference& interference) {
  model::Litmus variant = litmus;
  if (interference == Interference{}) return variant;
  variant.outcomes.reset();
  if (interference.early != Interference::kAny) SetEarlyBound(&variant, interference.early);
  Interference others = interference;
  others.early = Interference::kAny;
  if (others == Interference{}) return variant;
  variant.faults.allocation += interference.nomem;
  variant.faults.user_memory += interference.memory;
  std::string faults;
  if (variant.faults.allocation != 0) faults = fmt::format("nomem={}", variant.faults.allocation);
  if (variant.faults.user_memory != 0) {
    faults += fmt::format("{}memory={}", faults.empty() ? "" : ", ", variant.faults.user_memory);
  }
  if (!faults.empty()) SetMetadata(&variant, "Faults", faults);
  variant.allow_blocked = true;
  SetMetadata(&variant, "Allow", variant.allow_leak ? "blocked, leak" : "blocked");
  if (interference.kill + interference.kill_process + interference.suspend == 0) return variant;
  model::Program& program = variant.program;
  const auto process = static_cast<model::ProcessIndex>(program.processes.size());
  // Chosen among what the file has, not among those who choose.
  const model::Program& file = litmus.program;
  program.processes.push_back(NewName(program, "chance"));
  AddChoosers(&program, process, "kill", KillsOf(file), interference.kill);
  AddChoosers(&program, process, "kill_process", ProcessKillsOf(file), interference.kill_process);
  AddChoosers(&program, process, "suspend", SuspensionsOf(file), interference.suspend);
  return variant;
}

}  // namespace props
