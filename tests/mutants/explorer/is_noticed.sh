#!/usr/bin/env bash
# Passes if MISTAKEN, the tests of the engine with one rule taken out by PATCH, fails the tests that
# the patch names, by an expectation or an assertion; the engine as it is passes them, since they are
# part of its tests:
#
#     is_noticed.sh PATCH MISTAKEN
set -euo pipefail

patch=$1 mistaken=$2
filter=$(sed -n 's/^# noticed by: //p' "$patch")
[[ -n $filter ]] || { printf '%s: names no test\n' "$patch" >&2; exit 1; }

output=$(mktemp)
trap 'rm -f "$output"' EXIT
if "$mistaken" --gtest_brief=1 --gtest_fail_fast --gtest_filter="$filter" >"$output" 2>&1; then
  cat "$output"
  printf '%s did not notice that the rule was missing\n' "$filter" >&2
  exit 1
fi
if ! grep -m 3 -E 'FAILED|Assertion' "$output"; then
  cat "$output" >&2
  printf '%s ended, but not by a failed test\n' "$filter" >&2
  exit 1
fi
