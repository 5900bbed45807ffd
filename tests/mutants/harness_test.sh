#!/usr/bin/env bash
# Shows that the mutant harness accepts what it should and that each of its demands can fail, with
# heddle commands that are scripts and a project of two files: harness_test.sh CXX_COMPILER
set -euo pipefail

here=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
compiler=$1
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
failed=0

# expect NAME CODE TEXT COMMAND...: the command must end with CODE and say TEXT somewhere.
expect() {
  local name=$1 code=$2 text=$3 found=0 output
  shift 3
  output=$("$@" 2>&1) || found=$?
  if [[ $found == "$code" && $output == *"$text"* ]]; then
    printf 'ok      %s\n' "$name"
  else
    printf 'FAILED  %s: expected exit %s and "%s", found exit %s and:\n%s\n' \
      "$name" "$code" "$text" "$found" "$output"
    failed=1
  fi
}

# --- The judge -----------------------------------------------------------------------------------

# A heddle that finds nothing, and one that finds, replays and minimizes. FLAW spoils one thing.
cat >"$work/sound" <<'END'
#!/usr/bin/env bash
[[ ${FLAW:-} == core-sample && $* == *"--strategy sample"* ]] && exit 2
if [[ ${1:-} == replay ]]; then
  [[ ${FLAW:-} == innocent && $2 == -o ]] && exit 1
  [[ ${FLAW:-} == core-trace && $2 == any.trace ]] && exit 0
  exit 5
fi
case ${FLAW:-} in
  core-code) exit 2 ;;
  core-finding) echo 'HD301  handle leaked' ;;
  core-files) mkdir -p "$3" ;;
  core-litter) touch stray ;;
esac
echo 'complete'
END
cat >"$work/mutated" <<'END'
#!/usr/bin/env bash
verb=$1 out=$3
failures=$out/failures/xfer
case $verb in
  explore)
    [[ ${FLAW:-} == found-nothing ]] && exit 0
    [[ ${FLAW:-} == missed && $* == *"--strategy sample"*"--seed 2 "* ]] && exit 0
    mkdir -p "$failures"
    [[ ${FLAW:-} == no-trace ]] || echo trace >"$failures/5b0e.trace"
    [[ ${FLAW:-} == no-latest ]] || ln -s failures/xfer/5b0e.trace "$out/latest"
    [[ ${FLAW:-} == other-class ]] && echo 'HD201  deadlock' || echo 'HD101  order inverted'
    exit 1
    ;;
  replay)
    [[ ${FLAW:-} == mutant-trace && $2 == any.trace ]] && exit 5
    [[ ${FLAW:-} == not-replayed ]] && exit 5
    [[ ${FLAW:-} == too-small && -e $failures/5b0e.min.trace ]] && exit 5
    exit 1
    ;;
  minimize)
    [[ ${FLAW:-} == no-min-trace ]] || echo trace >"$failures/5b0e.min.trace"
    case ${FLAW:-} in
      too-many) echo 'minimized to 9, 2 preemptions' ;;
      no-number) echo 'minimized' ;;
      minimize-code) exit 3 ;;
      *) echo 'schedule with 4 preemptions minimized to 7, 1 preemption' ;;
    esac
    ;;
esac
END
chmod +x "$work/sound" "$work/mutated"
judge=("$here/judge_mutant.sh" "$work/sound" "$work/mutated" any.litmus HD101 1 any.trace --seed 1)

expect "a found mutant passes" 0 "ok      mutant, preemptions" "${judge[@]}"
expect "a class may have an open digit" 0 "ok      mutant, findings: expected HD1xx, found HD101" \
  "$here/judge_mutant.sh" "$work/sound" "$work/mutated" any.litmus HD1xx 1 -
while read -r flaw text; do
  expect "flaw $flaw fails" 1 "$text" env FLAW="$flaw" "${judge[@]}"
