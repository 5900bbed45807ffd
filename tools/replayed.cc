#include "tools/replayed.h"

#include "tools/exit_codes.h"

namespace tools {

namespace {

// What is searched around a trace that no longer fits; a fraction of a second.
constexpr uint64_t kNearbyExecutions = 2'000;

int CodeOf(const Replayed& replayed) {
  if (!replayed.recording.mismatch) {
    return replayed.recording.finding ? kExitViolation : kExitNotReproduced;
  }
  const bool is_gone =
      replayed.persistence && replayed.persistence->fits && !replayed.persistence->finding;
  return is_gone ? kExitNotReproduced : kExitDiverged;
}

}  // namespace

Loaded<Replayed> ReplayTrace(const std::string& path, uint32_t max_steps) {
  Loaded<traces::Trace> loaded = LoadTrace(path);
  if (const int* code = std::get_if<int>(&loaded)) return *code;
  Replayed replayed;
  replayed.trace = std::get<traces::Trace>(std::move(loaded));
  Loaded<model::Litmus> program = ProgramToRun(replayed.trace, path);
  if (const int* code = std::get_if<int>(&program)) return *code;
  replayed.litmus = std::get<model::Litmus>(std::move(program));
  const model::AllowedOutcomes allowed = model::EnumerateOutcomes(replayed.litmus);
  replayed.recording = props::Rerun(replayed.litmus, &allowed, replayed.trace, max_steps);
  const bool shows_a_violation =
      replayed.trace.finished && replayed.trace.verdict.id != props::VerdictOf(std::nullopt).id;
  if (replayed.recording.mismatch && shows_a_violation) {
    replayed.persistence = props::LookForViolation(replayed.litmus, &allowed, replayed.trace,
                                                   max_steps, kNearbyExecutions);
  }
  replayed.code = CodeOf(replayed);
  return replayed;
}

std::string_view ReplayVerdict(int code) {
  if (code == kExitViolation) return "reproduced";
  return code == kExitNotReproduced ? "not reproduced" : "diverged";
}

}  // namespace tools
