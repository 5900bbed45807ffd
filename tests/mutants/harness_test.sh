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
    mkdir -p "$failures"
    [[ ${FLAW:-} == no-trace ]] || echo trace >"$failures/5b0e.trace"
    [[ ${FLAW:-} == no-latest ]] || ln -s failures/xfer/5b0e.trace "$out/latest"
    [[ ${FLAW:-} == other-class ]] && echo 'HD201  deadlock' || echo 'HD101  order inverted'
    exit 1
    ;;
  replay) [[ ${FLAW:-} == not-replayed ]] && exit 5 || exit 1 ;;
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
judge=("$here/judge_mutant.sh" "$work/sound" "$work/mutated" any.litmus HD101 1 --seed 1)

expect "a found mutant passes" 0 "ok      mutant, preemptions" "${judge[@]}"
expect "a class may have an open digit" 0 "ok      mutant, findings: expected HD1xx, found HD101" \
  "$here/judge_mutant.sh" "$work/sound" "$work/mutated" any.litmus HD1xx 1
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
END

# --- The builder ---------------------------------------------------------------------------------

project=$work/project
mkdir -p "$project/core" "$project/tools" "$project/props"
touch "$project/props/any.litmus"
cat >"$project/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(fake LANGUAGES CXX)
set(HEDDLE_CORE_DIR "${CMAKE_SOURCE_DIR}/core" CACHE PATH "")
get_filename_component(core_root "${HEDDLE_CORE_DIR}" DIRECTORY)
if(MIX)
  set(core_root "${CMAKE_SOURCE_DIR}")
endif()
add_executable(heddle tools/main.cc)
target_include_directories(heddle PRIVATE ${core_root})
set_target_properties(heddle PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tools)
END
printf 'int Answer() {\n  return 0;\n}\n' >"$project/core/answer.h"
printf '#include "core/answer.h"\nint main() { return Answer(); }\n' >"$project/tools/main.cc"

patch_file() { # patch_file PATH OLD NEW: a patch of the second line of answer.h, or of PATH.
  cat <<END
# mutant: fake
# claim: the answer is right
# litmus: props/any.litmus
# preemptions: 0
# expect: HD101
--- a/$1
+++ b/$1
@@ -1,3 +1,3 @@
 int Answer() {
-  return $2;
+  return $3;
 }
END
}
patch_file core/answer.h 0 42 >"$work/good.patch"
cp "$work/good.patch" "$work/mixed.patch"
patch_file core/answer.h 7 42 >"$work/stale.patch"
patch_file tools/main.cc 0 42 >"$work/outside.patch"
patch_file core/answer.h 0 'x y' >"$work/broken.patch"
grep -v '^# claim' "$work/good.patch" >"$work/headless.patch"
sed '/^---/,$d' "$work/good.patch" >"$work/empty.patch"
sed 's/any.litmus/no.litmus/' "$work/good.patch" >"$work/lost.patch"

# shellcheck disable=SC2317  # These two are called by expect.
build() { # build PATCH [CMAKE ARGUMENT...]
  local patch=$1
  shift
  "$here/build_mutant.sh" "$project" "$work/$patch.patch" "$work/$patch" \
    "-DCMAKE_CXX_COMPILER=$compiler" "$@"
}
# shellcheck disable=SC2317
run() { # run PATCH
  "$here/run_mutant.sh" "$project" "$work/$1.patch" "$work/sound" \
    "$here/build_mutant.sh" "$project" "$work/$1.patch" "$work/$1" "-DCMAKE_CXX_COMPILER=$compiler"
}

expect "a patch is built" 0 "$work/good/build/tools/heddle" build good
expect "the program has the patch in it" 42 "" "$work/good/build/tools/heddle"
expect "a patch that does not apply fails" 1 "stale.patch: does not apply to core/" build stale
expect "a patch outside the core fails" 1 "touches more than core/: +++ b/tools" build outside
expect "a patch without a diff fails" 1 "empty.patch: holds no diff" build empty
expect "a patch that does not compile fails" 1 "broken.patch: the patched core does not build" \
  build broken
expect "a build that uses the unpatched core fails" 1 "files of the unpatched core" \
  build mixed -DMIX=ON
expect "a patch that says too little fails" 1 'headless.patch has no line "# claim: ..."' run headless
expect "a patch that names no litmus file fails" 1 "a litmus file that is not there" run lost
expect "patch and verdict come together" 1 "FAILED  mutant, findings: expected HD101" run good
exit "$failed"