done <<'END'
core-code FAILED  core, explore: expected exit code 0, found 2
core-finding FAILED  core, findings: expected none, found HD301
core-files FAILED  core, files left behind: expected nothing, found out
core-litter FAILED  core, files left behind: expected nothing, found stray
found-nothing FAILED  mutant, explore: expected exit code 1, found 0
other-class FAILED  mutant, findings: expected HD101, found HD201
no-latest FAILED  mutant, latest failure: expected a trace, found none
no-trace FAILED  mutant, saved traces: expected at least 1, found 0
not-replayed FAILED  mutant, replay: expected exit code 1, found 5
minimize-code FAILED  mutant, minimize: expected exit code 0 or 1, found 3
too-many FAILED  mutant, preemptions: expected at most 1, found 2
no-number FAILED  mutant, preemptions: expected at most 1, found no number
no-min-trace FAILED  mutant, minimized traces: expected at least 1, found 0
too-small FAILED  mutant, replay of the smallest: expected exit code 1, found 5
innocent FAILED  core, replay of the smallest: expected exit code 3 or 5, found 1
missed FAILED  mutant, seeds that miss it in 10000 executions: expected none of 3, found 2
core-sample FAILED  core, sample: expected exit code 0, found 2
mutant-trace FAILED  mutant, trace of the corpus: expected exit code 1, found 5
core-trace FAILED  core, trace of the corpus: expected exit code 5, found 0
END
expect "another number of seeds is tried" 0 "expected none of 1, found none" \
  env MUTANT_SEEDS=1 FLAW=missed "${judge[@]}"

# --- The judge of messages ------------------------------------------------------------------------

# The test of a program a+b, with a message as props/failure_text makes it, and a heddle that replays
# it.
cat >"$work/tests" <<'END'
#!/usr/bin/env bash
[[ $* == *"--gtest_filter=*.HoldsOnEveryInterleaving/a_b_litmus"* ]] || exit 0
case ${FLAW:-} in
  passes) exit 0 ;;
  crashes) kill -SEGV $$ ;;
esac
mkdir -p .heddle
trace=$PWD/.heddle/5b0e.min.trace
[[ ${FLAW:-} == no-trace ]] ||
  printf 'verdict HD101\n| Zircon A\n|\n| thread p.t {\n| }\nevents\nend\n' >"$trace"
[[ ${FLAW:-} == no-program ]] || printf 'Zircon A\n\nthread p.t {\n}\n\n'
[[ ${FLAW:-} == other-class ]] && echo 'HD201  deadlock' || echo 'HD101  order inverted'
[[ ${FLAW:-} == no-table ]] || printf '\n   #  p.t\n   1  read\n\n'
printf '  schedule  t*3\n'
[[ ${FLAW:-} == no-line ]] || printf '  replay    heddle replay %s\n\n' "$trace"
exit 1
END
cat >"$work/retold" <<'END'
#!/usr/bin/env bash
program='1 thread and 1 call is minimal' count='1 preemption'
case ${FLAW:-} in
  not-replayed) [[ $1 == replay ]] && exit 5 ;;
  not-minimal) program='2 threads and 3 calls minimized to 1 thread and 1 call' ;;
  too-many) count='2 preemptions' ;;
esac
if [[ $1 == replay ]]; then
  [[ ${2:-} == */5b0e.min.trace ]] || exit 64
  printf 'HD101  order inverted\n\n   #  p.t\n   1  read\n\n  schedule  t*3\nreproduced\n'
  exit 1
fi
printf '  program of %s,\n  schedule of 9 events minimized to 9 events, %s\n' "$program" "$count"
END
cat >"$work/unharmed" <<'END'
#!/usr/bin/env bash
[[ ${FLAW:-} == innocent ]] && exit 1
exit 5
END
chmod +x "$work/tests" "$work/retold" "$work/unharmed"
told=("$here/judge_message.sh" "$work/unharmed" "$work/retold" "$work/tests")
expect "a message that tells all passes" 0 "ok      message, table of the threads: " \
  "${told[@]}" props/litmus/a+b.litmus HD1xx 1
expect "another test is not the one" 1 "FAILED  mutant, test of its program" \
  "${told[@]}" props/litmus/a+c.litmus HD1xx 1
while read -r flaw text; do
  expect "message flaw $flaw fails" 1 "$text" env FLAW="$flaw" \
    "${told[@]}" props/litmus/a+b.litmus HD101 1
done <<'END'
passes FAILED  mutant, test of its program: expected exit code 1, found 0
crashes FAILED  mutant, test of its program: expected exit code 1, found 139
other-class FAILED  message, finding: expected HD101, found HD201
no-line FAILED  message, trace to replay: expected a file, found no line
no-trace FAILED  message, trace to replay: expected a file, found /
no-program FAILED  message, smallest program: expected in the message, found nothing
no-table FAILED  message, table of the threads: expected in the message, found nothing
not-replayed FAILED  mutant, replay of the message: expected exit code 1, found 5
innocent FAILED  core, replay of the message: expected exit code 3 or 5, found 1
not-minimal FAILED  message, nothing is left to take away: expected is minimal, found minimized to
too-many FAILED  message, preemptions: expected at most 1, found 2
END

