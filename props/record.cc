#include "props/record.h"

#include <fmt/format.h>

#include <algorithm>

#include "props/world.h"
#include "sim/engine/explorer.h"
#include "traces/schedule_text.h"
#include "traces/text.h"

namespace props {

namespace {

constexpr std::string_view kNoVerdict = "none";

// Text that must stay on its line: condition names may hold anything.
std::string OneLine(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return text;
}

traces::TraceNote ToTraceNote(const Note& note, const std::vector<std::string>& names) {
  switch (note.kind) {
    case Note::Kind::kCall:
      return {traces::TraceNote::Kind::kCall, names[note.thread], note.subject, note.text};
    case Note::Kind::kReturn:
      return {traces::TraceNote::Kind::kReturn, names[note.thread], "", note.text};
    case Note::Kind::kQueue:
      return {traces::TraceNote::Kind::kQueue, note.subject, "", note.text};
    case Note::Kind::kRemark:
      break;
  }
  return {traces::TraceNote::Kind::kRemark, "", "", note.text};
}

// Events, values and notes in the order in which they happened.
std::vector<traces::TraceLine> LinesOf(const sim::Execution& execution,
                                       const std::vector<Note>& notes,
                                       const std::vector<std::string>& names) {
  std::vector<traces::TraceLine> lines;
  auto note = notes.begin();
  auto value = execution.values.begin();
  for (uint32_t step = 0; step <= execution.events.size(); ++step) {
    for (; value != execution.values.end() && value->step == step; ++value) {
      lines.push_back(traces::TraceValue{traces::ThreadLabel(value->thread, names), value->value,
                                         value->count});
    }
    for (; note != notes.end() && note->step == step; ++note) {
      lines.push_back(ToTraceNote(*note, names));
    }
    if (step < execution.events.size()) {
      lines.push_back(traces::EventOf(execution.events[step], names));
    }
  }
  return lines;
}

// Follows the events of a trace, and stops where the program offers something else.
class Follower final : public sim::Strategy {
 public:
  Follower(const traces::Trace& trace, const std::vector<std::string>& names)
      : names_(names), events_(traces::EventsOf(trace)) {
    for (const traces::TraceLine& line : trace.lines) {
      if (const auto* value = std::get_if<traces::TraceValue>(&line)) values_.push_back(value);
    }
  }

  bool BeginExecution() override { return !std::exchange(started_, true); }

  sim::ThreadId PickThread(const sim::SchedulePoint& point) override {
    // A wrong value shows here at the latest: its hash is part of every later event.
    if (point.step == events_.size()) return Stop(point);
    const traces::TraceEvent& expected = *events_[point.step];
    for (sim::ThreadId thread : point.enabled) {
      if (traces::ThreadLabel(thread, names_) != expected.thread) continue;
      const sim::Operation& pending = point.pending[thread];
      const bool fits = traces::OperationLabel(pending.kind, pending.role, pending.object,
                                               pending.key, names_) == expected.operation &&
                        traces::EnabledLabel(point.enabled, names_) == expected.enabled;
      return fits ? thread : Stop(point);
    }
    return Stop(point);
  }

  uint32_t PickValue(const sim::ValuePoint& point) override {
    if (next_value_ == values_.size()) return 0;
    const traces::TraceValue& expected = *values_[next_value_++];
    return expected.value < point.count ? expected.value : 0;
  }

  void EndExecution(const sim::Execution&) override {}

  /// What the program offered instead of the event it stopped at.
  const std::string& offered() const { return offered_; }

 private:
  static constexpr sim::ThreadId kStop = sim::kNoThread;

  sim::ThreadId Stop(const sim::SchedulePoint& point) {
    for (sim::ThreadId thread : point.enabled) {
      const sim::Operation& pending = point.pending[thread];
      offered_ += fmt::format(
          "{}{} {}", offered_.empty() ? "" : " or ", traces::ThreadLabel(thread, names_),
          traces::OperationLabel(pending.kind, pending.role, pending.object, pending.key, names_));
    }
    return kStop;
  }

