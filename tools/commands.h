// The commands: one file each. They print results on stdout, and answer an exit code.
#pragma once

#include <cstdint>

#include "model/litmus.h"
#include "props/findings.h"
#include "tools/options.h"

namespace tools {

int Explore(const Options& options);
int Fuzz(const Options& options);
int Merge(const Options& options);
int Estimate(const Options& options);
int Model(const Options& options);
int Replay(const Options& options);
int Minimize(const Options& options);
/// Makes a failure that has a schedule small, with its program; saves it and prints it.
int MinimizeAndSave(const Options& options, const model::Litmus& litmus,
                    const props::Finding& finding, uint32_t max_steps);
int Show(const Options& options);
int Corpus(const Options& options);
int List(const Options& options);

/// Executions that minimising may cost before it gives up on proving its result minimal.
inline constexpr uint64_t kMinimizeExecutions = 2'000'000;

}  // namespace tools
