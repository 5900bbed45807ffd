// Work that may crash.
#include "tools/shelter.h"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>

#include "tools/exit_codes.h"

namespace tools {
namespace {

// As a sanitizer does not catch it.
[[noreturn]] void Crash() {
  std::raise(SIGKILL);
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

TEST(Shelter, GivesUpWhenNothingIsLeftToBeLeftOut) {
  const int code = RunSheltered([](const auto&, const TellMark& tell) -> int {
    tell(1);
    Crash();
  });
  EXPECT_EQ(code, kExitInternal);
}

}  // namespace
}  // namespace tools