  const std::vector<std::string>& names_;
  std::vector<const traces::TraceEvent*> events_;
  std::vector<const traces::TraceValue*> values_;
  size_t next_value_ = 0;
  bool started_ = false;
  std::string offered_;
};

std::string Describe(const traces::TraceLine& line) {
  if (const auto* event = std::get_if<traces::TraceEvent>(&line)) {
    return fmt::format("{} {} (enabled: {}; hash {:016x})", event->thread, event->operation,
                       event->enabled, event->hash);
  }
  if (const auto* value = std::get_if<traces::TraceValue>(&line)) {
    return fmt::format("{} picks {} of {}", value->thread, value->value, value->count);
  }
  const auto& note = std::get<traces::TraceNote>(line);
  switch (note.kind) {
    case traces::TraceNote::Kind::kCall:
      return fmt::format("{} calls {}", note.subject, note.text);
    case traces::TraceNote::Kind::kReturn:
      return fmt::format("the call of {} returns {}", note.subject, note.text);
    case traces::TraceNote::Kind::kQueue:
      return fmt::format("{} is {}", note.subject, note.text);
    case traces::TraceNote::Kind::kRemark:
      break;
  }
  return note.text;
}

// The first line in which what happened differs from what the trace says. `offered` is what the
// program would have done next where it was stopped.
std::optional<Mismatch> CompareLines(const traces::Trace& trace, const traces::Trace& actual,
                                     const std::string& offered) {
  uint32_t events = 0;
  const size_t end =
      trace.finished ? std::max(trace.lines.size(), actual.lines.size()) : trace.lines.size();
  for (size_t i = 0; i < end; ++i) {
    const bool has_expected = i < trace.lines.size();
    const bool has_actual = i < actual.lines.size();
    if (has_expected && has_actual && trace.lines[i] == actual.lines[i]) {
      if (std::holds_alternative<traces::TraceEvent>(trace.lines[i])) ++events;
      continue;
    }
    Mismatch mismatch;
    mismatch.where = fmt::format("event {}", events + 1);
    if (has_expected && !std::holds_alternative<traces::TraceEvent>(trace.lines[i])) {
      mismatch.where = fmt::format("after event {}", events);
    }
    mismatch.line = traces::LineNumberOf(trace, i);
    mismatch.expected = has_expected ? Describe(trace.lines[i]) : "the end of the trace";
    mismatch.found = has_actual        ? Describe(actual.lines[i])
                     : offered.empty() ? "the end of the execution"
                                       : offered;
    return mismatch;
  }
  if (offered.empty()) return std::nullopt;
  return Mismatch{fmt::format("event {}", events + 1),
                  traces::LineNumberOf(trace, trace.lines.size()), "the end of the trace", offered};
}

// What the header says of an execution that went as the trace says.
std::optional<Mismatch> CompareHeader(const traces::Trace& trace, const traces::Trace& actual) {
  if (trace.finished && trace.schedule != actual.schedule) {
    return Mismatch{"the schedule in the header", traces::kScheduleLine, trace.schedule,
                    actual.schedule};
  }
  const auto what = [](const traces::Verdict& verdict) {
    return verdict.name.empty() ? verdict.id : fmt::format("{} {}", verdict.id, verdict.name);
  };
  const std::string expected = what(trace.verdict);
  const std::string found = what(actual.verdict);
  if (actual.verdict.id == kNoVerdict || expected == found) return std::nullopt;
  return Mismatch{"the verdict in the header", traces::kVerdictLine, expected, found};
}

Recording Run(const model::Litmus& litmus, const model::AllowedOutcomes* allowed,
              sim::Strategy& strategy, const Provenance& provenance, uint32_t max_steps) {
  World world(litmus);
  world.set_recording(true);
  sim::Runtime runtime(LimitsOf(litmus, max_steps));
  sim::Execution execution;
  strategy.BeginExecution();
  runtime.Execute(world, strategy, execution);
  strategy.EndExecution(execution);
  const std::vector<std::string> names = model::ThreadNames(litmus.program);
  Recording recording;
  if (execution.end != sim::ExecutionEnd::kStopped) {
    recording.finding = Judge(litmus, {.allowed = allowed}).Examine(execution, world);
  }
  traces::Trace& trace = recording.trace;
  trace.program = litmus.program.name;
  trace.litmus = model::PrintLitmus(litmus);
  trace.generation = model::GenerationName(litmus.generation);
  trace.strategy = provenance.strategy;
  trace.seed = provenance.seed;
  trace.schedule = traces::PrintSchedule(sim::ScheduleOf(execution), names);
  trace.verdict = VerdictOf(recording.finding);
  trace.lines = LinesOf(execution, world.notes(), names);
  trace.finished = true;
  return recording;
}

}  // namespace

traces::Verdict VerdictOf(const std::optional<Finding>& finding) {
  if (!finding) return {std::string(kNoVerdict), "", ""};
  return {finding->id, OneLine(finding->name), OneLine(finding->message)};
}

Recording Record(const model::Litmus& litmus, const model::AllowedOutcomes* allowed,
                 const sim::Schedule& schedule, const Provenance& provenance, uint32_t max_steps) {
  sim::Replay replay(schedule);
  Recording recording = Run(litmus, allowed, replay, provenance, max_steps);
  if (!replay.divergence()) return recording;
  const sim::Replay::Divergence& divergence = *replay.divergence();
  const std::vector<std::string> names = model::ThreadNames(litmus.program);
  recording.mismatch =
      Mismatch{fmt::format("event {}, decision {} of the schedule", divergence.step + 1,
                           divergence.decision + 1),
               0,
               divergence.expected ? traces::PrintDecision(*divergence.expected, names)
                                   : "the end of the schedule",
               divergence.enabled.empty() ? "the end of the execution"
                                          : traces::EnabledLabel(divergence.enabled, names)};
  return recording;
}

uint32_t MaxStepsOf(const traces::Trace& trace, uint32_t max_steps) {
  if (!trace.finished || trace.verdict.id != kStepLimitId) return max_steps;
  return static_cast<uint32_t>(traces::EventsOf(trace).size());
}

Recording Rerun(const model::Litmus& litmus, const model::AllowedOutcomes* allowed,
                const traces::Trace& trace, uint32_t max_steps) {
  const Provenance provenance{trace.strategy, trace.seed};
  const std::vector<std::string> names = model::ThreadNames(litmus.program);
  Recording recording;
  if (trace.finished) {
    Follower follower(trace, names);
    recording = Run(litmus, allowed, follower, provenance, MaxStepsOf(trace, max_steps));
    recording.mismatch = CompareLines(trace, recording.trace, follower.offered());
  } else {
    // Its writer was interrupted: the schedule in the header, which was written first, has it all.
    auto schedule = traces::ParseSchedule(trace.schedule, names);
    if (const auto* error = std::get_if<std::string>(&schedule)) {
      recording.mismatch = Mismatch{"the schedule in the header", traces::kScheduleLine,
                                    "a schedule of this program", *error};
      return recording;
    }
    recording = Record(litmus, allowed, std::get<sim::Schedule>(schedule), provenance, max_steps);
    if (recording.mismatch) {
      recording.mismatch->line = traces::kScheduleLine;
    } else {
      recording.mismatch = CompareLines(trace, recording.trace, "");
    }
  }
  if (!recording.mismatch) recording.mismatch = CompareHeader(trace, recording.trace);
  return recording;
}

}  // namespace props