# --- The judge of drawn programs ------------------------------------------------------------------

# Every 4000th of its programs fails, or only the last of all.
cat >"$work/fuzzed" <<'END'
#!/usr/bin/env bash
if [[ $1 == replay ]]; then
  [[ ${FLAW:-} == not-replayed ]] && exit 5
  exit 1
fi
[[ $1 == fuzz && $7 == --first && $9 == --runs ]] || exit 64
out=$4 first=$8
line="heddle fuzz --seed 1 --first"
if [[ ${10} == 1 ]]; then
  [[ ${FLAW:-} == not-again ]] && exit 0
  [[ ${FLAW:-} == not-named ]] || line+=" $first --runs 1 --property ${12:-}"
  printf 'program %d of seed 1, again: %s\n' "$first" "$line"
  exit 1
fi
index=$(((first + 3999) / 4000 * 4000 + 3999))
[[ ${FLAW:-} != late-* ]] || index=9999
((${10} + first == 10000)) || exit 64
[[ ${FLAW:-} == found-nothing ]] || ((index >= 10000)) && exit 0
mkdir -p "$out/failures/drawn"
[[ ${FLAW:-} == no-trace ]] || echo trace >"$out/failures/drawn/$index.min.trace"
program='3 threads and 9 calls minimized to 2 threads and 3 calls'
preemptions='1 preemption'
case ${FLAW:-} in
  *-threads) program='4 threads and 4 calls is minimal' ;;
  *-calls) program='3 threads and 12 calls minimized to 3 threads and 11 calls' ;;
  *-preemptions) preemptions='2 preemptions' ;;
  two-ways) ((first > 0)) || preemptions='3 preemptions' ;;
esac
printf 'outcomes broken: no end is new\nprogram %d of seed 1, again: %s %d --runs 1\n' \
  "$index" "$line" "$index"
[[ ${FLAW:-} == not-minimized ]] ||
  printf '  program of %s,\n  schedule of 30 events minimized to 12 events, %s\n' \
    "$program" "$preemptions"
exit 1
END
chmod +x "$work/fuzzed"
drawn=("$here/judge_drawn.sh" "$work/unharmed" "$work/fuzzed" 1)
expect "a small drawn failure passes" 0 "that took 4000 programs" "${drawn[@]}"
expect "another way may come first" 0 "program 3999: 2 threads, 3 calls, 3 preemptions
ok      mutant, drawn programs: expected exit code 1, found 1
        that took 8000 programs" env FLAW=two-ways "${drawn[@]}"
while read -r flaw text; do
  expect "drawn flaw $flaw fails" 1 "$text" env FLAW="$flaw" "${drawn[@]}"
done <<'END'
found-nothing FAILED  mutant, drawn programs: expected exit code 1, found 0
not-minimized FAILED  smallest program, threads: expected at most 3, found no number
many-threads program 7999: 4 threads, 4 calls, 1 preemptions
many-calls program 7999: 3 threads, 11 calls, 1 preemptions
many-preemptions program 7999: 2 threads, 3 calls, 2 preemptions
late-threads FAILED  smallest program, threads: expected at most 3, found 4
late-calls FAILED  smallest program, calls: expected at most 6, found 11
late-preemptions FAILED  smallest schedule, preemptions: expected at most 1, found 2
not-again FAILED  mutant, the line that repeats it, for outcomes: expected exit code 1, found 0
not-named FAILED  mutant, the line that repeats that: expected the same, with --property outcomes, found
no-trace FAILED  mutant, traces of drawn programs: expected 1, found 0
not-replayed FAILED  mutant, replay of the smallest: expected exit code 1, found 5
innocent FAILED  core, replay of the smallest: expected exit code 3 or 5, found 1
END

# --- The builder ---------------------------------------------------------------------------------

project=$work/project
mkdir -p "$project/core" "$project/tools" "$project/tests" "$project/props"
touch "$project/props/any.litmus"
cat >"$project/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(fake LANGUAGES CXX)
include_directories(${CMAKE_SOURCE_DIR})
add_library(core STATIC core/sum.cc core/zero.cc)
add_executable(heddle tools/main.cc)
target_link_libraries(heddle core)
add_library(apart STATIC tests/apart.cc)
add_executable(check tests/check.cc)
target_link_libraries(check apart core)
set_target_properties(heddle PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tools)
END
printf 'inline int Answer() {\n  return 0;\n}\n' >"$project/core/answer.h"
printf 'int Zero() {\n  return 0;\n}\n' >"$project/core/zero.cc"
printf '#include "core/answer.h"\nint Zero();\nint Sum() { return Answer() + Zero(); }\n' \
  >"$project/core/sum.cc"
