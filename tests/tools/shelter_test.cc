// Work that may crash.
#include "tools/shelter.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include "tools/exit_codes.h"

namespace tools {
namespace {

[[noreturn]] void Crash() {
  std::signal(SIGABRT, SIG_DFL);
  std::abort();
}

TEST(Shelter, AnswersWhatTheWorkAnswers) {
  EXPECT_EQ(RunSheltered([](const auto&, const TellMark&) { return 7; }), 7);
}

TEST(Shelter, WhatCrashedIsLeftOutTheNextTime) {
  const int code = RunSheltered([](const std::set<uint64_t>& crashes, const TellMark& tell) {
    for (uint64_t step = 1; step <= 5; ++step) {
      if (crashes.contains(step)) continue;
      tell(step);
      if (step % 2 == 0) Crash();
    }
    return static_cast<int>(crashes.size());
  });
  EXPECT_EQ(code, 2);  // Steps 2 and 4.
}

TEST(Shelter, SoIsWhatEndedTheProcessWithACodeOfItsOwn) {
  const int code = RunSheltered([](const std::set<uint64_t>& crashes, const TellMark& tell) {
    tell(1);
    if (crashes.empty()) _exit(1);  // As a sanitizer does outside executions.
    return 8;
  });
  EXPECT_EQ(code, 8);
}

TEST(Shelter, WhoIsAskedToEndDoesNotBeginAnew) {
  for (const auto& [signal, expected] :
       {std::pair(SIGTERM, int{kExitTerminated}), std::pair(SIGINT, int{kExitInterrupted}),
        std::pair(SIGKILL, int{kExitInternal}), std::pair(SIGHUP, int{kExitInternal})}) {
    const int code = RunSheltered(
        [signal = signal](const std::set<uint64_t>& crashes, const TellMark& tell) -> int {
          if (!crashes.empty()) return 7;
          tell(1);
          std::signal(signal, SIG_DFL);
          std::raise(signal);
          std::abort();
        });
    EXPECT_EQ(code, expected) << signal;
  }
}

TEST(Shelter, AnExceptionIsAnInternalErrorAndNoCrash) {
  const int code = RunSheltered([](const std::set<uint64_t>& crashes, const TellMark& tell) -> int {
    if (!crashes.empty()) return 7;
    tell(1);
    throw std::runtime_error("no paper");
  });
  EXPECT_EQ(code, kExitInternal);
}

TEST(Shelter, GivesUpWhenNothingIsLeftToBeLeftOut) {
  const int code = RunSheltered([](const auto&, const TellMark& tell) -> int {
    tell(1);
    Crash();
  });
  EXPECT_EQ(code, kExitInternal);
}

}  // namespace
}  // namespace tools
