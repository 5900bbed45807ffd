#!/usr/bin/env bash
# Runs one test of two test programs, the core as it is and a mutant; it must pass and fail:
#
#     judge_by_test.sh PROGRAM MUTATED_PROGRAM TEST
set -euo pipefail

program=$1 mutated=$2 test=$3

code=0
output=$("$program" "--gtest_filter=$test" 2>&1) || code=$?
if ((code != 0)) || [[ $output != *'[  PASSED  ] 1 test.'* ]]; then
  printf 'FAILED  core, %s: expected to pass, found exit code %s and:\n%s\n' "$test" "$code" "$output"
  exit 1
fi
printf 'ok      core, %s: passed\n' "$test"

code=0
output=$(ulimit -c 0 && "$mutated" "--gtest_filter=$test" 2>&1) || code=$?
if ((code == 0)) || [[ $output != *'[ RUN      ]'* ]]; then
  printf 'FAILED  mutant, %s: expected to fail, found exit code %s and:\n%s\n' "$test" "$code" "$output"
  exit 1
fi
printf 'ok      mutant, %s: failed, exit code %s\n' "$test" "$code"