printf '#include "core/answer.h"\nint Sum();\nint main() { return Sum() + Answer(); }\n' \
  >"$project/tools/main.cc"
# A second program, and a library of its own that no other could be linked with.
printf '#include "core/answer.h"\nint Own();\nint Apart() { return Own() + Answer(); }\n' \
  >"$project/tests/apart.cc"
printf 'int Sum();\nint Apart();\nint Own() { return 1; }\nint main() { return Sum() + Apart(); }\n' \
  >"$project/tests/check.cc"
if ! {
  cmake -S "$project" -B "$work/build" -G Ninja "-DCMAKE_CXX_COMPILER=$compiler" &&
    ninja -C "$work/build"
} >"$work/log" 2>&1; then
  cat "$work/log"
  exit 1
fi

patch_file() { # patch_file PATH FIRST OLD NEW: a patch of the second line of a file of three.
  cat <<END
# mutant: fake
# claim: the answer is right
# litmus: props/any.litmus
# preemptions: 0
# expect: HD101
--- a/$1
+++ b/$1
@@ -1,3 +1,3 @@
 $2
-  return $3;
+  return $4;
 }
END
}
patch_file core/answer.h 'inline int Answer() {' 0 21 >"$work/good.patch"
patch_file core/zero.cc 'int Zero() {' 0 7 >"$work/archived.patch"
patch_file core/answer.h 'inline int Answer() {' 7 42 >"$work/stale.patch"
patch_file core/answer.h 'inline int Answer() {' 0 0 >"$work/idle.patch"
patch_file core/none.cc 'int None() {' 0 7 >"$work/lost-file.patch"
patch_file tools/main.cc 'int main() {' 0 42 >"$work/outside.patch"
patch_file core/answer.h 'inline int Answer() {' 0 'x y' >"$work/broken.patch"
patch_file core/zero.cc 'int Zero() {' 0 0 | sed 's/^ int Zero/-int Zero() {\n+int Naught/' \
  >"$work/unlinked.patch"
grep -v '^# claim' "$work/good.patch" >"$work/headless.patch"
sed '/^---/,$d' "$work/good.patch" >"$work/empty.patch"
sed 's/any.litmus/no.litmus/' "$work/good.patch" >"$work/lost.patch"

# shellcheck disable=SC2317  # These are called by expect.
build() { # build PATCH
  "$here/build_mutant.sh" "$project" "$work/build" "$work/$1.patch" "$work/$1" tools/heddle check
}
# shellcheck disable=SC2317
count_objects() { # count_objects PATCH
  find "$work/$1/objects" -name '*.o' | wc -l
}
# shellcheck disable=SC2317
run() { # run PATCH
  "$here/run_mutant.sh" "$project" "$work/$1.patch" "$work/sound" \
    "$here/build_mutant.sh" "$project" "$work/build" "$work/$1.patch" "$work/$1" tools/heddle
}

expect "a patch of a header is built" 0 "$work/good/heddle
$work/good/check" build good
expect "all that includes it has the patch in it" 42 "" "$work/good/heddle"
expect "so does another program" 43 "" "$work/good/check"
expect "each object is compiled once" 0 3 count_objects good
expect "a patch of a file in an archive is built" 0 "/archived/heddle" build archived
expect "the program has the patch in it" 7 "" "$work/archived/heddle"
expect "the build is what it was" 0 "" "$work/build/tools/heddle"
expect "a patch that does not apply fails" 1 "stale.patch: does not apply to core/" build stale
expect "a patch of a file that is not there fails" 1 "there is no core/none.cc" build lost-file
expect "a patch outside the core fails" 1 "touches more than core/: tools" build outside
expect "a patch without a diff fails" 1 "empty.patch: holds no diff" build empty
expect "a patch that changes nothing fails" 1 "changes nothing in core/answer.h" build idle
expect "a patch that does not compile fails" 1 "broken.patch: the patched core does not build" \
  build broken
expect "a patch that takes away what is needed fails" 1 "is needed: libcore.a(zero.cc.o)" \
  build unlinked
expect "a patch that says too little fails" 1 'headless.patch has no line "# claim: ..."' run headless
expect "a patch that names no litmus file fails" 1 "a litmus file that is not there" run lost
expect "patch and verdict come together" 1 "FAILED  mutant, findings: expected HD101" run good
exit "$failed"
