// What the command answers to the shell.
#pragma once

namespace tools {

enum ExitCode : int {
  kExitHolds = 0,           // What was asked holds, or the asked number of runs found nothing.
  kExitViolation = 1,       // Found; for replay: reproduced.
  kExitUnknown = 2,         // A complete search was cut short and had found nothing.
  kExitDiverged = 3,        // Trace and program do not match.
  kExitNondeterminism = 4,  // The same schedule behaved in two ways.
  kExitNotReproduced = 5,   // The violation of the trace did not happen.
  kExitUsage = 64,
  kExitMalformed = 65,  // An input is not what it should be.
  kExitMissing = 66,    // An input is not there.
  kExitInternal = 70,
  kExitIo = 74,  // An output could not be written.
  kExitInterrupted = 130,
  kExitTerminated = 143,
};

}  // namespace tools
